"""Can this process do its work now?"""

import asyncio
from dataclasses import dataclass

from sqlmodel import text
from temporalio.service import RPCError

from casework.context import Installation
from models.session import reading

PATIENCE_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """*temporal* false: cases can be looked at, and decisions cannot be taken."""

    database: bool
    temporal: bool

    @property
    def ready(self) -> bool:
        """Say whether everything needed answers."""
        return self.database and self.temporal


async def readiness(at: Installation) -> Readiness:
    """Ask database and Temporal whether they are there."""
    database, temporal = await asyncio.gather(asyncio.to_thread(_database, at), _temporal(at))
    return Readiness(database=database, temporal=temporal)


def _database(at: Installation) -> bool:
    try:
        with reading(at.engine) as session:
            session.connection().execute(text("SELECT 1"))
    except Exception:  # noqa: BLE001  # whatever is wrong with the database, the answer is no
        return False
    return True


async def _temporal(at: Installation) -> bool:
    if at.temporal is None:
        return False
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await at.temporal.service_client.check_health()
    except (RPCError, TimeoutError):
        return False
