"""The log of contacts: caps stop optional calls alone, STOP is honoured at once, and the log names each exception."""

from dataclasses import replace

import pytest

from domain import commands as c
from domain import events as ev
from domain.case import Case
from domain.facts import FactKind, standing
from domain.gate import gate
from domain.verdict import Action
from tests.builders import POLICY, a_case, a_fact, asked, at, decided, refused

NOON = "2026-06-15 12:00"


def said(case: Case, when: str = NOON, **contact: object) -> tuple[ev.Body, ...]:
    plain = {"channel": "phone", "direction": "out", "outcome": "no_answer", **contact}
    events = asked(case, when, c.RecordContact(**plain))  # type: ignore[arg-type]
    assert isinstance(events, tuple)
    return tuple(event.body for event in events)


def exceptions(bodies: tuple[ev.Body, ...]) -> tuple[str, ...]:
    assert isinstance(bodies[0], ev.ContactRecorded)
    return bodies[0].exceptions


def tasks(bodies: tuple[ev.Body, ...]) -> list[str]:
    return [body.kind for body in bodies if isinstance(body, ev.TaskRaised)]


def spoken_to() -> Case:
    spoke = c.RecordContact(channel="phone", direction="out", outcome="reached")
    return decided(a_case(), "2026-06-14 12:00", spoke)


def test_an_optional_call_in_the_quiet_week_is_logged_as_against_the_rule() -> None:
    bodies = said(spoken_to())
    assert exceptions(bodies)[0].startswith("C02: ")
    assert tasks(bodies) == ["contact_against_rule"]


@pytest.mark.parametrize("purpose", ["required_before_cut", "call_back", "agreed_reminder", "on_the_way"])
def test_the_quiet_week_stops_no_call_that_is_needed_or_asked_for_and_the_log_says_why(purpose: str) -> None:
    bodies = said(spoken_to(), purpose=purpose)
    assert exceptions(bodies) == (f"C02 does not stop a {purpose.replace('_', ' ')}",)
    assert tasks(bodies) == []


@pytest.mark.parametrize(
    ("when", "free"),
    [("2026-06-15 07:59", False), ("2026-06-15 08:00", True), ("2026-06-15 20:59", True), ("2026-06-15 21:00", False)],
)
def test_quiet_hours_are_those_of_the_premises(when: str, free: bool) -> None:
    assert (exceptions(said(a_case(), when)) == ()) is free


def test_the_crew_may_call_early_but_a_reminder_may_not() -> None:
    early = "2026-06-15 07:30"
    assert tasks(said(a_case(), early, purpose="on_the_way")) == []
    assert tasks(said(a_case(), early, purpose="agreed_reminder")) == ["contact_against_rule"]


STOP = c.RecordContact(channel="sms", direction="in", outcome="stop_requested")


def agreed(*channels: str, **changes: object) -> Case:
    case = a_case(**changes)
    return replace(case, known=replace(case.known, account=replace(case.known.account, consents=channels)))


@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize(
    ("purpose", "tasked"),
    [
        *(("optional", True), ("agreed_reminder", True)),
        *(("required_before_cut", False), ("call_back", False), ("on_the_way", False)),
    ],
)
def test_only_what_is_required_or_asked_for_is_sent_to_who_never_agreed_to_messages(
    channel: str,
    purpose: str,
    tasked: bool,  # a column of the table
) -> None:
    assert (tasks(said(agreed(), channel=channel, purpose=purpose)) == ["contact_against_rule"]) is tasked
    assert exceptions(said(agreed(channel), channel=channel, purpose=purpose)) == ()


@pytest.mark.parametrize("kind", [FactKind.DECEASED, FactKind.REPRESENTED])
@pytest.mark.parametrize("purpose", ["optional", "required_before_cut"])
def test_no_message_goes_to_whom_nothing_may_be_said(kind: FactKind, purpose: str) -> None:
    case = agreed("sms", facts=(a_fact(kind, "2026-06-01"),))
    assert exceptions(said(case, channel="sms", purpose=purpose))[0].startswith("C04: ")


