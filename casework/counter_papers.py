"""How do a receipt and a deposit slip read, printed in forty columns?"""

from sqlmodel import Session

from casework.context import Desk
from casework.counter import receipt
from casework.errors import missing
from casework.permissions import Permission
from domain.money import Money
from formats.counter import Tender
from models.counter import drawers_in, receipts_of
from models.tables import SlipRow


def receipt_text(desk: Desk, receipt_no: str) -> str:
    """Return a receipt to be printed, forty columns wide; it names no person."""
    row, title = receipt(desk, receipt_no), desk.policy().title
    calendar = desk.policy().calendar
    taken_on, clock = calendar.day(row.taken_at), calendar.clock(row.taken_at)
    lines = [
        title.center(40).rstrip(),
        "RECEIPT".center(40).rstrip(),
        "",
        f"Receipt   {row.receipt_no}",
        f"Date      {taken_on} {clock:%H:%M}",
        f"Account   {row.account_no}",
        f"Paid by   {row.tender.replace('_', ' ')}" + (f" no. {row.check_no}" if row.check_no else ""),
        f"Amount    {Money(row.amount_cents)}",
        f"Taken by  {row.taken_by}",
    ]
    if row.voided_at is not None:
        lines += ["", "*** VOID ***".center(40).rstrip()]
    return "\n".join([*lines, ""])


def slip_text(desk: Desk, slip_id: str) -> str:
    """Return a deposit slip to be printed: cash, each check and money order, and the whole."""
    desk.need(Permission.SEE_REPORTS)

    def ask(session: Session) -> str:
        slip = session.get(SlipRow, slip_id)
        if slip is None:
            raise missing("slip", slip_id)
        rows = drawers_in(session, slip_id)
        paper = [each for row in rows for each in receipts_of(session, row.drawer_id) if each.voided_at is None]
        lines = [
            desk.policy().title.center(40).rstrip(),
            "DEPOSIT".center(40).rstrip(),
            "",
            f"Slip {slip.slip_id}  {slip.on}  by {slip.by}",
            f"{'Cash':<24}{Money(slip.cash_cents)!s:>16}",
            *(
                f"{each.tender.replace('_', ' ').capitalize() + ' ' + (each.check_no or each.receipt_no):<24}"
                f"{Money(each.amount_cents)!s:>16}"
                for each in paper
                if each.tender != Tender.CASH
            ),
            f"{'Total':<24}{Money(slip.total_cents)!s:>16}",
        ]
        return "\n".join([*lines, ""])

    return desk.read_now(ask)
