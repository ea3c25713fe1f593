"""Which rows does a delimited file without one header for all of them hold?"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from formats.city.cells import iso_date
from formats.errors import BAD_DATE, COLUMN_COUNT, NOT_A_NUMBER, TRUNCATED, Malformed
from formats.source import Source, read_text
from formats.text import cents_of_dollars, is_digits, lines_of

_DIGITS_MAX = 15


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its kind is the first cell; *names* are the names of the cells after it, blank for one unused."""

    cells: tuple[str, ...]
    line_no: int
    names: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Return the first cell."""
        return self.cells[0].strip()

    def named(self, names: tuple[str, ...]) -> "Row":
        """Return this row with its cells named, refusing another number of cells."""
        if len(self.cells) != len(names) + 1:
            message = f"{len(names) + 1} cells were expected, {len(self.cells)} found"
            raise Malformed(COLUMN_COUNT, message, line=self.line_no, record=self.kind[:1])
        return Row(self.cells, self.line_no, names)

    def text(self, name: str) -> str:
        """Return the cell, blanks around it dropped; one that the layout does not have is empty."""
        return self.cells[self.names.index(name) + 1].strip() if name in self.names else ""

    def count(self, name: str) -> int:
        """Return a whole number, which may be negative; cents are read so too."""
        text = self.text(name)
        if not is_digits(text.removeprefix("-")) or len(text) > _DIGITS_MAX:
            raise self.fault(NOT_A_NUMBER, "a whole number was expected", name)
        return int(text)

    def cents(self, name: str) -> int:
        """Return integer cents: of the cell `{name}_cents`, or of `{name}_dollars` where the layout has that one."""
        if f"{name}_dollars" not in self.names:
            return self.count(f"{name}_cents")
        try:
            return cents_of_dollars(self.text(f"{name}_dollars"))
        except Malformed as fault:
            raise self.fault(fault.rule, fault.message, f"{name}_dollars") from None

    def day(self, name: str) -> date:
        """Return a date written YYYY-MM-DD."""
        day = iso_date(self.text(name))
        if day is None:
            raise self.fault(BAD_DATE, "a date YYYY-MM-DD was expected", name)
        return day

    def tie(self, name: str, found: int, *, rule: str) -> None:
        """Refuse this row, a trailer, if the count or cents it states under *name* is not what was *found*."""
        stated = self.cents(name.removesuffix("_cents")) if name.endswith("_cents") else self.count(name)
        if stated != found:
            raise self.fault(rule, f"{stated} is stated, {found} found", name)

    def fault(self, rule: str, message: str, name: str) -> Malformed:
        return Malformed(rule, message, line=self.line_no, record=self.kind[:1], field=name, value=self.text(name))


def closing(row: Row, names: tuple[str, ...]) -> Row:
    """Return the last row of a file as the trailer it should be; one cut short is `truncated`."""
    if len(row.cells) <= len(names):
        raise Malformed(TRUNCATED, "the file ends within its trailer row", line=row.line_no, record=row.kind[:1])
    return row.named(names)


def rows_of(source: Source, *, trailer: str, delimiter: str = ",", name: str | None = None) -> Iterator[Row]:
    """Yield the rows of *source*, blank lines left out.

    Refuses (`truncated`) a file whose last line is not a row of kind *trailer*, before anything else is looked at.
    """
    text = read_text(source, name=name)
    lines = lines_of(text)
    if not lines or lines[-1].partition(delimiter)[0].strip(' "') != trailer:
        raise Malformed(TRUNCATED, f"the file ends before its trailer row ({trailer})", line=len(lines))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip(" \x1a") for cell in cells):
                yield Row(tuple(cells), reader.line_num)
    except csv.Error as error:
        raise Malformed("unreadable", str(error), line=reader.line_num) from None
