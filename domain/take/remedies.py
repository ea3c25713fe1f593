"""Take what comes after service has ended: final bill, agency, court, write-off."""

from dataclasses import replace

from domain import events as ev
from domain.case import (
    Case,
    Remedy,
)
from domain.states import Trigger
from domain.take.moves import moved


def take_remedy(case: Case, event: ev.Event) -> Case | None:
    """Take what comes after service has ended: final bill, agency, court, write-off."""
    match event.body:
        case ev.FinalBilled(due_on=due_on, amount=amount):
            remedy = Remedy(kind="final_bill", ref="", since=event.on, amount=amount, due_on=due_on)
            return replace(moved(case, Trigger.FINAL_BILL), remedy=remedy, notice=None, reminder=None)
        case ev.PlacedWithAgency(ref=ref, agency=agency, amount=amount):
            remedy = Remedy(kind="placement", ref=ref, since=event.on, amount=amount, with_whom=agency)
            return replace(moved(case, Trigger.PLACE), remedy=remedy)
        case ev.RecalledFromAgency():
            return replace(moved(case, Trigger.RECALL), remedy=None)
        case ev.ClaimFiled(ref=ref, court=court, amount=amount, hearing_on=hearing_on):
            remedy = Remedy(kind="claim", ref=ref, since=event.on, amount=amount, with_whom=court, due_on=hearing_on)
            return replace(moved(case, Trigger.FILE_CLAIM), remedy=remedy)
        case ev.ClaimEnded():
            return replace(moved(case, Trigger.END_CLAIM), remedy=None)
        case ev.JudgmentEntered(ref=ref, amount=amount, final_on=final_on):
            remedy = Remedy(kind="judgment", ref=ref, since=event.on, amount=amount, due_on=final_on)
            return replace(moved(case, Trigger.ENTER_JUDGMENT), remedy=remedy)
        case ev.WrittenOff():
            return replace(moved(case, Trigger.WRITE_OFF), remedy=None)
        case ev.WriteOffReversed():
            return moved(case, Trigger.REINSTATE)
        case _:
            return None
