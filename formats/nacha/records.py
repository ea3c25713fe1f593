"""What stands in each column of each record of a NACHA file?

Layouts after the record tables of the Nacha Operating Rules, Appendix Three, as moov-io/ach documents and reads them.
Every record is 94 characters. Money is in cents. A routing number is nine digits whose ninth is a check digit.
"""

from dataclasses import dataclass

from formats.columns import Day, Digits, Number, OneOf, Record, Text


@dataclass(frozen=True, slots=True)
class FileHeader(Record):
    """Record 1: who sends the file to whom, and when it was made. Origin, date, time and modifier identify the file."""

    KIND = "1"
    record_type = OneOf(1, 1, "record type", "1")
    priority = OneOf(2, 3, "priority code", "01")
    immediate_destination = Text(4, 13, "routing number of the receiver, a blank or a digit before it", needed=True)
    immediate_origin = Text(14, 23, "routing number or company id of the sender", needed=True)
    created_on = Day(24, 29, "file creation date, YYMMDD")
    created_time = Digits(30, 33, "file creation time, HHMM", blank=True)
    modifier = Text(34, 34, "tells files of one minute apart: A-Z, 0-9", needed=True)
    record_size = OneOf(35, 37, "characters in a record", "094")
    blocking_factor = OneOf(38, 39, "records in a block", "10")
    format_code = OneOf(40, 40, "format code", "1")
    destination_name = Text(41, 63, "name of the receiver")
    origin_name = Text(64, 86, "name of the sender")
    reference = Text(87, 94, "reference code of the sender")


@dataclass(frozen=True, slots=True)
class BatchHeader(Record):
    """Record 5: one company, one kind of entry (SEC code), one effective date."""

    KIND = "5"
    record_type = OneOf(1, 1, "record type", "5")
    service_class = OneOf(2, 4, "200 mixed, 220 credits only, 225 debits only", "200", "220", "225")
    company_name = Text(5, 20, "company name as the payer's bank statement shows it")
    discretionary = Text(21, 40, "for the company's own use")
    company_id = Text(41, 50, "company id, often 1 and the tax number", needed=True)
    sec = Text(51, 53, "standard entry class: PPD, WEB, CIE, CTX ...", needed=True)
    description = Text(54, 63, "what the entries are: UTIL BILL, RETRY PYMT, REVERSAL ...")
    descriptive_date = Text(64, 69, "a date for the payer to read, in any form")
    effective_on = Day(70, 75, "day on which the entries are meant to settle", blank=True)
    settlement_day = Digits(76, 78, "day of the year on which they settle, put in by the ACH operator", blank=True)
    originator_status = Text(79, 79, "1 for a bank bound by the rules, 2 for the government", needed=True)
    odfi = Digits(80, 87, "first eight digits of the originating bank's routing number")
    batch_no = Digits(88, 94, "batch number, ascending in the file")


@dataclass(frozen=True, slots=True)
class Entry(Record):
    """Record 6 with its addenda: one payment, return or notice. Columns as in PPD, WEB, TEL, CCD, RCK and COR."""

    addenda: "tuple[Addenda, ...]" = ()

    KIND = "6"
    record_type = OneOf(1, 1, "record type", "6")
    transaction_code = Digits(2, 3, "22 27 checking credit, debit; 32 37 savings; 21 26 31 36 returns and notices")
    routing = Digits(4, 12, "receiving bank's routing number: RDFI in 4-11, check digit in 12")
    account = Text(13, 29, "account at the receiving bank", needed=True)
    amount_cents = Number(30, 39, "amount in cents")
    individual_id = Text(40, 54, "the company's number for the payer; RCK: check number")
    individual_name = Text(55, 76, "name of the payer")
    discretionary = Text(77, 78, "for the company's use; WEB and TEL: R recurring, S single")
    addenda_indicator = OneOf(79, 79, "1 if addenda follow", "0", "1")
    trace = Digits(80, 94, "trace number: ODFI in 80-87, then ascending in the batch")

    @property
    def is_debit(self) -> bool:
        """Tell whether the entry takes money from the receiver's account: the second digit of the code is 5 or more."""
        return self.line[2] >= "5"

    @property
    def returned(self) -> "AddendaReturn | None":
        """Return what addenda 99 says, if this entry is a return, dishonored return or contested return."""
        return next((a for a in self.addenda if isinstance(a, AddendaReturn)), None)

    @property
    def change(self) -> "AddendaChange | None":
        """Return what addenda 98 says, if this entry is a notification of change."""
        return next((a for a in self.addenda if isinstance(a, AddendaChange)), None)

    @property
    def remittance(self) -> str:
        """Return the payment information of all addenda 05, joined without separator as X12 in a CTX entry needs it."""
        slices = [a.line[AddendaPayment.information.slice] for a in self.addenda if isinstance(a, AddendaPayment)]
        return "".join(slices).rstrip(" ")


