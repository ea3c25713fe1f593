"""Is the record of every case whole and unchanged?"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, create_engine

from audit.checks import certificate_faults, link, refusal_faults
from audit.entries import Broken, Entry, Pack, entries, last_numbers, packs, refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that is not as it was written. *seq* is the entry's number, 0 for the case as a whole."""

    case_id: str
    seq: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last link of a case: whoever keeps it elsewhere can tell later whether the chain was written anew.

    *place*: 0 where it is an entry, else which refusal after entry *seq*.
    """

    seq: int
    hash: str
    place: int = 0


@dataclass(slots=True)
class Report:
    """What was looked at and what is wrong with it. *heads* is the last link of each case."""

    entries: int = 0
    refusals: int = 0
    certificates: int = 0
    faults: list[Fault] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Say whether nothing was found."""
        return not self.faults


def verify(url: str, *, kept: Mapping[str, Head] | None = None) -> Report:
    """Return what a look over the database at *url* finds; it is only read.

    *kept*: heads kept from an earlier look, each of which must still stand in its chain.
    """
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return _look_over(connection, kept or {})
    finally:
        engine.dispose()


def _look_over(connection: Connection, kept: Mapping[str, Head]) -> Report:
    report, known, numbers = Report(), packs(connection), last_numbers(connection)
    refused = refusals(connection)
    for case_id, told in groupby(entries(connection), key=lambda entry: entry.case_id):
        beside = refused.pop(case_id, [])
        for fault in _case_faults(case_id, merge(told, beside, key=_place), known, kept.get(case_id), report):
            report.faults.append(fault)
        last = report.heads[case_id].seq if case_id in report.heads else 0
        listed, times = numbers.pop(case_id, (0, 0))
        if listed != last:
            report.faults.append(Fault(case_id=case_id, seq=last, says="the list of cases knows another last entry"))
        if times != len(beside):
            says = f"the list of cases knows {times} refusals, {len(beside)} are on record"
            report.faults.append(Fault(case_id=case_id, seq=last, says=says))
    for case_id in refused:
        report.faults.append(Fault(case_id=case_id, seq=0, says="refusals stand in a case that has no entries"))
    for case_id in numbers:
        report.faults.append(Fault(case_id=case_id, seq=0, says="the case has no entries"))
    for case_id in sorted(kept.keys() - report.heads.keys() - numbers.keys()):
        report.faults.append(Fault(case_id=case_id, seq=0, says="the case was there at an earlier look and is gone"))
    return report


def _place(link: Entry | Broken) -> tuple[int, int]:
    return link.seq, link.place


def _case_faults(
    case_id: str, told: Iterator[Entry | Broken], known: Mapping[str, Pack], kept: Head | None, report: Report
) -> Iterator[Fault]:
    prev_hash, before, kept_hash = case_id, (0, 0), ""
    for entry in told:
        where = f"refusal {entry.place} after it: " if entry.place else ""
        for says in (*_gap(before, entry), *_link_faults(prev_hash, entry, known)):
            yield Fault(case_id=case_id, seq=entry.seq, says=where + says)
        before = _place(entry)
        report.entries += not entry.place
        report.refusals += entry.place > 0
        prev_hash = "" if isinstance(entry, Broken) else entry.hash
        report.certificates += isinstance(entry, Entry) and entry.covered["certificate"] is not None
        report.heads[case_id] = Head(seq=entry.seq, place=entry.place, hash=prev_hash)
        if kept is not None and _place(entry) == (kept.seq, kept.place):
            kept_hash = prev_hash
    if kept is not None and kept_hash != kept.hash:
        yield Fault(
            case_id=case_id, seq=kept.seq, says="it is another than at an earlier look: the chain was rewritten"
        )


def _gap(before: tuple[int, int], link: Entry | Broken) -> Iterator[str]:
    """Yield what is missing between the link *before* and *link*."""
    seq, place = before
    if link.place == 0 and link.seq != seq + 1:
        yield f"the entries from {seq + 1} on are missing"
    if link.place and (link.seq, link.place) != (seq, place + 1):
        yield "what it follows is missing"


def _link_faults(prev_hash: str, entry: Entry | Broken, known: Mapping[str, Pack]) -> Iterator[str]:
    if isinstance(entry, Broken):
        yield entry.says
        return
    if prev_hash and entry.prev_hash != prev_hash:
        yield "it does not follow the one before it"
    if entry.hash != link(entry.prev_hash, entry.covered):
        yield "it is not what its hash says: it was changed"
    yield from refusal_faults(entry, known) if entry.place else certificate_faults(entry, known)


def write_heads(path: Path, heads: Mapping[str, Head]) -> None:
    """Write *heads* to *path*, to be kept where nobody who can change the database can change them."""
    told = {case_id: [head.seq, head.hash, head.place] for case_id, head in sorted(heads.items())}
    path.write_text(json.dumps(told, indent=1))


def read_heads(path: Path) -> dict[str, Head]:
    """Return the heads that `write_heads` wrote.

    Raises:
        ValueError: it is no such file.
    """
    try:
        return {
            case_id: Head(seq=int(seq), hash=str(told), place=int(place[0]) if place else 0)
            for case_id, (seq, told, *place) in json.loads(path.read_text()).items()
        }
    except (AttributeError, TypeError) as fault:
        raise ValueError(f"{path.name} holds no heads") from fault
