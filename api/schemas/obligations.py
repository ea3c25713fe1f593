"""How is what the utility owes shown?"""

from datetime import date
from typing import Self

from api.schemas.base import Json, Shown
from api.wire import wire
from casework.obligations import Owed


class ObligationShown(Shown):
    """One thing owed. *state*: open, warned (pressing), breached (late), met, met_late. *account_no* empty: to all."""

    key: str
    duty: str
    state: str
    owner: str
    owed_to: str
    account_no: str
    case_id: str
    arose_on: date
    warn_on: date
    due_on: date
    says: str
    rule: str
    citation: str
    facts: list[str]
    arithmetic: list[Json]
    met_on: date | None
    met_by: str
    evidence: str

    @classmethod
    def of(cls, owed: Owed) -> Self:
        each = owed.obligation
        shown = {name: getattr(each, name) for name in cls.model_fields if name not in {"state", "arithmetic", "facts"}}
        return cls(
            **shown, state=owed.state, facts=list(each.facts), arithmetic=[wire(sums) for sums in each.arithmetic]
        )


class Obligations(Shown):
    """*counts*: how many stand in each state, of all that the question was about."""

    obligations: list[ObligationShown]
    counts: dict[str, int]
    cursor: str | None