@dataclass(frozen=True, slots=True)
class CieEntry(Entry):
    """Record 6 of SEC CIE: the payer's bank puts the name first, and our account number into the individual id."""

    individual_name = Text(40, 54, "name of the payer")
    individual_id = Text(55, 76, "the payer's account number at the company that is paid", needed=True)


@dataclass(frozen=True, slots=True)
class CtxEntry(Entry):
    """Record 6 of SEC CTX: a company's payment, its remittance advice in up to 9,999 addenda."""

    individual_id = Text(40, 54, "identification number")
    addenda_count = Digits(55, 58, "number of addenda")
    individual_name = Text(59, 74, "name of the receiving company")
    reserved = Text(75, 76, "blank")


@dataclass(frozen=True, slots=True)
class Addenda(Record):
    """Record 7, whatever its type: more about the entry above it."""

    KIND = "7"
    record_type = OneOf(1, 1, "record type", "7")
    type_code = OneOf(2, 3, "addenda type", "02", "05", "98", "99")


@dataclass(frozen=True, slots=True)
class AddendaTerminal(Addenda):
    """Addenda 02: the terminal of a POS, SHR or MTE entry."""

    type_code = OneOf(2, 3, "addenda type", "02")
    reference_one = Text(4, 10, "first reference")
    reference_two = Text(11, 13, "second reference")
    terminal = Text(14, 19, "terminal identification", needed=True)
    serial = Text(20, 25, "serial number of the transaction", needed=True)
    month_day = Digits(26, 29, "date of the transaction, MMDD")
    authorization = Text(30, 35, "authorization code or card expiry")
    location = Text(36, 62, "where the terminal stands")
    city = Text(63, 77, "its city")
    state = Text(78, 79, "its state")
    trace = Digits(80, 94, "trace number of the entry")


@dataclass(frozen=True, slots=True)
class AddendaPayment(Addenda):
    """Addenda 05: payment information, 80 characters of free text or X12."""

    type_code = OneOf(2, 3, "addenda type", "05")
    information = Text(4, 83, "payment related information")
    sequence = Number(84, 87, "1, 2, 3 ... within the entry")
    entry_sequence = Digits(88, 94, "last seven digits of the entry's trace")


@dataclass(frozen=True, slots=True)
class AddendaChange(Addenda):
    """Addenda 98: a notification of change (SEC COR). The money is posted; the stored instrument must change."""

    type_code = OneOf(2, 3, "addenda type", "98")
    change_code = Text(4, 6, "C01 ... C14: what is wrong; C61 ... C69: a change refused", needed=True)
    original_trace = Digits(7, 21, "trace of the entry that was wrong")
    reserved = Text(22, 27, "blank")
    original_rdfi = Digits(28, 35, "bank which that entry went to, eight digits")
    corrected_data = Text(36, 64, "what is right; its form depends on the code", needed=True)
    refused_code = Text(65, 67, "C61-C69 only: the change that was refused")
    refused_sequence = Text(68, 74, "C61-C69 only: trace sequence of the refused change")
    reserved_two = Text(75, 79, "blank")
    trace = Digits(80, 94, "trace number of this notice")


