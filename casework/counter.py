"""How is money taken at the counter, a receipt voided, a drawer closed, and a deposit slip made?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlmodel import Session

from activities.outbox import RETURN_PAYMENT
from casework.context import Desk
from casework.errors import Refused, missing, unfit
from casework.payments import Received, receive_in
from casework.permissions import Permission
from casework.standing import cash_only
from casework.strangers import introduce
from domain.hear import Tells, Told
from domain.ledger import LedgerAccount, Posting, PostingKind
from domain.money import Money
from domain.verdict import Refusal
from formats.counter import Tender
from formats.returned import VOID
from models.counter import (
    drawer_in,
    drawer_of,
    drawers_on,
    receipt_of,
    receipts_of,
    slips_on,
    taken,
    waiting_for_slip,
)
from models.ledger import post
from models.outbox import put, tell
from models.payments import return_payment
from models.put_right import LEFT, note_put_right
from models.tables import DrawerRow, ReceiptRow, SlipRow

SOURCE = "counter"
MAY_COME_BACK = frozenset({Tender.CHECK})


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerSeen:
    """A drawer with what its receipts come to, by tender."""

    row: DrawerRow
    taken: Mapping[str, int]


def open_drawer(desk: Desk, *, till: str, float_: Money) -> DrawerSeen:
    """Open a drawer in the name of who asks. Asked again while it is open, it is the same drawer.

    Raises:
        Refused: the till is another clerk's, or the clerk has another till open.
    """
    desk.need(Permission.TAKE_MONEY)
    now, today, who = desk.now, desk.today(), desk.person.username

    def write(session: Session) -> DrawerSeen:
        mine = drawer_of(session, who)
        if mine is not None and mine.till == till:
            return _seen(session, mine)
        if mine is not None:
            detail = f"{who} has till {mine.till} open."
            raise unfit("drawer-open", "A drawer is open", detail, way_out="Close it first.", status=409)
        others = [each for each in drawers_on(session, today) if each.till == till]
        if drawer_in(session, till) is not None:
            detail = f"Till {till} is open in another clerk's name."
            raise unfit("till-taken", "The till is taken", detail, way_out="Take another till.", status=409)
        row = DrawerRow(
            drawer_id=f"{today:%y%m%d}-{till}-{len(others) + 1}",
            till=till,
            clerk=who,
            on=today,
            opened_at=now,
            float_cents=float_.cents,
        )
        session.add(row)
        session.flush()
        return _seen(session, row)

    return desk.write_now(write)


async def take_money(
    desk: Desk, account_no: str, *, amount: Money, tender: Tender, check_no: str = "", key: str
) -> ReceiptRow:
    """Take money at the counter and return its receipt. The same key again is the same receipt.

    Raises:
        Refused: no drawer is open, there is no such account, or no check is taken of this customer.
    """
    desk.need(Permission.TAKE_MONEY)
    await introduce(desk, account_no)
    now, today = await desk.read(lambda _session: (desk.now, desk.today()))
    who = desk.person.username
    request = sha256(f"{who}/{key}".encode()).hexdigest()

    def write(session: Session) -> ReceiptRow:
        drawer = drawer_of(session, who)  # locked before the look, so that the same request is not taken twice at once
        done = receipt_of(session, request)
        if done is not None:
            return _the_same(done, account_no, amount=amount, tender=tender, check_no=check_no)
        if drawer is None:
            detail = f"{who} has no drawer open."
            raise unfit("no-drawer", "No drawer is open", detail, way_out="Open one.", status=409)
        drawer.receipts += 1
        receipt_no = f"R{drawer.drawer_id.replace('-', '.')}.{drawer.receipts:04d}"
        received = Received(
            account_no=account_no,
            amount=amount,
            source=SOURCE,
            trace=receipt_no,
            tender=str(tender),
            effective_on=today,
        )
        receive_in(session, received, by=who, on=today, at=now)
        if tender in MAY_COME_BACK:
            _need_no_cash_only(desk, session, account_no)
        row = ReceiptRow(
            receipt_no=receipt_no,
            drawer_id=drawer.drawer_id,
            account_no=account_no,
            tender=str(tender),
            amount_cents=amount.cents,
            check_no=check_no,
            taken_by=who,
            taken_at=now,
            request=request,
        )
        session.add(row)
        session.flush()
        return row

    return await desk.write(write)


def _the_same(done: ReceiptRow, account_no: str, *, amount: Money, tender: Tender, check_no: str) -> ReceiptRow:
    if (done.account_no, done.amount_cents, done.tender, done.check_no) != (account_no, amount.cents, tender, check_no):
        detail = f"What was sent has become the receipt {done.receipt_no} of {Money(done.amount_cents)} already."
        way_out = "Begin a new one, or have that receipt voided."
        raise unfit("receipt-made", "This became another receipt", detail, way_out=way_out, status=409)
    return done


def _need_no_cash_only(desk: Desk, session: Session, account_no: str) -> None:
    why = cash_only(session, account_no, policy=desk.policy(), at=desk.now)
    if why:
        way_out = "Take cash, a money order or a card."
        raise unfit("cash-only", "No check is taken of this customer", why, way_out=way_out, status=409)


def receipt(desk: Desk, receipt_no: str) -> ReceiptRow:
    """Return one receipt."""
    desk.need(Permission.SEE_CASES)
    return desk.read_now(lambda session: _the(session, receipt_no))


def void_receipt(desk: Desk, receipt_no: str, *, because: str) -> ReceiptRow:
    """Void a receipt as a second person, as if it had never been, while its drawer is open. Twice is once.

    Raises:
        Refused: who took the money may not; its drawer is closed, so that it is the bank's by now.
    """
    desk.need(Permission.VOID_RECEIPT)
    now, today, who = desk.now, desk.today(), desk.person.username

    def write(session: Session) -> ReceiptRow:
        row = _the(session, receipt_no, lock=True)
        if row.voided_at is not None:
            return row
        if row.taken_by == who:
            raise Refused(_second_person(who))
        drawer = session.get_one(DrawerRow, row.drawer_id, with_for_update=True, populate_existing=True)
        if drawer.closed_at is not None:
            detail = f"Drawer {drawer.drawer_id} is closed."
            way_out = "Propose a refund, or an adjustment."
            raise unfit("drawer-closed", "The drawer is closed", detail, way_out=way_out, status=409)
        row.voided_by, row.voided_at, row.void_because = who, now, because
        payment_id = f"{SOURCE}-{receipt_no}"
        note_put_right(
            session,
            account_no=row.account_no,
            payment_id=payment_id,
            cents=row.amount_cents,
            change=LEFT,
            since=row.taken_at,
            at=now,
        )
        return_payment(session, payment_id, reason=VOID, on=today, at=now, by=who)
        key = f"payment-return/{SOURCE}/{receipt_no}"
        put(session, key=key, kind=RETURN_PAYMENT, target=row.account_no, body={"payment_id": payment_id}, at=now)
        told = Told(key=key, at=now, what=Tells.LOOK_AGAIN)
        tell(session, account_no=row.account_no, told=told, at=now)
        return row

    return desk.write_now(write)


def close_drawer(desk: Desk, drawer_id: str, *, counted: Mapping[Tender, Money], because: str = "") -> DrawerSeen:
    """Close a drawer on what was counted, the float left out; over or short needs a reason. Twice is once.

    Raises:
        Refused: it is another clerk's and who asks may void nothing; it does not tie and no reason is given; it was
            closed on another count.
    """
    desk.need(Permission.TAKE_MONEY)
    now, today, who = desk.now, desk.today(), desk.person.username

    def write(session: Session) -> DrawerSeen:
        row = session.get(DrawerRow, drawer_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise missing("drawer", drawer_id)
        if row.clerk != who:
            desk.need(Permission.VOID_RECEIPT)
        plain = {str(tender): amount.cents for tender, amount in counted.items() if amount}
        if row.closed_at is not None:
            if row.counted != plain:
                raise unfit("drawer-closed", "The drawer is closed", "It was closed on another count.", status=409)
            return _seen(session, row)
        over = sum(plain.values()) - sum(taken(receipts_of(session, drawer_id)).values())
        if over and not because:
            detail = f"What was counted is {Money(abs(over))} {'over' if over > 0 else 'short'}."
            raise unfit(
                "over-or-short",
                "The drawer does not tie",
                detail,
                way_out="Count again, the float left out, or say why.",
                status=409,
            )
        row.closed_at, row.closed_by, row.counted = now, who, plain
        row.over_short_cents, row.over_short_why = over, because if over else ""
        if over:
            post(session, [_over_short(row, on=today)], at=now)
        return _seen(session, row)

    return desk.write_now(write)


def _over_short(row: DrawerRow, *, on: date) -> Posting:
    over = row.over_short_cents > 0
    return Posting(
        key=f"drawer/{row.drawer_id}/over-short",
        kind=PostingKind.OVER_SHORT,
        debit=LedgerAccount.CLEARING_COUNTER if over else LedgerAccount.OVER_SHORT,
        credit=LedgerAccount.OVER_SHORT if over else LedgerAccount.CLEARING_COUNTER,
        amount=Money(abs(row.over_short_cents)),
        effective_on=on,
        ref=row.drawer_id,
        asked_by=row.closed_by,
    )


def drawers(desk: Desk, on: date | None = None) -> Sequence[DrawerSeen]:
    """Return the drawers of a day, today if not said."""
    desk.need(Permission.SEE_REPORTS)
    day = on or desk.today()
    return desk.read_now(lambda session: [_seen(session, row) for row in drawers_on(session, day)])


def make_slip(desk: Desk) -> SlipRow | None:
    """Make the deposit slip of the drawers that are closed and in no slip yet; none when there is nothing."""
    desk.need(Permission.SEND_MONEY)
    now, today, who = desk.now, desk.today(), desk.person.username

    def write(session: Session) -> SlipRow | None:
        rows = waiting_for_slip(session, lock=True)
        if not rows:
            return None
        paper = [each for row in rows for each in receipts_of(session, row.drawer_id) if each.voided_at is None]

        def counted(tender: Tender) -> int:
            return sum(int(row.counted.get(str(tender), 0)) for row in rows)

        sums = counted(Tender.CASH), counted(Tender.CHECK), counted(Tender.MONEY_ORDER)
        slip = SlipRow(
            slip_id=f"{today:%y%m%d}-{len(slips_on(session, today)) + 1}",
            on=today,
            at=now,
            by=who,
            cash_cents=sums[0],
            checks_cents=sums[1],
            checks=sum(each.tender == Tender.CHECK for each in paper),
            money_orders_cents=sums[2],
            money_orders=sum(each.tender == Tender.MONEY_ORDER for each in paper),
            total_cents=sum(sums),
        )
        session.add(slip)
        for row in rows:
            row.slip_id = slip.slip_id
        session.flush()
        return slip

    return desk.write_now(write)


def _seen(session: Session, row: DrawerRow) -> DrawerSeen:
    return DrawerSeen(row=row, taken=taken(receipts_of(session, row.drawer_id)))


def _the(session: Session, receipt_no: str, *, lock: bool = False) -> ReceiptRow:
    row = session.get(ReceiptRow, receipt_no, with_for_update=lock or None, populate_existing=True)
    if row is None:
        raise missing("receipt", receipt_no)
    return row


def _second_person(who: str) -> Refusal:
    return Refusal(
        slug="second-person",
        title="A second person is needed",
        detail=f"{who} took the money; another person voids the receipt.",
        way_out="Ask someone else who may.",
    )
