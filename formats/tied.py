"""How is a file written and read whose trailer states how many lines it has and what they come to?

Comma-separated, UTF-8, with a header row; ``rec`` is D for a line and T for the trailer, whose ``account_no`` holds the
number of lines and whose amount their sum. A file is taken whole or refused whole.
"""

import csv
import io
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import TypeVar, get_type_hints

from formats.city.cells import Record, read_records
from formats.errors import Malformed
from formats.source import Source, name_of

Line = TypeVar("Line")


def read_tied(source: Source, columns: str, *, adds: str = "", once: str) -> list[Record]:
    """Return the lines of a file whose trailer agrees with them.

    Refuses a file without its trailer (`truncated`), rows behind it, another count of lines (`control_count`) or
    another sum of *adds* (`control_total`) than it says, and a line whose *once* stands in it twice (`duplicate`).
    """
    lines: list[Record] = []
    trailer: Record | None = None
    seen: set[str] = set()
    for row in read_records(source, columns=columns):
        if trailer is not None:
            row.refuse("rec", rule="after_trailer", message="a row stands behind the trailer")
        match row.text("rec"):
            case "T":
                trailer = row
            case "D":
                if row.text(once) in seen:
                    row.refuse(once, rule="duplicate", message="it stands in the file twice")
                seen.add(row.text(once))
                lines.append(row)
            case _:
                row.refuse("rec", rule="not_a_choice", message="neither D nor T")
    if trailer is None:
        raise Malformed(file=name_of(source), rule="truncated", message="the trailer is missing")
    if trailer.cents("account_no") != len(lines):
        trailer.refuse("account_no", rule="control_count", message=f"the file holds {len(lines)} lines")
    found = sum(line.cents(adds) for line in lines) if adds else 0
    if adds and trailer.cents(adds) != found:
        trailer.refuse(adds, rule="control_total", message=f"the lines come to {found}")
    return lines


def filled(row: Record, layout: type[Line], *, blank: Collection[str] = ()) -> Line:
    """Return *row* as a line of *layout*: each field from its column, by its type; those in *blank* may be empty."""
    read: dict[object, Callable[[str], object]] = {
        str: row.text,
        int: row.cents,
        date: row.day,
        date | None: row.optional_day,
    }
    kinds = get_type_hints(layout)
    return layout(**{name: row.cells[name] if name in blank else read[kind](name) for name, kind in kinds.items()})


def write_tied(columns: str, lines: Sequence[object], *, adds: str) -> bytes:
    """Return *lines*, values with a field for each of *columns* after the first, with the trailer that ties them."""
    names, out = columns.split()[1:], io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("rec", *names))
    writer.writerows(("D", *(_cell(getattr(line, name)) for name in names)) for line in lines)
    trailer = {"account_no": len(lines), adds: sum(getattr(line, adds) for line in lines)}
    writer.writerow(("T", *(trailer.get(name, "") for name in names)))
    return out.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
