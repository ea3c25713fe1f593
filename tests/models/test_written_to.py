"""Where does mail to a customer go, and by which ZIP code?"""

import pytest

from models.accounts import Personal


@pytest.mark.parametrize(
    ("mailing", "goes_to"),
    [
        ("", ("12 Elm St", "88001")),
        ("PO Box 7 Hatch NM 87937", ("PO Box 7 Hatch NM 87937", "87937")),
        ("PO Box 7 Hatch NM 87937-0007 ", ("PO Box 7 Hatch NM 87937-0007 ", "87937-0007")),
        ("PO Box 88001 Hatch NM", ("PO Box 88001 Hatch NM", "")),
        ("Calle 5 12345678", ("Calle 5 12345678", "")),
    ],
)
def test_an_address_goes_with_its_own_zip_code_and_never_with_that_of_another_place(
    mailing: str, goes_to: tuple[str, str]
) -> None:
    customer = Personal(premise_address="12 Elm St", zip_code="88001", mailing_address=mailing)
    assert customer.written_to == goes_to
