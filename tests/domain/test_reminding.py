"""The customer is told of a payment beforehand, by what they agreed to, and not where they asked for silence."""

from dataclasses import replace

import pytest

from domain.agenda import agenda
from domain.arrangement import ArrangementStatus
from domain.case import Case, NamedBill, Promise
from domain.effects import Receipt, RemindPayment
from domain.facts import FactKind
from domain.money import Money
from domain.perform import effect_of, performed
from domain.states import Stage
from domain.step import Step, StepKind
from domain.take import take
from tests.builders import POLICY, a_bill, a_case, a_fact, a_policy, an_agreement, at, day

BILL = a_bill()
AGREED = an_agreement(BILL, ("2026-06-08", 1_000), ("2026-07-08", 9_000), status=ArrangementStatus.IN_FORCE)
NOW = "2026-06-30 09:00"


def planned(*consents: str, now: str = NOW, **changes: object) -> Case:
    """Return a case whose next instalment of $90 falls due on July 8; the first is paid."""
    paid = replace(BILL, open=Money(9_000))
    case = a_case(paid, now=now, stage=Stage.ON_ARRANGEMENT, arrangement=replace(AGREED, met=1), **changes)
    account = replace(case.known.account, consents=consents)
    return replace(case, known=replace(case.known, account=account))


def reminders(case: Case, now: str = NOW, policy: object = POLICY) -> list[Step]:
    found = agenda(case, policy, at(now))  # type: ignore[arg-type]  # a pack
    return [each for each in found if isinstance(each, Step) and each.kind is StepKind.REMIND_PAYMENT]


def test_an_instalment_is_told_of_three_days_before() -> None:
    (step,) = reminders(planned("sms", "email"))
    assert POLICY.calendar.day(step.at) == day("2026-07-02"), "the 5th is a Sunday, the 3rd a holiday"
    assert (step.amount, step.ref) == (Money(9_000), "instalment/2026-07-08/sms")


@pytest.mark.parametrize(("consents", "channel"), [(("email",), "email"), (("sms",), "sms"), ((), None)])
def test_by_what_the_customer_agreed_to_and_by_nothing_else(consents: tuple[str, ...], channel: str | None) -> None:
    assert [step.ref.rpartition("/")[2] for step in reminders(planned(*consents))] == ([channel] if channel else [])


def with_facts(case: Case, *facts: object) -> Case:
    return replace(case, known=replace(case.known, facts=facts))  # type: ignore[arg-type]  # facts


def test_what_was_taken_back_is_not_used_until_it_is_given_again() -> None:
    case = planned("sms", "email")
    no = a_fact(FactKind.REVOCATION, "2026-06-10", channel="sms")
    assert [step.ref.rpartition("/")[2] for step in reminders(with_facts(case, no))] == ["email"]
    every = a_fact(FactKind.REVOCATION, "2026-06-10")
    assert reminders(with_facts(case, every)) == []
    again = a_fact(FactKind.CONSENT, "2026-06-20", channel="sms")
    assert [step.ref.rpartition("/")[2] for step in reminders(with_facts(case, every, again))] == ["sms"]


@pytest.mark.parametrize("kind", [FactKind.DECEASED, FactKind.BANKRUPTCY, FactKind.REPRESENTED])
def test_nobody_is_written_to_who_is_not_to_be_written_to(kind: FactKind) -> None:
    assert reminders(with_facts(planned("sms"), a_fact(kind, "2026-06-10"))) == []


def test_each_payment_is_told_of_once() -> None:
    case = planned("sms")
    (step,) = reminders(case)
    effect = effect_of(case, step, POLICY, step.at)
    assert isinstance(effect, RemindPayment)
    assert effect.key == f"{case.case_id}/reminded/instalment/2026-07-08"
    for event in performed(case, step, Receipt(ref="MS1"), POLICY, step.at):
        case = take(case, event)
    assert reminders(case, "2026-07-07 09:00") == []


def test_a_payment_made_or_due_today_is_not_told_of() -> None:
    paid = planned("sms")
    paid = replace(paid, known=replace(paid.known, bills=(replace(BILL, open=Money(0)),)))
    assert reminders(paid) == []
    assert reminders(planned("sms", now="2026-07-08 09:00"), "2026-07-08 09:00") == []


def test_a_promise_is_told_of_too() -> None:
    promise = Promise(
        amount=Money(5_000),
        by=day("2026-07-09"),
        made_on=day("2026-06-29"),
        bills=(NamedBill(ref=BILL.ref, amount=BILL.open, due_on=BILL.due_on),),
    )
    case = replace(a_case(BILL, now=NOW, promise=promise))
    case = replace(case, known=replace(case.known, account=replace(case.known.account, consents=("sms",))))
    (step,) = reminders(case)
    assert (step.ref, step.amount) == ("promise/2026-07-09/sms", Money(5_000))


def test_a_pack_may_want_no_word_beforehand() -> None:
    assert reminders(planned("sms"), policy=a_policy(remind_days=0)) == []
