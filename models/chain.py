"""How is one timeline entry chained to the one before, so that a changed record shows?"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256

from models.tables import TimelineRow

Plain = Mapping[str, object]


def canonical(value: object) -> str:
    """Return *value* as JSON in one way only: sorted keys, no blanks, ISO dates, bytes as hex."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_written)


def _written(value: object) -> str:
    match value:
        case bytes():
            return value.hex()
        case datetime() | date():
            return value.isoformat()
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")


def link(prev_hash: str, entry: Plain) -> str:
    """Return the hash of *entry* after *prev_hash*; the first entry of a case follows its case id.

    *entry* holds every column but the two hashes. Private words count as ciphertext, so that destroying the
    customer's key changes no hash.
    """
    return sha256(f"{prev_hash}\n{canonical(entry)}".encode()).hexdigest()


def entry_of(row: TimelineRow) -> dict[str, object]:
    """Return what the hash of *row* covers."""
    return row.model_dump(exclude={"hash", "prev_hash"})


def broken_at(case_id: str, rows: Iterable[TimelineRow]) -> int | None:
    """Return the number of the first of a case's *rows*, in order from 1, that does not follow; none if all do."""
    prev_hash = case_id
    for seq, row in enumerate(rows, start=1):
        if row.seq != seq or row.prev_hash != prev_hash or row.hash != link(prev_hash, entry_of(row)):
            return seq
        prev_hash = row.hash
    return None
