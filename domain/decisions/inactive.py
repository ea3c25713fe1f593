"""The end of service and the end of hope: final bill and write-off."""

from datetime import timedelta

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.account import AccountStatus, balance
from domain.case import WRITE_OFF, ApprovalState
from domain.decisions.desk import Answer, Desk, ask, cleared, gated, handles, no, unlawful
from domain.states import Trigger
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


@handles(c.ProposeWriteOff)
def _propose_write_off(desk: Desk, command: c.ProposeWriteOff) -> Answer:
    if desk.case.approval(WRITE_OFF, ApprovalState.ASKED) is not None:
        return no("write-off-asked", "A second person has been asked for it already.", "Wait for the answer.")
    return (
        unlawful(desk, Trigger.WRITE_OFF, "Only a debt whose service has ended is written off.")
        or gated(desk, Action.WRITE_OFF, "The debt may not be written off")
        or ask(desk, WRITE_OFF, balance(desk.case.known.bills), proposal=command)
    )
