"""What does the month come to, per service, and what stands behind each balance item by item?"""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from casework.context import Desk
from casework.control import ledger_movements
from casework.errors import not_now, unfit
from casework.permissions import Permission
from casework.summaries import Line
from domain.calendar import DAY
from domain.ledger import LedgerAccount, PostingKind
from domain.money import Money
from gateways.billing import BillingAnswer, ControlLine
from gateways.errors import Outage, Rejected
from models.ledger import balances, closed_through, items_of, register
from models.money_out import given_back_after
from models.reconciliation import in_transit
from models.tables import LedgerRow

PART: Final = 500
CREDIT: Final = "credit"
BUCKETS: Final = ("current", "d1_30", "d31_60", "d61_90", "d91_120", "d121_up")
BUCKET_DAYS: Final = 30
REGISTERS: Final = (
    PostingKind.ADJUSTMENT,
    PostingKind.FEE_WAIVER,
    PostingKind.WRITE_OFF,
    PostingKind.VOID,
    PostingKind.REFUND,
    PostingKind.REVERSAL,
)
ITEMISED: Final = (
    LedgerAccount.SUSPENSE,
    LedgerAccount.REFUNDS_PAYABLE,
    LedgerAccount.FUNDS_PAYABLE,
    LedgerAccount.UNCLAIMED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthEnd:
    """A month's pack. *differences* names each figure that two books state otherwise; none means that it ties.

    Attributes:
        lines: per service, and for unapplied credit: the roll-forward by billing's control accounts and the aging.
        ours: what our ledger moved on the customers' accounts, by the same names.
        items: what stands on suspense, refunds and the like, item by item.
        deposits: what customers have deposited and billing held at the close of *through*, account by account.
    """

    month: str
    through: date
    closed: bool
    lines: Sequence[Line]
    ours: Mapping[str, int]
    in_transit: Mapping[str, int]
    credits: Sequence[Line]
    deposits: Sequence[Line]
    items: Mapping[str, Sequence[Line]]
    registered: Sequence[Line]
    differences: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Theirs:
    """What billing says: its control accounts, what is open of each account, what it holds as deposits today."""

    control: Sequence[ControlLine]
    answers: Sequence[BillingAnswer]
    held: Mapping[str, int]


async def month_end(desk: Desk, year: int, month: int) -> MonthEnd:
    """Return the pack of a month, up to today if it is not over.

    Raises:
        Refused: the month has not begun, or is before billing's books begin, or billing does not answer.
    """
    desk.need(Permission.SEE_REPORTS)
    today = await desk.read(lambda _session: desk.today())
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    if first > today:
        raise unfit("day-to-come", "The month has not begun", f"Today is {today}.")
    through = min(last, today)
    try:
        control = await desk.at.systems.billing.control(since=first, through=through)
        answers = await _open_bills(desk, through)
        held = await _held_today(desk, [each.account_no for each in answers])
    except Outage as outage:
        raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
    except Rejected as rejection:
        raise unfit("before-the-books", "The month is before the books begin", str(rejection)) from rejection
    return await desk.read(lambda session: _pack(session, first, through, _Theirs(control, answers, held)))


async def _held_today(desk: Desk, account_nos: Sequence[str]) -> Mapping[str, int]:
    """Return the cents that billing holds of each account as a deposit; those that have none are left out."""
    found: dict[str, int] = {}
    for start in range(0, len(account_nos), PART):
        masters = await desk.at.systems.billing.accounts(account_nos[start : start + PART])
        found |= {each.account.account_no: each.deposit.cents for each in masters if each.deposit}
    return found


async def _open_bills(desk: Desk, as_of: date) -> list[BillingAnswer]:
    account_nos = await desk.at.systems.billing.account_nos()
    found: list[BillingAnswer] = []
    for start in range(0, len(account_nos), PART):
        found += await desk.at.systems.billing.open_bills_of(account_nos[start : start + PART], as_of=as_of)
    return found


def _pack(session: Session, first: date, through: date, theirs: _Theirs) -> MonthEnd:
    aged, transit = _aged(theirs.answers), in_transit(session, through=through)
    lines = [_line(each, aged) for each in theirs.control]
    ours = ledger_movements(session, since=first, through=through)
    items = {str(account): items_on(session, account, through) for account in ITEMISED}
    closed = closed_through(session)
    stands = balances(session, through=through)
    return MonthEnd(
        month=f"{first:%Y-%m}",
        through=through,
        closed=closed is not None and closed >= through,
        lines=lines,
        ours=ours,
        in_transit={name: money.cents for name, money in transit.items()},
        credits=[
            {"account_no": each.account_no, "credit_cents": each.credit.cents}
            for each in theirs.answers
            if each.credit.cents
        ],
        deposits=_deposits(session, theirs.held, through),
        items=items,
        registered=[_registered(row) for row in changes(session, REGISTERS, since=first, through=through)],
        differences=[
            *_service_differences(lines),
            *_kind_differences(theirs.control, ours, in_transit(session, through=first - DAY), transit),
            *_item_differences(items, {str(account): money.cents for account, money in stands.items()}),
        ],
    )


def _deposits(session: Session, held: Mapping[str, int], through: date) -> list[Line]:
    """Return the deposits held at the close of *through*: those held today, and those given back since."""
    stood = Counter(held)
    for account_no, cents in given_back_after(session, through):
        stood[account_no] += cents
    return [{"account_no": account_no, "cents": cents} for account_no, cents in sorted(stood.items())]


def _aged(answers: Iterable[BillingAnswer]) -> Mapping[str, Counter[str]]:
    """Return cents by service and bucket of days past due; credit stands below zero under its own name."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for answer in answers:
        for bill in answer.bills:
            late = (answer.as_of - bill.due_on).days
            place = 0 if late <= 0 else min((late - 1) // BUCKET_DAYS + 1, len(BUCKETS) - 1)
            found[str(bill.service)][BUCKETS[place]] += bill.open.cents
        if answer.credit.cents:
            found[CREDIT][BUCKETS[0]] -= answer.credit.cents
    return found


def _line(control: ControlLine, aged: Mapping[str, Counter[str]]) -> Line:
    movements = ("billed", "fees", "adjustments", "payments", "returns", "write_offs", "transfers")
    buckets = aged.get(control.service, Counter())
    return {
        "service": control.service,
        "opening": control.opening.cents,
        **{name: getattr(control, name).cents for name in movements},
        "closing": control.opening.cents + sum(getattr(control, name).cents for name in movements),
        "control": control.closing.cents,
        "aging": sum(buckets.values()),
        **{bucket: buckets[bucket] for bucket in BUCKETS},
    }


def _service_differences(lines: Iterable[Line]) -> list[str]:
    return [
        f"{line['service']}: {line[one]} by {one}, {line[other]} by {other}"
        for line in lines
        for one, other in (("closing", "control"), ("closing", "aging"))
        if line[one] != line[other]
    ]


def _kind_differences(
    control: Sequence[ControlLine], ours: Mapping[str, int], before: Mapping[str, Money], after: Mapping[str, Money]
) -> list[str]:
    """Return the movements that differ, once what was on its way at either end of the month is allowed for."""
    due = {name: after[name].cents - before[name].cents for name in after}
    here = {**ours, "payments": ours["payments"] + due["payments"], "returns": ours["returns"] - due["returns"]}
    theirs = {name: sum(getattr(line, name).cents for line in control) for name in here}
    differing = [(name, our, theirs[name]) for name, our in here.items() if our != theirs[name]]
    return [f"{name}: {our} by our ledger, {their} by billing" for name, our, their in differing]


def items_on(session: Session, account: LedgerAccount, through: date) -> list[Line]:
    """Return what stands on *account* at the close of *through*, item by item."""
    return [
        {"key": row.key, "since": str(row.effective_on), "account_no": row.account_no, "ref": row.ref, "cents": cents}
        for row, cents in items_of(session, account, through=through)
    ]


def _item_differences(items: Mapping[str, Sequence[Line]], stands: Mapping[str, int]) -> list[str]:
    sums = {name: sum(int(line["cents"]) for line in lines) for name, lines in items.items()}
    return [
        f"{name}: {sums[name]} by item, {stands.get(name, 0)} by balance"
        for name in sums
        if sums[name] != stands.get(name, 0)
    ]


def changes(session: Session, kinds: Sequence[PostingKind], *, since: date, through: date) -> list[LedgerRow]:
    """Return what changed customers' accounts; that a refund was paid out later changes none, and has no line."""
    rows = register(session, kinds, since=since, through=through)
    return [row for row in rows if LedgerAccount.RECEIVABLE in {row.debit, row.credit}]


def _registered(row: LedgerRow) -> dict[str, Any]:
    owed = row.cents if row.debit == LedgerAccount.RECEIVABLE else -row.cents
    return {
        "day": str(row.accounting_on),
        "kind": row.kind,
        "account_no": row.account_no,
        "service": row.service,
        "cents": owed,
        "reason": row.reason,
        "asked_by": row.asked_by,
        "approved_by": row.approved_by,
        "undoes": row.undoes,
        "key": row.key,
    }
