"""Which lines of an opening folder's registers can be believed, and what is wrong with the others?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.evidence import flaw
from domain.facts import FactKind
from domain.money import Money
from formats.account_no import has_right_check_digit
from formats.opening.cells import Unfit
from formats.opening.folder import Line, OpeningFolder, Problem
from models.registers import ACCOUNT, BY_NAME, CASE, REGISTERS, Register, read_line

FACTS, FILES, ENTRIES, PAYMENTS, SUSPENSE = "facts", "payment_files", "file_entries", "payments", "suspense"
SYSTEMS = frozenset({"billing", "outside", "weather service", "system"})  # what they write keeps no shape of ours
AGENCY_MONEY = "agency_money"
_AS_WRITTEN = frozenset({ENTRIES, SUSPENSE, AGENCY_MONEY})  # the number that a sender wrote, which may be nobody's
_REFERS = ((ENTRIES, "file_id", FILES, "file_id"), (SUSPENSE, "entry_id", ENTRIES, "entry_id"))


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers' lines by file, in the order in which they are written, and what is wrong with the others."""

    lines: Mapping[str, Sequence[Mapping[str, Any]]]
    problems: Sequence[Problem] = ()
    accounts: frozenset[str] = field(default=frozenset())


def read_registers(folder: OpeningFolder) -> Registers:
    """Return what the registers of *folder* say, with everything that is wrong in them."""
    problems: list[Problem] = []
    for name in folder.registers:
        if name not in BY_NAME:
            says = f"no such file is known; the registers are {', '.join(sorted(BY_NAME))}"
            problems.append(Problem(file=f"{name}.csv", line=0, column="", rule="unknown_file", says=says))
    read: dict[str, list[tuple[Line, dict[str, Any]]]] = {}
    for register in REGISTERS:
        if lines := folder.registers.get(register.name):
            read[register.name] = list(_typed(register, lines, problems))
    problems += _unreferred(read)
    for line, fact in read.get(FACTS, ()):
        problems += _fact_faults(line, fact, folder.as_of)
    found = {name: [values for _, values in lines] for name, lines in read.items()}
    accounts = frozenset(
        line[ACCOUNT] for name, lines in found.items() if name not in _AS_WRITTEN for line in lines if line.get(ACCOUNT)
    )
    return Registers(found, tuple(problems), accounts)


def _typed(register: Register, lines: Iterable[Line], problems: list[Problem]) -> Iterator[tuple[Line, dict[str, Any]]]:
    told = False
    for line in lines:
        if not told:
            told = True
            wrong = list(_header_faults(register, line))
            problems += wrong
            if wrong:
                return
        before, values = len(problems), {}
        for column, text in line.cells.items():
            try:
                values[column] = read_line(register, column, text.strip())
            except Unfit as unfit:
                problems.append(_at(register, line, column, rule="unfit", says=str(unfit), value=text))
        account_no = "" if register.name in _AS_WRITTEN else values.get(ACCOUNT)
        if account_no and not has_right_check_digit(account_no):
            says = "the check digit is wrong"
            problems.append(_at(register, line, ACCOUNT, rule="bad_check_digit", says=says, value=account_no))
        if len(problems) == before:
            yield line, values


def _header_faults(register: Register, line: Line) -> Iterator[Problem]:
    for column in line.cells:
        if column not in register.columns:
            says = f"it is none of {', '.join(register.columns)}"
            yield Problem(file=f"{register.name}.csv", line=1, column=column, rule="unknown_column", says=says)
    for column in register.must:
        if column not in line.cells:
            says = "the column is not there"
            yield Problem(file=f"{register.name}.csv", line=1, column=column, rule="missing_column", says=says)


def _unreferred(read: Mapping[str, Sequence[tuple[Line, Mapping[str, Any]]]]) -> Iterator[Problem]:
    for name, column, other, key in _REFERS:
        known = {values.get(key) for _, values in read.get(other, ())}
        for line, values in read.get(name, ()):
            if values[column] not in known:
                says = f"{other}.csv has no line with this {key}"
                yield _at(BY_NAME[name], line, column, rule="unknown_reference", says=says, value=str(values[column]))


def _fact_faults(line: Line, fact: Mapping[str, Any], as_of: datetime) -> Iterator[Problem]:
    register = BY_NAME[FACTS]
    try:
        kind = FactKind(fact["kind"])
    except ValueError:
        says = f"one of {', '.join(FactKind)} was expected"
        yield _at(register, line, "kind", rule="unfit", says=says, value=str(fact["kind"]))
        return
    if fact["known_at"] > as_of:
        yield _at(register, line, "known_at", rule="in_the_future", says="it was known after the folder's instant")
    if fact.get("entered_by", "") in SYSTEMS or kind is FactKind.STOP_SWITCH:
        return
    cents = fact.get("amount_cents")
    wrong = flaw(
        kind,
        details=tuple((fact.get("details") or {}).items()),
        amount=None if cents is None else Money(cents),
        source=fact.get("source", ""),
        starts=fact["starts"],
        until=fact.get("until"),
    )
    if wrong is not None:
        yield _at(register, line, "details", rule=wrong.slug.replace("-", "_"), says=f"{wrong.says} {wrong.way_out}")


def _at(register: Register, line: Line, column: str, *, rule: str, says: str, value: str = "") -> Problem:
    return Problem(file=f"{register.name}.csv", line=line.number, column=column, rule=rule, says=says, value=value)


def renamed(lines: Sequence[Mapping[str, Any]], cases: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return *lines* with each case under the name that it has here."""
    return [{**line, CASE: cases.get(line[CASE], line[CASE])} if line.get(CASE) else dict(line) for line in lines]
