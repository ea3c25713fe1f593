"""Paying in parts: what may be agreed, how a breach is told, and how an agreement ends."""

from datetime import date, datetime, timedelta

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.arrangement import ArrangedBill, Arrangement, ArrangementStatus, missed, owing, schedule
from domain.case import ARRANGEMENT, Case
from domain.decisions.desk import Answer, Desk, ask, drop_approvals, handles, no, unlawful
from domain.facts import FactKind, standing
from domain.money import ZERO, percent
from domain.policy import Policy
from domain.position import position
from domain.states import Trigger
from domain.verdict import Refusal


@handles(c.AgreeArrangement)
def _agree_arrangement(desk: Desk, command: c.AgreeArrangement) -> Answer:
    refusal = unlawful(desk, Trigger.ARRANGE)
    if refusal:
        return refusal
    arrangement = proposed_arrangement(desk.case, command, desk.policy, desk.now)
    if isinstance(arrangement, Refusal):
        return arrangement
    most = desk.policy.at(p.ARRANGEMENT_MAX_MONTHS, desk.on)
    if command.months > most and not desk.decision.senior:
        return ask(desk, ARRANGEMENT, arrangement.amount, proposal=command)
    return (*drop_approvals(desk, "an agreement was made"), ev.ArrangementAgreed(arrangement=arrangement))


def proposed_arrangement(
    case: Case, command: c.AgreeArrangement, policy: Policy, now: datetime
) -> Arrangement | Refusal:
    """Return the agreement that *command* would make, with its exact schedule, or why there can be none."""
    here = position(case, policy, now)
    on, calendar = here.on, policy.calendar
    if case.arrangement and case.arrangement.active:
        return no("agreement-stands", "An agreement already stands.", "Cancel it first, or let it be cured.")
    if not here.late:
        return no("nothing-past-due", "Nothing is past due.", "There is nothing to arrange.")
    excepted = standing(case.known.facts, FactKind.RECONNECT_EXCEPTION, now)
    if case.off and not excepted and not policy.at(p.ARRANGEMENT_AFTER_LOCK, on):
        return no(
            "no-agreement-after-disconnection",
            "Once service is off, the full past-due amount restores it.",
            "Pay what is past due and the fees; a supervisor may record an exception.",
            rule="A05",
            citation=policy.source(p.ARRANGEMENT_AFTER_LOCK, on).citation,
        )
    if command.months < 1:
        return no("no-instalments", "An agreement has at least one instalment.", "Name the number of months.")
    bills = tuple(ArrangedBill(ref=bill.ref, open=bill.open) for bill in here.late)
    amount = here.past_due
    share = policy.at(p.ARRANGEMENT_DOWN_PCT, on)
    down = percent(amount, share) if command.down is None else command.down
    if not ZERO <= down <= amount:
        return no("down-payment-out-of-range", f"A down payment lies between $0.00 and {amount}.", "Name another.")
    if command.first_due_on is not None and command.first_due_on <= on:
        return no("first-instalment-in-the-past", f"The first instalment falls due after {on}.", "Name a later day.")
    return Arrangement(
        number=case.arrangements_made + 1,
        agreed_on=on,
        bills=bills,
        schedule=schedule(
            amount,
            down=down,
            months=command.months,
            start=command.first_due_on or on,
            first_after=0 if command.first_due_on else 1,
            calendar=calendar,
            down_due=calendar.add_open_days(on, policy.at(p.ARRANGEMENT_DOWN_OPEN_DAYS, on)),
        ),
        status=ArrangementStatus.AGREED if down else ArrangementStatus.IN_FORCE,
        payer=command.payer,
        signed=command.signed,
        current_bills_required=policy.at(p.ARRANGEMENT_CURRENT_BILLS, on),
    )


@handles(c.CancelArrangement)
def _cancel_arrangement(desk: Desk, command: c.CancelArrangement) -> Answer:
    if desk.case.arrangement is None or not desk.case.arrangement.active:
        return no("no-agreement", "No agreement stands.", "There is nothing to cancel.")
    return (ev.ArrangementCancelled(because=command.because),)


def breach(case: Case, policy: Policy, now: datetime, *, missed_on: date) -> ev.ArrangementBreached:
    """Return the breach of the case's agreement: what is owing under it and until when it can be cured."""
    arrangement = case.arrangement
    assert arrangement is not None, "a breach needs an agreement"
    on = policy.calendar.day(now)
    cure_by = on + timedelta(days=policy.at(p.ARRANGEMENT_CURE_DAYS, on))
    return ev.ArrangementBreached(
        missed_on=missed_on,
        owing=owing(arrangement, case.known.bills, on=on, unposted=case.known.unposted),
        cure_by=cure_by,
        letter=f"{case.case_id}/breach/{on}",
    )


@handles(c.RecordBreach)
def _record_breach(desk: Desk, command: c.RecordBreach) -> Answer:
    refusal = unlawful(desk, Trigger.BREACH)
    if refusal:
        return refusal
    late = _missed(desk)
    if late is None:
        return no(
            "nothing-missed",
            "Nothing under the agreement is unpaid past its grace.",
            "Wait until the grace is over, or cancel the agreement.",
            rule=p.ARRANGEMENT_GRACE_DAYS.key,
            citation=desk.policy.source(p.ARRANGEMENT_GRACE_DAYS, desk.on).citation,
        )
    return (breach(desk.case, desk.policy, desk.now, missed_on=late),)


@handles(c.CureBreach)
def _cure_breach(desk: Desk, command: c.CureBreach) -> Answer:
    refusal = unlawful(desk, Trigger.CURE)
    if refusal:
        return refusal
    late = _missed(desk)
    if late is not None:
        # The calendar would note the same breach again at once: a cure, like a mistake, shows in the balance.
        return no("still-missed", f"What fell due on {late} is unpaid.", "Post the payment, or correct it in billing.")
    return (ev.BreachCured(undone=command.mistake),)


def _missed(desk: Desk) -> date | None:
    arrangement = desk.case.arrangement
    assert arrangement is not None, "the stage says that an agreement stands"
    grace = desk.policy.at(p.ARRANGEMENT_GRACE_DAYS, desk.on)
    return missed(arrangement, desk.case.known.bills, on=desk.on, grace_days=grace, unposted=desk.here.unposted)
