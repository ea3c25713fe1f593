"""Take what comes after service has ended: final bill, agency, court, set-off, property, write-off, settlement."""

from dataclasses import replace
from datetime import date

from domain import events as ev
from domain.account import NamedBill, OpenBill, Snapshot
from domain.case import Case
from domain.facts import FactKind, on_file
from domain.liens import InterestSettled
from domain.money import ZERO, Money
from domain.remedy import FinalBill, Mark, Marked, Remedy, RemedyKind, RemedyState
from domain.states import Stage, Trigger
from domain.take.moves import moved

_STAGE = {
    RemedyKind.PLACEMENT: Stage.WITH_AGENCY,
    RemedyKind.CLAIM: Stage.IN_COURT,
    RemedyKind.JUDGMENT: Stage.JUDGMENT,
}
_GRAVEST = (RemedyKind.JUDGMENT, RemedyKind.CLAIM, RemedyKind.PLACEMENT)
_BACK = {Stage.WITH_AGENCY: Trigger.RECALL, Stage.IN_COURT: Trigger.END_CLAIM, Stage.JUDGMENT: Trigger.VACATE}
_ON = {
    Stage.WITH_AGENCY: (Trigger.PLACE,),
    Stage.IN_COURT: (Trigger.FILE_CLAIM,),
    Stage.JUDGMENT: (Trigger.FILE_CLAIM, Trigger.ENTER_JUDGMENT),
}


def take_ending(case: Case, event: ev.Event) -> Case | None:
    """Take the final bill, the notice of placement, settlements and write-offs."""
    match event.body:
        case ev.FinalBilled(due_on=due_on, amount=amount):
            final = FinalBill(billed_on=event.on, due_on=due_on, amount=amount)
            return replace(moved(case, Trigger.FINAL_BILL), final=final, notice=None, reminder=None)
        case ev.PlacementNoticeSent(mailed_on=mailed_on, amount=amount, letter=letter, awaited=awaited):
            final = case.final or FinalBill(billed_on=case.opened_on, due_on=case.opened_on, amount=amount)
            return replace(case, final=replace(final, noticed_on=mailed_on, letter=letter, awaited=awaited))
        case ev.SettlementAgreed(settlement=settlement):
            return replace(case, settlement=settlement)
        case ev.SettlementPaid():
            assert case.settlement is not None, "a settlement that is paid stands"
            return replace(case, settlement=replace(case.settlement, paid_on=event.on))
        case ev.SettlementBroken():
            return replace(case, settlement=None)
        case ev.WrittenOff(amount=amount, given_up=given_up):
            return replace(moved(case, Trigger.WRITE_OFF), written_off=amount, given_up=given_up)
        case ev.RecoveryReceived(left=left):
            return replace(case, written_off=left)
        case ev.DebtFollows(to_account=to_account):
            return replace(case, moves_to=to_account)
        case ev.DebtMoved():
            return replace(case, moves_to="")
        case ev.WriteOffReversed():
            return _settled(replace(moved(case, Trigger.REINSTATE), written_off=None, given_up=False))
        case _:
            return None


def take_remedy(case: Case, event: ev.Event) -> Case | None:
    """Take a remedy's life; a case stands where its gravest remedy stands."""
    match event.body:
        case ev.RemedyDecided(remedy=remedy) | ev.RemedyStands(remedy=remedy):
            return _with(case, remedy)
        case ev.PlacedWithAgency(remedy=remedy) | ev.ClaimFiled(remedy=remedy):
            return _settled(_with(case, remedy))
        case ev.RemedyDropped(remedy_id=remedy_id):
            return _changed(case, remedy_id, state=RemedyState.ENDED)
        case (
            ev.RecalledFromAgency(remedy_id=remedy_id)
            | ev.ClaimEnded(remedy_id=remedy_id)
            | ev.RemedyEnded(remedy_id=remedy_id)
        ):
            return _settled(_changed(case, remedy_id, state=RemedyState.ENDED))
        case ev.HearingHeld(remedy_id=remedy_id, next_on=next_on):
            return _changed(case, remedy_id, due_on=next_on)
        case ev.JudgmentEntered(remedy_id=remedy_id, amount=amount, final_on=final_on, costs=costs) as body:
            won = {"kind": RemedyKind.JUDGMENT, "amount": amount + costs, "costs": costs, "due_on": final_on}
            won["expires_on"] = body.expires_on
            return _settled(_changed(case, remedy_id, **won, told=_left(case, remedy_id)))
        case ev.RemedyTold(remedy_id=remedy_id, left=left):
            return _changed(case, remedy_id, told=left)
        case ev.RemedyMarked(remedy_id=remedy_id, mark=mark, on=on):
            return _mark(case, remedy_id, mark, on)
        case ev.LienInterestAsked(remedy_id=remedy_id, parts=parts):
            return _changed(case, remedy_id, to_bill=parts)
        case ev.LienInterestBilled() as billed:
            return _billed(case, billed, event.on)
        case ev.LienInterestGivenUp(remedy_id=remedy_id, amount=amount):
            settled = (*_of(case, remedy_id).settled, InterestSettled(on=event.on, amount=amount))
            return _changed(case, remedy_id, settled=settled)
        case ev.RecallAsked(remedy_id=remedy_id):
            return _mark(case, remedy_id, Mark.RECALL_ASKED, event.on)
        case _:
            return None


