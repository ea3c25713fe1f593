"""Ability to pay, what was offered, and the life of a payment arrangement."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.ability import Assessment
from domain.arrangement import Arrangement
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AbilityAssessed:
    """*household* is what `domain.ability` writes of the household, to be sealed; *assessment* comes without it."""

    assessment: Assessment
    household: str
    type: Literal["ability_assessed"] = "ability_assessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedTerms:
    """One offer as it was put to the customer."""

    months: int
    down: Money
    instalment: Money
    last_due_on: date
    approval: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementOffered:
    amount: Money
    terms: tuple[OfferedTerms, ...]
    declined: bool = False
    type: Literal["arrangement_offered"] = "arrangement_offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementAgreed:
    """*third_party* and *authority*: who else pays and by what right, sealed; *arrangement* comes without them."""

    arrangement: Arrangement
    third_party: str = ""
    authority: str = ""
    type: Literal["arrangement_agreed"] = "arrangement_agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementSigned:
    evidence: str
    type: Literal["arrangement_signed"] = "arrangement_signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureMissed:
    """Days after it was agreed nobody has signed: a task for a person; the agreement stands."""

    type: Literal["signature_missed"] = "signature_missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentsMet:
    """How many leading instalments the money now covers; fewer than before after a returned payment."""

    met: int
    of: int
    paid: Money
    type: Literal["instalments_met"] = "instalments_met"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementLapsed:
    """The down payment did not come: what was agreed by voice never took force."""

    down: Money
    due_on: date
    type: Literal["arrangement_lapsed"] = "arrangement_lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementBreached:
    """*letter*: the mail house's, none where a person noted the breach: it then goes with the day's batch.

    *awaited*: the day on which it was mailed is yet to be confirmed.
    """

    missed_on: date
    owing: Money
    cure_by: date
    letter: str
    awaited: bool = False
    type: Literal["arrangement_breached"] = "arrangement_breached"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachCured:
    """*undone*: the breach rested on a mistake and does not count as a reinstatement."""

    undone: bool = False
    type: Literal["breach_cured"] = "breach_cured"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachUndone:
    """A breach that had been cured or had ended in default rested on a mistake: all is as if it had not been.

    *reinstated*: how often the agreement counts as reinstated from now on.
    """

    reinstated: int
    because: str
    type: Literal["breach_undone"] = "breach_undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementDefaulted:
    owing: Money
    type: Literal["arrangement_defaulted"] = "arrangement_defaulted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementCompleted:
    paid: Money
    type: Literal["arrangement_completed"] = "arrangement_completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementReopened:
    """A payment that had completed the agreement was returned: its instalments are missed again.

    *arrangement* as it stands from now on, in this case or in the one linked to it; its third party apart, as before.
    """

    arrangement: Arrangement
    met: int
    owing: Money
    type: Literal["arrangement_reopened"] = "arrangement_reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementCancelled:
    because: str
    type: Literal["arrangement_cancelled"] = "arrangement_cancelled"
