"""How is everything stopped at once, and let go again?"""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Body
from pydantic import BaseModel, Field

from api.guard import AtDesk, Key, needs
from api.mirror import Text
from api.routes.router import AnyId, router
from api.schemas.base import Shown
from casework.permissions import Permission
from casework.stopping import Stop, lift, throw
from domain.account import Service

EXAMPLE = {"scope": "cuts", "because": "The meters of one feeder may be mixed up."}


class StopBody(BaseModel, extra="forbid"):
    """What to stop: for one service, one county, or everywhere if neither is named."""

    scope: Literal["all", "cuts", "letters", "calls"] = "all"
    service: Service | None = None
    county: Annotated[str, Field(pattern=r"^[A-Za-z .'-]{0,60}$")] = ""
    because: Text


class SwitchedShown(Shown):
    """A switch thrown or lifted; *cases* open cases were told to look again.

    *later*: accounts whose cuts stay stopped until their batch's turn; *last_at*: when the last batch is let go.
    """

    fact_id: str
    cases: int
    later: int
    last_at: datetime | None


@router.post("/stop-switch", tags=["stop switch"], response_model=SwitchedShown)
@needs(Permission.APPROVE)
async def post_stop(desk: AtDesk, key: Key, body: Annotated[StopBody, Body(examples=[EXAMPLE])]) -> SwitchedShown:
    """Stop cuts, letters or calls at once. One supervisor is enough; orders out are recalled."""
    stop = Stop(scope=body.scope, service=body.service, county=body.county, because=body.because)
    return SwitchedShown.model_validate(await throw(desk, stop, key=key))


@router.post("/stop-switch/{fact_id}/lift", tags=["stop switch"], response_model=SwitchedShown)
@needs(Permission.APPROVE)
async def post_lift(desk: AtDesk, fact_id: AnyId) -> SwitchedShown:
    """Let go what a switch stopped, as a second supervisor."""
    return SwitchedShown.model_validate(await lift(desk, fact_id))