def named(bills: tuple[OpenBill, ...]) -> tuple[NamedBill, ...]:
    """Return *bills* as a remedy holds them: what is unpaid of each."""
    return tuple(NamedBill(ref=b.ref, amount=b.open, due_on=b.due_on) for b in bills if b.open > ZERO)


def found_outside(case_id: str, stage: Stage, known: Snapshot) -> tuple[Remedy, ...]:
    """Return the remedy that a case opens under because the outside had placed or sued before it was opened."""
    kind = next((kind for kind, at in _STAGE.items() if at is stage), None)
    if kind is None:
        return ()
    acts = on_file(known.facts, FactKind.OUTSIDE_ACT)
    last = acts[-1] if acts else None
    bills = named(known.bills)
    return (
        Remedy(
            remedy_id=f"{case_id}-r0",
            kind=kind,
            state=RemedyState.STANDING,
            bills=bills,
            amount=Money(sum(bill.amount.cents for bill in bills)),
            told=Money(sum(bill.amount.cents for bill in bills)),
            since=(last.starts if last else known.at).date(),
            ref=last.details.get("ref", "") if last else "",
        ),
    )


def _with(case: Case, remedy: Remedy) -> Case:
    others = tuple(each for each in case.remedies if each.remedy_id != remedy.remedy_id)
    return replace(case, remedies=(*others, remedy))


def _changed(case: Case, remedy_id: str, **changes: object) -> Case:
    return replace(
        case,
        remedies=tuple(
            replace(r, **changes) if r.remedy_id == remedy_id else r  # type: ignore[arg-type]  # keyword names are fixed above
            for r in case.remedies
        ),
    )


def _of(case: Case, remedy_id: str) -> Remedy:
    return next(each for each in case.remedies if each.remedy_id == remedy_id)


def _mark(case: Case, remedy_id: str, mark: Mark, on: date) -> Case:
    return _changed(case, remedy_id, marks=(*_of(case, remedy_id).marks, Marked(mark=mark, on=on)))


def _left(case: Case, remedy_id: str) -> Money:
    return _of(case, remedy_id).left(case.known.bills)


def _billed(case: Case, billed: ev.LienInterestBilled, on: date) -> Case:
    """Let the lien hold the bill of its interest; a debt that is written off is more by it."""
    lien = _of(case, billed.remedy_id)
    last = lien.life[-1]
    left = replace(last, on=on, interest=last.interest + billed.amount)
    case = _changed(
        case,
        lien.remedy_id,
        bills=(*lien.bills, NamedBill(ref=billed.ref, amount=billed.amount, due_on=on)),
        settled=(*lien.settled, InterestSettled(on=on, amount=billed.amount, ref=billed.ref)),
        to_bill=tuple(part for part in lien.to_bill if part.service is not billed.service),
        lefts=(*(each for each in lien.life if each.on < on), left),
    )
    return replace(case, written_off=case.written_off and case.written_off + billed.amount)


def looked(case: Case, known: Snapshot, on: date) -> Case:
    """Take a look at the account; a lien keeps from which day on how much of it was left."""
    if not known.billing_read or not any(_secures(remedy) for remedy in case.remedies):
        return replace(case, known=known)
    seen = tuple(remedy.seen(known.bills, on) if _secures(remedy) else remedy for remedy in case.remedies)
    return replace(case, known=known, remedies=seen)


def _secures(remedy: Remedy) -> bool:
    return remedy.kind is RemedyKind.LIEN and remedy.state is RemedyState.STANDING


def _settled(case: Case) -> Case:
    """Move the case to where its gravest standing remedy is; a case whose debt is written off stays so."""
    standing = {remedy.kind for remedy in case.remedies if remedy.state is RemedyState.STANDING}
    wanted = next((_STAGE[kind] for kind in _GRAVEST if kind in standing), Stage.FINAL_BILLED)
    in_service = case.stage not in {Stage.FINAL_BILLED, Stage.WRITTEN_OFF, *_BACK}
    if wanted is case.stage or case.stage is Stage.WRITTEN_OFF or (in_service and wanted is Stage.FINAL_BILLED):
        return case
    if wanted is Stage.JUDGMENT and case.stage is Stage.IN_COURT:
        return moved(case, Trigger.ENTER_JUDGMENT)
    if case.stage in _BACK:
        case = moved(case, _BACK[case.stage])
    for trigger in _ON.get(wanted, ()):
        case = moved(case, trigger)
    return case
