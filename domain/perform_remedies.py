"""What performing a remedy's step means: whom it asks, and the events that the answer turns into."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from domain import events as ev
from domain import parameters as p
from domain.account import balance
from domain.agencies import commission
from domain.case import Case
from domain.effects import (
    LIEN_INTEREST,
    ChargeFee,
    Effect,
    FileAtCourt,
    PlaceDebt,
    RecallDebt,
    Receipt,
    TellAgency,
    TellCourt,
)
from domain.following import moved_bodies
from domain.money import ZERO
from domain.policy import Policy
from domain.remedy import Mark, Remedy, RemedyKind, RemedyState
from domain.step import Step, StepKind

REMEDY_STEPS = frozenset(
    {
        StepKind.SEND_PLACEMENT_NOTICE,
        StepKind.HAND_ON,
        StepKind.DROP_REMEDY,
        StepKind.TELL_HOLDER,
        StepKind.TAKE_BACK,
        StepKind.BILL_INTEREST,
        StepKind.SEND_SETOFF_NOTICE,
        StepKind.NOTE_RECOVERY,
        StepKind.END_SETTLEMENT,
        StepKind.NOTE_SETTLED,
        StepKind.MOVE_DEBT,
    }
)
_IN_COURT = frozenset({RemedyKind.CLAIM, RemedyKind.JUDGMENT})


def remedy_effect(case: Case, step: Step, on: date) -> Effect | None:
    """Return what *step* asks of agency, court or billing; none for what is handed in as a file of its day."""
    remedy = _of(case, step)
    if step.kind is StepKind.BILL_INTEREST:
        return _charge(remedy, step, on)
    if step.kind is StepKind.HAND_ON:
        return _hand_on(remedy)
    if step.kind is StepKind.TELL_HOLDER:
        change = remedy.told - step.amount
        key = f"{remedy.remedy_id}/tell/{case.seq}"
        if remedy.kind is RemedyKind.PLACEMENT:
            return TellAgency(key=key, ref=remedy.ref, amount=change)
        in_court = remedy.kind in _IN_COURT
        return TellCourt(key=key, ref=remedy.ref, what="payment_credited", amount=change) if in_court else None
    if remedy.kind is RemedyKind.PLACEMENT:
        return RecallDebt(key=f"{remedy.remedy_id}/recall", ref=remedy.ref, reason=step.rule)
    if remedy.kind in _IN_COURT:
        what = "dismissal" if remedy.kind is RemedyKind.CLAIM else "satisfaction"
        return TellCourt(key=f"{remedy.remedy_id}/{what}", ref=remedy.ref, what=what)
    return None


def _charge(lien: Remedy, step: Step, on: date) -> ChargeFee:
    """Return the charge of a lien's interest to one service; a payment that went back may bring another one later."""
    assert step.service is not None, "interest is charged to a service"
    times = sum(1 for each in lien.settled if each.ref.rpartition("/")[2] == step.service)
    key = f"{lien.remedy_id}/interest/{step.service}/{times + 1}"
    return ChargeFee(key=key, kind=LIEN_INTEREST, service=step.service, amount=step.amount, on=on)


def _hand_on(remedy: Remedy) -> Effect | None:
    if remedy.kind is RemedyKind.PLACEMENT:
        return PlaceDebt(key=remedy.remedy_id, agency=remedy.with_whom, amount=remedy.amount)
    return FileAtCourt(key=remedy.remedy_id, amount=remedy.amount) if remedy.kind is RemedyKind.CLAIM else None


def remedy_bodies(case: Case, step: Step, receipt: Receipt, policy: Policy, now: datetime) -> tuple[ev.Body, ...]:
    """Return the events of a remedy's *step*, done at *now* with *receipt*."""
    on = policy.calendar.day(now)
    match step.kind:
        case StepKind.SEND_PLACEMENT_NOTICE:
            mailed = receipt.on or on
            runs = timedelta(days=policy.at(p.AGENCY_NOTICE_DAYS, mailed))
            places = max(step.arithmetic[1].result, mailed + runs)
            sent = ev.PlacementNoticeSent(
                amount=step.amount,
                places_from=places,
                letter=receipt.ref,
                mailed_on=mailed,
                awaited=receipt.pending,
            )
            return (sent,)
        case StepKind.HAND_ON:
            return (_stands(_of(case, step), receipt, on),)
        case StepKind.DROP_REMEDY:
            return (
                ev.RemedyDropped(remedy_id=step.ref, because=step.says),
                ev.TaskRaised(kind="remedy_dropped", about=step.says),
            )
        case StepKind.TELL_HOLDER:
            remedy = _of(case, step)
            change, placed = remedy.told - step.amount, remedy.kind is RemedyKind.PLACEMENT
            earned = commission(policy, change, on) if placed else ZERO
            return (ev.RemedyTold(remedy_id=step.ref, change=change, left=step.amount, commission=earned),)
        case StepKind.TAKE_BACK:
            return (_taken_back(case, _of(case, step), step),)
        case StepKind.BILL_INTEREST:
            assert step.service is not None, "interest is charged to a service"
            ref = f"{receipt.ref}/{step.service}"
            billed = ev.LienInterestBilled(remedy_id=step.ref, service=step.service, amount=step.amount, ref=ref)
            return (billed,)
        case StepKind.MOVE_DEBT:
            return moved_bodies(case, policy, now)
        case StepKind.SEND_SETOFF_NOTICE:
            mark = ev.RemedyMarked(
                remedy_id=step.ref,
                mark=Mark.NOTICE_SENT,
                on=receipt.on or on,
                ref=receipt.ref,
                awaited=receipt.pending,
            )
            return (mark,)
        case StepKind.NOTE_RECOVERY:
            left = balance(case.known.bills)
            return (ev.RecoveryReceived(amount=(case.written_off or left) - left, left=left),)
        case StepKind.END_SETTLEMENT:
            assert case.settlement is not None, "a settlement ends once"
            paid = case.settlement.paid(case.known.bills)
            return (ev.SettlementBroken(amount=case.settlement.amount, paid=paid),)
        case _:
            left = balance(case.known.bills)
            task = ev.TaskRaised(
                kind="write_down", about=f"{left} is left after the settlement: take it off the books."
            )
            return (ev.SettlementPaid(amount=step.amount, left=left), task)


def _stands(remedy: Remedy, receipt: Receipt, on: date) -> ev.Body:
    standing = replace(remedy, state=RemedyState.STANDING, ref=receipt.ref or remedy.remedy_id, since=on)
    match remedy.kind:
        case RemedyKind.PLACEMENT:
            return ev.PlacedWithAgency(remedy=standing)
        case RemedyKind.CLAIM:
            return ev.ClaimFiled(remedy=replace(standing, due_on=remedy.due_on or receipt.on))
        case _:
            return ev.RemedyStands(remedy=standing)


def _taken_back(case: Case, remedy: Remedy, step: Step) -> ev.Body:
    if remedy.kind is RemedyKind.PLACEMENT:
        left = remedy.left(case.known.bills)
        return ev.RecalledFromAgency(remedy_id=step.ref, ref=remedy.ref, because=step.says, left=left)
    if remedy.kind is RemedyKind.CLAIM:
        return ev.ClaimEnded(remedy_id=step.ref, ref=remedy.ref, because=step.says)
    return ev.RemedyEnded(remedy_id=step.ref, because=step.says)


def _of(case: Case, step: Step) -> Remedy:
    return next(remedy for remedy in case.remedies if remedy.remedy_id == step.ref)
