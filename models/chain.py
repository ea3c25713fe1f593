"""How is one timeline entry chained to the one before, so that a changed record shows?"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby

from models.tables import RefusalRow, TimelineRow

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


def entry_of(row: TimelineRow | RefusalRow) -> dict[str, object]:
    """Return what the hash of *row* covers."""
    return row.model_dump(exclude={"hash", "prev_hash"})


def broken_at(case_id: str, rows: Iterable[TimelineRow], refused: Iterable[RefusalRow] = ()) -> int | None:
    """Return the number of the first of a case's *rows*, in order from 1, that does not follow; none if all do.

    *refused*: what was refused in the case, in order; a refusal that does not follow counts as the entry before it.
    """
    prev_hash, behind = case_id, groupby(refused, key=lambda row: row.after_seq)
    after, beside = next(behind, (None, ()))
    for seq, row in enumerate(rows, start=1):
        if row.seq != seq or not _follows(prev_hash, row):
            return seq
        prev_hash = row.hash
        if after == seq:
            for refusal in beside:
                if not _follows(prev_hash, refusal):
                    return seq
                prev_hash = refusal.hash
            after, beside = next(behind, (None, ()))
    return after


def _follows(prev_hash: str, row: TimelineRow | RefusalRow) -> bool:
    return row.prev_hash == prev_hash and row.hash == link(prev_hash, entry_of(row))
