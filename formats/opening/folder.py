"""What is in an opening folder, line by line, and what of it cannot be believed?

Every fault of every file is found before anything is taken: someone who mends a spreadsheet wants the whole list.
"""

import csv
import hashlib
import io
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.case import Case
from formats.account_no import has_right_check_digit
from formats.errors import Malformed
from formats.opening.cases import case_of
from formats.opening.cells import Unfit, cells_of, field_of, value_of
from formats.opening.checks import faults_of
from formats.opening.layout import ACCOUNT, CASES, LAYOUTS, MANIFEST, Layout
from formats.source import read_text
from formats.text import lines_of as text_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: where it stands, by which rule, and what would be right. *value* may be private."""

    file: str
    line: int
    column: str
    rule: str
    says: str
    value: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a file that is kept as it is written, by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningFolder:
    """A folder as it was read. *registers*: its other files, whose columns are those of the record.

    *places*: the line of each account in ``cases.csv``, for whoever finds a fault later.
    """

    as_of: datetime
    pack: str
    sha256: str
    cases: Mapping[str, Case]
    balances: Mapping[str, int]
    registers: Mapping[str, Sequence[Line]]
    places: Mapping[str, int]
    problems: Sequence[Problem]


def read_opening(root: Path) -> OpeningFolder:
    """Return the folder at *root*, with everything that is wrong in its lines.

    Raises:
        Malformed: it has no manifest or no cases, or one of its files cannot be read as a table at all.
    """
    manifest = _manifest(root)
    told = {path.stem: path for path in sorted(root.glob("*.csv"))}
    if CASES.name not in told:
        raise Malformed("no_cases", f"{CASES.name}.csv is not there", file=root.name)
    problems: list[Problem] = []
    lines: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    places: dict[str, int] = {}
    for layout in LAYOUTS:
        if layout.name in told:
            for account_no, number, value in _typed(told[layout.name], layout, problems):
                if lines[account_no][layout.name] and not layout.many:
                    says = f"account {account_no} has a line already"
                    problems.append(_at(layout, number, ACCOUNT, rule="duplicate_account", says=says))
                    continue
                lines[account_no][layout.name].append(value)
                if layout is CASES:
                    places[account_no] = number
    cases = {}
    named = {row.cells.get(ACCOUNT, "").strip() for row in _rows(told[CASES.name])[1]}
    for account_no, of_account in lines.items():
        if CASES.name not in of_account and account_no in named:
            continue  # its line there is wrong, and that is told
        if CASES.name not in of_account:
            name = next(iter(of_account))
            says = f"account {account_no} has lines here and none in {CASES.name}.csv"
            problems.append(Problem(file=f"{name}.csv", line=0, column=ACCOUNT, rule="no_case", says=says))
            continue
        cases[account_no] = case = case_of(account_no, of_account)
        for rule, says in faults_of(case, manifest.as_of):
            problems.append(_at(CASES, places[account_no], ACCOUNT, rule=rule, says=f"account {account_no}: {says}"))
    kept = {layout.name for layout in LAYOUTS}
    return OpeningFolder(
        as_of=manifest.as_of,
        pack=manifest.pack,
        sha256=_digest(root),
        cases=cases,
        balances={
            number: of_account[CASES.name][0].balance.cents for number, of_account in lines.items() if number in cases
        },
        registers={name: tuple(_rows(path)[1]) for name, path in told.items() if name not in kept},
        places=places,
        problems=tuple(problems),
    )


def write_opening(
    root: Path,
    *,
    as_of: datetime,
    pack: str,
    lines: Mapping[str, Mapping[str, Iterable[Any]]],
    registers: Mapping[str, tuple[Sequence[str], Iterable[Mapping[str, str]]]],
) -> dict[str, int]:
    """Write a folder: *lines* by account and file, *registers* by file with their columns; return lines by file."""
    root.mkdir(parents=True, exist_ok=True)
    written: dict[str, int] = {}
    for layout in LAYOUTS:
        columns = (ACCOUNT, *layout.columns)
        rows = [
            {ACCOUNT: number, **cells_of(value)}
            for number, of_account in sorted(lines.items())
            for value in of_account.get(layout.name, ())
        ]
        if rows:
            written[layout.name] = _write(root, layout.name, columns, rows)
    for name, (named, rows_of) in registers.items():
        if found := list(rows_of):
            written[name] = _write(root, name, named, found)
    counted = "".join(f"{name} = {count}\n" for name, count in sorted(written.items()))
    manifest = f'as_of = {as_of.isoformat()}\npack = "{pack}"\n\n[lines]\n{counted}'
    (root / MANIFEST).write_text(manifest, encoding="utf-8")
    return written


@dataclass(frozen=True, slots=True)
class _Manifest:
    as_of: datetime
    pack: str


def _manifest(root: Path) -> _Manifest:
    if not (root / MANIFEST).is_file():
        raise Malformed("no_manifest", f"no opening folder: there is no {MANIFEST} in it", file=root.name)
    try:
        told = tomllib.loads(read_text(root / MANIFEST, name=MANIFEST))
    except tomllib.TOMLDecodeError as wrong:
        raise Malformed("manifest", f"it cannot be read: {wrong}", file=MANIFEST) from wrong
    as_of, pack = told.get("as_of"), told.get("pack", "")
    if not isinstance(as_of, datetime) or as_of.tzinfo is None:
        raise Malformed("no_as_of", "as_of states the instant of which the folder is, with its zone", file=MANIFEST)
    if not isinstance(pack, str):
        raise Malformed("manifest", "pack is the name of a policy pack", file=MANIFEST)
    for name, count in dict(told.get("lines", {})).items():
        path = root / f"{name}.csv"
        found = len(_rows(path)[1]) if path.is_file() else 0
        if found != count:
            says = f"{name}.csv has {found} lines, {MANIFEST} says {count}: the folder is not whole"
            raise Malformed("control_count", says, file=MANIFEST)
    return _Manifest(as_of, pack)


def _typed(path: Path, layout: Layout, problems: list[Problem]) -> Iterator[tuple[str, int, Any]]:
    """Yield each line that can be read as the layout's kind, with its account; the others become problems."""
    columns, rows = _rows(path)
    known = (ACCOUNT, *layout.columns)
    for column in columns:
        if column not in known:
            says = f"it is none of {', '.join(known)}"
            problems.append(_at(layout, 1, column, rule="unknown_column", says=says))
    missing = [column for column in (ACCOUNT, *layout.must) if column not in columns]
    problems += [_at(layout, 1, column, rule="missing_column", says="the column is not there") for column in missing]
    if missing:
        return
    for row in rows:
        before = len(problems)
        account_no = row.cells[ACCOUNT].strip()
        if not has_right_check_digit(account_no):
            says = "the check digit is wrong"
            problems.append(_at(layout, row.number, ACCOUNT, rule="bad_check_digit", says=says, value=account_no))
        values = {}
        for column in layout.columns:
            if column in row.cells:
                text = row.cells[column]
                try:
                    values[field_of(column, layout.kind)] = value_of(layout.kind, column, text)
                except Unfit as unfit:
                    problems.append(_at(layout, row.number, column, rule="unfit", says=str(unfit), value=text))
        if len(problems) == before:
            yield account_no, row.number, layout.kind(**values)


