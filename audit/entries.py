"""What stands in the timeline, read column by column with SQL of its own?"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, text

COVERED = (
    "case_id",
    "seq",
    "account_no",
    "type",
    "key",
    "at",
    "on",
    "by",
    "stage",
    "status",
    "cents",
    "service",
    "public",
    "private",
    "certificate",
)
"""The columns that an entry's hash covers: all but the two hashes."""

_TIMELINE = text(
    "SELECT {}, prev_hash, hash FROM timeline ORDER BY case_id, seq".format(  # noqa: S608  # our own names
        ", ".join(f'"{name}"' for name in COVERED)
    )
)
_CASES = text("SELECT case_id, seq, refused FROM cases ORDER BY case_id")
_PACKS = text("SELECT digest, pack, content FROM policies ORDER BY digest")

REFUSED = ("refusal_id", "case_id", "after_seq", "place", "at", "by", "decision", "body", "certificate")
"""The columns that a refusal's hash covers."""

_REFUSALS = text(
    "SELECT {}, prev_hash, hash FROM refusals ORDER BY case_id, after_seq, place".format(  # noqa: S608  # our own names
        ", ".join(f'"{name}"' for name in REFUSED)
    )
)


class Unreadable(ValueError):
    """A column holds something that was never written there: no JSON, no date, no instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One link as stored: an entry, *place* 0, or the *place*-th refusal after entry *seq*.

    *covered* holds what the hash covers, by column.
    """

    case_id: str
    seq: int
    place: int = 0
    covered: Mapping[str, Any]
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A policy pack that was in force: its name, and the days on which its city's offices are closed."""

    name: str
    closed: frozenset[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """An entry that cannot even be read."""

    case_id: str
    seq: int
    says: str
    place: int = 0


def entries(connection: Connection) -> Iterator[Entry | Broken]:
    """Yield every entry of every case, in order; one that cannot be read says so and stops nothing."""
    for row in connection.execution_options(stream_results=True).execute(_TIMELINE).mappings():
        try:
            covered = {name: _read(name, row[name]) for name in COVERED}
        except Unreadable as fault:
            yield Broken(case_id=row["case_id"], seq=row["seq"], says=str(fault))
        else:
            yield Entry(
                case_id=row["case_id"],
                seq=row["seq"],
                covered=covered,
                prev_hash=row["prev_hash"],
                hash=row["hash"],
            )


def last_numbers(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return for each case the number of its last entry and how often it was refused, as the list of cases has it."""
    return {row.case_id: (row.seq, row.refused) for row in connection.execute(_CASES)}


def packs(connection: Connection) -> dict[str, Pack]:
    """Return the packs that were ever in force, by digest; one whose text is no pack counts as missing."""
    found = {}
    for row in connection.execute(_PACKS):
        try:
            closed = frozenset(date.fromisoformat(day) for day in json.loads(row.content)["city_closed"])
        except (ValueError, KeyError, TypeError):
            continue
        found[row.digest] = Pack(name=row.pack, closed=closed)
    return found


def refusals(connection: Connection) -> dict[str, list[Entry | Broken]]:
    """Return what was refused at first sight, by case, in the order in which it stands between the entries."""
    found: dict[str, list[Entry | Broken]] = {}
    for row in connection.execute(_REFUSALS).mappings():
        case_id, seq, place = row["case_id"], row["after_seq"], row["place"]
        link: Entry | Broken
        try:
            covered = {name: _read(name, row[name]) for name in REFUSED}
        except Unreadable as fault:
            link = Broken(case_id=case_id, seq=seq, place=place, says=str(fault))
        else:
            hashes = {"prev_hash": row["prev_hash"], "hash": row["hash"]}
            link = Entry(case_id=case_id, seq=seq, place=place, covered=covered, **hashes)
        found.setdefault(case_id, []).append(link)
    return found


def _read(name: str, stored: Any) -> Any:  # noqa: ANN401  # a column of any type
    """Return *stored* as it was written: SQLite keeps text where PostgreSQL keeps JSON, dates and instants."""
    if stored is None:
        return None
    try:
        match name:
            case "public" | "certificate" | "body":
                return json.loads(stored) if isinstance(stored, str) else stored
            case "at":
                instant = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
                return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
            case "on":
                return date.fromisoformat(stored) if isinstance(stored, str) else stored
            case "private":
                return bytes(stored)
            case _:
                return stored
    except (ValueError, TypeError) as fault:
        raise Unreadable(f"column {name} cannot be read: {fault}") from fault
