"""After service has ended: final bill, agency, court, judgment, write-off."""

from datetime import timedelta

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.account import AccountStatus, balance
from domain.case import WRITE_OFF
from domain.decisions.desk import Answer, Desk, ask, cleared, drop_approvals, gated, handles, no, unlawful
from domain.money import ZERO, Money
from domain.states import ClosedReason, Stage, Trigger
from domain.verdict import Action


@handles(c.RecordFinalBill)
def _record_final_bill(desk: Desk, command: c.RecordFinalBill) -> Answer:
    refusal = unlawful(desk, Trigger.FINAL_BILL)
    if refusal:
        return refusal
    if desk.case.known.account.status is AccountStatus.ACTIVE and not desk.case.off:
        return no("account-in-service", "The account is active and its service is on.", "Stop service first.")
    due = command.due_on or desk.on + timedelta(days=desk.policy.at(p.FINAL_DUE_DAYS, desk.on))
    return (
        *cleared(desk.case, "the account is final"),
        ev.FinalBilled(due_on=due, amount=balance(desk.case.known.bills)),
    )


@handles(c.ReferToAgency)
def _refer_to_agency(desk: Desk, command: c.ReferToAgency) -> Answer:
    refusal = unlawful(desk, Trigger.PLACE, "Only a final bill is placed.") or gated(
        desk, Action.PLACE_WITH_AGENCY, "The debt may not be placed"
    )
    ref = desk.next_id("p")
    placed = ev.PlacedWithAgency(ref=ref, agency=command.agency, amount=balance(desk.case.known.bills))
    return refusal or (placed,)


@handles(c.RecallFromAgency)
def _recall_from_agency(desk: Desk, command: c.RecallFromAgency) -> Answer:
    ref = desk.case.remedy.ref if desk.case.remedy else ""
    return unlawful(desk, Trigger.RECALL) or (ev.RecalledFromAgency(ref=ref, because=command.because),)


@handles(c.ReferToCourt)
def _refer_to_court(desk: Desk, command: c.ReferToCourt) -> Answer:
    refusal = unlawful(desk, Trigger.FILE_CLAIM, "Only a final bill goes to court.") or gated(
        desk, Action.FILE_CLAIM, "No claim may be filed"
    )
    amount, limit = balance(desk.case.known.bills), desk.policy.at(p.COURT_LIMIT, desk.on)
    if not refusal and amount.cents > limit:
        refusal = no(
            "over-the-court-limit",
            f"{amount} is above the court's limit of {Money(limit)}.",
            "A waiver of the excess must be signed off.",
            rule="T04",
            citation=desk.policy.source(p.COURT_LIMIT, desk.on).citation,
        )
    ref = desk.next_id("c")
    filed = ev.ClaimFiled(ref=ref, court=command.court, amount=amount, hearing_on=command.hearing_on)
    return refusal or (filed,)


@handles(c.RecordJudgment)
def _record_judgment(desk: Desk, command: c.RecordJudgment) -> Answer:
    final = command.entered_on + timedelta(days=desk.policy.at(p.COURT_STAY_DAYS, desk.on))
    ref = desk.case.remedy.ref if desk.case.remedy else ""
    entered = ev.JudgmentEntered(ref=ref, amount=command.amount, final_on=final)
    return unlawful(desk, Trigger.ENTER_JUDGMENT) or (entered,)


@handles(c.RecordSatisfaction)
def _record_satisfaction(desk: Desk, command: c.RecordSatisfaction) -> Answer:
    if desk.case.stage is not Stage.JUDGMENT:
        return no("no-judgment", "No judgment stands.", "Satisfaction follows a judgment.", rule="T08")
    if balance(desk.case.known.bills) > ZERO:
        return no("not-satisfied", f"{balance(desk.case.known.bills)} is unpaid.", "Post the payment first.")
    closes = ev.CaseClosed(reason=ClosedReason.PAID, because="judgment satisfied")
    return (*drop_approvals(desk, "the judgment is satisfied"), closes)


@handles(c.ProposeWriteOff)
def _propose_write_off(desk: Desk, command: c.ProposeWriteOff) -> Answer:
    return (
        unlawful(desk, Trigger.WRITE_OFF, "Only a debt whose service has ended is written off.")
        or gated(desk, Action.WRITE_OFF, "The debt may not be written off")
        or ask(desk, WRITE_OFF, balance(desk.case.known.bills))
    )
