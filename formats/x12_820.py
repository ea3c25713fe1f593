"""Which accounts does a business pay with this remittance, and how much each?

X12 820 (Payment Order/Remittance Advice, 004010), as a file of its own or inside the addenda of a CTX entry:
ISA GS ST, BPR (what is paid), TRN (trace), RMR (one account each), ADX (why less was paid), SE GE IEA.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from formats.columns import day_of
from formats.errors import (
    BAD_DATE,
    CONTROL_COUNT,
    CONTROL_TOTAL,
    FIELD,
    RECORD_ORDER,
    SEGMENT_COUNT,
    TRUNCATED,
    Malformed,
)
from formats.source import Source, name_of, read_text
from formats.text import cents_of_dollars, is_digits

CONTROL_NUMBER: Final = "control_number"
_ISA_ELEMENTS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One ADX: why less, or more, was paid than was billed; less is negative."""

    cents: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceLine:
    """One RMR: what is paid on one account. The number is as the payer wrote it.

    Attributes:
        qualifier: RMR01, what kind of number it is: `14` master account, `IV` invoice, `IK` seller's number.
        billed_cents: RMR05, None if not stated.
    """

    qualifier: str
    account_no: str
    paid_cents: int
    billed_cents: int | None
    adjustments: tuple[Adjustment, ...]
    line_no: int  # the segment's place in the interchange, counted from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Remittance:
    """One transaction set (ST to SE): one payment and its lines, which add up to it."""

    control_no: str
    total_cents: int
    credit: bool
    method: str
    trace: str
    payer: str
    payee: str
    lines: tuple[RemittanceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interchange:
    """A whole ISA envelope. Its control number (ISA13) makes it the same file, whatever its bytes."""

    sender: str
    receiver: str
    made_on: date
    control_no: str
    remittances: tuple[Remittance, ...]

    @property
    def identity(self) -> str:
        """Return ISA13."""
        return self.control_no


def read_820(source: Source, *, name: str | None = None) -> Interchange:
    """Return the interchange in *source*; also takes the joined addenda of a CTX entry, encoded.

    Raises:
        Malformed: `truncated` without an IEA; `segment_count` (SE01), `control_count`, `control_total` (the lines
            against BPR02), `control_number`; a segment out of place. Its `line` counts segments.
    """
    called = name_of(source, name)
    try:
        return _Reader(_segments(read_text(source, name=name))).interchange()
    except Malformed as fault:
        raise fault.within(called) from None


def read_rmr(text: str) -> RemittanceLine:
    r"""Return the one RMR segment that a CCD entry's addenda holds, as in `RMR*IK*BPX26090101**3317.69\`.

    Raises:
        Malformed: the text is anything else.
    """
    segment = _Segment(tuple(text.rstrip(" ").rstrip("\\~").split("*")), 1)
    if segment.tag != "RMR":
        raise Malformed(RECORD_ORDER, "an RMR segment was expected", line=1, record=segment.tag[:3], value=text)
    (line,) = _lines([segment])
    return line


def is_interchange(text: str) -> bool:
    """Tell whether the addenda of an entry hold an X12 envelope rather than a bare RMR or free text."""
    return text.startswith("ISA")


@dataclass(frozen=True, slots=True)
class _Segment:
    elements: tuple[str, ...]
    number: int

    @property
    def tag(self) -> str:
        return self.elements[0]

    def element(self, at: int) -> str:
        """Return element *at* (`RMR04` is 4); one left off the end is empty."""
        return self.elements[at].strip(" ") if at < len(self.elements) else ""

    def cents(self, at: int) -> int:
        try:
            return cents_of_dollars(self.element(at))
        except Malformed as fault:
            raise self.fault(fault.rule, fault.message, at) from None

    def count(self, at: int) -> int:
        if not is_digits(self.element(at)) or len(self.element(at)) > len("0000000000"):
            raise self.fault(FIELD, "a count was expected", at)
        return int(self.element(at))

    def fault(self, rule: str, message: str, at: int) -> Malformed:
        field, value = f"{self.tag}{at:02d}", self.element(at)
        return Malformed(rule, message, line=self.number, record=self.tag, field=field, value=value)


def _segments(text: str) -> list[_Segment]:
    """Return the segments, by the separators that the ISA segment itself shows."""
    text = text.strip("\r\n\t \x1a")  # the last is the end-of-file mark of old systems
    if text[:3] != "ISA" or len(text) < len("ISA*"):
        raise Malformed(RECORD_ORDER, "an ISA segment was expected", line=1, value=text[:3])
    separator = text[3]
    parts = text.split(separator, _ISA_ELEMENTS)
    if len(parts) <= _ISA_ELEMENTS or len(parts[_ISA_ELEMENTS]) < len(">~"):
        raise Malformed(TRUNCATED, "the file ends within its ISA segment", line=1, record="ISA")
    terminator = parts[_ISA_ELEMENTS][1]
    pieces = (piece.strip("\r\n") for piece in text.split(terminator))
    found = [_Segment(tuple(piece.split(separator)), at) for at, piece in enumerate(filter(None, pieces), start=1)]
    if found[-1].tag != "IEA" or not text.endswith(terminator):
        raise Malformed(TRUNCATED, "the file ends before its IEA segment", line=len(found), record=found[-1].tag[:3])
    return found


class _Reader:
    """Walks the segments and checks each envelope as it closes."""

    def __init__(self, segments: list[_Segment]) -> None:
        self.segments: Iterator[_Segment] = iter(segments)
        self.segment = next(self.segments)

    def advance(self) -> _Segment:
        """Return the current segment and go to the next; there is always one before IEA."""
        current = self.segment
        following = next(self.segments, None)
        assert following is not None, "only IEA is last, and nothing goes past it"
        self.segment = following
        return current

    def interchange(self) -> Interchange:
        isa, groups = self.advance(), 0
        remittances: list[Remittance] = []
        while self.segment.tag == "GS":
            remittances += self.group()
            groups += 1
        iea = self.expect("IEA")
        _tie(iea, 1, groups, CONTROL_COUNT)
        _same(iea, 2, isa.element(13))
        extra = next(self.segments, None)
        if extra is not None:
            raise Malformed(RECORD_ORDER, "segments follow IEA", line=extra.number, record=extra.tag[:3])
        try:
            made_on = day_of(isa.element(9))
        except ValueError:
            raise isa.fault(BAD_DATE, "a date as YYMMDD was expected", 9) from None
        return Interchange(
            sender=isa.element(6),
            receiver=isa.element(8),
            made_on=made_on,
            control_no=isa.element(13),
            remittances=tuple(remittances),
        )

    def group(self) -> list[Remittance]:
        gs = self.advance()
        found = []
        while self.segment.tag == "ST":
            found.append(self.remittance())
        ge = self.expect("GE")
        _tie(ge, 1, len(found), CONTROL_COUNT)
        _same(ge, 2, gs.element(6))
        self.advance()
        return found

    def remittance(self) -> Remittance:
        st = self.advance()
        if st.element(1) != "820":
            raise st.fault(FIELD, "a transaction set 820 was expected", 1)
        body: list[_Segment] = []
        while self.segment.tag not in {"SE", "GE", "IEA", "ST"}:
            body.append(self.advance())
        se = self.expect("SE")
        _tie(se, 1, len(body) + 2, SEGMENT_COUNT)
        _same(se, 2, st.element(2))
        self.advance()
        return _remittance(st, body)

    def expect(self, tag: str) -> _Segment:
        if self.segment.tag != tag:
            message = f"a {tag} segment was expected"
            raise Malformed(RECORD_ORDER, message, line=self.segment.number, record=self.segment.tag[:3])
        return self.segment


def _tie(segment: _Segment, at: int, found: int, rule: str) -> None:
    if segment.count(at) != found:
        raise segment.fault(rule, f"{segment.count(at)} is stated, {found} were found", at)


def _same(segment: _Segment, at: int, opened: str) -> None:
    if segment.element(at) != opened:
        raise segment.fault(CONTROL_NUMBER, "it is not the number that the envelope opened with", at)


def _remittance(st: _Segment, body: list[_Segment]) -> Remittance:
    bpr = next((s for s in body if s.tag == "BPR"), None)
    if bpr is None:
        raise Malformed(RECORD_ORDER, "a BPR segment was expected", line=st.number, record="ST")
    lines = tuple(_lines(body))
    total, found = bpr.cents(2), sum(line.paid_cents for line in lines)
    if total != found:
        raise bpr.fault(CONTROL_TOTAL, f"{total} cents are stated, the lines give {found}", 2)
    names = {s.element(1): s.element(2) for s in body if s.tag == "N1"}
    return Remittance(
        control_no=st.element(2),
        total_cents=total,
        credit=bpr.element(3) == "C",
        method=bpr.element(4),
        trace=next((s.element(2) for s in body if s.tag == "TRN"), ""),
        payer=names.get("PR", ""),
        payee=names.get("PE", ""),
        lines=lines,
    )


def _lines(body: list[_Segment]) -> Iterator[RemittanceLine]:
    """Yield a line per RMR with the ADX segments that follow it before the next."""
    for at, segment in enumerate(body):
        if segment.tag != "RMR":
            continue
        adjustments = []
        for following in body[at + 1 :]:
            if following.tag in {"RMR", "ENT"}:
                break
            if following.tag == "ADX":
                adjustments.append(Adjustment(cents=following.cents(1), reason=following.element(2)))
        yield RemittanceLine(
            qualifier=segment.element(1),
            account_no=segment.element(2),
            paid_cents=segment.cents(4),
            billed_cents=segment.cents(5) if segment.element(5) else None,
            adjustments=tuple(adjustments),
            line_no=segment.number,
        )
