"""Which agreements stand how today, and how many are kept?"""

from datetime import date
from typing import Annotated

from fastapi import Query

from api.guard import AtDesk, needs
from api.mirror import FIRST_DAY, LAST_DAY
from api.routes.router import After, Limit, router
from api.schemas.plans import KeptRateShown, PlanShown, PlansShown
from casework.permissions import Permission
from casework.plans import Standing, kept_rate, plans

Day = Annotated[date, Query(ge=FIRST_DAY, le=LAST_DAY)]


@router.get("/arrangements", tags=["arrangements"], response_model=PlansShown)
@needs(Permission.SEE_CASES)
def get_arrangements(
    desk: AtDesk, standing: Standing | None = None, cursor: After = "", limit: Limit = 100
) -> PlansShown:
    """Agreements by case, with how each stands today: due, in grace, in breach, kept, over."""
    found = plans(desk, standing=standing, after=cursor, limit=limit)
    shown = [PlanShown.of(plan) for plan in found]
    return PlansShown(arrangements=shown, cursor=shown[-1].case_id if len(shown) >= limit else None)


@router.get("/arrangements/kept", tags=["arrangements"], response_model=KeptRateShown)
@needs(Permission.SEE_REPORTS)
def get_kept(desk: AtDesk, since: Day, until: Day) -> KeptRateShown:
    """How the agreements made in a span ended."""
    return KeptRateShown.of(kept_rate(desk, since=since, until=until), since=since, until=until)
