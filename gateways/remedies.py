"""What does a case's word to agency or court read like in their own terms?"""

from datetime import date

from domain import effects
from domain.case import Case
from gateways.agency import AgencyEffect, PlaceAccount, RecallAccount, TellDirectPayment
from gateways.court import CourtEffect, CourtEventKind, FileClaim, FileEvent
from gateways.receipt import Receipt


def to_agency(case: Case, effect: effects.ToAgency, on: date) -> AgencyEffect:
    """Return *effect* as the agency is asked for it on *on*."""
    match effect:
        case effects.PlaceDebt():
            return PlaceAccount(account_no=case.account_no, amount=effect.amount, on=on)
        case effects.RecallDebt():
            return RecallAccount(placement_ref=effect.ref, reason=effect.reason, on=on)
        case effects.TellAgency():
            return TellDirectPayment(placement_ref=effect.ref, amount=effect.amount, on=on)


def to_court(case: Case, effect: effects.ToCourt, on: date) -> CourtEffect:
    """Return *effect* as the court's clerk is asked for it on *on*."""
    match effect:
        case effects.FileAtCourt():
            return FileClaim(account_no=case.account_no, amount=effect.amount, on=on)
        case effects.TellCourt():
            kind = CourtEventKind(effect.what)
            return FileEvent(claim_no=effect.ref, kind=kind, on=on, amount=effect.amount)


def plain(receipt: Receipt) -> effects.Receipt:
    """Return what came back in the case's terms; the day is that of a hearing, where one was set."""
    return effects.Receipt(ref=receipt.ref, on=receipt.day("hearing_on") if "hearing_on" in receipt.details else None)