def _rows(path: Path) -> tuple[tuple[str, ...], list[Line]]:
    """Return a file's columns, and its lines with the number that each begins on."""
    text = "\n".join(text_lines(read_text(path, name=path.name)))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        if len(set(header)) < len(header) or not all(header):
            raise Malformed("duplicate_column", "each column has a name of its own", file=path.name, line=1)
        found: list[Line] = []
        begins = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(header):
                says = f"{len(header)} cells were expected, not {len(cells)}"
                raise Malformed("column_count", says, file=path.name, line=begins)
            if cells:
                found.append(Line(number=begins, cells=dict(zip(header, cells, strict=True))))
            begins = reader.line_num + 1
    except csv.Error as wrong:
        raise Malformed("unreadable", f"{wrong}", file=path.name, line=reader.line_num) from wrong
    return header, found


def _write(root: Path, name: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> int:
    with (root / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def _digest(root: Path) -> str:
    found = hashlib.sha256()
    for path in (root / MANIFEST, *sorted(root.glob("*.csv"))):
        found.update(f"{path.name}\n".encode() + path.read_bytes())
    return found.hexdigest()


def _at(layout: Layout, line: int, column: str, *, rule: str, says: str, value: str = "") -> Problem:
    return Problem(file=f"{layout.name}.csv", line=line, column=column, rule=rule, says=says, value=value)
