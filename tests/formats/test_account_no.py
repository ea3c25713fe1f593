"""Does a payer's account number find its account, and is each other one refused for its first fault?"""

import pytest

from formats.account_no import Reading, Unread, check_digit, has_right_check_digit, read_account_no

ACCOUNT = "4183969718"  # Rochester, first row of accounts.csv


def read(written: str) -> Reading:
    return read_account_no(written, known={ACCOUNT}.__contains__)


def test_check_digit_is_the_luhn_digit_of_the_first_nine() -> None:
    assert check_digit("418396971") == "8"
    assert check_digit("7992739871") == "3"  # the worked example of ISO/IEC 7812-1


@pytest.mark.parametrize(
    "written", [ACCOUNT, "41 8396 9718", "41-8396971-8", "000000" + ACCOUNT, " 04183969718 ", "ACCT 4183969718 "]
)
def test_blanks_dashes_letters_and_leading_zeros_do_not_hide_an_account(written: str) -> None:
    assert read(written) == Reading(written=written, account_no=ACCOUNT, reason=None)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", Unread.NO_ACCOUNT),
        ("SMITH", Unread.NO_ACCOUNT),
        ("0000000000000000", Unread.NO_ACCOUNT),
        ("418396971", Unread.WRONG_LENGTH),
        ("41839697180", Unread.WRONG_LENGTH),
        ("0418396971", Unread.WRONG_LENGTH),
        ("4183969719", Unread.BAD_CHECK_DIGIT),
        ("1483969718", Unread.BAD_CHECK_DIGIT),
        ("4196242582", Unread.UNKNOWN_ACCOUNT),
    ],
)
def test_money_without_an_account_is_refused_for_its_first_fault(written: str, reason: Unread) -> None:
    assert read(written) == Reading(written=written, account_no=None, reason=reason)


def test_digits_of_other_scripts_are_no_digits() -> None:
    arabic_indic = ACCOUNT.translate({ord("0") + digit: 0x660 + digit for digit in range(10)})
    assert read(arabic_indic).reason is Unread.NO_ACCOUNT
    assert not has_right_check_digit(arabic_indic)


def test_any_single_wrong_digit_is_found() -> None:
    wrong = [
        ACCOUNT[:place] + digit + ACCOUNT[place + 1 :]
        for place in range(10)
        for digit in "0123456789"
        if digit != ACCOUNT[place]
    ]
    assert [number for number in wrong if has_right_check_digit(number)] == []
