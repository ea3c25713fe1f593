"""What becomes of a file that someone hands in?"""

import asyncio
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.intake import Intake
from activities.messages import TASK_QUEUE, SweepStart
from activities.mirror import known_accounts
from casework.context import Desk
from casework.errors import missing, not_now, unreadable
from casework.permissions import Permission
from formats.aging import AgingExtract, RejectedRow, read_aging
from formats.errors import Malformed
from gateways.errors import Outage
from models.imports import ImportState, import_of, same_bytes
from models.tables import ImportProblemRow, ImportRow

LISTED_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """An import and, the first time, the rows it could not take, with the lines as they were sent."""

    row: ImportRow
    rejected: Sequence[RejectedRow] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an extract would bring: *strangers* are accounts that arrears never saw, *again*: taken in before."""

    extract: AgingExtract
    past_due_cents: int
    strangers: int
    again: ImportRow | None


def sweep_id(import_id: str) -> str:
    """Return the workflow id of the sweep that works off an import; one import is worked off once."""
    return f"sweep/import-{import_id}"


async def import_aging(desk: Desk, data: bytes, *, file_name: str) -> TakenIn:
    """Take in a delinquency extract and start the sweep that works it off; the same bytes twice are taken once.

    Raises:
        Refused: the file is wrong as a whole and changed nothing, or billing cannot be asked just now.
    """
    desk.need(Permission.IMPORT_FILES)
    policy = await desk.read(lambda _session: desk.policy())
    intake = Intake(desk.at.engine, desk.at.systems.billing, policy)
    try:
        row, extract = await intake.take(data, name=file_name, at=desk.now)
    except Malformed as fault:
        raise unreadable(fault) from fault
    except Outage as outage:
        raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
    if row.state == ImportState.ACCEPTED:
        await start_sweep(desk, row)
    return TakenIn(row=row, rejected=extract.rejected)


async def preview_aging(desk: Desk, data: bytes, *, file_name: str) -> Preview:
    """Return what `import_aging` would read in the file; nothing is stored, and billing is not asked.

    Raises:
        Refused: the file is wrong as a whole.
    """
    desk.need(Permission.IMPORT_FILES)
    try:
        extract = await asyncio.to_thread(read_aging, data, known=lambda _: True, name=file_name)
    except Malformed as fault:
        raise unreadable(fault) from fault
    named = [row.account_no for row in extract.rows]
    known = await asyncio.to_thread(known_accounts, desk.at.engine, named)
    return Preview(
        extract=extract,
        past_due_cents=sum(row.past_due_cents for row in extract.rows),
        strangers=len(set(named) - known),
        again=await desk.read(lambda session: same_bytes(session, extract.sha256)),
    )


def latest_imports(desk: Desk, *, limit: int = LISTED_MAX) -> Sequence[ImportRow]:
    """Return the imports, the latest first."""
    desk.need(Permission.SEE_IMPORTS)
    query = select(ImportRow).order_by(col(ImportRow.at).desc(), col(ImportRow.import_id)).limit(limit)
    return desk.read_now(lambda session: session.exec(query).all())


async def start_sweep(desk: Desk, row: ImportRow) -> None:
    """Start the sweep of an import. Started before, it is left alone: also when a crash came between the two."""
    try:
        await desk.client.start_workflow(
            "Sweep",
            SweepStart(as_of=row.as_of, import_id=row.import_id),
            id=sweep_id(row.import_id),
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary=f"Work off {row.accepted} rows of {row.as_of}",
        )
    except WorkflowAlreadyStartedError:
        return


def the_import(desk: Desk, import_id: str) -> ImportRow:
    """Return one import."""
    desk.need(Permission.SEE_IMPORTS)
    row = desk.read_now(lambda session: import_of(session, import_id))
    if row is None:
        raise missing("import", import_id)
    return row


def problems(desk: Desk, import_id: str) -> Sequence[ImportProblemRow]:
    """Return the rows that an import did not take, in the order of the file."""
    the_import(desk, import_id)

    def ask(session: Session) -> Sequence[ImportProblemRow]:
        query = select(ImportProblemRow).where(ImportProblemRow.import_id == import_id)
        return session.exec(query.order_by(col(ImportProblemRow.number))).all()

    return desk.read_now(ask)


def error_file(desk: Desk, import_id: str) -> str:
    """Return the rows that were not taken as CSV: line, column, value, reason."""
    desk.need(Permission.IMPORT_FILES)
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("line", "column", "value", "reason"))
    writer.writerows((row.line, row.column, row.value, row.rule) for row in problems(desk, import_id))
    return lines.getvalue()
