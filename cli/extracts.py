"""How does a delinquency extract go in from the command line, and what came of it?"""

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from temporalio.client import WorkflowFailureError, WorkflowHandle

from activities.messages import SweepResult
from casework.context import Desk, Installation, Person
from casework.imports import error_file, import_aging, sweep_id, the_import
from cli.embedded import Embedded
from cli.settings import Trouble
from cli.settle import patiently
from models.imports import ImportState
from models.users import Role

SWEEP_SECONDS = 1_800.0  # ten thousand cases open in some five minutes
OPERATOR = Person(username="command-line", role=Role.SUPERVISOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one file came to; *opened* counts cases opened by it, also by an earlier import of the same bytes."""

    file: str
    as_of: date | None
    rows: int
    accepted: int
    rejected: int
    opened: int
    state: str
    reason: str
    errors: Path | None = None


def operator_desk(at: Embedded) -> Desk:
    """Return the desk at which the person at the command line acts, with a supervisor's rights."""
    place = Installation(
        engine=at.engine, clock=at.clock, systems=at.systems, temporal=at.client, senders=at.settings.senders()
    )
    return Desk(person=OPERATOR, at=place)


async def take_extract(at: Embedded, path: Path, *, errors: bool = False) -> Taken:
    """Take in the extract at *path* and wait until its cases are open; with *errors* write its bad rows beside it.

    Raises:
        Refused: the file is wrong as a whole; it changed nothing.
        Trouble: the sweep failed.
    """
    desk = operator_desk(at)
    row = (await import_aging(desk, await asyncio.to_thread(path.read_bytes), file_name=path.name)).row
    again = row.state == ImportState.DONE
    if row.state == ImportState.ACCEPTED:
        await swept(at.client.get_workflow_handle(sweep_id(row.import_id), result_type=SweepResult))
        row = the_import(desk, row.import_id)
    beside = path.with_name(f"{path.stem}.errors.csv") if errors and row.rejected else None
    if beside is not None:
        await asyncio.to_thread(beside.write_text, error_file(desk, row.import_id))
    return Taken(
        file=path.name,
        as_of=row.as_of,
        rows=row.rows,
        accepted=row.accepted,
        rejected=row.rejected,
        opened=row.opened,
        state=row.state,
        reason="taken in before, nothing new" if again else row.reason,
        errors=beside,
    )


async def swept(handle: "WorkflowHandle[object, SweepResult]") -> SweepResult:
    """Return what a sweep came to.

    Raises:
        Trouble: it failed, or does not end; the message says so.
    """
    try:
        async with asyncio.timeout(SWEEP_SECONDS):
            return await patiently(handle.result)
    except TimeoutError:
        raise Trouble(f"{handle.id} does not end; the worker's log says what it waits for.") from None
    except WorkflowFailureError as failure:
        raise Trouble(f"{handle.id} failed: {failure.cause}") from failure
