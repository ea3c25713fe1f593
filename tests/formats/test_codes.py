"""The code tables: complete, and saying about retries what the rules say."""

import pytest

from formats import nacha
from formats.codes import CARDS, CHECKS, MERCHANT_ADVICE, CardAction, CheckRetry, card_reason, check_reason
from formats.errors import Malformed
from formats.nacha import CHANGES, RETURNS, Action, AddendaChange, Retry, Window, correction, reason
from tests.formats.samples import bank_files, needs_shared


def test_only_r01_and_r09_may_be_presented_again_as_they_were() -> None:
    assert {code for code, row in RETURNS.items() if row.retry is Retry.TWICE} == {"R01", "R09"}
    assert (nacha.RETRIES_MAX, nacha.RETRY_WINDOW_DAYS) == (2, 180)


def test_r08_needs_the_customer_and_r07_r10_a_new_authorization_that_we_never_assume() -> None:
    assert reason("R08").retry is Retry.REAUTHORIZED
    assert reason("R07").retry is Retry.NEVER
    assert reason("R10").retry is Retry.NEVER
    assert reason("R11").retry is Retry.CORRECTED


@pytest.mark.parametrize("number", [*range(1, 48), *range(50, 54), 61, 62, *range(67, 78), *range(80, 86)])
def test_every_return_code_in_use_has_a_row(number: int) -> None:
    row = reason(f"R{number:02d}")
    assert row.code == f"R{number:02d}"
    assert row.action is not Action.UNKNOWN


def test_a_consumer_may_deny_an_authorization_for_sixty_days_and_a_company_for_two_banking_days() -> None:
    late = {code for code in nacha.UNAUTHORIZED if reason(code).window is Window.SIXTY_DAYS}
    assert late == nacha.UNAUTHORIZED - {"R29"}
    assert reason("R29").window is Window.TWO_BANKING_DAYS
    assert {"R05", "R07", "R10", "R11", "R29", "R51"} == nacha.UNAUTHORIZED


def test_an_unknown_code_is_a_row_that_asks_for_a_person() -> None:
    assert reason("R99").action is Action.UNKNOWN
    assert reason("C99").action is Action.UNKNOWN
    assert card_reason("ZZ").action is CardAction.TASK
    assert check_reason("!").known is False


@pytest.mark.parametrize("code", ["R14", "R15"])
def test_a_death_takes_the_estate_path(code: str) -> None:
    assert reason(code).action is Action.DECEASED


def notice(code: str, data: str) -> AddendaChange:
    return AddendaChange.build(
        change_code=code,
        original_trace="091400600086398",
        original_rdfi="09140060",
        corrected_data=data,
        trace="031300010038657",
    )


@pytest.mark.parametrize(
    ("code", "data", "expected"),
    [
        ("C01", "46823348386", {"account": "46823348386"}),
        ("C02", "231380104", {"routing": "231380104"}),
        ("C03", "231380104   46823348386", {"routing": "231380104", "account": "46823348386"}),
        ("C04", "Edith Jimeno", {"name": "Edith Jimeno"}),
        ("C05", "37", {"transaction_code": "37"}),
        ("C06", "46823348386         37", {"account": "46823348386", "transaction_code": "37"}),
        (
            "C07",
            "23138010446823348386      37",
            {"routing": "231380104", "account": "46823348386", "transaction_code": "37"},
        ),
        ("C09", "4166766289", {"individual_id": "4166766289"}),
        ("C13", "addenda", {}),
    ],
)
def test_a_notice_of_change_says_what_is_right(code: str, data: str, expected: dict[str, str]) -> None:
    found = correction(notice(code, data))
    assert found.original_trace == "091400600086398"
    names = ("routing", "account", "transaction_code", "name", "individual_id")
    assert {name: getattr(found, name) for name in names if getattr(found, name) is not None} == expected


def test_a_notice_that_lacks_what_its_code_promises_is_refused() -> None:
    with pytest.raises(Malformed, match="C03 promises routing and account"):
        correction(notice("C03", "231380104"))


@needs_shared
def test_every_notice_and_return_of_both_cities_is_in_the_tables() -> None:
    for path in bank_files("noc.ach"):
        for _, entry in nacha.read(path.read_bytes()).entries():
            assert entry.change is not None
            assert entry.change.change_code in CHANGES
            assert correction(entry.change).code == entry.change.change_code
    for path in bank_files("returns.ach"):
        for _, entry in nacha.read(path.read_bytes()).entries():
            assert entry.returned is not None
            assert entry.returned.return_code in RETURNS
            died = entry.returned.died_on is not None
            assert died == (entry.returned.return_code in {"R14", "R15"})


def test_only_checks_returned_a_or_b_may_be_presented_once_more() -> None:
    assert {code for code, row in CHECKS.items() if row.retry is CheckRetry.ONCE} == {"A", "B"}
    assert check_reason("D").meaning == "closed account"


def test_a_hard_decline_is_never_tried_again() -> None:
    assert {code for code, row in CARDS.items() if not row.may_retry} == {
        *("00", "10", "04", "07", "41", "43", "12", "15", "46", "57", "R0", "R1", "R3")
    }
    assert MERCHANT_ADVICE["03"].may_retry is False
    assert MERCHANT_ADVICE["30"].retry_after_hours == 240
