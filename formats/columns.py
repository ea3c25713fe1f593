"""How does a line of fixed columns become named values, and named values a line?

A layout is declared once, as `Column`s on a `Record`; reading, writing, validation and the printed record layout all
come from that one declaration. Columns count characters, not bytes, and are numbered from 1 as the rulebooks do.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from formats.errors import BAD_DATE, FIELD, NOT_A_NUMBER, RECORD_LENGTH, Malformed

T_co = TypeVar("T_co", covariant=True)
DIGIT = "[0-9]"  # never \d, which also matches digits of other scripts
PRINTABLE = "[ -~\x80-\U0010ffff]"  # all but control characters, which are damage; ranges match faster than [^...]
CENTURY = 2000  # two-digit years: none of these formats is older than its files here


class Column(ABC, Generic[T_co]):
    """One field: columns *first* to *last*, what it means, what may stand in it.

    Read from a record it gives its value; on the class it gives itself.
    """

    def __init__(self, first: int, last: int, meaning: str) -> None:
        self.first = first
        self.last = last
        self.meaning = meaning
        self.width = last - first + 1
        self.name = ""
        self.slice = slice(first - 1, last)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, record: None, owner: type) -> Self: ...
    @overload
    def __get__(self, record: "Record", owner: type) -> T_co: ...
    def __get__(self, record: "Record | None", owner: type) -> "Self | T_co":
        return self if record is None else self.read(record.line[self.slice])

    @property
    def place(self) -> str:
        """Return the field's name with its columns, as errors show it."""
        span = str(self.first) if self.width == 1 else f"{self.first}-{self.last}"
        return f"{self.name} (columns {span})"

    def pattern(self) -> str:
        """Return the regular expression for what may stand here; always exactly `width` characters."""
        return f"{PRINTABLE}{{{self.width}}}"

    @abstractmethod
    def read(self, text: str) -> T_co:
        """Return the value of this field's *text*."""

    @abstractmethod
    def write(self, value: Any) -> str:  # noqa: ANN401 -- `T_co` may not stand in an argument; `check` refuses the rest
        """Return *value* as this field's characters; the caller checks that they fit."""

    def check(self, text: str) -> None:
        """Refuse *text* that cannot be this field.

        Raises:
            Malformed: with the field, its columns and the text; rule `field` or `bad_date`.
        """
        if re.fullmatch(self.pattern(), text) is None:
            raise self.fault(FIELD, self.expected(), text)

    def expected(self) -> str:
        """Return in words what may stand here."""
        return f"{self.width} printable characters were expected"

    def fault(self, rule: str, message: str, text: str) -> Malformed:
        """Return the error for *text* in this field."""
        return Malformed(rule, message, field=self.place, value=text)


class Text(Column[str]):
    """Characters, left-justified and filled with blanks. With *needed*, all blank is refused."""

    def __init__(self, first: int, last: int, meaning: str, *, needed: bool = False) -> None:
        super().__init__(first, last, meaning)
        self.needed = needed

    def pattern(self) -> str:
        look = "(?! *$)" if self.needed and self.width == 1 else f"(?! {{{self.width}}})" if self.needed else ""
        return look + super().pattern()

    def read(self, text: str) -> str:
        return text.strip(" ")

    def write(self, value: object) -> str:
        return str(value).ljust(self.width)

    def expected(self) -> str:
        return "a value is mandatory here" if self.needed else super().expected()


class Digits(Column[str]):
    """Digits that are a name rather than a number (routing, trace), zero-filled. With *blank*, blanks give ''."""

    def __init__(self, first: int, last: int, meaning: str, *, blank: bool = False) -> None:
        super().__init__(first, last, meaning)
        self.blank = blank

    def pattern(self) -> str:
        digits = f"{DIGIT}{{{self.width}}}"
        return f"(?:{digits}| {{{self.width}}})" if self.blank else digits

    def read(self, text: str) -> str:
        return text.strip(" ")

    def write(self, value: object) -> str:
        return str(value).ljust(self.width) if self.blank and not value else str(value).rjust(self.width, "0")

    def expected(self) -> str:
        return f"{self.width} digits were expected"


class Number(Column[int]):
    """A whole number, right-justified and zero-filled; with *padded*, blanks may stand around its digits.

    Where it is money, its unit is the cent.
    """

    def __init__(self, first: int, last: int, meaning: str, *, padded: bool = False) -> None:
        super().__init__(first, last, meaning)
        self.padded = padded

    def pattern(self) -> str:
        return f"{DIGIT}{{{self.width}}}"

    def read(self, text: str) -> int:
        return int(text)

    def write(self, value: object) -> str:
        return str(value or 0).rjust(self.width, "0")

    def expected(self) -> str:
        return f"{self.width} digits were expected"

    def check(self, text: str) -> None:
        digits = text.strip(" ").rjust(self.width, "0") if self.padded and text.strip(" ") else text
        if re.fullmatch(self.pattern(), digits) is None:
            raise self.fault(NOT_A_NUMBER, self.expected(), text)


