"""How is the outside's record read over HTTP?"""

from datetime import date, datetime

import httpx2

from formats.city import CourtReport, FieldReport, HeatProduct, Holiday
from gateways.http.caller import Caller
from gateways.outside import AgencyDay, Outside


class HttpOutside(Outside):
    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._field: Caller[None] = Caller("field", client)
        self._agency: Caller[None] = Caller("agency", client)
        self._court: Caller[None] = Caller("court", client)
        self._weather: Caller[None] = Caller("weather", client)

    async def field_reports(self, on: date) -> tuple[FieldReport, ...]:
        return await self._field.get("outside", "outside", tuple[FieldReport, ...], params={"on": str(on)})

    async def agency_day(self, on: date) -> AgencyDay:
        return await self._agency.get("outside", "outside", AgencyDay, params={"on": str(on)})

    async def court_reports(self, on: date) -> tuple[CourtReport, ...]:
        return await self._court.get("outside", "outside", tuple[CourtReport, ...], params={"on": str(on)})

    async def heat_products(self, as_of: datetime) -> tuple[HeatProduct, ...]:
        return await self._weather.get(
            "products", "products", tuple[HeatProduct, ...], params={"as_of": as_of.isoformat()}
        )

    async def holidays(self) -> tuple[Holiday, ...]:
        return await self._weather.get("holidays", "holidays", tuple[Holiday, ...])
