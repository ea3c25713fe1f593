"""Which money that is nobody's goes back to the bank it came from: who says so, and in which file does it go?

Only credits of an ACH file can: the bank that sent them takes them back as refused (R22: the number named nobody; R23:
we will not have it). One person says that a sum is to go back, another one writes the file; it is then posted like any
file of returns, and so ends the money's suspense.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select

from casework.context import Desk
from casework.errors import missing, unfit
from casework.exports import post_as_sent
from casework.holding import need_released
from casework.permissions import Permission
from casework.returned import originator_of
from domain.policy import Policy
from formats import nacha
from models.exports import exports_of, keep_export
from models.payment_files import SuspenseState, origin_of, plan_alone
from models.tables import ExportRow, SuspenseRow

SENT_BACK: Final = "sent_back"
NOBODYS, NOT_WANTED = "R22", "R23"
CODES: Final = (NOBODYS, NOT_WANTED)
SEQUENCE_FIRST: Final = 8_000_000  # apart from our own drafts, and from those presented again
MODIFIERS: Final = "0123456789"  # a bank knows a file by sender, minute and modifier; drafts use letters
OWN_REQUEST: Final = "own_request"
GONE: Final = "records_gone"
_KNOWN: Final = frozenset({"closed_account"})  # the number did name somebody
LISTED_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBack:
    """The file, none where nothing could go, and the sums left out, each with its reason."""

    export: ExportRow | None
    left_out: tuple[tuple[str, str], ...] = ()


def going_back(desk: Desk) -> Sequence[SuspenseRow]:
    """Return the money that someone wants sent back and that is in no file yet, oldest first."""
    desk.need(Permission.SEE_IMPORTS)
    return desk.read_now(_going)


def send_back(desk: Desk, suspense_id: int, *, code: str = "") -> SuspenseRow:
    """Say that a sum is to go back to its bank; why follows from what is wrong, unless *code* says. Twice is once.

    Raises:
        Refused: there is no such money, it has found a place, or it did not come as a credit of its own from a bank.
    """
    desk.need(Permission.POST_PAYMENT)

    def write(session: Session) -> SuspenseRow:
        row = _the(session, suspense_id)
        if row.state == SuspenseState.SENDING_BACK:
            return row
        if row.state != SuspenseState.OPEN or row.debit:
            what = "taken by the bank" if row.debit else row.state
            raise unfit("not-in-suspense", "This cannot be sent back", f"The money was {what}.", status=409)
        if not origin_of(session, row):
            raise unfit(
                "no-way-back",
                "This cannot be sent back",
                "Only a credit of its own in a bank's file can go back the way it came.",
                way_out="Match it to an account, or have finance return it by check.",
                status=409,
            )
        row.state, row.by = SuspenseState.SENDING_BACK, desk.person.username
        row.code = code or (NOT_WANTED if row.reason in _KNOWN else NOBODYS)
        return row

    return desk.write_now(write)


def keep(desk: Desk, suspense_id: int) -> SuspenseRow:
    """Let a sum that was to go back stay where it is: somebody was found to ask. Twice is once.

    Raises:
        Refused: there is no such money, or it is in a file already.
    """
    desk.need(Permission.POST_PAYMENT)

    def write(session: Session) -> SuspenseRow:
        row = _the(session, suspense_id)
        if row.state == SuspenseState.OPEN:
            return row
        if row.state != SuspenseState.SENDING_BACK or row.export_id:
            raise unfit("not-in-suspense", "This cannot be kept", "The money has gone already.", status=409)
        row.state, row.by, row.code = SuspenseState.OPEN, "", ""
        return row

    return desk.write_now(write)


async def write_back(desk: Desk) -> SentBack:
    """Write the file of what is to go back, and post it as sent; what the writer asked for himself is left out.

    Done again, it first makes sure that an earlier file was posted.
    """
    desk.need(Permission.SEND_MONEY)
    need_released(desk)
    for export in await desk.read(lambda session: exports_of(session, SENT_BACK, limit=1)):
        await post_as_sent(desk, export)
    now, policy, who = desk.now, desk.policy(), desk.person.username
    written: SentBack = await desk.write(lambda session: _write(session, policy=policy, now=now, by=who))
    if written.export is not None:
        await post_as_sent(desk, written.export)
    return written


def _write(session: Session, *, policy: Policy, now: datetime, by: str) -> SentBack:
    """Write the file and mark what is in it, in one transaction: no sum is ever in two files."""
    plan_alone(session)
    today, left_out = policy.calendar.day(now), dict[str, str]()
    sending: list[tuple[SuspenseRow, nacha.Refusal]] = []
    for row in _going(session, lock=True):
        origin = origin_of(session, row)
        if row.by == by:
            left_out[str(row.entry_id)] = OWN_REQUEST
        elif not origin:
            left_out[str(row.entry_id)] = GONE
        else:
            sending.append((row, _refusal(row, *origin)))
    if not sending:
        return SentBack(export=None, left_out=tuple(left_out.items()))
    sending.sort(key=lambda pair: (pair[1].header.line, pair[1].sequence))
    local = datetime.combine(today, policy.calendar.clock(now))
    count = session.exec(select(func.count()).where(ExportRow.kind == SENT_BACK, ExportRow.on == today)).one()
    refusals = [refusal for _, refusal in sending]
    file = nacha.refusals_file(
        originator_of(policy, today), refusals, created_at=local, modifier=MODIFIERS[count % len(MODIFIERS)]
    )
    export = keep_export(
        session,
        file.to_bytes(),
        kind=SENT_BACK,
        file_name=f"returns-of-credits-{today}-{sending[0][0].entry_id}.ach",
        entries=len(sending),
        cents=sum(row.cents for row, _ in sending),
        on=today,
        at=now,
        by=by,
    )
    for row, _ in sending:
        row.export_id = export.export_id
    session.flush()
    return SentBack(export=export, left_out=tuple(left_out.items()))


def _refusal(row: SuspenseRow, header: str, entry: str) -> nacha.Refusal:
    came = nacha.BatchHeader(header)
    return nacha.Refusal(came, nacha.entry_type(came.sec)(entry), SEQUENCE_FIRST + row.entry_id % 1_000_000, row.code)


def _going(session: Session, *, lock: bool = False) -> Sequence[SuspenseRow]:
    row = SuspenseRow
    query = select(row).where(row.state == SuspenseState.SENDING_BACK, row.export_id == "").order_by(col(row.entry_id))
    return session.exec(query.with_for_update() if lock else query).all()


def _the(session: Session, suspense_id: int) -> SuspenseRow:
    row = session.get(SuspenseRow, suspense_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise missing("suspense", str(suspense_id))
    return row
