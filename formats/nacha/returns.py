"""What does a return or change code mean, how late may it come, and may the entry be sent again?

Meanings as moov-io/ach documents them from the Nacha Operating Rules; the rule of reinitiation is Nacha's (Subsection
2.12.4): only R01 and R09, at most twice, within 180 days of the original entry, same company, same amount, described
`RETRY PYMT`. Windows of R23 and above are from common practice and are marked so in the documentation page. What a
utility does about a code (`Action`) is this project's own proposal.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from formats.errors import FIELD, Malformed
from formats.nacha.records import AddendaChange

RETRIES_MAX: Final = 2  # besides the first presentment
RETRY_WINDOW_DAYS: Final = 180  # calendar days from the original entry
RETRY_DESCRIPTION: Final = "RETRY PYMT"
RETURN_FEE_DESCRIPTION: Final = "RETURN FEE"
UNAUTHORIZED: Final = frozenset({"R05", "R07", "R10", "R11", "R29", "R51"})  # network limit 0.5 % over 60 days
ADMINISTRATIVE: Final = frozenset({"R02", "R03", "R04"})  # network limit 3 %


class Window(StrEnum):
    """How long after settlement the other bank may send the code."""

    TWO_BANKING_DAYS = "2 banking days"
    SIXTY_DAYS = "60 calendar days"
    NEXT_FILE = "next file"
    FIVE_BANKING_DAYS = "5 banking days"
    ANY = "no fixed window"


class Retry(StrEnum):
    """When the same entry may be sent again."""

    TWICE = "twice_in_180_days"
    CORRECTED = "after_correction"
    REAUTHORIZED = "after_new_authorization"
    SENDER = "sender_corrects"
    REVIEW = "case_by_case"
    NEVER = "never"


class Action(StrEnum):
    """What the desk does besides taking the payment back as of its original date."""

    REPRESENT = "represent"  # fee by policy, then the same amount again
    NEW_INSTRUMENT = "new_instrument"  # drop the stored account, ask for another
    CORRECT_INSTRUMENT = "correct_instrument"  # look for a keying fault, then another attempt
    END_AUTHORIZATION = "end_authorization"  # autopay ends
    HOLD_AUTOPAY = "hold_autopay"  # ask the customer; it may be a dispute
    FRAUD_REVIEW = "fraud_review"  # disable the instrument, review as a red flag
    CORRECT_AND_RESEND = "correct_and_resend"  # the authorization stands; amount or date was wrong
    DECEASED = "deceased"  # estate path; nothing more is sent to the person
    SUPERVISOR = "supervisor"
    OUR_FILE = "our_file"  # our own file was wrong: mend and send
    FINANCE_REVIEW = "finance_review"
    SENDER_FIXES = "sender_fixes"  # a credit that could not be posted went back
    WE_REFUSED = "we_refused"  # a credit that we refused
    DUPLICATE_CHECK = "duplicate_check"
    CHECK_ALREADY_PRESENTED = "check_already_presented"  # source document or RCK
    DISHONOR_REVIEW = "dishonor_review"  # a quarrel between the banks over a return
    UPDATE_INSTRUMENT = "update_instrument"  # a change notice: apply it before the next entry
    UNKNOWN = "unknown_code"  # a person decides


@dataclass(frozen=True, slots=True)
class Reason:
    """One return or change code."""

    code: str
    meaning: str
    window: Window
    action: Action
    retry: Retry


def _table(*rows: tuple[str, str, Window, Action, Retry]) -> dict[str, Reason]:
    return {row[0]: Reason(*row) for row in rows}


_2, _60, _NEXT, _5, _ANY = (
    Window.TWO_BANKING_DAYS,
    Window.SIXTY_DAYS,
    Window.NEXT_FILE,
    Window.FIVE_BANKING_DAYS,
    Window.ANY,
)
_NEVER, _FIXED, _REVIEW = Retry.NEVER, Retry.CORRECTED, Retry.REVIEW

RETURNS: Final = _table(
    ("R01", "insufficient funds", _2, Action.REPRESENT, Retry.TWICE),
    ("R02", "account closed", _2, Action.NEW_INSTRUMENT, _NEVER),
    ("R03", "no account, or unable to locate it", _2, Action.CORRECT_INSTRUMENT, _FIXED),
    ("R04", "invalid account number", _2, Action.CORRECT_INSTRUMENT, _FIXED),
    ("R05", "unauthorized debit to a consumer account under a corporate SEC code", _60, Action.FRAUD_REVIEW, _NEVER),
    ("R06", "returned at the originating bank's request", _ANY, Action.FINANCE_REVIEW, _NEVER),
    ("R07", "authorization revoked by the customer", _60, Action.END_AUTHORIZATION, _NEVER),
    ("R08", "payment stopped", _2, Action.HOLD_AUTOPAY, Retry.REAUTHORIZED),
    ("R09", "uncollected funds", _2, Action.REPRESENT, Retry.TWICE),
    ("R10", "originator not known to the customer, or not authorized", _60, Action.FRAUD_REVIEW, _NEVER),
    ("R11", "not in accordance with the terms of the authorization", _60, Action.CORRECT_AND_RESEND, _FIXED),
    ("R12", "branch sold to another bank", _2, Action.CORRECT_INSTRUMENT, _FIXED),
    ("R13", "bank not qualified to participate, or routing number wrong", _NEXT, Action.CORRECT_INSTRUMENT, _FIXED),
    ("R14", "representative payee deceased, or unable to act", _2, Action.DECEASED, _NEVER),
    ("R15", "account holder or beneficiary deceased", _2, Action.DECEASED, _NEVER),
    ("R16", "account frozen, or returned on instruction of OFAC", _2, Action.SUPERVISOR, _NEVER),
    ("R17", "edit criteria of the file record, or questionable origin", _2, Action.FRAUD_REVIEW, _FIXED),
    ("R18", "improper effective entry date", _NEXT, Action.OUR_FILE, _FIXED),
    ("R19", "amount field error", _NEXT, Action.OUR_FILE, _FIXED),
    ("R20", "account does not allow such transactions", _2, Action.NEW_INSTRUMENT, _NEVER),
    ("R21", "invalid company identification (CIE)", _2, Action.OUR_FILE, _FIXED),
    ("R22", "invalid individual ID number (CIE)", _2, Action.SENDER_FIXES, Retry.SENDER),
    ("R23", "credit refused by the receiver", _ANY, Action.WE_REFUSED, _NEVER),
    ("R24", "duplicate entry", _2, Action.DUPLICATE_CHECK, _NEVER),
    ("R25", "addenda error", _NEXT, Action.OUR_FILE, _FIXED),
    ("R26", "mandatory field error", _NEXT, Action.OUR_FILE, _FIXED),
    ("R27", "trace number error", _NEXT, Action.OUR_FILE, _FIXED),
    ("R28", "routing number check digit error", _NEXT, Action.OUR_FILE, _FIXED),
    ("R29", "corporate customer advises not authorized", _2, Action.FRAUD_REVIEW, _NEVER),
    ("R30", "bank not in the check truncation program", _NEXT, Action.FINANCE_REVIEW, _NEVER),
    ("R31", "permissible return (CCD and CTX only)", _ANY, Action.FINANCE_REVIEW, _REVIEW),
    ("R32", "receiving bank does not settle", _NEXT, Action.FINANCE_REVIEW, _REVIEW),
    ("R33", "return of an XCK entry", _60, Action.FINANCE_REVIEW, _NEVER),
    ("R34", "limited participation of the receiving bank", _NEXT, Action.FINANCE_REVIEW, _NEVER),
    ("R35", "improper debit entry", _NEXT, Action.OUR_FILE, _NEVER),
    ("R36", "improper credit entry", _NEXT, Action.OUR_FILE, _NEVER),
    ("R37", "source document presented for payment", _60, Action.CHECK_ALREADY_PRESENTED, _NEVER),
    ("R38", "stop payment on the source document", _60, Action.CHECK_ALREADY_PRESENTED, _NEVER),
    ("R39", "improper source document, or it was presented", _2, Action.CHECK_ALREADY_PRESENTED, _NEVER),
    ("R40", "enrolment returned by a federal agency (ENR)", _ANY, Action.FINANCE_REVIEW, _NEVER),
    ("R41", "invalid transaction code (ENR)", _ANY, Action.FINANCE_REVIEW, _FIXED),
    ("R42", "routing number or check digit error (ENR)", _ANY, Action.FINANCE_REVIEW, _FIXED),
    ("R43", "invalid account number (ENR)", _ANY, Action.FINANCE_REVIEW, _FIXED),
    ("R44", "invalid individual ID number (ENR)", _ANY, Action.FINANCE_REVIEW, _FIXED),
    ("R45", "invalid individual or company name (ENR)", _ANY, Action.FINANCE_REVIEW, _FIXED),
    ("R46", "invalid representative payee indicator (ENR)", _ANY, Action.FINANCE_REVIEW, _FIXED),
    ("R47", "duplicate enrolment (ENR)", _ANY, Action.FINANCE_REVIEW, _NEVER),
    ("R50", "state law affecting acceptance of RCK", _2, Action.CHECK_ALREADY_PRESENTED, _NEVER),
    ("R51", "item of the RCK entry ineligible, or RCK improper", _60, Action.CHECK_ALREADY_PRESENTED, _NEVER),
    ("R52", "stop payment on the item of the RCK entry", _60, Action.CHECK_ALREADY_PRESENTED, _NEVER),
    ("R53", "item and RCK entry both presented", _60, Action.CHECK_ALREADY_PRESENTED, _NEVER),
    ("R61", "dishonored: misrouted return", _5, Action.DISHONOR_REVIEW, _NEVER),
    ("R62", "dishonored: erroneous or reversing debit", _5, Action.DISHONOR_REVIEW, _NEVER),
    ("R67", "dishonored: duplicate return", _5, Action.DISHONOR_REVIEW, _NEVER),
    ("R68", "dishonored: untimely return", _5, Action.DISHONOR_REVIEW, _NEVER),
    ("R69", "dishonored: field error", _5, Action.DISHONOR_REVIEW, _NEVER),
    ("R70", "dishonored: permissible return not accepted, or not requested", _5, Action.DISHONOR_REVIEW, _NEVER),
    ("R71", "contested: misrouted dishonored return", _2, Action.DISHONOR_REVIEW, _NEVER),
    ("R72", "contested: untimely dishonored return", _2, Action.DISHONOR_REVIEW, _NEVER),
    ("R73", "contested: the original return was timely", _2, Action.DISHONOR_REVIEW, _NEVER),
    ("R74", "contested: corrected return", _2, Action.DISHONOR_REVIEW, _NEVER),
    ("R75", "contested: the return was not a duplicate", _2, Action.DISHONOR_REVIEW, _NEVER),
    ("R76", "contested: no errors found", _2, Action.DISHONOR_REVIEW, _NEVER),
    ("R77", "contested: dishonor for R62 not accepted", _2, Action.DISHONOR_REVIEW, _NEVER),
    ("R80", "international entry coding error", _NEXT, Action.FINANCE_REVIEW, _FIXED),
    ("R81", "not a participant in the international program", _NEXT, Action.FINANCE_REVIEW, _NEVER),
    ("R82", "invalid foreign bank identification", _NEXT, Action.FINANCE_REVIEW, _FIXED),
    ("R83", "foreign bank unable to settle", _NEXT, Action.FINANCE_REVIEW, _NEVER),
    ("R84", "entry not processed by the gateway", _NEXT, Action.FINANCE_REVIEW, _NEVER),
    ("R85", "outbound international payment coded wrongly", _NEXT, Action.FINANCE_REVIEW, _FIXED),
)

_UPDATE = Action.UPDATE_INSTRUMENT
CHANGES: Final = _table(
    ("C01", "account number", _2, _UPDATE, _FIXED),
    ("C02", "routing number", _2, _UPDATE, _FIXED),
    ("C03", "routing number and account number", _2, _UPDATE, _FIXED),
    ("C04", "name of the individual or company", _2, _UPDATE, _FIXED),
    ("C05", "transaction code: checking or savings", _2, _UPDATE, _FIXED),
    ("C06", "account number and transaction code", _2, _UPDATE, _FIXED),
    ("C07", "routing number, account number and transaction code", _2, _UPDATE, _FIXED),
    ("C08", "foreign bank identification", _2, _UPDATE, _FIXED),
    ("C09", "individual identification number", _2, _UPDATE, _FIXED),
    ("C13", "addenda format", _2, Action.OUR_FILE, _FIXED),
    ("C14", "SEC code of an outbound international payment", _2, Action.OUR_FILE, _FIXED),
    ("C61", "refused: misrouted notice", _ANY, Action.FINANCE_REVIEW, _NEVER),
    ("C62", "refused: incorrect trace number", _ANY, Action.FINANCE_REVIEW, _NEVER),
    ("C63", "refused: incorrect company identification", _ANY, Action.FINANCE_REVIEW, _NEVER),
    ("C64", "refused: incorrect individual identification", _ANY, Action.FINANCE_REVIEW, _NEVER),
    ("C65", "refused: corrected data in the wrong form", _ANY, Action.FINANCE_REVIEW, _NEVER),
    ("C66", "refused: incorrect discretionary data", _ANY, Action.FINANCE_REVIEW, _NEVER),
    ("C67", "refused: routing number not of the original entry", _ANY, Action.FINANCE_REVIEW, _NEVER),
    ("C68", "refused: account number not of the original entry", _ANY, Action.FINANCE_REVIEW, _NEVER),
    ("C69", "refused: incorrect transaction code", _ANY, Action.FINANCE_REVIEW, _NEVER),
)


def reason(code: str) -> Reason:
    """Return the row of *code*. A code that the tables do not know gives a row whose action is `unknown_code`."""
    return RETURNS.get(code) or CHANGES.get(code) or Reason(code, "not in the tables", _ANY, Action.UNKNOWN, _REVIEW)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a notification of change says is right; None where it says nothing. Holds bank numbers: private."""

    code: str
    original_trace: str
    routing: str | None = None
    account: str | None = None
    transaction_code: str | None = None
    name: str | None = None
    individual_id: str | None = None


