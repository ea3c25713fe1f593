"""What does one cell of a city's CSV file say, and where does it stand when it says nothing lawful?"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import NoReturn, TypeVar

from formats.errors import BLANK, Malformed
from formats.source import Source, name_of, read_text

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CENTS = re.compile(r"-?\d{1,15}", re.ASCII)

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of a file with a header row; each reader below names file, line and column when it refuses."""

    file: str
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """Return the cell, which must not be blank."""
        return self.cells[column] or self.refuse(column, rule=BLANK, message="the cell is blank")

    def optional(self, column: str) -> str | None:
        """Return the cell, none for a blank one."""
        return self.cells[column] or None

    def cents(self, column: str) -> int:
        """Return integer cents; a count of anything else is read the same way."""
        if not _CENTS.fullmatch(self.cells[column]):
            self.refuse(column, rule="not_a_number", message="not a whole number")
        return int(self.cells[column])

    def optional_cents(self, column: str) -> int | None:
        return self.cents(column) if self.cells[column] else None

    def day(self, column: str) -> date:
        """Return an ISO calendar date; basic and week dates, which Python would take, are refused."""
        day = iso_date(self.cells[column])
        return day if day is not None else self.refuse(column, rule="bad_date", message="not a date YYYY-MM-DD")

    def optional_day(self, column: str) -> date | None:
        return self.day(column) if self.cells[column] else None

    def instant(self, column: str, *, zone: tzinfo | None = None) -> datetime:
        """Return an instant in UTC: from the cell's own offset, or from local time in *zone* when it has none."""
        try:
            written = datetime.fromisoformat(self.cells[column])
        except ValueError:
            self.refuse(column, rule="bad_instant", message="not a date and time")
        if written.tzinfo is None:
            if zone is None:
                self.refuse(column, rule="bad_instant", message="the time has no offset from UTC")
            written = written.replace(tzinfo=zone)
        return written.astimezone(UTC)

    def flag(self, column: str) -> bool:
        """Return a 0/1 cell as a truth value."""
        if self.cells[column] not in ("0", "1"):
            self.refuse(column, rule="not_a_choice", message="neither 0 nor 1")
        return self.cells[column] == "1"

    def choice(self, column: str, kinds: type[Choice]) -> Choice:
        """Return the member of *kinds* that the cell names."""
        try:
            return kinds(self.cells[column])
        except ValueError:
            return self.refuse(column, rule="not_a_choice", message=f"not one of {', '.join(kinds)}")

    def refuse(self, column: str, *, rule: str, message: str) -> NoReturn:
        raise Malformed(
            file=self.file, line=self.line, field=column, value=self.cells[column], rule=rule, message=message
        )


def iso_date(written: str) -> date | None:
    """Return the date that *written* names as YYYY-MM-DD, none when it names none."""
    if not _DATE.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def read_records(source: Source, *, columns: str, name: str | None = None) -> Iterator[Record]:
    """Yield the rows of *source* one by one; columns may stand in any order and further ones are passed over.

    *columns* names the needed ones, with blanks between. Refuses a file that is empty, lacks one of them, or has
    a row with more or fewer cells than its header.
    """
    called = name_of(source, name)
    rows = csv.reader(io.StringIO(read_text(source, name=name), newline=""), strict=True)
    filled = (cells for cells in rows if not _is_blank(cells))
    try:
        header = [cell.strip() for cell in next(filled, [])]
        check_header(header, columns=columns.split(), file=called)
        for cells in filled:
            if len(cells) != len(header):
                raise Malformed(
                    file=called,
                    line=rows.line_num,
                    rule="column_count",
                    message=f"{len(cells)} columns where the header has {len(header)}",
                )
            yield Record(file=called, line=rows.line_num, cells=dict(zip(header, cells, strict=True)))
    except csv.Error as exc:
        raise Malformed(file=called, line=rows.line_num, rule="unreadable", message=str(exc)) from exc


def _is_blank(cells: Sequence[str]) -> bool:
    """Say whether a line holds nothing: blanks, or the end-of-file mark of old systems."""
    return not cells or (len(cells) == 1 and not cells[0].strip(" \t\x1a"))


def check_header(header: Sequence[str], *, columns: Sequence[str], file: str) -> None:
    """Refuse a header that is empty, names a column twice, or lacks one of *columns*."""
    if not any(header):
        raise Malformed(file=file, line=1, rule="empty", message="the file has no header row")
    for column in columns:
        if column not in header:
            raise Malformed(
                file=file, line=1, field=column, rule="missing_column", message=f"the column {column} is missing"
            )
    for column in header:
        if header.count(column) > 1:
            raise Malformed(
                file=file, line=1, field=column, rule="duplicate_column", message=f"the column {column} is there twice"
            )
