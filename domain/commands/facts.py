"""Facts of every kind: holds, disputes, protections, bankruptcy."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.facts import FactKind
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    because: str
    until: date | None = None
    type: Literal["place_hold"] = "place_hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    fact_id: str
    because: str
    type: Literal["release_hold"] = "release_hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDispute:
    """*subject*: the bill; or whether an agreement's terms are reasonable, or were broken at all."""

    about: str
    amount: Money | None = None
    subject: Literal["bill", "terms", "breach"] = "bill"
    type: Literal["open_dispute"] = "open_dispute"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveDispute:
    fact_id: str
    outcome: Literal["upheld", "rejected", "withdrawn"]
    because: str
    type: Literal["resolve_dispute"] = "resolve_dispute"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """Record a fact of any kind. *starts* defaults to the instant of the decision."""

    kind: FactKind
    starts: datetime | None = None
    until: datetime | None = None
    amount: Money | None = None
    source: str = ""
    evidence: str = ""
    details: tuple[tuple[str, str], ...] = ()
    type: Literal["record_fact"] = "record_fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFact:
    """Replace a fact by a corrected one; with no *kind* the fact is withdrawn."""

    fact_id: str
    because: str
    kind: FactKind | None = None
    starts: datetime | None = None
    until: datetime | None = None
    amount: Money | None = None
    source: str = ""
    evidence: str = ""
    details: tuple[tuple[str, str], ...] = ()
    type: Literal["correct_fact"] = "correct_fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileBankruptcy:
    """A petition: anyone's word freezes all; with its *docket* number the debt is split. Said again it is put right.

    *chapter* is ``unknown`` until the docket says it. Another one than the docket has is a conversion; until that was
    read, another chapter or day puts right what was said. *joint*: another person owes the debt as well.
    *paid_since*: what the customer paid after that day, which billing set against older debt; left out, it is counted.
    """

    chapter: Literal["7", "11", "13", "unknown"]
    petition_on: date
    docket: str = ""
    joint: bool = False
    paid_since: Money | None = None
    type: Literal["file_bankruptcy"] = "file_bankruptcy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveBankruptcy:
    outcome: Literal["dismissed", "discharged", "closed"]
    because: str
    type: Literal["resolve_bankruptcy"] = "resolve_bankruptcy"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlanPayment:
    """The trustee's money on the debt from before the petition. *ref*: the voucher's number."""

    amount: Money
    ref: str
    type: Literal["record_plan_payment"] = "record_plan_payment"
