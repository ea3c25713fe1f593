"""What a bankruptcy does to a debt: the split at the petition, plan payments, revival, discharge."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.bankruptcy import StayedPart
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionSplit:
    """*parts* are for service up to the petition's day: they were taken out of what the customer is asked for."""

    petition: str
    petition_on: date
    chapter: str
    amount: Money
    parts: tuple[StayedPart, ...]
    type: Literal["petition_split"] = "petition_split"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPaymentNoted:
    """The trustee paid *amount*: it goes to the earlier debt alone."""

    amount: Money
    ref: str
    type: Literal["plan_payment_noted"] = "plan_payment_noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPaymentApplied:
    """Billing shows as much of the earlier debt as the trustee's money pays; *left* is still claimed."""

    amount: Money
    left: Money
    type: Literal["plan_payment_applied"] = "plan_payment_applied"


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtRevived:
    """The petition was dismissed: *parts* are owed again, each due as many days later as the stay had lasted."""

    amount: Money
    parts: tuple[StayedPart, ...]
    dismissed_on: date
    type: Literal["debt_revived"] = "debt_revived"


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtDischarged:
    """The earlier debt is discharged: it is written down and never collected again."""

    amount: Money
    type: Literal["debt_discharged"] = "debt_discharged"
