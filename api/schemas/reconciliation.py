"""How are a reconciled day, its breaks and a month's pack shown?"""

from datetime import date, datetime

from api.schemas.base import Json, Shown


class BreakShown(Shown):
    """Where two books differ on a day. *age_days*: since then."""

    break_id: str
    on: date
    kind: str
    source: str
    ref: str
    ours_cents: int
    theirs_cents: int
    state: str
    found_at: datetime
    cleared_on: date | None
    assigned_to: str
    explanation: str
    explained_by: str
    explained_at: datetime | None


class DayShown(Shown):
    """A day held against bank and billing: tied, broken or closed. *earlier*: open breaks of the days before."""

    on: date
    state: str
    figures: Json
    breaks: list[BreakShown]
    earlier: list[BreakShown]
    closed_by: str


class MonthEndShown(Shown):
    """A month per service: opening and movements come to closing, aging and control account, or it says where not."""

    month: str
    through: date
    closed: bool
    lines: list[Json]
    ours: dict[str, int]
    in_transit: dict[str, int]
    credits: list[Json]
    deposits: list[Json]
    items: dict[str, list[Json]]
    registered: list[Json]
    differences: list[str]
