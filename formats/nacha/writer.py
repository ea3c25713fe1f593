"""How do drafts, re-presentments and refused credits become a NACHA file that a bank takes?

Nothing leaves here that the strict reader would refuse: each file is read back before it is returned.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Final

from formats.errors import FIELD, Malformed
from formats.nacha.batch import HASH_MODULUS
from formats.nacha.reader import read
from formats.nacha.records import (
    Addenda,
    AddendaPayment,
    AddendaReturn,
    BatchControl,
    BatchHeader,
    Entry,
    FileControl,
    FileHeader,
    entry_type,
)
from formats.nacha.returns import RETRY_DESCRIPTION
from formats.nacha.rules import EVERY_CODE, LIVE, RCK, RCK_DESCRIPTION, check_digit
from formats.nacha.values import BLOCK, AchFile, Batch

REFUSED_BY_RECEIVER: Final = "R23"
_ADDENDA_WIDTH: Final = AddendaPayment.information.width


@dataclass(frozen=True, slots=True, kw_only=True)
class Originator:
    """Who sends, through which bank, to whom.

    Attributes:
        destination: routing number of the receiver of the file, nine digits.
        origin: what the receiver knows the sender by: routing number (nine digits) or company id (ten).
        company_name: at most 16 characters.
        company_id: ten characters.
        odfi: first eight digits of the routing number of the bank that brings the entries in.
    """

    destination: str
    destination_name: str
    origin: str
    origin_name: str
    company_name: str
    company_id: str
    odfi: str

    def header(self, created_at: datetime, modifier: str) -> FileHeader:
        """Return a file header; *created_at* is the sender's local time."""
        return FileHeader.build(
            immediate_destination=self.destination.rjust(10),
            immediate_origin=self.origin.rjust(10),
            created_on=created_at.date(),
            created_time=created_at.strftime("%H%M"),
            modifier=modifier,
            destination_name=ascii_text(self.destination_name, 23),
            origin_name=ascii_text(self.origin_name, 23),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One payment to be drawn from, or sent to, an account at another bank. Holds bank numbers: private.

    Attributes:
        sequence: the last seven digits of the trace; unique for the day, given by the caller so that writing the
            same drafts again gives the same traces.
        individual_id: the company's number for the payer; of a check presented again (`RCK`) the check number.
        retry: a re-presentment of an entry returned R01 or R09; the caller has counted the attempts.
        remittance: payment information, cut into addenda of 80 characters.
    """

    sec: str
    transaction_code: str
    routing: str
    account: str
    amount_cents: int
    individual_id: str
    name: str
    sequence: int
    discretionary: str = ""
    retry: bool = False
    remittance: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A credit that we send back: the entry, the header of the batch in which it came, the trace we give the return."""

    header: BatchHeader
    entry: Entry
    sequence: int
    code: str = REFUSED_BY_RECEIVER
    information: str = field(default="", kw_only=True)


def drafts_file(
    originator: Originator,
    drafts: Iterable[Draft],
    *,
    created_at: datetime,
    effective_on: date,
    modifier: str = "A",
    description: str = "UTIL BILL",
) -> AchFile:
    """Return a file of *drafts*: a batch per class and per first presentment or `RETRY PYMT`, traces ascending.

    Checks presented again (`RCK`) are in a batch described `REDEPCHECK`; whether they may be, the caller has settled.

    Raises:
        Malformed: a value does not fit its columns, or the result is not a lawful file.
    """
    batches = []
    ordered = sorted(drafts, key=lambda d: (d.sec, d.retry, d.sequence))
    for number, ((sec, retry), group) in enumerate(groupby(ordered, key=lambda d: (d.sec, d.retry)), start=1):
        members = list(group)
        header = BatchHeader.build(
            service_class=_service_class([EVERY_CODE.get(d.transaction_code, False) for d in members]),
            company_name=originator.company_name,
            company_id=originator.company_id,
            sec=sec,
            description=RCK_DESCRIPTION if sec == RCK else RETRY_DESCRIPTION if retry else description,
            descriptive_date=created_at.strftime("%y%m%d"),
            effective_on=effective_on,
            originator_status="1",
            odfi=originator.odfi,
            batch_no=str(number),
        )
        batches.append(compose_batch(header, [_entry(draft, originator.odfi) for draft in members]))
    return compose_file(originator.header(created_at, modifier), batches)


def refusals_file(
    originator: Originator, refusals: Iterable[Refusal], *, created_at: datetime, modifier: str = "A"
) -> AchFile:
    """Return a file that sends credits back to the banks they came from (R23 unless the refusal says otherwise).

    Company, class and description of each batch are those of the batch in which the credits came.
    """
    batches = []
    for number, (line, group) in enumerate(groupby(refusals, key=lambda r: r.header.line), start=1):
        came = BatchHeader(line)
        header = BatchHeader.build(
            service_class="220",
            company_name=came.company_name,
            company_id=came.company_id,
            sec=came.sec,
            description=came.description,
            descriptive_date=came.descriptive_date,
            effective_on=created_at.date(),
            originator_status="1",
            odfi=originator.odfi,
            batch_no=str(number),
        )
        batches.append(compose_batch(header, [_refused(refusal, originator.odfi) for refusal in group]))
    return compose_file(originator.header(created_at, modifier), batches)


def compose_batch(header: BatchHeader, entries: Sequence[Entry]) -> Batch:
    """Return a batch with the control record that its header and entries demand."""
    control = BatchControl.build(
        service_class=header.service_class,
        entry_addenda_count=sum(1 + len(entry.addenda) for entry in entries),
        entry_hash=sum(int(entry.routing[:8]) for entry in entries) % HASH_MODULUS,
        debit_cents=sum(entry.amount_cents for entry in entries if entry.is_debit),
        credit_cents=sum(entry.amount_cents for entry in entries if not entry.is_debit),
        company_id=header.company_id,
        odfi=header.odfi,
        batch_no=header.batch_no,
    )
    return Batch(header, tuple(entries), control)


def compose_file(header: FileHeader, batches: Sequence[Batch]) -> AchFile:
    """Return a file with the control record that its batches demand, read back strictly."""
    records = 2 + sum(1 for batch in batches for _ in batch.records())
    control = FileControl.build(
        batch_count=len(batches),
        block_count=-(-records // BLOCK),
        entry_addenda_count=sum(batch.control.entry_addenda_count for batch in batches),
        entry_hash=sum(batch.control.entry_hash for batch in batches) % HASH_MODULUS,
        debit_cents=sum(batch.control.debit_cents for batch in batches),
        credit_cents=sum(batch.control.credit_cents for batch in batches),
    )
    return read(AchFile(header, tuple(batches), control).to_bytes())


def ascii_text(text: str, width: int) -> str:
    """Return *text* without accents, in ASCII, cut to *width*: names travel so in files that we send."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return "".join(ch for ch in plain if ch.isprintable())[:width].rstrip()


def _service_class(debits: Sequence[bool]) -> str:
    return "225" if all(debits) else "200" if any(debits) else "220"


def _entry(draft: Draft, odfi: str) -> Entry:
    layout = entry_type(draft.sec)
    trace = f"{odfi}{draft.sequence:07d}"
    addenda = _payment_addenda(draft.remittance, trace)
    columns = {c.name: c for c in layout.columns()}
    values: dict[str, object] = {
        "transaction_code": draft.transaction_code,
        "routing": draft.routing,
        "account": draft.account,
        "amount_cents": draft.amount_cents,
        "individual_id": draft.individual_id,
        "individual_name": ascii_text(draft.name, columns["individual_name"].width),
        "discretionary": draft.discretionary,
        "addenda_indicator": "1" if addenda else "0",
        "trace": trace,
    }
    if "addenda_count" in columns:
        values["addenda_count"] = str(len(addenda))
    return layout(layout.build(**values).line, 0, addenda)


def _payment_addenda(remittance: str, trace: str) -> tuple[Addenda, ...]:
    slices = [remittance[at : at + _ADDENDA_WIDTH] for at in range(0, len(remittance), _ADDENDA_WIDTH)]
    return tuple(
        AddendaPayment.build(information=text, sequence=number, entry_sequence=trace[-7:])
        for number, text in enumerate(slices, start=1)
    )


def _refused(refusal: Refusal, odfi: str) -> Entry:
    came = refusal.entry
    if came.is_debit or came.transaction_code not in LIVE:
        message = "only a credit that moved money can be refused"
        raise Malformed(FIELD, message, record="6", field=Entry.transaction_code.place, value=came.transaction_code)
    trace = f"{odfi}{refusal.sequence:07d}"
    origin = came.trace[:8]
    back = AddendaReturn.build(
        return_code=refusal.code,
        original_trace=came.trace,
        original_rdfi=came.routing[:8],
        information=ascii_text(refusal.information, AddendaReturn.information.width),
        trace=trace,
    )
    code = came.transaction_code[0] + "1"  # 22 comes back as 21, 32 as 31
    line = f"6{code}{origin}{check_digit(origin)}{came.line[12:78]}1{trace}"
    return type(came)(line, 0, (back,))
