"""How do duties, agreements, mail and documents read, by the names under which they are stored?"""

from collections.abc import Mapping
from typing import Final

from console.words import N_

Book = Mapping[str, str]

DUTIES: Final[Book] = {
    "dispute_answer": N_("Answer to a dispute"),
    "agreement_offer": N_("Offer of an agreement"),
    "agreement_broken": N_("Word on a broken agreement"),
    "designee_copy": N_("Copy to the person the customer named"),
    "notice_copies": N_("Copies of notices"),
    "annual_notice": N_("Yearly notice of winter rights"),
    "city_list": N_("List of homes off"),
    "proof_of_claim": N_("Proof of claim in a bankruptcy"),
    "revocation": N_("Pass on that contact is not wanted"),
    "deposit_refund": N_("Deposit to be returned"),
    "unclaimed_credit": N_("Credit that nobody claims"),
    "proof_of_service": N_("Proof that a notice was mailed"),
    "wrong_cut_restored": N_("Service back after a wrong cut"),
    "wrong_cut_letter": N_("Letter after a wrong cut"),
    "wrong_cut_report": N_("Report of a wrong cut"),
    "wrong_cut_counsel": N_("Counsel told of a wrong cut"),
    "wrong_cut_fees": N_("Fees of a wrong cut taken back"),
}
DUTY_STATES: Final[Book] = {
    "open": N_("open"),
    "warned": N_("pressing"),
    "breached": N_("late"),
    "met": N_("done"),
    "met_late": N_("done late"),
}
PLANS: Final[Book] = {
    "breached": N_("In breach"),
    "in_grace": N_("In its days of grace"),
    "due_today": N_("Payment due today"),
    "awaits_down_payment": N_("First payment awaited"),
    "kept": N_("Kept so far"),
    "completed": N_("Paid"),
    "broken": N_("Broken"),
    "cancelled": N_("Cancelled"),
}
MAIL_RETURNS: Final[Book] = {
    "no_such_address": N_("No such address"),
    "moved": N_("Moved, left no address"),
    "unclaimed": N_("Unclaimed"),
    "refused": N_("Refused by whoever lives there"),
    "deceased": N_("Addressee has died"),
    "other": N_("Something else"),
}
COPIES: Final[Book] = {
    "premises": N_("Copy to the service address"),
    "owner": N_("Copy to the owner"),
    "third_party": N_("Copy to the person the customer named"),
}
MAILINGS: Final[Book] = {
    "to_print": N_("to be printed"),
    "handed_over": N_("mailing not confirmed"),
    "mailed": N_("mailed"),
    "returned": N_("came back"),
}
MEDIA: Final[Book] = {
    "application/pdf": N_("PDF file"),
    "image/png": N_("picture (PNG)"),
    "image/jpeg": N_("picture (JPEG)"),
    "image/tiff": N_("picture (TIFF)"),
    "text/plain": N_("text"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": N_("Word document"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": N_("Excel workbook"),
}
IMPORTS: Final[Book] = {
    "accepted": N_("taken; its cases are being opened"),
    "superseded": N_("kept; a later one had come before"),
    "refused": N_("refused as a whole"),
    "done": N_("worked off"),
}
REJECTS: Final[Book] = {
    "column_count": N_("too many or too few columns"),
    "bad_date": N_("a day that cannot be"),
    "not_a_number": N_("not a number of cents"),
    "bad_check_digit": N_("the account number's check digit does not fit"),
    "unknown_account": N_("billing knows no such account"),
    "sum_mismatch": N_("the sums do not add up"),
    "duplicate_account": N_("the account stands in the file twice"),
}
FILE_KINDS: Final[Book] = {
    "ach": N_("bank (ACH)"),
    "lockbox": N_("lockbox"),
    "statement": N_("bank statement"),
    "remittance_820": N_("remittance (820)"),
    "aggregator": N_("payment company"),
    "card_settlement": N_("cards"),
    "card_declines": N_("refused cards"),
    "check_returns": N_("returned checks"),
    "assistance": N_("assistance payments"),
    "pledges": N_("pledges"),
    "counter": N_("counter"),
    "registers": N_("cash registers"),
    "agency": N_("collection agency"),
}
FILE_STATES: Final[Book] = {
    "posting": N_("on its way to billing"),
    "done": N_("posted"),
    "refused": N_("refused as a whole"),
    "reversed": N_("taken back"),
}
SUSPENSE: Final[Book] = {
    "no_account": N_("no account number"),
    "wrong_length": N_("the number is too short or too long"),
    "bad_check_digit": N_("the account number's check digit does not fit"),
    "unknown_account": N_("billing knows no such account"),
}
AGENCY_FILES: Final[Book] = {
    "acknowledgment": N_("Acknowledgment of placements"),
    "recall": N_("Recalls and returns"),
    "contacts": N_("Report of contacts"),
    "agency_placements": N_("Placements of the day"),
    "agency_messages": N_("Payments and recalls of the day"),
}
AGENCY_DIFFERENCES: Final[Book] = {
    "commission": N_("Commission"),
    "kept back": N_("Kept back"),
    "not on a remittance yet": N_("Not on a remittance yet"),
    "not told by us": N_("Not told by us"),
}
