"""What does the outside world have on record for a day: work of crews, answers of agency and court, heat products?"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from formats.city import (
    AgencyRecall,
    CourtReport,
    FieldReport,
    HeatProduct,
    Holiday,
    PlacementReply,
    Remittance,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyDay:
    """What the agency sent on one day; a kind of file that did not come is empty."""

    replies: tuple[PlacementReply, ...] = ()
    recalls: tuple[AgencyRecall, ...] = ()
    remittance: Remittance | None = None


class Outside(Protocol):
    """The record of a played city folder: none of it was asked for by us. Every call may raise `Outage`."""

    async def field_reports(self, on: date) -> tuple[FieldReport, ...]:
        """Return what crews did on *on* under orders that are not ours."""
        ...

    async def agency_day(self, on: date) -> AgencyDay:
        """Return the agency's files of *on*."""
        ...

    async def court_reports(self, on: date) -> tuple[CourtReport, ...]:
        """Return what came of the hearings told on *on*."""
        ...

    async def heat_products(self, as_of: datetime) -> tuple[HeatProduct, ...]:
        """Return the weather service's products as its bulletins up to and including *as_of* leave them."""
        ...

    async def holidays(self) -> tuple[Holiday, ...]:
        """Return the folder's own list of closed days."""
        ...
