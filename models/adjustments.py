"""How does a correction of a balance come into the record, and what follows once it is let?"""

from datetime import date, datetime

from sqlmodel import Session, col, func, select

from domain.adjustments import AdjustmentReason, AdjustmentState, counted_since
from domain.ledger import LedgerAccount, Posting, PostingKind
from domain.money import Money
from models.effects import ask_billing
from models.ledger import post
from models.tables import AdjustmentRow


def waived(session: Session, account_no: str, *, on: date, at: datetime) -> int:
    """Return how many fees of the account were waived in the twelve months before an instant of the city's day."""
    row = AdjustmentRow
    query = select(func.count()).where(
        row.account_no == account_no,
        row.reason == AdjustmentReason.FEE_WAIVER,
        row.state == AdjustmentState.APPROVED,
        col(row.decided_at) > counted_since(at, on),
    )
    return session.exec(query).one()


def let_adjustment(session: Session, row: AdjustmentRow, *, by: str, alone: bool, on: date, at: datetime) -> None:
    """Write that *by* lets the adjustment: billing corrects the balance, the ledger says why, the case looks again."""
    row.state, row.approved_by, row.alone, row.decided_at = AdjustmentState.APPROVED, by, alone, at
    key = f"adjustment/{row.adjustment_id}"
    content = {
        "account_no": row.account_no,
        "service": row.service,
        "reason": row.reason,
        "amount": {"cents": row.amount_cents},
        "on": on.isoformat(),
    }
    ask_billing(
        session,
        key=key,
        name="adjust",
        account_no=row.account_no,
        body=content,
        about=row.adjustment_id,
        cents=row.amount_cents,
        at=at,
    )
    post(session, [_posting(row, key, on)], at=at)


def _posting(row: AdjustmentRow, key: str, on: date) -> Posting:
    owed = row.amount_cents > 0
    return Posting(
        key=key,
        kind=_kind(AdjustmentReason(row.reason)),
        debit=LedgerAccount.RECEIVABLE if owed else LedgerAccount.ADJUSTMENTS,
        credit=LedgerAccount.ADJUSTMENTS if owed else LedgerAccount.RECEIVABLE,
        amount=Money(abs(row.amount_cents)),
        effective_on=on,
        account_no=row.account_no,
        service=row.service,
        ref=row.adjustment_id,
        reason=row.reason if not row.fund else f"{row.reason} {row.fund}",
        asked_by=row.asked_by,
        approved_by=row.approved_by,
    )


def _kind(reason: AdjustmentReason) -> PostingKind:
    match reason:
        case AdjustmentReason.FEE_WAIVER:
            return PostingKind.FEE_WAIVER
        case AdjustmentReason.SERVICE_CHARGE | AdjustmentReason.DAMAGE | AdjustmentReason.TAMPERING:
            return PostingKind.FEE
        case AdjustmentReason.TRANSFER:
            return PostingKind.TRANSFER
        case _:
            return PostingKind.ADJUSTMENT
