"""Which entries may stand in which batch?

Transaction codes and the demands of each standard entry class (SEC), after moov-io/ach's account of the Nacha rules.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from formats.errors import CHECK_DIGIT, FIELD, Malformed
from formats.nacha.records import CtxEntry, Entry

# First digit: 2 checking, 3 savings, 4 general ledger, 5 loan. Second digit: what the entry is.
_ACCOUNTS: Final = "2345"
LIVE: Final = {f"{a}{d}": d == "7" for a in _ACCOUNTS for d in "27"} | {
    "55": True
}  # code -> takes money from the payer
LIVE.pop("57")  # a loan is debited by 55, and only to reverse a credit
PRENOTE: Final = {f"{a}{d}": d == "8" for a in _ACCOUNTS for d in "38"}
ZERO_DOLLAR: Final = {f"{a}{d}": d == "9" for a in _ACCOUNTS for d in "49"}
RETURN: Final = {f"{a}{d}": d == "6" for a in _ACCOUNTS for d in "16"}  # returns and notices of change
EVERY_CODE: Final = LIVE | PRENOTE | ZERO_DOLLAR | RETURN

RCK: Final = "RCK"
RCK_CENTS_MAX: Final = 250_000  # a check above $2,500.00 may not be re-presented as an entry
RCK_DESCRIPTION: Final = "REDEPCHECK"
CTX_ADDENDA_MAX: Final = 9_999


@dataclass(frozen=True, slots=True)
class Sec:
    """What one standard entry class allows."""

    code: str
    meaning: str
    addenda_max: int = 1  # payment addenda (05) per entry
    only: str = ""  # `debit` or `credit` where the class knows one direction
    addenda: str = "05"  # the type of a forward entry's addenda


SECS: Final[Mapping[str, Sec]] = {
    sec.code: sec
    for sec in (
        Sec("PPD", "consumer debit or credit on written authorization"),
        Sec("WEB", "consumer debit authorized over the internet, or a credit between persons"),
        Sec("TEL", "consumer debit authorized by telephone", 0, "debit"),
        Sec("CCD", "company payment"),
        Sec("CTX", "company payment with remittance advice", CTX_ADDENDA_MAX),
        Sec("CIE", "credit that a customer orders at the bank", 1, "credit"),
        Sec("RCK", "returned check presented again", 0, "debit"),
        Sec("ARC", "check received by mail, converted", 0, "debit"),
        Sec("BOC", "check taken at the counter, converted in the back office", 0, "debit"),
        Sec("POP", "check converted at the counter", 0, "debit"),
        Sec("XCK", "destroyed check", 0, "debit"),
        Sec("TRC", "truncated check", 0, "debit"),
        Sec("POS", "point of sale", 1, "", "02"),
        Sec("SHR", "shared network", 1, "", "02"),
        Sec("MTE", "machine transfer", 1, "", "02"),
        Sec("COR", "notification of change", 0, "", "98"),
    )
}


def sec_of(code: str) -> Sec:
    """Return the rules of a SEC code; one that is not read here (IAT and ADV among them) is refused by name."""
    if code not in SECS:
        raise Malformed("sec_code", f"entries of class {code} are not read here", field="sec", value=code)
    return SECS[code]


def live_codes(sec: Sec, service_class: str) -> dict[str, bool]:
    """Return the codes of money moving forward that may stand in a batch: code -> is it a debit."""
    allowed = {"220": {False}, "225": {True}, "200": {False, True}}[service_class]
    if sec.only:
        allowed = allowed & {sec.only == "debit"}
    return {} if sec.code == "COR" else {code: debit for code, debit in LIVE.items() if debit in allowed}


def is_debit(code: str, *, sec: Sec, service_class: str) -> bool:
    """Tell whether an entry of this code takes money, refusing a code that may not stand in such a batch."""
    debit = EVERY_CODE.get(code)
    message = ""
    if debit is None:
        message = f"{code} is no transaction code"
    elif service_class != "200" and debit != (service_class == "225"):
        message = f"transaction code {code} does not belong in a batch of service class {service_class}"
    elif sec.only and debit != (sec.only == "debit"):
        message = f"{sec.code} entries are {sec.only}s"
    elif sec.code == "COR" and code not in RETURN:
        message = "a notification of change has transaction code 21, 26, 31, 36 or the like"
    if debit is None or message:
        raise Malformed(FIELD, message, record="6", field=Entry.transaction_code.place, value=code)
    return debit


def check_amount(code: str, cents: int, *, sec: Sec) -> None:
    """Refuse an amount that the transaction code rules out: money with a notice, or a payment of nothing."""
    if cents and (code in PRENOTE or code in ZERO_DOLLAR or sec.code == "COR"):
        message = f"transaction code {code} of class {sec.code} moves no money"
        raise Malformed(FIELD, message, record="6", field=Entry.amount_cents.place, value=str(cents))
    if not cents and code in LIVE:
        raise Malformed(FIELD, "a payment of nothing", record="6", field=Entry.amount_cents.place, value="0")


def check_routing(routing: str) -> None:
    """Refuse a routing number whose ninth digit is not its check digit (weights 3, 7, 1)."""
    if check_digit(routing[:8]) != routing[8]:
        raise Malformed(
            CHECK_DIGIT,
            f"check digit {routing[8]} does not follow from the eight digits before it",
            record="6",
            field="check_digit (column 12)",
            value=routing,
        )


@cache
def check_digit(eight: str) -> str:
    """Return the check digit for the first eight digits of a routing number (ABA: weights 3, 7, 1 modulo 10)."""
    total = sum(weight * int(digit) for weight, digit in zip((3, 7, 1, 3, 7, 1, 3, 7), eight, strict=True))
    return str(-total % 10)


def _web(entry: Entry) -> None:
    if entry.transaction_code in {"27", "37"} and entry.discretionary not in {"R", "S"}:
        raise _fault(entry, "discretionary", "a WEB debit is R (recurring) or S (single)")


def _rck(entry: Entry) -> None:
    if entry.amount_cents > RCK_CENTS_MAX:
        raise _fault(entry, "amount_cents", "a check above $2,500.00 may not be re-presented as RCK")
    if not entry.individual_id:
        raise _fault(entry, "individual_id", "an RCK entry carries the check number")


def _ctx(entry: Entry) -> None:
    assert isinstance(entry, CtxEntry), "CTX batches are read as CtxEntry"
    if entry.returned is None and int(entry.addenda_count) != len(entry.addenda):
        raise _fault(entry, "addenda_count", f"{len(entry.addenda)} addenda follow")


def _fault(entry: Entry, name: str, message: str) -> Malformed:
    column = next(c for c in entry.columns() if c.name == name)
    value = entry.line[column.slice]
    return Malformed(FIELD, message, record="6", field=column.place, value=value, line=entry.line_no)


# What a class asks of each entry beyond the common layout; most classes ask nothing, which keeps reading fast.
PER_ENTRY: Final[Mapping[str, Callable[[Entry], None]]] = {"WEB": _web, "RCK": _rck, "CTX": _ctx}
