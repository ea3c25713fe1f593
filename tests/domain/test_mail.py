"""A notice counts from the day on which its mailing is confirmed, and not at all once it came back."""

from dataclasses import replace

from domain import events as ev
from domain.agenda import next_step
from domain.case import Case
from domain.effects import Receipt
from domain.facts import FactKind
from domain.gate import gate
from domain.hear import Tells, Told, hear
from domain.perform import performed
from domain.rules.notices import earliest_cut
from domain.states import Stage
from domain.step import Step, StepKind, Wait, Who
from domain.take import take
from domain.verdict import Action
from tests.builders import POLICY, a_bill, a_case, a_fact, a_notice, at, day, happened

BILL = a_bill("2026-05-20")
REMINDED = a_case(
    BILL, now="2026-06-10 09:00", reminder=a_notice(BILL, served="2026-05-28", kind="reminder"), stage=Stage.REMINDED
)


def handed_over(now: str = "2026-06-10 09:00") -> Case:
    """Return the case once its notice lies with a mail house that confirms only what it has mailed."""
    step = next_step(REMINDED, POLICY, at(now))
    assert isinstance(step, Step)
    assert step.kind is StepKind.SERVE_NOTICE
    case = REMINDED
    for event in performed(case, step, Receipt(ref="letter-1", pending=True), POLICY, step.at):
        case = take(case, event)
    return case


def word(what: Tells, on: str) -> Told:
    return Told(key=f"mail/{what}", at=at(f"{on} 09:00"), what=what, ref="letter-1", on=day(on), kind="notice")


def mailed(case: Case, on: str) -> Case:
    return happened(case, f"{on} 09:00", *hear(case, word(Tells.LETTER_MAILED, on)))


def came_back(case: Case, on: str) -> Case:
    return happened(case, f"{on} 09:00", *hear(case, word(Tells.LETTER_RETURNED, on)))


def blocking(case: Case, now: str) -> list[str]:
    verdict = gate(Action.RECOMMEND_DISCONNECTION, case, POLICY, at(now))
    return [outcome.rule for outcome in verdict.blocking]


def test_without_a_confirmed_mailing_no_day_of_a_notice_counts() -> None:
    case = handed_over()
    assert case.notice is not None
    assert (case.notice.awaited, case.notice.letter) == (True, "letter-1")
    for now in ("2026-06-11 09:00", "2026-06-29 09:00", "2026-07-27 09:00"):
        assert "D01" in blocking(case, now)
    wait = next_step(case, POLICY, at("2026-07-27 09:00"))
    assert isinstance(wait, Wait)
    assert "confirmed" in wait.says


def test_a_notice_runs_from_the_day_of_its_mailing_not_of_its_printing() -> None:
    case = mailed(handed_over(), "2026-06-16")
    assert case.notice is not None
    assert (case.notice.awaited, case.notice.served_on) == (False, day("2026-06-16"))
    first = earliest_cut(POLICY, served_on=day("2026-06-16"), method="mailed", residential=True, service=None)
    assert first == day("2026-06-26"), "ten days after mailing"
    assert "D02" in blocking(case, "2026-06-25 09:00")
    assert not {"D01", "D02"} & set(blocking(case, "2026-06-29 09:00"))


def test_a_mailing_confirmed_twice_is_confirmed_once() -> None:
    case = mailed(handed_over(), "2026-06-16")
    assert hear(case, word(Tells.LETTER_MAILED, "2026-06-18")) == ()


def test_a_confirmation_of_another_letter_is_its_proof_and_starts_no_clock() -> None:
    case = handed_over()
    (proof,) = hear(case, replace(word(Tells.LETTER_MAILED, "2026-06-16"), ref="letter-9"))
    assert proof == ev.MailingConfirmed(kind="notice", letter="letter-9", mailed_on=day("2026-06-16"))
    assert happened(case, "2026-06-16 09:00", proof).notice == case.notice


def test_a_notice_that_came_back_carries_no_cut_and_is_a_person_s_to_mend() -> None:
    case = mailed(handed_over(), "2026-06-16")
    bodies = hear(case, word(Tells.LETTER_RETURNED, "2026-06-22"))
    assert [body.type for body in bodies] == ["letter_returned", "task_raised"]
    case = came_back(case, "2026-06-22")
    assert "D01" in blocking(case, "2026-06-29 09:00")
    wait = next_step(case, POLICY, at("2026-06-29 09:00"))
    assert isinstance(wait, Wait)
    assert (wait.task, wait.who) == ("bad_contact", Who.REPRESENTATIVE)
    assert hear(case, word(Tells.LETTER_RETURNED, "2026-06-23")) == (), "it comes back once"


def test_a_notice_that_came_back_is_served_again_once_an_address_is_found() -> None:
    case = came_back(mailed(handed_over(), "2026-06-16"), "2026-06-22")
    found = a_fact(FactKind.ADDRESS_FOUND, "2026-06-23 10:00")
    case = replace(case, known=replace(case.known, at=at("2026-06-23 10:00"), facts=(found,)))
    step = next_step(case, POLICY, at("2026-06-23 10:00"))
    assert isinstance(step, Step)
    assert step.kind is StepKind.WITHDRAW_NOTICE
    for event in performed(case, step, Receipt(), POLICY, step.at):
        case = take(case, event)
    again = next_step(case, POLICY, at("2026-06-23 10:00"))
    assert isinstance(again, Step)
    assert again.kind is StepKind.SERVE_NOTICE


def test_an_address_known_before_the_letter_came_back_serves_nothing_again() -> None:
    case = came_back(mailed(handed_over(), "2026-06-16"), "2026-06-22")
    known = a_fact(FactKind.ADDRESS_FOUND, "2026-06-18 10:00")
    case = replace(case, known=replace(case.known, facts=(known,)))
    assert isinstance(next_step(case, POLICY, at("2026-06-23 10:00")), Wait)


def test_a_returned_notice_in_front_of_a_cut_calls_it_off() -> None:
    case = mailed(handed_over(), "2026-06-16")
    back = came_back(case, "2026-06-22")
    action = Action.ACKNOWLEDGE_DISCONNECTION
    assert "D01" in [outcome.rule for outcome in gate(action, back, POLICY, at("2026-06-29 09:00")).blocking]


def test_a_letter_nobody_stands_on_comes_back_as_a_task_alone() -> None:
    other = replace(word(Tells.LETTER_RETURNED, "2026-06-22"), ref="letter-7", kind="reminder")
    case = handed_over()
    after = happened(case, "2026-06-22 09:00", *hear(case, other))
    assert after.notice == case.notice
    assert isinstance(hear(case, other)[0], ev.LetterReturned)
