"""What does the bank say stood in our accounts, and what moved?

BAI2 (Cash Management Balance Reporting, version 2): 01 file, 02 group, 03 account, 16 transaction, 88 continuation,
49 98 99 trailers. Amounts are in cents. Control totals are the sums of every amount in 03 and 16 records; record counts
include continuations and the trailer itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from formats.columns import day_of
from formats.errors import (
    BAD_DATE,
    CONTROL_COUNT,
    CONTROL_TOTAL,
    FIELD,
    NOT_A_NUMBER,
    RECORD_ORDER,
    TRUNCATED,
    Malformed,
)
from formats.source import Source, name_of, read_text
from formats.text import is_digits, lines_of

OPENING_LEDGER: Final = "010"
CLOSING_LEDGER: Final = "015"
ACH_CREDIT: Final = "142"
ACH_SETTLEMENT: Final = "166"  # of drafts that we originated
LOCKBOX_DEPOSIT: Final = "115"
COUNTER_DEPOSIT: Final = "301"
DEPOSITED_ITEM_RETURNED: Final = "555"
ACH_RETURN: Final = "557"

_CREDITS: Final = range(101, 400)
_DEBITS: Final = range(401, 700)
_JOINT: Final = "\n"  # marks, inside a joined record, where a continuation began; no line holds it itself
_EXTRA_FIELDS: Final = {"V": 2, "S": 3}  # after these funds types: value date and time; three availability amounts
_AMOUNT_DIGITS_MAX: Final = 18

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One 16 record. `text` may name a payer: private."""

    type_code: str
    amount_cents: int
    funds_type: str
    bank_ref: str
    customer_ref: str
    text: str
    line_no: int

    @property
    def signed_cents(self) -> int:
        """Return what it does to the balance: credits (101-399) add, debits (401-699) take, other codes nothing."""
        code = int(self.type_code)
        return self.amount_cents if code in _CREDITS else -self.amount_cents if code in _DEBITS else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One status or summary amount of a 03 record; `items` is None where the bank gives no count."""

    type_code: str
    amount_cents: int
    items: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account on one day; its control total and record count hold."""

    account_no: str
    currency: str
    summaries: tuple[Summary, ...]
    transactions: tuple[Transaction, ...]

    def status_cents(self, type_code: str) -> int | None:
        """Return the amount of a status code such as `010` (opening) or `015` (closing); None if not given."""
        return next((s.amount_cents for s in self.summaries if s.type_code == type_code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The accounts of one bank as of one day."""

    receiver: str
    originator: str
    as_of: date
    currency: str
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A whole BAI2 file. Sender, date and file id make it the same file, whatever its bytes."""

    sender: str
    receiver: str
    created_on: date
    created_time: str
    file_id: str
    groups: tuple[Group, ...]

    @property
    def identity(self) -> str:
        """Return `sender/date/file id`."""
        return f"{self.sender}/{self.created_on.isoformat()}/{self.file_id}"

    def accounts(self) -> Iterator[tuple[Group, Account]]:
        """Yield every account with its group."""
        for group in self.groups:
            for account in group.accounts:
                yield group, account


def read_bai2(source: Source, *, name: str | None = None) -> Statement:
    """Return the statement that *source* holds.

    Raises:
        Malformed: `truncated` without a 99 record; `control_total`, `control_count`; a field that is not of its kind.
    """
    called = name_of(source, name)
    try:
        return _Reader(_records(lines_of(read_text(source, name=name)))).file()
    except Malformed as fault:
        raise fault.within(called) from None


@dataclass(slots=True)
class _Record:
    """One logical record: its fields, the lines it took, where it began."""

    code: str
    fields: list[str]
    lines: int
    line_no: int

    def field(self, at: int) -> str:
        """Return field *at*, counted from 1 as the standard does; a field left off the end is empty."""
        return self.fields[at - 1].strip(_JOINT) if at <= len(self.fields) else ""

    def number(self, at: int) -> int:
        text = self.field(at)
        digits = text[1:] if text[:1] in {"+", "-"} else text
        if not is_digits(digits) or len(digits) > _AMOUNT_DIGITS_MAX:
            raise self.fault(NOT_A_NUMBER, "a whole number was expected", at)
        return int(text)

    def day(self, at: int) -> date:
        try:
            return day_of(self.field(at))
        except ValueError:
            raise self.fault(BAD_DATE, "a date as YYMMDD was expected", at) from None

    def fault(self, rule: str, message: str, at: int) -> Malformed:
        place, value = f"field {at}", self.field(at)
        return Malformed(rule, message, line=self.line_no, record=self.code, field=place, value=value)


def _records(lines: list[str]) -> Iterator[_Record]:
    """Yield the logical records, continuations (88) joined to what they continue."""
    if not lines or lines[-1][:2] != "99" or not lines[-1].rstrip(" ").endswith("/"):
        raise Malformed(TRUNCATED, "the file ends before its file trailer (99)", line=len(lines))
    record: _Record | None = None
    for line_no, line in enumerate(lines, start=1):
        code, comma, body = line.partition(",")
        if not comma:
            raise Malformed(FIELD, "a record code and a comma were expected", line=line_no, value=line)
        fields = body.rstrip(" ").removesuffix("/").split(",")
        if code != "88":
            if record:
                yield record
            record = _Record(code, fields, 1, line_no)
        elif record is None:
            raise Malformed(RECORD_ORDER, "a continuation with nothing before it", line=line_no, record=code)
        else:
            record.fields += [_JOINT + fields[0], *fields[1:]]
            record.lines += 1
    assert record is not None, "the last line was seen to be a trailer"
    yield record


class _Reader:
    """Walks the records and adds up what the trailers must say."""

    def __init__(self, records: Iterator[_Record]) -> None:
        self.records = records
        self.record = next(records)
        self.lines = self.record.lines  # physical records so far

    def advance(self) -> _Record:
        """Return the current record and go to the next."""
        current = self.record
        following = next(self.records, None)
        assert following is not None, "only the file trailer is last, and nothing goes past it"
        self.record = following
        self.lines += following.lines
        return current

    def file(self) -> Statement:
        head = self.expect("01")
        self.advance()
        groups, total = self.several("02", self.group)
        trailer = self.expect("99")
        self.tie(trailer, total=total, members=len(groups), lines=self.lines)
        extra = next(self.records, None)
        if extra is not None:
            raise Malformed(RECORD_ORDER, "records follow the file trailer", line=extra.line_no, record=extra.code)
        return Statement(
            sender=head.field(1),
            receiver=head.field(2),
            created_on=head.day(3),
            created_time=head.field(4),
            file_id=head.field(5),
            groups=groups,
        )

    def group(self) -> tuple[Group, int]:
        head, before = self.record, self.lines - self.record.lines
        self.advance()
        accounts, total = self.several("03", self.account)
        self.tie(self.expect("98"), total=total, members=len(accounts), lines=self.lines - before)
        self.advance()
        group = Group(
            receiver=head.field(1),
            originator=head.field(2),
            as_of=head.day(4),
            currency=head.field(6),
            accounts=accounts,
        )
        return group, total

    def account(self) -> tuple[Account, int]:
        head, before = self.record, self.lines - self.record.lines
        summaries = tuple(_summaries(head))
        transactions = []
        self.advance()
        while self.record.code == "16":
            transactions.append(_transaction(self.record))
            self.advance()
        total = sum(s.amount_cents for s in summaries) + sum(t.amount_cents for t in transactions)
        self.tie(self.expect("49"), total=total, members=None, lines=self.lines - before)
        self.advance()
        account = Account(
            account_no=head.field(1),
            currency=head.field(2),
            summaries=summaries,
            transactions=tuple(transactions),
        )
        return account, total

    def several(self, code: str, read: Callable[[], tuple[Value, int]]) -> tuple[tuple[Value, ...], int]:
        """Return all members that begin with *code*, and the sum of their totals."""
        members, total = [], 0
        while self.record.code == code:
            member, cents = read()
            members.append(member)
            total += cents
        return tuple(members), total

    def expect(self, code: str) -> _Record:
        if self.record.code != code:
            message = f"a {code} record was expected"
            raise Malformed(RECORD_ORDER, message, line=self.record.line_no, record=self.record.code)
        return self.record

    def tie(self, trailer: _Record, *, total: int, members: int | None, lines: int) -> None:
        """Refuse a trailer whose total, number of members or number of records is not what was read."""
        if trailer.number(1) != total:
            raise trailer.fault(CONTROL_TOTAL, f"{trailer.number(1)} is stated, the records give {total}", 1)
        counts = [lines] if members is None else [members, lines]
        for at, found in enumerate(counts, start=2):
            if trailer.number(at) != found:
                raise trailer.fault(CONTROL_COUNT, f"{trailer.number(at)} is stated, {found} were found", at)


def _summaries(record: _Record) -> Iterator[Summary]:
    """Yield the amounts of a 03 record; a code without an amount counts as nothing, an empty code is passed over."""
    at = 3
    while at <= len(record.fields):
        code, funds = record.field(at), record.field(at + 3)
        if code:
            amount = record.number(at + 1) if record.field(at + 1) else 0
            items = record.number(at + 2) if record.field(at + 2) else None
            yield Summary(type_code=_type_code(record, at), amount_cents=amount, items=items)
        at += 4 + _extra(record, funds, at + 4)


def _transaction(record: _Record) -> Transaction:
    funds = record.field(3)
    at = 4 + _extra(record, funds, 4)
    text = ",".join(record.fields[at + 1 :]).replace("," + _JOINT, " ").strip(_JOINT)
    return Transaction(
        type_code=_type_code(record, 1),
        amount_cents=record.number(2) if record.field(2) else 0,
        funds_type=funds,
        bank_ref=record.field(at),
        customer_ref=record.field(at + 1),
        text=text,
        line_no=record.line_no,
    )


def _type_code(record: _Record, at: int) -> str:
    code = record.field(at)
    if not is_digits(code) or len(code) != len("010"):
        raise record.fault(FIELD, "a type code of three digits was expected", at)
    return code


def _extra(record: _Record, funds: str, at: int) -> int:
    """Return how many fields the funds type brings along: V two, S three, D a count and pairs, others none."""
    if funds not in {"", "0", "1", "2", "V", "S", "D", "Z"}:
        raise record.fault(FIELD, "a funds type 0, 1, 2, V, S, D or Z was expected", at - 1)
    if funds == "D":
        pairs = record.number(at)
        if not 0 <= pairs <= len(record.fields):
            raise record.fault(FIELD, "more availability pairs than fields", at)
        return 1 + 2 * pairs
    return _EXTRA_FIELDS.get(funds, 0)
