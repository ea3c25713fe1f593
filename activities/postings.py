"""What does our ledger say of what a case had billing charge, take back, set aside or move?

Billing's control accounts move by it, so ours do: a day on which they did not would never tie.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from domain.effects import LIEN_INTEREST, ChargeFee, MoveBalance, MovedSum, RemoveFee
from domain.ledger import LedgerAccount, Posting, PostingKind
from domain.money import ZERO, Money
from models.ledger import post


def post_fee(session: Session, account_no: str, effect: ChargeFee | RemoveFee, *, ref: str, at: datetime) -> None:
    """Post a fee that billing charged, or took back."""
    taken_back = isinstance(effect, RemoveFee)
    lien = effect.kind == LIEN_INTEREST
    debit, credit = LedgerAccount.RECEIVABLE, LedgerAccount.LIEN_INTEREST if lien else LedgerAccount.FEES
    posting = Posting(
        key=f"fee/{effect.key}",
        kind=PostingKind.FEE_WAIVER if taken_back else PostingKind.FEE,
        debit=credit if taken_back else debit,
        credit=debit if taken_back else credit,
        amount=effect.amount,
        effective_on=effect.on,
        account_no=account_no,
        service=str(effect.service),
        ref=ref,
        reason=effect.kind,
        asked_by="system",
    )
    post(session, [posting] if effect.amount > ZERO else [], at=at)


def post_moved(session: Session, account_no: str, effect: MoveBalance, *, at: datetime) -> None:
    """Post each sum that billing took out of what is asked for, put back, or moved to another account."""
    post(session, _moved(account_no, effect), at=at)


def _moved(account_no: str, effect: MoveBalance) -> Iterable[Posting]:
    for each in effect.sums:
        key = f"moved/{effect.key}/{each.ref}"
        if effect.to_account:
            yield _transfer(f"{key}/from", account_no, effect, each, ZERO - each.amount)
        yield _transfer(key, effect.to_account or account_no, effect, each, each.amount)


def _transfer(key: str, account_no: str, effect: MoveBalance, each: MovedSum, amount: Money) -> Posting:
    owed = amount > ZERO
    return Posting(
        key=key,
        kind=PostingKind.TRANSFER,
        debit=LedgerAccount.RECEIVABLE if owed else LedgerAccount.ADJUSTMENTS,
        credit=LedgerAccount.ADJUSTMENTS if owed else LedgerAccount.RECEIVABLE,
        amount=amount if owed else ZERO - amount,
        effective_on=effect.on,
        account_no=account_no,
        service=str(each.service),
        ref=effect.key,
        reason=effect.reason,
        asked_by="system",
    )
