"""How does a driver or a test move the stubs: business time, faults, the outcome of orders, a look at the state?"""

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import AwareDatetime

from gateways.errors import Rejected
from gateways.fakes.faults import Fault
from stubs.world import World


def control_routes(world: World) -> APIRouter:
    """Return the routes under `/control`, which no real system has."""
    routes = APIRouter(tags=["control"])

    @routes.post("/advance")
    async def advance(now: Annotated[AwareDatetime, Body(embed=True)]) -> dict[str, Any]:
        """Move business time; issue the bills of the days reached, let crews act, call back."""
        try:
            issued, told = await world.advance(now)
        except ValueError as exc:
            raise Rejected("time-goes-back", str(exc)) from None
        return {
            "now": world.city.now.isoformat(),
            "bills": [asdict(bill) for bill in issued],
            "callbacks": [{**asdict(callback), **asdict(reply)} for callback, reply in told],
        }

    @routes.post("/faults", status_code=201)
    async def add_fault(fault: Fault) -> Fault:
        """Let calls go wrong."""
        world.faults.add(fault)
        return fault

    @routes.delete("/faults", status_code=204)
    async def clear_faults() -> None:
        """Let nothing go wrong any more."""
        world.faults.clear()

    @routes.post("/field-script", status_code=201)
    async def script(orders: Annotated[str, Body()], reason: Annotated[str, Body()]) -> dict[str, str]:
        """Let orders whose id matches the pattern fail for the reason; a blank one lets them succeed."""
        world.script(orders, reason)
        return {"orders": orders, "reason": reason}

    @routes.post("/mail", status_code=201)
    async def mail(confirms_later: Annotated[bool, Body(embed=True)]) -> dict[str, bool]:
        """Let the mail house confirm the day of mailing at once, or only in a report that comes later."""
        world.city.mail.confirms_later = confirms_later
        return {"confirms_later": confirms_later}

    @routes.get("/state")
    async def state() -> dict[str, Any]:
        """Tell business time and counts; no account is named."""
        return _state(world)

    @routes.get("/orders")
    async def orders() -> list[dict[str, Any]]:
        """Tell every work order with its state and what comes next."""
        return [asdict(order) for order in world.city.field.orders.values()]

    return routes


def _state(world: World) -> dict[str, Any]:
    city = world.city
    now: datetime = city.now
    return {
        "now": now.isoformat(),
        "today": city.billing.today.isoformat(),
        "opening": city.billing.opening.isoformat(),
        "effects": {name: system.effects_done for name, system in world.systems.items()},
        "orders": Counter(order.state for order in city.field.orders.values()),
    }