@dataclass(frozen=True, slots=True)
class AddendaReturn(Addenda):
    """Addenda 99: a returned entry, and why."""

    type_code = OneOf(2, 3, "addenda type", "99")
    return_code = Text(4, 6, "R01 ...: the reason", needed=True)
    original_trace = Digits(7, 21, "trace of the entry that comes back")
    died_on = Day(22, 27, "R14 and R15 only: date of death", blank=True)
    original_rdfi = Digits(28, 35, "bank which that entry went to, eight digits")
    information = Text(36, 79, "free text of the returning bank")
    trace = Digits(80, 94, "trace number of the return")


@dataclass(frozen=True, slots=True)
class AddendaDishonored(AddendaReturn):
    """Addenda 99 with R61 to R70: we refuse a return because it was late, wrong or misrouted."""

    died_on = Day(22, 27, "blank", blank=True)
    reserved = Text(36, 38, "blank")
    return_trace = Digits(39, 53, "trace of the return that is dishonored", blank=True)
    return_settlement_day = Digits(54, 56, "day of the year on which the return settled", blank=True)
    returned_for = Text(57, 58, "reason of that return without its R")
    information = Text(59, 79, "free text")


@dataclass(frozen=True, slots=True)
class AddendaContested(AddendaReturn):
    """Addenda 99 with R71 to R77: the other bank insists on a return that we dishonored."""

    died_on = Day(22, 27, "date on which the original entry was returned", blank=True)
    original_settlement_day = Digits(36, 38, "day of the year on which the original settled", blank=True)
    return_trace = Digits(39, 53, "trace of the return", blank=True)
    return_settlement_day = Digits(54, 56, "day of the year on which the return settled", blank=True)
    returned_for = Text(57, 58, "reason of the return without its R")
    dishonored_trace = Digits(59, 73, "trace of the dishonored return", blank=True)
    dishonored_settlement_day = Digits(74, 76, "day of the year on which it settled", blank=True)
    dishonored_for = Text(77, 78, "reason of the dishonor without its R")
    information = Text(79, 79, "blank")


@dataclass(frozen=True, slots=True)
class BatchControl(Record):
    """Record 8: what the batch must add up to."""

    KIND = "8"
    record_type = OneOf(1, 1, "record type", "8")
    service_class = OneOf(2, 4, "as in the batch header", "200", "220", "225")
    entry_addenda_count = Number(5, 10, "number of records 6 and 7 in the batch")
    entry_hash = Number(11, 20, "sum of the receiving banks' eight digits, last ten digits of it")
    debit_cents = Number(21, 32, "sum of the debits in cents")
    credit_cents = Number(33, 44, "sum of the credits in cents")
    company_id = Text(45, 54, "as in the batch header")
    authentication = Text(55, 73, "message authentication code, or blank")
    reserved = Text(74, 79, "blank")
    odfi = Digits(80, 87, "as in the batch header")
    batch_no = Digits(88, 94, "as in the batch header")


@dataclass(frozen=True, slots=True)
class FileControl(Record):
    """Record 9: what the file must add up to."""

    KIND = "9"
    record_type = OneOf(1, 1, "record type", "9")
    batch_count = Number(2, 7, "number of batches")
    block_count = Number(8, 13, "number of blocks of ten records, the filler counted in")
    entry_addenda_count = Number(14, 21, "number of records 6 and 7 in the file")
    entry_hash = Number(22, 31, "sum of the batches' hashes, last ten digits of it")
    debit_cents = Number(32, 43, "sum of the debits in cents")
    credit_cents = Number(44, 55, "sum of the credits in cents")
    reserved = Text(56, 94, "blank")


def entry_type(sec: str) -> type[Entry]:
    """Return the layout of record 6 under this SEC code."""
    return {"CIE": CieEntry, "CTX": CtxEntry}.get(sec, Entry)


def addenda_type(line: str) -> type[Addenda]:
    """Return the layout of this record 7 by its type code and, for addenda 99, by its reason."""
    kind = line[1:3]
    if kind == "99":
        return _return_type(line[3:6])
    return {"02": AddendaTerminal, "05": AddendaPayment, "98": AddendaChange}.get(kind, Addenda)


def _return_type(reason: str) -> type[AddendaReturn]:
    if "R61" <= reason <= "R70":
        return AddendaDishonored
    return AddendaContested if "R71" <= reason <= "R77" else AddendaReturn