# Where the values stand within the 29 columns of corrected data, counted from 1 (Nacha rules, Appendix Five).
_CORRECTED: Final[dict[str, dict[str, tuple[int, int]]]] = {
    "C01": {"account": (1, 17)},
    "C02": {"routing": (1, 9)},
    "C03": {"routing": (1, 9), "account": (13, 29)},
    "C04": {"name": (1, 22)},
    "C05": {"transaction_code": (1, 2)},
    "C06": {"account": (1, 17), "transaction_code": (21, 22)},
    "C07": {"routing": (1, 9), "account": (10, 26), "transaction_code": (27, 28)},
    "C09": {"individual_id": (1, 22)},
}


def correction(notice: AddendaChange) -> Correction:
    """Return what *notice* corrects. A code without corrected bank data gives a `Correction` that says nothing.

    Raises:
        Malformed: the corrected data lack a value that the code promises.
    """
    data = notice.line[AddendaChange.corrected_data.slice]
    spans = _CORRECTED.get(notice.change_code, {})
    values = {name: data[first - 1 : last].strip() for name, (first, last) in spans.items()}
    if not all(values.values()):
        place = AddendaChange.corrected_data.place
        message = f"{notice.change_code} promises {' and '.join(values)}"
        raise Malformed(FIELD, message, record="7", field=place, value=data, line=notice.line_no)
    return Correction(code=notice.change_code, original_trace=notice.original_trace, **values)
