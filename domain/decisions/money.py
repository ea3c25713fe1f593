"""Corrections of a balance, and refunds, asked for in a case."""

from domain import commands as c
from domain import events as ev
from domain.adjustments import Adjusting, AdjustmentReason, alone, may_adjust, waivers_alone
from domain.decisions.desk import Answer, Desk, handles, no


@handles(c.ProposeAdjustment)
def _propose_adjustment(desk: Desk, command: c.ProposeAdjustment) -> Answer:
    """Ask for a correction. Who took the account's money, and how many fees were waived, the register knows."""
    asked = Adjusting(
        service=command.service,
        amount=command.amount,
        reason=command.reason,
        about_on=command.about_on or desk.on,
        fund=command.fund,
    )
    services = desk.case.known.account.services
    senior, waives = desk.decision.senior, asked.reason is AdjustmentReason.FEE_WAIVER
    refusal = may_adjust(asked, services=services, taken_by_me=False, policy=desk.policy, on=desk.on)
    return refusal or (
        ev.AdjustmentProposed(
            adjustment_id=desk.next_id("j"),
            service=asked.service,
            amount=asked.amount,
            reason=asked.reason,
            about_on=asked.about_on,
            fund=asked.fund,
            alone=alone(asked, senior=senior, policy=desk.policy, on=desk.on),
            because=command.because,
            waivers_alone=waivers_alone(senior=senior, policy=desk.policy, on=desk.on) if waives else None,
        ),
    )


@handles(c.ProposeRefund)
def _propose_refund(desk: Desk, command: c.ProposeRefund) -> Answer:
    """Ask for a refund. What a case knows is asked here; the payments behind the credit when it is let."""
    credit = desk.case.known.credit
    if command.amount.cents <= 0 or command.amount > credit:
        return no("no-such-credit", f"The account has {credit} credit.", f"At most {credit} can go out.")
    refund_id = desk.next_id("r")
    return (
        ev.RefundProposed(refund_id=refund_id, amount=command.amount, payee=command.payee, because=command.because),
    )
