"""Which router do all routes stand on, and what do they share?"""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.guard import Guarded

PREFIX = "/api/v1"
PAGE_MAX = 500

router = APIRouter(prefix=PREFIX, route_class=Guarded)

# Ids of ours: digits, letters and the few signs that join them. What is longer or other stands for nothing.
_ID = r"^[A-Za-z0-9_.~-]{1,120}$"
CaseId = Annotated[str, Path(pattern=_ID, examples=["9900000010-1"])]
AccountNo = Annotated[str, Path(pattern=r"^[0-9]{1,20}$", examples=["9900000010"])]
AnyId = Annotated[str, Path(pattern=_ID)]
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
After = Annotated[str, Query(max_length=120, pattern=r"^[A-Za-z0-9_.-]*$", description="The id before the page.")]
