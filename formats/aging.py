"""Which accounts does a delinquency extract say are past due, and which of its rows cannot be believed?"""

import csv
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TextIO

from formats.account_no import has_right_check_digit
from formats.city.cells import check_header, iso_date
from formats.errors import Malformed
from formats.source import Source, name_of, read_bytes, read_text
from formats.text import lines_of

BUCKETS = ("d1_30_cents", "d31_60_cents", "d61_90_cents", "d91_120_cents", "d121_up_cents")
"""Cents by days past due; their sum is `past_due_cents`."""

_FIXED_AMOUNTS = ("current_cents", *BUCKETS, "past_due_cents", "total_cents")
_REQUIRED = ("account_no", "as_of", "oldest_due", *_FIXED_AMOUNTS)
_AMOUNT = re.compile(r"\d{1,15}|\d{1,3}(,\d{3}){1,4}", re.ASCII)
_SUFFIX = "_cents"


class Reject(StrEnum):
    """Why one row is not taken, in the order of trial. Source: the hand-over notes, "Acceptance of files"."""

    COLUMN_COUNT = "column_count"
    BAD_DATE = "bad_date"
    NOT_A_NUMBER = "not_a_number"
    BAD_CHECK_DIGIT = "bad_check_digit"
    UNKNOWN_ACCOUNT = "unknown_account"
    SUM_MISMATCH = "sum_mismatch"
    DUPLICATE_ACCOUNT = "duplicate_account"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAmount:
    """All that is unpaid for one service, due or not yet."""

    service: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgingRow:
    """One account that the extract says is past due; every sum in it has been checked."""

    line: int
    account_no: str
    as_of: date
    oldest_due: date
    current_cents: int
    """Not yet due."""
    d1_30_cents: int
    d31_60_cents: int
    d61_90_cents: int
    d91_120_cents: int
    d121_up_cents: int
    past_due_cents: int
    services: tuple[ServiceAmount, ...]
    total_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """One row that was not taken: where, which cell, what stood there, and the line as it was sent."""

    line: int
    column: str
    value: str
    reason: Reject
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgingExtract:
    """An extract as it was read. Every row of the file is in `rows` or in `rejected`, blank lines in neither."""

    file: str
    sha256: str
    as_of: date
    services: tuple[str, ...]
    rows: tuple[AgingRow, ...]
    rejected: tuple[RejectedRow, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line with its cells by column; `cells` is none when they cannot be told apart."""

    number: int
    raw: str
    cells: dict[str, str] | None


_Fault = tuple[str, Reject]
"""The column that a row is rejected for, and why."""


def read_aging(source: Source, *, known: Callable[[str], bool], name: str | None = None) -> AgingExtract:
    """Return the extract in *source*; *known* answers whether the utility has an account of that number.

    Takes UTF-8 with or without a byte order mark and Latin-1, LF and CRLF, columns in any order, amounts with or
    without thousands separators. Amounts are unsigned: a bucket below zero is not a number of cents owed. Each
    `*_cents` column beyond the fixed ones is a service. A row is rejected for the first of :class:`Reject`; a
    second row of an account is a duplicate only when a row of it was taken.

    Raises:
        Malformed: the file as a whole is wrong: `unreadable`, `empty`, `missing_column`, `duplicate_column`,
            `no_as_of` (not one row tells its day) or `mixed_as_of` (rows of different days).
    """
    file = name_of(source, name)
    data = read_bytes(source, name=file)
    header, lines = _lines(read_text(data, name=file), file=file)
    services = _services(header)
    if not services:
        raise Malformed(file=file, line=1, rule="missing_column", message="no column *_cents names a service")
    as_of = _as_of(lines, file=file)
    rows: dict[str, AgingRow] = {}
    rejected: list[RejectedRow] = []
    for line in lines:
        read = _row(line, services=services, known=known, taken=rows)
        if isinstance(read, AgingRow):
            rows[read.account_no] = read
        else:
            rejected.append(read)
    return AgingExtract(
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
        as_of=as_of,
        services=services,
        rows=tuple(rows.values()),
        rejected=tuple(rejected),
    )


def write_rejected(rejected: Iterable[RejectedRow], out: TextIO) -> None:
    """Write the error file: one CSV row for each rejected row, its own line whole in the last column."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("line", "column", "value", "reason", "row"))
    writer.writerows((row.line, row.column, row.value, row.reason, row.raw) for row in rejected)


def _lines(text: str, *, file: str) -> tuple[list[str], list[_Line]]:
    """Return the header and the lines below it, blank ones left out.

    Each line is parsed by itself: no cell of an extract holds a line end, and a quote left open must not swallow
    the rows behind it.
    """
    first, *rest = lines_of(text) or [""]
    header = [cell.strip().lower() for cell in _split(first) or []]
    check_header(header, columns=_REQUIRED, file=file)
    lines = []
    for number, raw in enumerate(rest, start=2):
        if not raw.strip():
            continue
        cells = _split(raw)
        told_apart = cells is not None and len(cells) == len(header)
        lines.append(_Line(number, raw, dict(zip(header, cells or (), strict=True)) if told_apart else None))
    if not lines:
        raise Malformed(file=file, rule="empty", message="the file has no rows below its header")
    return header, lines


def _split(raw: str) -> list[str] | None:
    try:
        return [cell.strip() for cell in next(csv.reader([raw], strict=True), [])]
    except csv.Error:
        return None


def _services(header: list[str]) -> tuple[str, ...]:
    return tuple(
        column.removesuffix(_SUFFIX) for column in header if column.endswith(_SUFFIX) and column not in _FIXED_AMOUNTS
    )


def _as_of(lines: list[_Line], *, file: str) -> date:
    """Return the one day that the rows agree on; a row whose day cannot be read has no say."""
    found: date | None = None
    for line in lines:
        day = iso_date(line.cells["as_of"]) if line.cells else None
        if found is not None and day is not None and day != found:
            raise Malformed(
                file=file,
                line=line.number,
                field="as_of",
                value=day.isoformat(),
                rule="mixed_as_of",
                message=f"{day} stands in a file whose first row says {found}",
            )
        found = found or day
    if found is None:
        raise Malformed(file=file, field="as_of", rule="no_as_of", message="no row tells the day of the extract")
    return found


def _row(
    line: _Line, *, services: tuple[str, ...], known: Callable[[str], bool], taken: Mapping[str, AgingRow]
) -> AgingRow | RejectedRow:
    """Return the row that *line* holds, or its first fault in the order of :class:`Reject`."""
    cells = line.cells
    if cells is None:
        return RejectedRow(line=line.number, column="", value="", reason=Reject.COLUMN_COUNT, raw=line.raw)
    fault = (
        _date_fault(cells)
        or _amount_fault(cells)
        or _account_fault(cells, known=known)
        or _sum_fault(cells, services)
        or (("account_no", Reject.DUPLICATE_ACCOUNT) if cells["account_no"] in taken else None)
    )
    if fault is not None:
        column, reason = fault
        return RejectedRow(line=line.number, column=column, value=cells[column], reason=reason, raw=line.raw)
    return AgingRow(
        line=line.number,
        account_no=cells["account_no"],
        as_of=date.fromisoformat(cells["as_of"]),
        oldest_due=date.fromisoformat(cells["oldest_due"]),
        services=tuple(ServiceAmount(service=service, cents=_cents(cells[service + _SUFFIX])) for service in services),
        **{column: _cents(cells[column]) for column in _FIXED_AMOUNTS},
    )


def _date_fault(cells: Mapping[str, str]) -> _Fault | None:
    as_of, oldest_due = iso_date(cells["as_of"]), iso_date(cells["oldest_due"])
    if as_of is None:
        return "as_of", Reject.BAD_DATE
    # An item is past due from the day after its due date, so the oldest one fell due before the extract's day.
    if oldest_due is None or oldest_due >= as_of:
        return "oldest_due", Reject.BAD_DATE
    return None


def _amount_fault(cells: Mapping[str, str]) -> _Fault | None:
    for column, written in cells.items():
        if column.endswith(_SUFFIX) and not _AMOUNT.fullmatch(written):
            return column, Reject.NOT_A_NUMBER
    return None


def _account_fault(cells: Mapping[str, str], *, known: Callable[[str], bool]) -> _Fault | None:
    if not has_right_check_digit(cells["account_no"]):
        return "account_no", Reject.BAD_CHECK_DIGIT
    return None if known(cells["account_no"]) else ("account_no", Reject.UNKNOWN_ACCOUNT)


def _sum_fault(cells: Mapping[str, str], services: tuple[str, ...]) -> _Fault | None:
    past_due, total = _cents(cells["past_due_cents"]), _cents(cells["total_cents"])
    if sum(_cents(cells[bucket]) for bucket in BUCKETS) != past_due:
        return "past_due_cents", Reject.SUM_MISMATCH
    of_services = sum(_cents(cells[service + _SUFFIX]) for service in services)
    if _cents(cells["current_cents"]) + past_due != total or of_services != total:
        return "total_cents", Reject.SUM_MISMATCH
    return None


def _cents(written: str) -> int:
    return int(written.replace(",", ""))
