"""Which checks did the bank take out of our lockbox, and whose accounts do they pay?

Lockbox records in the style of BAI: 1 file header, 2 service, 5 batch header, 6 check, 4 overflow (the stubs of the
check above), 7 batch total, 8 lockbox total, 9 trailer. Banks vary the columns, so the layout is data: `LAYOUT` is the
one of our banks, and another bank's is another `Layout` with the same field names.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

from formats.columns import Column, Day, Number, OneOf, Text, check_columns
from formats.errors import (
    CONTROL_COUNT,
    CONTROL_TOTAL,
    FIELD,
    RECORD_LENGTH,
    RECORD_ORDER,
    RECORD_TYPE,
    TRUNCATED,
    Malformed,
)
from formats.source import Source, name_of, read_text
from formats.text import lines_of


@dataclass(frozen=True, slots=True)
class Layout:
    """How one bank writes its lockbox file: the length of a line, and per record type the fields by name."""

    width: int
    records: Mapping[str, Mapping[str, Column[Any]]]

    def __post_init__(self) -> None:
        for fields in self.records.values():
            for name, column in fields.items():
                column.name = name

    @classmethod
    def of_table(cls, table: Mapping[str, object]) -> "Layout":
        """Return the layout that a table of fields (TOML, already parsed) describes.

        Raises:
            Malformed: a record or a field that is read is missing, or a field is no field.
        """
        width, records = table.get("width"), table.get("records")
        if not isinstance(width, int) or not isinstance(records, Mapping):
            raise Malformed(FIELD, "a width and a table of records were expected", field="records")
        layout = cls(width, {str(kind): _fields(fields, width, str(kind)) for kind, fields in records.items()})
        for kind, known in LAYOUT.records.items():
            needed = {name: known[name] for name in _NEEDED[kind]}
            for name, column in needed.items():
                if type(layout.records.get(kind, {}).get(name)) is not type(column):
                    what = type(column).__name__.lower()
                    raise Malformed(FIELD, f"record {kind} needs a field {name}, a {what}", field="records")
        return layout


def _fields(fields: object, width: int, kind: str) -> dict[str, Column[Any]]:
    if not isinstance(fields, Mapping):
        raise Malformed(FIELD, f"record {kind} is no table of fields", field="records")
    return {str(name): _column(spec, width, f"{kind}.{name}") for name, spec in fields.items()}


def _column(spec: object, width: int, name: str) -> Column[Any]:
    """Return the column that *spec* describes: what it holds, first and last place, of a choice the choices."""
    message = "a list of kind, first and last column was expected, within the width: text, number, day or choice"
    if not isinstance(spec, list) or len(spec) < len(("kind", "first", "last")):
        raise Malformed(FIELD, message, field=name)
    what, first, last, *choices = spec
    inside = isinstance(first, int) and isinstance(last, int) and 1 <= first <= last <= width
    if not inside or what not in _COLUMNS or bool(choices) is not (what == "choice"):
        raise Malformed(FIELD, message, field=name)
    if what == "day" and last - first + 1 != len("YYMMDD"):
        raise Malformed(FIELD, "a day has six columns, YYMMDD", field=name)
    meaning = name.rpartition(".")[2].replace("_", " ")
    return OneOf(first, last, meaning, *map(str, choices)) if choices else _COLUMNS[what](first, last, meaning)


_COLUMNS: Final[Mapping[str, Callable[..., Column[Any]]]] = {
    "text": Text,
    "number": partial(Number, padded=True),
    "day": Day,
    "choice": OneOf,
}
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "1": ("origin",),
    "2": (),
    "5": ("box", "deposited_on"),
    "6": ("batch", "item", "amount_cents", "routing", "bank_account", "check_no", "account_no", "payer"),
    "4": ("item", "account_no", "amount_cents"),
    "7": ("items", "amount_cents"),
    "8": ("items", "amount_cents"),
    "9": ("lines",),
}

LAYOUT: Final = Layout(
    width=80,
    records={
        "1": {
            "destination": Text(4, 13, "who receives the file"),
            "origin": Text(14, 23, "bank that sends it"),
            "created_on": Day(24, 29, "date of the file"),
            "created_time": Text(30, 33, "time of the file, HHMM"),
        },
        "2": {
            "destination": Text(2, 11, "who receives the file"),
            "origin": Text(12, 21, "bank that sends it"),
        },
        "5": {
            "batch": Number(2, 4, "batch number"),
            "box": Text(8, 14, "lockbox number"),
            "deposited_on": Day(15, 20, "deposit date"),
        },
        "6": {
            "batch": Number(2, 4, "batch number"),
            "item": Number(5, 7, "check in the batch"),
            "amount_cents": Number(8, 17, "amount of the check"),
            "routing": Text(18, 26, "routing number on the check"),
            "bank_account": Text(27, 36, "account at that bank"),
            "check_no": Text(37, 46, "check number"),
            "account_no": Text(47, 62, "our account, zero filled"),
            "payer": Text(63, 80, "name on the check"),
        },
        "4": {
            "batch": Number(2, 4, "batch number"),
            "item": Number(5, 7, "check that the stub belongs to"),
            "detail_type": OneOf(8, 8, "record type of the item above", "6"),
            "stub": Number(9, 10, "stub of this check"),
            "last": OneOf(11, 11, "9 on the last stub", "0", "9"),
            "account_no": Text(12, 27, "our account, zero filled"),
            "amount_cents": Number(28, 37, "part of the check for this account"),
        },
        "7": {
            "batch": Number(2, 4, "batch number"),
            "items": Number(21, 23, "checks in the batch"),
            # The bank's own description says 25-34, its files write 24-33: read so that both are right.
            "amount_cents": Number(24, 34, "sum of the batch", padded=True),
        },
        "8": {
            "items": Number(21, 24, "checks in the file"),
            "amount_cents": Number(25, 34, "sum of the file"),
        },
        "9": {"lines": Number(2, 7, "records in the file, this one included")},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """One account that a check pays, and how much of it."""

    account_no: str
    amount_cents: int
    line_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. Where it came with several stubs they carry its whole amount; else there is one, its own account.

    Holds bank numbers and a name: private.
    """

    batch: int
    item: int
    amount_cents: int
    routing: str
    bank_account: str
    check_no: str
    payer: str
    stubs: tuple[Stub, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockboxFile:
    """A day's deposit; box and deposit date make it the same file, whatever its bytes."""

    origin: str
    box: str
    deposited_on: date
    checks: tuple[Check, ...]

    @property
    def identity(self) -> str:
        """Return `box/deposit date`."""
        return f"{self.box}/{self.deposited_on.isoformat()}"

    @property
    def total_cents(self) -> int:
        """Return the sum of the checks; it agrees with the file's own totals."""
        return sum(check.amount_cents for check in self.checks)


def read_lockbox(source: Source, *, layout: Layout = LAYOUT, name: str | None = None) -> LockboxFile:
    """Return the deposit that *source* holds.

    Raises:
        Malformed: `truncated` without a trailer; `record_length`; `control_total` and `control_count` of batch, box
            and file, and of stubs that do not carry their check's amount; a record out of place; a field misshapen.
    """
    called = name_of(source, name)
    try:
        return _Reader(_rows(lines_of(read_text(source, name=name)), layout)).file()
    except Malformed as fault:
        raise fault.within(called) from None


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    line: str
    number: int
    fields: Mapping[str, Column[Any]]

    def text(self, name: str) -> str:
        value = self.fields[name].read(self.line[self.fields[name].slice])
        assert isinstance(value, str), f"{name} is text in every layout"
        return value

    def count(self, name: str) -> int:
        value = self.fields[name].read(self.line[self.fields[name].slice])
        assert isinstance(value, int), f"{name} is a number in every layout"
        return value

    def day(self, name: str) -> date:
        value = self.fields[name].read(self.line[self.fields[name].slice])
        assert isinstance(value, date), f"{name} is a date in every layout"
        return value

    def tie(self, name: str, found: int, rule: str) -> None:
        """Refuse this row if it states another number than what was *found*."""
        if self.count(name) != found:
            raise self.fault(rule, f"{self.count(name)} is stated, {found} found", name)

    def fault(self, rule: str, message: str, name: str) -> Malformed:
        column = self.fields[name]
        value = self.line[column.slice]
        return Malformed(rule, message, line=self.number, record=self.kind, field=column.place, value=value)


def _rows(lines: Sequence[str], layout: Layout) -> Iterator[_Row]:
    """Yield every record with its fields checked one by one."""
    shortest = max(column.last for column in layout.records["9"].values())
    if not lines or lines[-1][:1] != "9" or len(lines[-1]) < shortest:
        raise Malformed(TRUNCATED, "the file ends before its trailer record", line=len(lines))
    for number, line in enumerate(lines, start=1):
        kind, fields = line[:1], layout.records.get(line[:1])
        if len(line) != layout.width:
            message = f"{layout.width} characters were expected, {len(line)} found"
            raise Malformed(RECORD_LENGTH, message, line=number, record=kind, value=line)
        if fields is None:
            raise Malformed(RECORD_TYPE, "no such record", line=number, record=kind, value=line)
        try:
            check_columns(line, fields.values(), width=layout.width)
        except Malformed as fault:
            fault.record = kind
            raise fault.within("", number) from None
        yield _Row(kind, line, number, fields)


@dataclass(slots=True)
class _Reader:
    """Walks the records, adds up checks, compares with the totals."""

    rows: Iterator[_Row]
    row: _Row = field(init=False)

    def __post_init__(self) -> None:
        self.row = next(self.rows)

    def advance(self) -> _Row:
        current = self.row
        following = next(self.rows, None)
        assert following is not None, "only the trailer is last, and nothing goes past it"
        self.row = following
        return current

    def take(self, kind: str) -> _Row:
        """Return the current record, which must be of this *kind*, and go past it."""
        self.expect(kind)
        return self.advance()

    def expect(self, kind: str) -> None:
        if self.row.kind != kind:
            message = f"a record {kind} was expected"
            raise Malformed(RECORD_ORDER, message, line=self.row.number, record=self.row.kind)

    def file(self) -> LockboxFile:
        head = self.take("1")
        self.take("2")
        first = self.row
        self.expect("5")
        checks: list[Check] = []
        while self.row.kind == "5":
            checks += self.batch()
        total = self.take("8")
        total.tie("amount_cents", sum(c.amount_cents for c in checks), CONTROL_TOTAL)
        total.tie("items", len(checks), CONTROL_COUNT)
        self.expect("9")
        self.row.tie("lines", self.row.number, CONTROL_COUNT)
        if next(self.rows, None) is not None:
            raise Malformed(RECORD_ORDER, "records follow the trailer", line=self.row.number, record="9")
        return LockboxFile(
            origin=head.text("origin"),
            box=first.text("box"),
            deposited_on=first.day("deposited_on"),
            checks=tuple(checks),
        )

    def batch(self) -> list[Check]:
        self.advance()
        checks = []
        while self.row.kind == "6":
            checks.append(self.check())
        total = self.take("7")
        total.tie("amount_cents", sum(c.amount_cents for c in checks), CONTROL_TOTAL)
        total.tie("items", len(checks), CONTROL_COUNT)
        return checks

    def check(self) -> Check:
        row = self.advance()
        stubs = []
        while self.row.kind == "4":
            self.row.tie("item", row.count("item"), RECORD_ORDER)
            stubs.append(_stub(self.advance()))
        if stubs and sum(stub.amount_cents for stub in stubs) != row.count("amount_cents"):
            raise row.fault(CONTROL_TOTAL, "the stubs do not carry the amount of the check", "amount_cents")
        return Check(
            batch=row.count("batch"),
            item=row.count("item"),
            amount_cents=row.count("amount_cents"),
            routing=row.text("routing"),
            bank_account=row.text("bank_account"),
            check_no=row.text("check_no"),
            payer=row.text("payer"),
            stubs=tuple(stubs) or (_stub(row),),
        )


def _stub(row: _Row) -> Stub:
    return Stub(account_no=row.text("account_no"), amount_cents=row.count("amount_cents"), line_no=row.number)
