"""How do bank days read: whose money a line is about, which two books differ, and how far a difference has got?"""

from collections.abc import Mapping
from typing import Final

from console.words import N_

Book = Mapping[str, str]

BREAKS: Final[Book] = {
    "bank": N_("Bank statement and our files"),
    "lump": N_("A lump and the file it is for"),
    "register": N_("Tills and receipts"),
    "billing": N_("Billing and our ledger"),
    "no_statement": N_("No bank statement"),
    "opening": N_("Opening is not the closing before"),
}
BREAK_STATES: Final[Book] = {
    "open": N_("Open"),
    "cleared": N_("Cleared by itself"),
    "explained": N_("Explained"),
}
DAY_STATES: Final[Book] = {
    "tied": N_("Everything agrees"),
    "broken": N_("Something does not agree"),
    "closed": N_("The books are closed"),
}
CAME_BY: Final[Book] = {
    "cash": N_("Cash"),
    "check": N_("Check"),
    "card": N_("Card"),
    "ach": N_("Bank debit"),
    "money_order": N_("Money order"),
    "aggregator": N_("Bill-payment service"),
    "lockbox": N_("Lockbox"),
    "counter": N_("Counter"),
    "draft": N_("Drafts"),
    "moved": N_("Moved from another account"),
    "reinstated": N_("Its return was a mistake"),
    "before_opening": N_("Posted before we went live"),
    "": N_("Not stated"),
}
"""How a payment came, in whatever word its sender or we have for it."""

GONE_BACK: Final[Book] = {
    "reversal": N_("taken back by the sender"),
    "chargeback": N_("charged back"),
    "fund_refund": N_("taken back by the fund"),
    "void": N_("voided at the counter"),
    "file_reversed": N_("its file was taken back"),
    "moved": N_("moved to another account"),
    "return_undone": N_("the return was undone"),
}
"""Why a payment went back, where it is no bank's own code."""

MONEY_SOURCES: Final[Book] = {
    "ach": N_("Bank credits"),
    "draft": N_("Drafts"),
    "card": N_("Cards"),
    "lockbox": N_("Lockbox"),
    "counter": N_("Counter"),
    "check_returns": N_("Returned checks"),
    "lump": N_("Lumps"),
    "bank": N_("Bank"),
    "register": N_("Tills"),
    "unknown": N_("Nobody knows for what"),
    "payments": N_("Payments"),
    "returns": N_("Returns"),
    "fees": N_("Fees"),
    "adjustments": N_("Adjustments"),
    "write_offs": N_("Write-offs"),
    "credit": N_("Credit that no bill has taken up"),
}
MOVEMENTS: Final[Book] = {
    "opening": N_("Opening"),
    "billed": N_("Billed"),
    "fees": N_("Fees"),
    "adjustments": N_("Adjustments"),
    "payments": N_("Payments"),
    "returns": N_("Returns"),
    "write_offs": N_("Write-offs"),
    "transfers": N_("Transfers"),
    "closing": N_("Closing"),
    "control": N_("Billing's control account"),
    "aging": N_("Sum of the aging"),
}
TENDERS: Final[Book] = {
    "cash": N_("Cash"),
    "check": N_("Check"),
    "card": N_("Card"),
    "ach": N_("Bank debit"),
    "money_order": N_("Money order"),
    "": N_("Not stated"),
}
NEAR: Final[Book] = {
    "check_digit": N_("only the check digit is another"),
    "transposed": N_("two digits are turned about"),
    "one_digit": N_("one digit is another"),
    "digit_missing": N_("a digit is missing"),
    "digit_extra": N_("a digit is too many"),
    "name": N_("the same name"),
    "amount": N_("the sum that is open"),
}
PAYMENT_STATES: Final[Book] = {
    "received": N_("Received"),
    "posted": N_("Posted"),
    "returned": N_("Returned by the bank"),
}
