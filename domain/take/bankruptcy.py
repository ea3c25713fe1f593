"""Take what a bankruptcy does to a debt: set aside at the petition, paid by a plan, revived, discharged."""

from dataclasses import replace

from domain import events as ev
from domain.bankruptcy import Bankruptcy
from domain.case import Case
from domain.money import ZERO

DISMISSED, DISCHARGED = "dismissed", "discharged"


def take_bankruptcy(case: Case, event: ev.Event) -> Case | None:
    """Return *case* after an event of this chapter; none if *event* is of another."""
    match event.body:
        case ev.PetitionSplit() as body:
            return replace(case, bankruptcy=_split(case, body))
        case ev.PlanPaymentNoted(amount=amount, ref=ref):
            known = _known(case)
            vouchers = (*known.vouchers, ref)
            return replace(case, bankruptcy=replace(known, noted=known.noted + amount, vouchers=vouchers))
        case ev.PlanPaymentApplied(amount=amount):
            less, _ = _known(case).less(amount)
            return replace(case, bankruptcy=replace(less, paid=less.paid + amount, noted=ZERO))
        case ev.DebtRevived():
            return replace(case, bankruptcy=replace(_known(case), parts=(), ended=DISMISSED))
        case ev.DebtDischarged():
            return replace(case, bankruptcy=replace(_known(case), parts=(), noted=ZERO, ended=DISCHARGED))
        case _:
            return None


def _split(case: Case, body: ev.PetitionSplit) -> Bankruptcy:
    """Return the earlier debt with what *body* adds; a later petition begins anew."""
    known = case.bankruptcy
    if known is None or known.ended or known.petition_on != body.petition_on:
        known = Bankruptcy(petition=body.petition, petition_on=body.petition_on, chapter=body.chapter)
    return replace(
        known,
        petition=body.petition,
        chapter=body.chapter,
        parts=(*known.parts, *body.parts),
        refs=(*known.refs, *(part.ref for part in body.parts)),
    )


def _known(case: Case) -> Bankruptcy:
    assert case.bankruptcy is not None, "what is paid, revived or discharged was set aside before"
    return case.bankruptcy
