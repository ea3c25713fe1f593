"""How are agreements on record shown, and how many of them were kept?"""

from datetime import date
from typing import Self

from api.schemas.base import Shown
from casework.plans import KeptRate, Plan


class PlanShown(Shown):
    """One agreement as it stands today: *paid* of *payments* are covered, the first that is not comes next."""

    case_id: str
    account_no: str
    number: int
    standing: str
    agreed_on: date
    amount_cents: int
    payer: str
    signed: bool
    paid: int
    payments: int
    next_due_on: date | None
    next_cents: int | None
    reinstated: int
    cure_by: date | None

    @classmethod
    def of(cls, plan: Plan) -> Self:
        return cls(
            case_id=plan.case_id,
            account_no=plan.account_no,
            number=plan.number,
            standing=plan.standing,
            agreed_on=plan.agreed_on,
            amount_cents=plan.amount.cents,
            payer=plan.payer,
            signed=plan.signed,
            paid=plan.paid,
            payments=plan.payments,
            next_due_on=plan.next_due_on,
            next_cents=plan.next_amount.cents if plan.next_amount else None,
            reinstated=plan.reinstated,
            cure_by=plan.cure_by,
        )


class PlansShown(Shown):
    arrangements: list[PlanShown]
    cursor: str | None = None


class KeptRateShown(Shown):
    """How the agreements made in a span ended."""

    since: date
    until: date
    made: int
    active: int
    kept: int
    kept_after_cure: int
    broken: int
    lapsed: int
    cancelled: int

    @classmethod
    def of(cls, rate: KeptRate, *, since: date, until: date) -> Self:
        return cls(
            since=since,
            until=until,
            made=rate.made,
            active=rate.active,
            kept=rate.kept,
            kept_after_cure=rate.kept_after_cure,
            broken=rate.broken,
            lapsed=rate.lapsed,
            cancelled=rate.cancelled,
        )