def test_a_message_waits_until_it_is_read_and_keeps_no_calling_hours() -> None:
    assert exceptions(said(agreed("email"), "2026-06-15 22:00", channel="email")) == ()


def test_stop_is_honoured_from_that_moment_on_and_the_next_text_is_against_the_rule() -> None:
    case = decided(agreed("sms", "email"), NOON, STOP)
    (stop,) = standing(case.known.facts, FactKind.REVOCATION, at(NOON))
    assert (stop.details["channel"], stop.details["asked_on"]) == ("sms", "2026-06-15")
    assert exceptions(said(case, "2026-06-15 13:00", channel="sms"))[0].startswith("C03: ")
    assert exceptions(said(case, "2026-06-15 13:00", channel="email")) == ()
    # A text is not a call: the telephone stays open.
    rules = {each.rule for each in gate(Action.CALL_CUSTOMER, case, POLICY, at("2026-06-25 13:00")).blocking}
    assert "C03" not in rules


def test_consent_given_again_opens_the_channel_again() -> None:
    case = decided(agreed("sms"), NOON, STOP)
    details = (("channel", "sms"),)
    case = decided(case, "2026-06-16 12:00", c.RecordFact(kind=FactKind.CONSENT, source="web", details=details))
    assert exceptions(said(case, "2026-06-16 13:00", channel="sms")) == ()


@pytest.mark.parametrize("kind", [FactKind.DECEASED, FactKind.REPRESENTED, FactKind.VIOLENCE_VICTIM])
def test_no_purpose_opens_the_way_to_whom_nobody_may_call(kind: FactKind) -> None:
    case = a_case(facts=(a_fact(kind, "2026-06-01", safe_channel="letter"),))
    bodies = said(case, purpose="required_before_cut")
    assert exceptions(bodies)[0].startswith("C04: ")
    assert tasks(bodies) == ["contact_against_rule"]


def test_a_victim_whose_safe_channel_is_the_telephone_is_called() -> None:
    case = a_case(facts=(a_fact(FactKind.VIOLENCE_VICTIM, "2026-06-01", safe_channel="phone"),))
    assert exceptions(said(case)) == ()


@pytest.mark.parametrize(
    ("outcome", "task"),
    [("wrong_number", "bad_contact"), ("undeliverable", "bad_contact"), ("call_back_requested", "call_back")],
)
def test_what_somebody_must_see_to_becomes_a_task(outcome: str, task: str) -> None:
    assert tasks(said(a_case(), outcome=outcome)) == [task]


def test_a_mistake_is_put_right_by_a_further_entry_and_counts_as_no_contact() -> None:
    case = decided(a_case(), NOON, c.RecordContact(channel="phone", direction="out", outcome="reached"))
    entry = f"{case.case_id}-c{case.seq}"
    fixed = decided(
        case, "2026-06-15 12:05", c.RecordContact(channel="phone", direction="out", outcome="no_answer", corrects=entry)
    )
    assert fixed.recent_contacts == case.recent_contacts
    wrong = c.RecordContact(channel="phone", direction="out", outcome="no_answer", corrects=f"{case.case_id}-c99")
    assert refused(case, "2026-06-15 12:05", wrong).slug == "no-such-contact"


def test_the_log_keeps_who_it_was_and_by_what_that_was_checked() -> None:
    (contact,) = said(a_case(), direction="in", outcome="reached", who="tenant", identity=("name", "service_address"))
    assert isinstance(contact, ev.ContactRecorded)
    assert (contact.who, contact.identity) == ("tenant", ("name", "service_address"))


@pytest.mark.parametrize("told", [{"right_party": True}, {"identity": ("name",)}])
def test_nobody_is_not_somebody_who_was_checked(told: dict[str, object]) -> None:
    nobody = c.RecordContact(channel="phone", direction="out", outcome="no_answer", who="nobody", **told)  # type: ignore[arg-type]
    assert refused(a_case(), NOON, nobody).slug == "nobody-was-spoken-with"
