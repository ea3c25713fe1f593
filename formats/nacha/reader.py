"""Does this NACHA file hold together, and what is in it?

Reading is strict: every record is 94 characters, every field is what its layout says, every total agrees. What a
sender is known to do otherwise is allowed by name, in `Relaxations`. The first fault ends the reading: a file is taken
whole or refused whole.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from formats.columns import days_apart
from formats.errors import (
    BLOCK_COUNT,
    CONTROL_COUNT,
    FIELD,
    FILE_DATE,
    RECORD_LENGTH,
    RECORD_ORDER,
    RECORD_TYPE,
    TRUNCATED,
    Malformed,
)
from formats.nacha import rules
from formats.nacha.batch import BatchRules, Totals, batch_rules, check_addenda, fault_in
from formats.nacha.records import (
    Addenda,
    BatchControl,
    BatchHeader,
    Entry,
    FileControl,
    FileHeader,
    addenda_type,
)
from formats.nacha.values import BLOCK, FILLER, AchFile, Batch, Entries
from formats.text import decode, lines_of

WIDTH: Final = 94
FILE_DATE_DAYS_MAX: Final = 10  # a creation date farther from the day of receipt is refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxations:
    """What is forgiven, by name. All False is the rulebook.

    Attributes:
        trimmed_lines: blanks missing at the end of a file header or file control, where nothing but blanks may follow.
        missing_filler: lines of nines missing, all or some, in the last block of ten.
        unordered_traces: trace numbers that do not ascend within their batch.
        unordered_batches: batch numbers that do not ascend within the file.
        foreign_traces: trace numbers that do not begin with the batch's originating bank.
        unbroken: the whole file in one line, records following one another without line ends.
    """

    trimmed_lines: bool = False
    missing_filler: bool = False
    unordered_traces: bool = False
    unordered_batches: bool = False
    foreign_traces: bool = False
    unbroken: bool = False


STRICT: Final = Relaxations()


def read(data: bytes, *, relax: Relaxations = STRICT, name: str = "", received_on: date | None = None) -> AchFile:
    """Return the file that *data* holds: UTF-8 or Latin-1, lines ended by LF or CRLF, the last end optional.

    With *received_on*, a creation date more than ten days away from it is refused.

    Raises:
        Malformed: the first fault, with its line; a file without a file control is `truncated`, whatever else it is.
    """
    text, encoding = decode(data)
    lines = lines_of(text)
    if relax.unbroken and len(lines) == 1 and len(lines[0]) > WIDTH:
        lines = [lines[0][at : at + WIDTH] for at in range(0, len(lines[0]), WIDTH)]
    _refuse_truncated(lines, name)
    header, *batches, control = scan(lines, relax=relax, name=name, received_on=received_on)
    assert isinstance(header, FileHeader), "scan begins with the file header"
    assert isinstance(control, FileControl), "scan ends with the file control"
    return AchFile(header, tuple(batch for batch in batches if isinstance(batch, Batch)), control, encoding)


def scan(
    lines: Iterable[str], *, relax: Relaxations = STRICT, name: str = "", received_on: date | None = None
) -> Iterator[FileHeader | Batch | FileControl]:
    """Yield the file header, each batch once it agrees with its control, and the file control once all agrees.

    Holds one batch at a time. What was yielded before a `Malformed` belongs to a refused file.
    """
    source = _Source(lines=iter(lines), relax=relax)
    try:
        yield from source.file(received_on)
    except Malformed as fault:
        raise fault.within(name, source.line_no) from None


def _refuse_truncated(lines: list[str], name: str) -> None:
    """Refuse a file of this format that has no file control: then every other fault is only a consequence."""
    shortest = FileControl.reserved.first - 1
    ended = any(line[:1] == "9" and len(line) >= shortest and line.strip("9 ") for line in reversed(lines))
    if lines and lines[0][:1] == "1" and not ended:
        raise Malformed(TRUNCATED, "the file ends before its file control record", file=name, line=len(lines))


@dataclass(slots=True)
class _Source:
    """The lines of a file, the place in them, and what has been added up so far."""

    lines: Iterator[str]
    relax: Relaxations
    line: str = ""
    line_no: int = 0
    records: int = 0
    totals: Totals = field(default_factory=Totals)
    sound: set[str] = field(default_factory=set)  # routing numbers whose check digit was found right

    def advance(self) -> None:
        """Go to the next line; past the last one the line is empty."""
        self.line = next(self.lines, "")
        self.line_no += 1

    def file(self, received_on: date | None) -> Iterator[FileHeader | Batch | FileControl]:
        self.advance()
        yield self._header(received_on)
        self.advance()
        batches, last_no = 0, ""
        while self.line[:1] == "5":
            batch = self._batch()
            if batch.header.batch_no <= last_no and not self.relax.unordered_batches:
                raise fault_in(batch.header, "batch_no", f"batch {last_no} stands before it", RECORD_ORDER)
            batches, last_no = batches + 1, batch.header.batch_no
            yield batch
        control = self._control(batches)
        self._filler()
        yield control

    def _header(self, received_on: date | None) -> FileHeader:
        self._expect("1", "a file header")
        header = FileHeader.parse(self._filled(FileHeader.destination_name.first - 1), self.line_no)
        created_on = header.created_on
        assert created_on is not None, "its column refuses zeros and blanks"
        if re.fullmatch(r"(?:(?:[01][0-9]|2[0-3])[0-5][0-9])?", header.created_time) is None:
            raise fault_in(header, "created_time", "a time as HHMM was expected")
        if re.fullmatch(r"[A-Z0-9]", header.modifier) is None:
            raise fault_in(header, "modifier", "a capital letter or a digit was expected")
        if received_on and days_apart(created_on, received_on) > FILE_DATE_DAYS_MAX:
            message = f"made on {created_on}, received on {received_on}: more than {FILE_DATE_DAYS_MAX} days apart"
            raise fault_in(header, "created_on", message, FILE_DATE)
        return header

    def _batch(self) -> Batch:
        header = BatchHeader.parse(self.line, self.line_no)
        batch, before = batch_rules(header), self.line_no
        self.advance()
        self._expect("6", "an entry")
        entries, totals = self._entries(batch)
        self._expect("8", "a batch control")
        control = BatchControl.parse(self.line, self.line_no)
        totals.compare(control)
        for name in ("service_class", "company_id", "odfi", "batch_no"):
            if getattr(control, name) != getattr(header, name):
                raise fault_in(control, name, "it differs from the batch header")
        self.totals.add(totals)
        self.records += self.line_no - before + 1
        self.advance()
        return Batch(header, entries, control)

    def _entries(self, batch: BatchRules) -> tuple[Entries, Totals]:
        """Return the entries up to the first line that is none, and their sums.

        The loop is the hot path of the package: one pattern checks every column at once, and what the common payment
        does not need stands in functions that are called only for the others.
        """
        layout, match, per_entry = batch.layout, batch.shape.fullmatch, batch.per_entry
        sound, live, odfi, line, last = self.sound, batch.live, batch.odfi, self.line, ""
        lines: list[str] = []
        line_nos: list[int] = []
        addenda: dict[int, tuple[Addenda, ...]] = {}
        hash_, cents_of = 0, [0, 0]  # cents_of[is_debit]
        while line[:1] == "6":
            columns = match(line)
            if columns is None:
                layout.explain(line)  # raises, with the first column that is wrong
            assert columns is not None, "a line that its pattern refuses has a column that is wrong"
            code, routing, amount, flag, trace = columns.groups()
            cents = int(amount)
            if routing not in sound or code not in live or not cents:
                self._uncommon(batch, code=code, routing=routing, cents=cents, flag=flag)
            if trace[:8] != odfi or trace <= last:
                self._check_trace(trace, last=last, odfi=odfi)
            last = trace
            hash_ += int(routing[:8])
            cents_of[code[1] >= "5"] += cents
            lines.append(line)
            line_nos.append(self.line_no)
            if flag == "0":
                self.advance()
            else:
                addenda[len(lines) - 1] = self._addenda(batch, trace)
            if per_entry is not None:
                per_entry(layout(line, line_nos[-1], addenda.get(len(lines) - 1, ())))
            line = self.line
        count = len(lines) + sum(map(len, addenda.values()))
        entries = Entries(layout, lines=lines, line_nos=line_nos, addenda=addenda)
        return entries, Totals(count, hash_, cents_of[True], cents_of[False])

    def _uncommon(self, batch: BatchRules, *, code: str, routing: str, cents: int, flag: str) -> None:
        """Examine an entry that is not a plain payment to a bank seen before."""
        rules.check_routing(routing)
        self.sound.add(routing)
        rules.is_debit(code, sec=batch.sec, service_class=batch.header.service_class)
        rules.check_amount(code, cents, sec=batch.sec)
        if flag == "0" and (code in rules.RETURN or batch.sec.code == "COR"):
            message = "a return or notice of change carries addenda 98 or 99"
            raise Malformed(FIELD, message, record="6", field=Entry.addenda_indicator.place, value=flag)

    def _check_trace(self, trace: str, *, last: str, odfi: str) -> None:
        message = ""
        if trace[:8] != odfi and not self.relax.foreign_traces:
            message = f"it does not begin with the originating bank {odfi} of its batch"
        elif trace <= last and not self.relax.unordered_traces:
            message = "trace numbers ascend within a batch"
        if message:
            raise Malformed("trace", message, record="6", field=Entry.trace.place, value=trace)

    def _addenda(self, batch: BatchRules, trace: str) -> tuple[Addenda, ...]:
        """Return the addenda below an entry that announces some, and go past them."""
        found: list[Addenda] = []
        self.advance()
        while self.line[:1] == "7":
            addenda = addenda_type(self.line).parse(self.line, self.line_no)
            check_addenda(addenda, number=len(found) + 1, sec=batch.sec, trace=trace)
            found.append(addenda)
            self.advance()
        if not found:
            message = "addenda are announced and none follow"
            field_ = Entry.addenda_indicator.place
            raise Malformed(FIELD, message, record="6", field=field_, value="1", line=self.line_no - 1)
        return tuple(found)

    def _control(self, batches: int) -> FileControl:
        self._expect("9", "a batch header or the file control")
        control = FileControl.parse(self._filled(FileControl.reserved.first - 1), self.line_no)
        self.records += 2  # the file header and this one
        self.totals.compare(control)
        if control.batch_count != batches:
            raise fault_in(control, "batch_count", f"{control.batch_count} stated, {batches} found", CONTROL_COUNT)
        blocks = -(-self.records // BLOCK)
        if control.block_count != blocks:
            raise fault_in(control, "block_count", f"{control.block_count} stated, {blocks} found", BLOCK_COUNT)
        return control

    def _filler(self) -> None:
        """Refuse anything after the file control but what fills the last block."""
        filler = 0
        for line in self.lines:
            self.line_no += 1
            if line.strip() and line != FILLER:
                if not line.strip("9 "):
                    raise Malformed(RECORD_LENGTH, f"{WIDTH} nines were expected, {len(line)} found", value=line)
                raise Malformed(RECORD_ORDER, "only lines of 94 nines may follow the file control", value=line)
            filler += line == FILLER
        needed = -self.records % BLOCK
        if filler > needed or (filler < needed and not self.relax.missing_filler):
            raise Malformed(BLOCK_COUNT, f"{needed} lines of nines fill the last block, {filler} were found")

    def _filled(self, shortest: int) -> str:
        """Return the current line, its cut-off blanks put back if that is allowed and it is at least *shortest*."""
        if self.relax.trimmed_lines and shortest <= len(self.line) < WIDTH:
            return self.line.ljust(WIDTH)
        return self.line

    def _expect(self, kind: str, words: str) -> None:
        """Refuse the current line if it is not a record of this *kind*, saying what is wrong with it first."""
        line = self.line
        if line[:1] == kind:
            return
        if not line and next(self.lines, None) is None:
            raise Malformed(TRUNCATED, f"the file ends where {words} was expected")
        if len(line) != WIDTH:
            message = f"{WIDTH} characters were expected, {len(line)} found"
            raise Malformed(RECORD_LENGTH, message, record=line[:1], value=line)
        if line[:1] == "7":
            message = "addenda stand below an entry that announces none"
            raise Malformed(RECORD_ORDER, message, record="7", value=line)
        known = line[:1] in {"1", "5", "6", "8", "9"}
        raise Malformed(
            RECORD_ORDER if known else RECORD_TYPE, f"{words} was expected here", record=line[:1], value=line
        )
