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
    "retry": N_("Drafts presented again"),
    "RCK": N_("Checks presented again"),
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
    "household": N_("assistance for the same household went there before"),
    "amount": N_("the sum that is open"),
}
PAYMENT_STATES: Final[Book] = {
    "received": N_("Received"),
    "posted": N_("Posted"),
    "returned": N_("Returned by the bank"),
}
MONEY_TASKS: Final[Book] = {
    "obligation_warned": N_("Something that we owe is due soon"),
    "obligation_breached": N_("Something that we owe is late"),
    "ask_for_new_instrument": N_("Ask the customer for another way to pay"),
    "check_instrument": N_("Find what is wrong with the bank account on file"),
    "authorization_revoked": N_("The customer ended the draft: ask for a new authorization"),
    "ask_about_stop": N_("Ask the customer why the payment was stopped"),
    "red_flag_review": N_("Look for fraud in a payment that came back"),
    "correct_and_resend": N_("Put a draft right, then send it again"),
    "estate": N_("The customer has died: write to the estate"),
    "frozen_account": N_("A bank account is frozen"),
    "our_file_was_wrong": N_("A file of ours was wrong"),
    "finance_review": N_("Have finance look at a return"),
    "credit_came_back": N_("A credit of ours came back"),
    "check_double_posting": N_("See whether a payment was posted twice"),
    "apply_change_notice": N_("Apply a bank's notice of change"),
    "card_paid_in_part": N_("A card paid a part only"),
    "answer_chargeback": N_("Answer a chargeback"),
    "unknown_return_code": N_("Decide about a return whose code nobody knows"),
    "tell_cash_only": N_("Tell the customer that no checks are taken any more"),
    "return_rate_near_limit": N_("Returned drafts come near a limit of the bank network"),
    "return_rate_over_limit": N_("Returned drafts are over a limit of the bank network"),
    "pledge_for_no_account": N_("A pledge names no account that is known"),
    "decline_for_no_account": N_("A refused card names no account that is known"),
    "change_for_no_draft": N_("A notice of change names no draft that is known"),
    "billing_refuses": N_("Billing will not have something: see to it"),
    "return_undone": N_("A return was none: see whether draft or checks are let again"),
    "no_instrument_to_present_again": N_("A draft cannot go out again: there is no account to draw on"),
    "no_longer_presentable": N_("A check may not be presented again any more"),
    "household_elsewhere": N_("Assistance went to another account than its household's before"),
    "confirm_pledge": N_("Get a pledge in writing"),
    "pledge_extended_enough": N_("A pledge was extended as often as it may be"),
    "not_approved": N_("A correction or refund is not approved: tell the customer"),
    "apply_deposit": N_("Decide whether the deposit is applied"),
    "ask_for_deposit": N_("Ask the customer for a deposit"),
    "give_back_deposit": N_("Give the deposit back"),
    "wrong_cut": N_("Service was cut wrongly"),
    "tell_counsel": N_("Tell counsel of a wrong cut"),
}
"""What waits for a person about money, beside what an open case asks for."""

GOING_OUT: Final[Book] = {
    "wait": N_("Waiting for a second person"),
    "under_way": N_("Refunds on their way"),
    "lately": N_("Decided and ended"),
    "deposits": N_("Deposits to apply"),
    "credit": N_("Credit balances"),
}
"""The parts of the page on corrections and refunds."""

REFUND_STATES: Final[Book] = {
    "proposed": N_("Waits for a second person"),
    "approved": N_("Approved"),
    "rejected": N_("Not approved"),
    "refused": N_("Billing refused it: the credit is gone"),
    "exported": N_("Handed out"),
    "paid": N_("Cashed"),
    "restored": N_("Back on the account as credit"),
    "escheated": N_("Given to the State"),
}
REFUND_ENDS: Final[Book] = {
    "paid": N_("It was cashed"),
    "restored": N_("It came back or nobody cashed it: it is credit again"),
    "escheated": N_("The State has it as unclaimed"),
}
PAYEES: Final[Book] = {
    "payer": N_("Whoever paid it"),
    "fund": N_("The fund it came from"),
}
BARRED: Final[Book] = {
    "role": N_("Your role does not decide on this."),
    "asked": N_("You asked for it yourself: a second person decides."),
    "took": N_("You took money of this account: someone else decides."),
}
"""Why someone does not decide on what was asked for."""

AT_BILLING: Final[Book] = {
    "": N_("Billing was not asked yet"),
    "asked": N_("Billing has not confirmed it yet"),
    "done": N_("Billing has done it"),
    "refused": N_("Billing refused it"),
}
