"""How does an opening folder come out of a running installation: every account where it stands, whole?"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from casework.context import Desk
from casework.errors import not_now, unfit
from casework.holding import need_for_real
from casework.permissions import Permission
from casework.story import retold
from domain.account import OpenBill
from domain.case import Case
from domain.taking_over import carried_over
from formats.opening.cases import lines_of
from formats.opening.folder import write_opening
from gateways.errors import Outage
from models.outbox import waiting
from models.registers import REGISTERS
from models.registers import lines_of as register_lines
from models.session import reading
from models.tables import CaseRow

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A folder that was written: its instant, and how many lines each file has."""

    as_of: datetime
    lines: Mapping[str, int]


async def write_folder(desk: Desk, root: Path) -> Written:
    """Write what another installation needs to go on from here; it names people, so keep it as you keep the database.

    Raises:
        Refused: the folder is not empty, something is still on its way, billing cannot be asked just now, or this
            installation only observes, so that notices stand in it which were never served.
    """
    desk.need(Permission.APPROVE)
    need_for_real(desk)
    if await asyncio.to_thread(_holds_files, root):
        raise unfit("folder-not-empty", "The folder is not empty", f"{root.name} holds files.", way_out="Name another.")
    if left := await desk.read(waiting):
        says = f"{left} messages are still on their way to billing or to cases."
        raise not_now("still-working", "Not at rest", says)
    latest = await desk.read(_latest)
    bills = await _bills(desk, latest)
    return await asyncio.to_thread(_write, desk, root, latest, bills)


def _holds_files(root: Path) -> bool:
    return root.exists() and any(root.iterdir())


def _latest(session: Session) -> dict[str, str]:
    """Return each account's latest case."""
    found: dict[str, tuple[int, str]] = {}
    for account_no, case_id in session.exec(select(CaseRow.account_no, CaseRow.case_id)).all():
        number = int(case_id.rpartition("-")[2])
        found[account_no] = max(found.get(account_no, (0, "")), (number, case_id))
    return {account_no: case_id for account_no, (_, case_id) in sorted(found.items())}


async def _bills(desk: Desk, account_nos: Iterable[str]) -> dict[str, tuple[OpenBill, ...]]:
    named = list(account_nos)
    found: dict[str, tuple[OpenBill, ...]] = {}
    try:
        for start in range(0, len(named), PAGE):
            answers = await desk.at.systems.billing.open_bills_of(named[start : start + PAGE])
            found |= {answer.account_no: answer.bills for answer in answers}
    except Outage as outage:
        raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
    return found


def _write(desk: Desk, root: Path, latest: Mapping[str, str], bills: Mapping[str, tuple[OpenBill, ...]]) -> Written:
    as_of, policy = desk.now, desk.policy()
    with reading(desk.at.engine) as session:
        lines = {
            account_no: lines_of(_as_billed(case, bills[account_no]))
            for account_no, case_id in latest.items()
            if (case := _case(session, case_id)) is not None
        }
        registers: dict[str, tuple[Sequence[str], Iterable[Mapping[str, Any]]]] = {
            each.name: (tuple(each.columns), tuple(register_lines(session, each, as_of=as_of))) for each in REGISTERS
        }
    written = write_opening(root, as_of=as_of, pack=policy.pack, lines=lines, registers=registers)
    return Written(as_of=as_of, lines=written)


def _case(session: Session, case_id: str) -> Case | None:
    row = session.get(CaseRow, case_id)
    return retold(session, row) if row is not None else None


def _as_billed(case: Case, bills: tuple[OpenBill, ...]) -> Case:
    carried = carried_over(case)
    return replace(carried, known=replace(carried.known, bills=bills))
