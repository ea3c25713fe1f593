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
    "city_list_daily": N_("List of homes that lost service on a day"),
    "change_applied": N_("Change of a bank account to be applied"),
    "inquiry_reply": N_("Answer to an inquiry"),
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
LETTERS: Final[Book] = {
    "reminder": N_("Reminder"),
    "disconnection_notice": N_("Disconnection notice"),
    "notice": N_("Disconnection notice"),
    "breach": N_("Breach notice"),
    "breach_notice": N_("Breach notice"),
    "placement_notice": N_("Placement notice"),
    "set_off_notice": N_("Set-off notice"),
    "breach_cured": N_("Letter that the agreement goes on"),
    "court_demand": N_("Demand before a claim in court"),
    "bankruptcy_acknowledgement": N_("Acknowledgement of a bankruptcy"),
    "reconnection_offer": N_("Offer to bring service back"),
    "returned_payment": N_("Returned payment letter"),
    "wrongful_disconnection": N_("Apology for a wrong cut"),
    "agreement": N_("Agreement"),
    "door_hanger": N_("Door hanger"),
    "reconnection": N_("Reconnection letter"),
    "deposit_request": N_("Letter that asks for a deposit"),
    "deposit_receipt": N_("Receipt for a deposit"),
    "deposit_returned": N_("Letter that a deposit is given back"),
    "refund": N_("Letter beside a refund"),
    "inquiry_reply": N_("Answer to an inquiry"),
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
    "emailed": N_("sent by e-mail"),
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
HANDED_ON: Final[Book] = {
    "agency": N_("With agencies"),
    "court": N_("In court"),
    "property": N_("Tax refunds and property"),
    "bankruptcy": N_("Bankruptcies"),
    "old": N_("Old enough to be written off"),
}
EFFORTS: Final[Book] = {
    "reminder_sent": N_("Reminder"),
    "notice_served": N_("Disconnection notice"),
    "contact_recorded": N_("Contact"),
    "service_disconnected": N_("Disconnection"),
    "placement_notice_sent": N_("Placement notice"),
    "placed_with_agency": N_("Placement with an agency"),
    "claim_filed": N_("Claim in court"),
    "judgment_entered": N_("Judgment"),
}
PETITION_ENDS: Final[Book] = {
    "dismissed": N_("dismissed"),
    "discharged": N_("discharged"),
    "closed": N_("closed without a discharge"),
}
FILINGS: Final[Book] = {
    "setoff": N_("Set-off claims that stand"),
    "setoff_updates": N_("Changes of set-off claims on a day"),
    "certification": N_("Charges certified to the property tax"),
    "lien": N_("Liens that stand"),
    "lien_releases": N_("Liens released on a day"),
}
"""The files that go to the State and the county."""
AGENCY_DIFFERENCES: Final[Book] = {
    "commission": N_("Commission"),
    "kept back": N_("Kept back"),
    "not on a remittance yet": N_("Not on a remittance yet"),
    "not told by us": N_("Not told by us"),
}
CHAPTERS: Final[Book] = {
    "ability": N_("Ability to pay"),
    "adjustment": N_("Adjustments"),
    "affordable": N_("Affordable instalments"),
    "agency": N_("Collection agencies"),
    "appeal": N_("Appeals"),
    "approval": N_("Approval by a second person"),
    "arrangement": N_("Payment agreements"),
    "assistance": N_("Help from agencies"),
    "bank": N_("Bank"),
    "bankruptcy": N_("Bankruptcies"),
    "behaviour": N_("Payment behaviour"),
    "billing": N_("Billing"),
    "card": N_("Payment cards"),
    "certify": N_("Certification to property tax"),
    "chronic": N_("Chronic lateness"),
    "city_list": N_("List of homes off"),
    "contact": N_("Contact with customers"),
    "court": N_("Courts"),
    "deposit": N_("Deposits"),
    "dispute": N_("Disputes"),
    "dnp": N_("Disconnection for nonpayment"),
    "escheat": N_("Unclaimed money"),
    "extension": N_("Extensions"),
    "field": N_("Crews and orders"),
    "final": N_("Final bills"),
    "follow": N_("Debts that follow a customer"),
    "heat": N_("Heat alerts"),
    "incident": N_("Wrong cuts"),
    "income": N_("Household income"),
    "inquiry": N_("Inquiries"),
    "late_fee": N_("Late fees"),
    "lien": N_("Liens"),
    "limitation": N_("Limitation"),
    "medical": N_("Medical protection"),
    "military": N_("Military orders"),
    "money": N_("Money received"),
    "notice": N_("Disconnection notices"),
    "nsf": N_("Fee for a returned payment"),
    "obligation": N_("What the city owes"),
    "off": N_("Service that stays off"),
    "office": N_("Offices"),
    "path": N_("The path to a disconnection"),
    "payment": N_("Payments claimed"),
    "pledge": N_("Pledges of agencies"),
    "programs": N_("Programs of help"),
    "promise": N_("Promises to pay"),
    "recapture": N_("Set-off against tax refunds"),
    "rck": N_("Checks presented again as entries"),
    "reconnect": N_("Reconnection rules"),
    "refund": N_("Refunds of credit"),
    "remedies": N_("Remedies"),
    "returns": N_("Returned payments"),
    "settlement": N_("Settlements"),
    "tenant": N_("Tenants of a landlord"),
    "third_party": N_("Third parties"),
    "winter": N_("Winter rules"),
    "write_off": N_("Write-offs"),
}
"""The chapters of a policy pack: the first word of a value's name."""
TRIGGERS: Final[Book] = {
    "remind": N_("A reminder"),
    "serve_notice": N_("A notice"),
    "start_again": N_("A new start of the path"),
    "recommend": N_("A recommendation"),
    "stand_down": N_("Standing down"),
    "arrange": N_("An agreement"),
    "breach": N_("A breach"),
    "cure": N_("A cure"),
    "default": N_("A default"),
    "resume": N_("Resuming the path"),
    "final_bill": N_("A final bill"),
    "place": N_("A placement"),
    "recall": N_("A recall"),
    "file_claim": N_("A claim in court"),
    "end_claim": N_("The end of a claim"),
    "enter_judgment": N_("A judgment"),
    "vacate": N_("Vacating a judgment"),
    "write_off": N_("A write-off"),
    "reinstate": N_("Reversing a write-off"),
    "close": N_("Closing the case"),
}
"""What a case may be moved by, as a refusal names it."""

ENDINGS: Final[Book] = {
    "stop_service": N_("The customer stops service"),
    "new_occupant": N_("Someone new applied at the place"),
}
ADJUSTED: Final[Book] = {
    "misread": N_("The meter was misread"),
    "billing_error": N_("The bill was wrong"),
    "leak": N_("A leak"),
    "fee_waiver": N_("A fee is waived"),
    "service_charge": N_("A charge for service"),
    "damage": N_("Damage to what is the city's"),
    "tampering": N_("The meter was tampered with"),
    "goodwill": N_("Goodwill"),
    "transfer": N_("Moved to another account"),
    "court": N_("A court ordered it"),
    "other": N_("Something else"),
}
