"""What has our own money work moved, between which two accounts of the ledger, on which day of the books?

A posting takes one amount from one ledger account to another, so the whole always sums to nothing. It is never
changed and never deleted: a mistake is put right by a posting of its own that names the one it undoes.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from domain.money import Money


class LedgerAccount(StrEnum):
    """Where money stands. A clearing account is money on its way to or from the bank; settled, it holds nothing."""

    CASH = "cash"
    CLEARING_ACH = "clearing.ach"
    CLEARING_DRAFT = "clearing.draft"
    CLEARING_CARD = "clearing.card"
    CLEARING_LOCKBOX = "clearing.lockbox"
    CLEARING_COUNTER = "clearing.counter"
    CLEARING_CHECK_RETURNS = "clearing.check_returns"
    CLEARING_LUMP = "clearing.lump"
    CLEARING_DESK = "clearing.desk"
    CLEARING_UNKNOWN = "clearing.unknown"  # what the bank moved, nobody knows yet for what
    RECEIVABLE = "receivable"
    SUSPENSE = "suspense"
    FEES = "fees"
    ADJUSTMENTS = "adjustments"
    WRITTEN_OFF = "written_off"
    REFUNDS_PAYABLE = "refunds_payable"
    FUNDS_PAYABLE = "funds_payable"  # assistance money that goes back to its fund
    DEPOSITS_HELD = "deposits_held"
    UNCLAIMED = "unclaimed"  # refunds nobody cashed, held for the state
    INTEREST = "interest"  # what we pay on deposits
    LIEN_INTEREST = "lien_interest"  # what liens bear to us
    COMMISSION = "commission"  # what an agency keeps of what it collected
    OVER_SHORT = "over_short"
    BANK_CHARGES = "bank_charges"


class PostingKind(StrEnum):
    """What a posting is for; the registers are lists of some kinds."""

    PAYMENT = "payment"
    RETURN = "return"
    SUSPENSE = "suspense"
    BANK = "bank"
    LUMP = "lump"
    REVERSAL = "reversal"
    FEE = "fee"
    FEE_WAIVER = "fee_waiver"
    ADJUSTMENT = "adjustment"
    WRITE_OFF = "write_off"
    VOID = "void"
    REFUND = "refund"
    DEPOSIT = "deposit"
    INTEREST = "interest"
    TRANSFER = "transfer"
    COMMISSION = "commission"
    OVER_SHORT = "over_short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One amount, out of *credit* into *debit*.

    Attributes:
        key: made of facts, such as `payment/draft/0914…`: the same key is the same posting.
        effective_on: the day on which it counts for the customer. The day of the books follows from it, see
            `models.ledger`: it is the same, or the first day that is still open.
        ref: what it came from: a file, a bill, a request.
        undoes: the key of the posting that this one takes back.
    """

    key: str
    kind: PostingKind
    debit: LedgerAccount
    credit: LedgerAccount
    amount: Money
    effective_on: date
    account_no: str = ""
    service: str = ""
    ref: str = ""
    reason: str = ""
    asked_by: str = ""
    approved_by: str = ""
    undoes: str = ""

    def __post_init__(self) -> None:
        if self.amount.cents <= 0:
            raise ValueError(f"{self.key}: a posting moves an amount above zero; turn debit and credit about")
        if self.debit is self.credit:
            raise ValueError(f"{self.key}: a posting moves between two accounts")

    def undone(self, *, key: str, on: date, reason: str = "", asked_by: str = "", approved_by: str = "") -> "Posting":
        """Return the posting that takes this one back on *on*."""
        return replace(
            self,
            key=key,
            debit=self.credit,
            credit=self.debit,
            effective_on=on,
            reason=reason,
            asked_by=asked_by,
            approved_by=approved_by,
            undoes=self.key,
        )


LUMPED: Final = frozenset({"aggregator", "remit", "assistance", "agency"})
"""Sources whose money reaches the bank as one sum that another file names."""

_CAME_BY: Final = {
    "ach": LedgerAccount.CLEARING_ACH,
    "draft": LedgerAccount.CLEARING_DRAFT,
    "card": LedgerAccount.CLEARING_CARD,
    "lockbox": LedgerAccount.CLEARING_LOCKBOX,
    "counter": LedgerAccount.CLEARING_COUNTER,
    "check_returns": LedgerAccount.CLEARING_CHECK_RETURNS,
    "suspense": LedgerAccount.SUSPENSE,
    **dict.fromkeys(sorted(LUMPED), LedgerAccount.CLEARING_LUMP),
}
_CHECKS: Final = frozenset({"lockbox", "counter"})


def came_by(source: str) -> LedgerAccount:
    """Return where money of *source* stands until the bank shows it."""
    return _CAME_BY.get(source, LedgerAccount.CLEARING_DESK if source else LedgerAccount.CLEARING_UNKNOWN)


def went_by(source: str) -> LedgerAccount:
    """Return where money of *source* that goes back stands until the bank shows it: checks go back by themselves."""
    return LedgerAccount.CLEARING_CHECK_RETURNS if source in _CHECKS else came_by(source)
