"""Who asked and who approved what changed the books in a month, and what stands behind its balances item by item?

The registers and what is in suspense, to be refunded or unclaimed are read from our ledger; credit that no bill has
taken up and deposits are billing's, which is asked about every account.
"""

import asyncio
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from sqlmodel import Session

from casework.context import Desk
from casework.errors import missing, unfit
from casework.month_end import changes, items_on, month_end
from casework.permissions import Permission
from casework.summaries import Line
from domain.ledger import LedgerAccount, PostingKind
from models.tables import LedgerRow

REGISTERS: Final[Mapping[str, PostingKind]] = {
    "adjustments": PostingKind.ADJUSTMENT,
    "fee-waivers": PostingKind.FEE_WAIVER,
    "voids": PostingKind.VOID,
    "refunds": PostingKind.REFUND,
    "write-offs": PostingKind.WRITE_OFF,
    "reversals": PostingKind.REVERSAL,
}
STANDING: Final[Mapping[str, LedgerAccount]] = {
    "suspense": LedgerAccount.SUSPENSE,
    "refunds-outstanding": LedgerAccount.REFUNDS_PAYABLE,
    "funds-outstanding": LedgerAccount.FUNDS_PAYABLE,
    "unclaimed": LedgerAccount.UNCLAIMED,
}
CREDIT, DEPOSITS = "unapplied-credit", "deposits-held"
OF_BILLING: Final = (CREDIT, DEPOSITS)
NAMES: Final = (*REGISTERS, *STANDING, *OF_BILLING)
_CHANGED: Final = ("day", "account_no", "service", "amount_cents", "reason", "asked_by", "approved_by")
_STANDS: Final = ("since", "account_no", "ref", "amount_cents")
_HELD: Final = ("account_no", "amount_cents")
BEGINNING: Final = date(2000, 1, 1)  # before any ledger of ours


def heads_of(name: str) -> Sequence[str]:
    """Return the columns of a register or list."""
    return _CHANGED if name in REGISTERS else _STANDS if name in STANDING else _HELD


def registers(desk: Desk, month: date) -> Mapping[str, Sequence[Line]]:
    """Return by name the registers of *month*, by the day of the books, and what stands at its close, from our ledger.

    Raises:
        Refused: the month has not begun.
    """
    desk.need(Permission.SEE_REPORTS)
    first, through = _days(desk, month)

    def ask(session: Session) -> Mapping[str, Sequence[Line]]:
        changed = {name: _registered(session, kind, first, through) for name, kind in REGISTERS.items()}
        return changed | {name: _standing(session, account, through) for name, account in STANDING.items()}

    return desk.read_now(ask)


async def of_billing(desk: Desk, month: date) -> Mapping[str, Sequence[Line]]:
    """Return the credit that no bill has taken up and the deposits held, account by account, at the close of *month*.

    Raises:
        Refused: as `casework.month_end.month_end`.
    """
    pack = await month_end(desk, month.year, month.month)
    credits_ = [_held(str(line["account_no"]), int(line["credit_cents"])) for line in pack.credits]
    return {CREDIT: credits_, DEPOSITS: [_held(str(each["account_no"]), int(each["cents"])) for each in pack.deposits]}


async def one_register(desk: Desk, name: str, month: date) -> Sequence[Line]:
    """Return one register or list by its name.

    Raises:
        Refused: there is none of that name, or as `registers` and `of_billing`.
    """
    desk.need(Permission.SEE_REPORTS)
    if name not in NAMES:
        raise missing("register", name)
    if name in OF_BILLING:
        return (await of_billing(desk, month))[name]
    return (await asyncio.to_thread(registers, desk, month))[name]


def voids(desk: Desk, through: date | None = None) -> Sequence[Line]:
    """Return every voided receipt through a day: who had taken the money, and who voided it."""
    return _all_through(desk, PostingKind.VOID, through)


def fee_waivers(desk: Desk, through: date | None = None) -> Sequence[Line]:
    """Return every fee that was waived through a day, with who asked and who approved."""
    return _all_through(desk, PostingKind.FEE_WAIVER, through)


def _all_through(desk: Desk, kind: PostingKind, through: date | None) -> Sequence[Line]:
    desk.need(Permission.SEE_REPORTS)
    last = through or desk.today()
    return desk.read_now(lambda session: _registered(session, kind, BEGINNING, last))


def _days(desk: Desk, month: date) -> tuple[date, date]:
    first, last = month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1])
    today = desk.today()
    if first > today:
        raise unfit("day-to-come", "The month has not begun", f"Today is {today}.")
    return first, min(last, today)


def _registered(session: Session, kind: PostingKind, since: date, through: date) -> list[Line]:
    return [_changed(row) for row in changes(session, (kind,), since=since, through=through)]


def _changed(row: LedgerRow) -> Line:
    owed = row.cents if row.debit == LedgerAccount.RECEIVABLE else -row.cents
    values = (str(row.accounting_on), row.account_no, row.service, owed, row.reason, row.asked_by, row.approved_by)
    return dict(zip(_CHANGED, values, strict=True))


def _standing(session: Session, account: LedgerAccount, through: date) -> list[Line]:
    """Return what is owed by us as above zero: on these accounts it stands as a credit."""
    return [
        dict(zip(_STANDS, (line["since"], line["account_no"], line["ref"], -int(line["cents"])), strict=True))
        for line in items_on(session, account, through)
    ]


def _held(account_no: str, cents: int) -> Line:
    return dict(zip(_HELD, (account_no, cents), strict=True))
