"""How are facts shown, with what each kind states?"""

from datetime import datetime
from typing import Self

from api.schemas.base import Json, Shown
from api.wire import wire
from casework.facts import Entered, Kept
from domain.evidence import SHAPES
from domain.facts import FactKind


class FactShown(Shown):
    """A fact. *starts*, *until*: when it is in effect; *known_at*, *withdrawn_at*: since and until when believed.

    *about*: the account, its premises, its county or the area. *corrected_by*: the fact that took its place.
    """

    fact_id: str
    kind: str
    about: str
    starts: datetime
    until: datetime | None
    known_at: datetime
    withdrawn_at: datetime | None
    amount_cents: int | None
    source: str
    evidence: str
    entered_by: str
    details: dict[str, str]
    case_id: str
    replaces: str
    corrected_by: str

    @classmethod
    def of(cls, kept: Kept) -> Self:
        fact = kept.fact
        return cls(
            fact_id=fact.fact_id,
            kind=fact.kind,
            about=kept.about,
            starts=fact.starts,
            until=fact.until,
            known_at=fact.known_at,
            withdrawn_at=fact.withdrawn_at,
            amount_cents=None if fact.amount is None else fact.amount.cents,
            source=fact.source,
            evidence=fact.evidence,
            entered_by=fact.entered_by,
            details=fact.details,
            case_id=kept.case_id,
            replaces=kept.replaces,
            corrected_by=kept.corrected_by,
        )


class Facts(Shown):
    account_no: str
    facts: list[FactShown]


class EnteredShown(Shown):
    """What recording left. *fact* is none for a fact that was withdrawn; *cases* open ones were told to look again."""

    fact: Json | None
    case_id: str | None
    cases: int

    @classmethod
    def of(cls, entered: Entered) -> Self:
        fact = wire(entered.fact) if entered.fact else None
        return cls(fact=fact, case_id=entered.case_id, cases=entered.cases)


class DetailShown(Shown):
    key: str
    says: str
    must: bool
    one_of: list[str]
    form: str


class KindShown(Shown):
    """What a kind of fact states: for whoever builds a form."""

    kind: str
    means: str
    rules: str
    about: list[str]
    details: list[DetailShown]
    amount: str
    amount_must: bool
    source_must: bool

    @classmethod
    def of(cls, kind: FactKind) -> Self:
        shape = SHAPES[kind]
        return cls(
            kind=kind,
            means=shape.means,
            rules=shape.rules,
            about=list(shape.about),
            details=[DetailShown.model_validate(detail) for detail in shape.details],
            amount=shape.amount,
            amount_must=shape.amount_must,
            source_must=shape.source_must,
        )


class Kinds(Shown):
    kinds: list[KindShown]
