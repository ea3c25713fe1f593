"""How is an offer shown: what to post to take it, its schedule to the cent, what it stops and what breaks it?"""

from datetime import date, datetime
from typing import Any, Self

from api.commands import body_of
from api.schemas.base import Json, Shown
from api.wire import wire
from casework.offers import OffersNow
from domain.offers import Offer, Program


class PartShown(Shown):
    """One payment; number 0 is the down payment."""

    number: int
    due_on: date
    amount_cents: int


class OfferShown(Shown):
    """One lawful plan. *decision* is the body that takes it; *approval* the act a second person is asked for, if any.

    *exceptions*: the rules it departs from, *passed* those that allow it. The two scores rank, and decide nothing.
    """

    decision: dict[str, Any]
    months: int
    down_cents: int
    instalment_cents: int
    last_due_on: date
    current_bills_required: bool
    schedule: list[PartShown]
    approval: str
    exceptions: list[Json]
    passed: list[Json]
    affordability: int
    completion: int
    reasons: list[str]
    stops: list[str]
    breaks: list[str]

    @classmethod
    def of(cls, offer: Offer) -> Self:
        parts = [
            PartShown(number=part.number, due_on=part.due_on, amount_cents=part.amount.cents)
            for part in offer.arrangement.schedule
        ]
        return cls(
            decision=body_of(offer.command),
            months=offer.command.months,
            down_cents=offer.command.down.cents if offer.command.down else 0,
            instalment_cents=offer.instalment.cents,
            last_due_on=parts[-1].due_on,
            current_bills_required=offer.arrangement.current_bills_required,
            schedule=parts,
            approval=offer.approval,
            exceptions=[wire(outcome) for outcome in offer.exceptions],
            passed=[wire(outcome) for outcome in offer.passed],
            affordability=offer.affordability,
            completion=offer.completion,
            reasons=list(offer.reasons),
            stops=list(offer.stops),
            breaks=list(offer.breaks),
        )


class ProgramShown(Shown):
    program: str
    title: str
    likely: bool
    because: str

    @classmethod
    def of(cls, program: Program) -> Self:
        return cls(program=program.program, title=program.title, likely=program.likely, because=program.because)


class OffersShown(Shown):
    """What can be put to the customer, best first. *refusal*: why there is no plan at all."""

    case_id: str
    as_of: datetime
    renegotiates: bool
    amount_cents: int
    allowance_cents: int | None
    plans: list[OfferShown]
    extension: dict[str, Any] | None
    programs: list[ProgramShown]
    notes: list[str]
    refusal: Json | None

    @classmethod
    def of(cls, found: OffersNow) -> Self:
        offers = found.offers
        return cls(
            case_id=found.case_id,
            as_of=found.as_of,
            renegotiates=found.renegotiates,
            amount_cents=offers.amount.cents,
            allowance_cents=offers.allowance.cents if offers.allowance is not None else None,
            plans=[OfferShown.of(offer) for offer in offers.plans],
            extension=body_of(offers.extension) if offers.extension else None,
            programs=[ProgramShown.of(program) for program in offers.programs],
            notes=list(offers.notes),
            refusal=wire(offers.refusal) if offers.refusal else None,
        )