class OneOf(Column[str]):
    """One of the listed values, each of full width; with one value it is a constant."""

    def __init__(self, first: int, last: int, meaning: str, *values: str) -> None:
        super().__init__(first, last, meaning)
        self.values = values

    def pattern(self) -> str:
        return f"(?:{'|'.join(map(re.escape, self.values))})"

    def read(self, text: str) -> str:
        return text

    def write(self, value: object) -> str:
        return str(value) if value else self.values[0]

    def expected(self) -> str:
        return f"one of {', '.join(map(repr, self.values))} was expected"


class Day(Column[date | None]):
    """A date as YYMMDD of this century. With *blank*, blanks or zeros mean that no date is given: None."""

    def __init__(self, first: int, last: int, meaning: str, *, blank: bool = False) -> None:
        super().__init__(first, last, meaning)
        self.blank = blank

    def pattern(self) -> str:
        return f"(?:{DIGIT}{{6}}| {{6}})" if self.blank else f"{DIGIT}{{6}}"

    def read(self, text: str) -> date | None:
        return day_of(text) if text.strip(" 0") else None

    def write(self, value: date | None) -> str:
        return value.strftime("%y%m%d") if value else "      "

    def check(self, text: str) -> None:
        if self.blank and not text.strip(" "):
            return
        if text == "000000" and self.blank:
            return
        try:
            day_of(text)
        except ValueError:
            raise self.fault(BAD_DATE, "a date as YYMMDD was expected", text) from None


def day_of(text: str) -> date:
    """Return the date that *text* (YYMMDD) spells; ValueError if there is no such day."""
    if re.fullmatch(f"{DIGIT}{{6}}", text) is None:
        raise ValueError(text)
    return date(CENTURY + int(text[:2]), int(text[2:4]), int(text[4:]))


def days_apart(one: date, other: date) -> int:
    """Return the number of days between two dates, whichever comes first."""
    return abs((one - other).days)


@dataclass(frozen=True, slots=True)
class Record:
    """One line of fixed columns. The line is the value: fields are cut out of it when asked for.

    Attributes:
        line: the characters, without line end.
        line_no: where it stood in its file, counted from 1; 0 for a line that was built. Not part of equality.
    """

    line: str
    line_no: int = field(default=0, compare=False)

    KIND: ClassVar[str] = ""
    WIDTH: ClassVar[int] = 94

    @classmethod
    def columns(cls) -> tuple[Column[Any], ...]:
        """Return the fields of this record in the order of their columns."""
        found: dict[str, Column[Any]] = {}
        for owner in reversed(cls.__mro__):
            found |= {name: value for name, value in vars(owner).items() if isinstance(value, Column)}
        return tuple(sorted(found.values(), key=lambda column: column.first))

    @classmethod
    def shape(cls, *captured: str) -> "re.Pattern[str]":
        """Return a pattern that a whole line of this record matches; the fields named are its groups."""
        parts = (f"({c.pattern()})" if c.name in captured else c.pattern() for c in cls.columns())
        return re.compile("".join(parts))

    @classmethod
    def parse(cls, line: str, line_no: int = 0) -> Self:
        """Return *line* as this record, every field checked by itself.

        Raises:
            Malformed: naming the first field, by column, that cannot be what the layout says.
        """
        cls.explain(line)
        return cls(line, line_no)

    @classmethod
    def explain(cls, line: str) -> None:
        """Refuse *line* for the first reason that its length or a single field gives."""
        try:
            check_columns(line, cls.columns(), width=cls.WIDTH)
        except Malformed as fault:
            fault.record = fault.record or cls.KIND
            raise

    @classmethod
    def build(cls, **values: object) -> Self:
        """Return a record with these field values; fields not named take their constant, zeros or blanks.

        Refused (`Malformed`): a value that does not fit its columns or is not of its kind. Nothing is cut off
        silently: whoever wants a name shortened shortens it.
        """
        line = write_columns(cls.columns(), values, record=cls.KIND)
        return cls.parse(line)


def check_columns(line: str, columns: Iterable[Column[Any]], *, width: int) -> None:
    """Refuse *line* if it is not *width* characters long or a field of it cannot be what the layout says."""
    if len(line) != width:
        raise Malformed(RECORD_LENGTH, f"{width} characters were expected, {len(line)} found", value=line)
    for column in columns:
        column.check(line[column.slice])


def write_columns(columns: Iterable[Column[Any]], values: Mapping[str, object], *, record: str) -> str:
    """Return the line that *values* give under *columns*."""
    left, parts = dict(values), []
    for column in columns:
        text = column.write(left.pop(column.name, ""))
        if len(text) != column.width:
            fault = column.fault(FIELD, f"{len(text)} characters do not fit {column.width} columns", text)
            fault.record = record
            raise fault
        parts.append(text)
    assert not left, f"record {record} has no field {sorted(left)}"
    return "".join(parts)
