"""Seven optional calls in seven days, and seven quiet days after a conversation; nothing else counts."""

import pytest

from domain import commands as c
from domain.case import CONTACTS_KEPT, Case
from domain.gate import gate
from domain.verdict import Action, Outcome
from tests.builders import POLICY, a_case, at, day, decided


def called(*days: str, case: Case | None = None, **contact: object) -> Case:
    """Return a case with an unanswered call of ours on each of *days* of June, unless *contact* says otherwise."""
    case = case or a_case()
    said = {"channel": "phone", "direction": "out", "outcome": "no_answer", **contact}
    for n, on in enumerate(days):
        case = decided(case, f"2026-06-{on} 10:{n:02d}", c.RecordContact(**said))  # type: ignore[arg-type]
    return case


def frequency(case: Case, now: str) -> Outcome:
    verdict = gate(Action.CALL_CUSTOMER, case, POLICY, at(now))
    return next(outcome for outcome in verdict.outcomes if outcome.rule == "C02")


WEEK = ("08", "08", "09", "10", "11", "12", "14")


def test_the_seventh_call_in_seven_days_is_the_last() -> None:
    assert frequency(called(*WEEK[:6]), "2026-06-14 11:00").finding == "passes"
    found = frequency(called(*WEEK), "2026-06-14 11:00")
    assert (found.finding, found.until) == ("blocks", at("2026-06-15 00:00"))


@pytest.mark.parametrize(("now", "finding"), [("2026-06-14 23:59", "blocks"), ("2026-06-15 08:00", "passes")])
def test_a_call_leaves_the_window_on_its_seventh_day(now: str, finding: str) -> None:
    assert frequency(called(*WEEK), now).finding == finding


@pytest.mark.parametrize(
    "contact", [{"direction": "in"}, {"channel": "sms"}, {"channel": "letter"}, {"channel": "email"}]
)
def test_letters_texts_and_calls_of_the_customer_do_not_count(contact: dict[str, str]) -> None:
    assert frequency(called(*WEEK, **contact), "2026-06-14 11:00").finding == "silent"


@pytest.mark.parametrize(("now", "finding"), [("2026-06-15 20:00", "blocks"), ("2026-06-16 08:00", "passes")])
def test_a_conversation_is_followed_by_seven_quiet_days(now: str, finding: str) -> None:
    assert frequency(called("08", outcome="reached"), now).finding == finding


def test_an_attempt_nobody_answered_is_no_conversation() -> None:
    assert frequency(called("08"), "2026-06-09 10:00").finding == "passes"


def test_the_way_out_names_the_calls_that_are_never_stopped() -> None:
    assert "customer asked for" in frequency(called(*WEEK), "2026-06-14 11:00").way_out


def test_what_is_kept_of_contacts_is_bounded() -> None:
    case = called(*(["08"] * 59))
    assert (len(case.recent_contacts), case.last_contact_on) == (CONTACTS_KEPT, day("2026-06-08"))
