"""Is the record of every case whole and unchanged?"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
    """The last entry of a case: whoever keeps it elsewhere can tell later whether the chain was written anew."""

    seq: int
    hash: str


@dataclass(slots=True)
class Report:
    """What was looked at and what is wrong with it. *heads* is the last entry of each case."""

    entries: int = 0
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
    for case_id, told in groupby(entries(connection), key=lambda entry: entry.case_id):
        for fault in _case_faults(case_id, told, known, kept.get(case_id), report):
            report.faults.append(fault)
        last = report.heads[case_id].seq if case_id in report.heads else 0
        if numbers.pop(case_id, 0) != last:
            report.faults.append(Fault(case_id=case_id, seq=last, says="the list of cases knows another last entry"))
    for case_id in numbers:
        report.faults.append(Fault(case_id=case_id, seq=0, says="the case has no entries"))
    for case_id in sorted(kept.keys() - report.heads.keys() - numbers.keys()):
        report.faults.append(Fault(case_id=case_id, seq=0, says="the case was there at an earlier look and is gone"))
    for case_id, refusal_id, body in refusals(connection):
        for says in refusal_faults(body, known):
            report.faults.append(Fault(case_id=case_id, seq=0, says=f"refusal {refusal_id}: {says}"))
    return report


def _case_faults(
    case_id: str, told: Iterator[Entry | Broken], known: Mapping[str, Pack], kept: Head | None, report: Report
) -> Iterator[Fault]:
    prev_hash, expected, kept_hash = case_id, 1, ""
    for entry in told:
        report.entries += 1
        if entry.seq != expected:
            yield Fault(case_id=case_id, seq=entry.seq, says=f"the entries from {expected} on are missing")
        expected = entry.seq + 1
        if isinstance(entry, Broken):
            yield Fault(case_id=case_id, seq=entry.seq, says=entry.says)
            prev_hash = ""
            report.heads[case_id] = Head(seq=entry.seq, hash="")
            continue
        if prev_hash and entry.prev_hash != prev_hash:
            yield Fault(case_id=case_id, seq=entry.seq, says="it does not follow the entry before it")
        if entry.hash != link(entry.prev_hash, entry.covered):
            yield Fault(case_id=case_id, seq=entry.seq, says="it is not what its hash says: it was changed")
        report.certificates += entry.covered["certificate"] is not None
        for says in certificate_faults(entry, known):
            yield Fault(case_id=case_id, seq=entry.seq, says=says)
        prev_hash = entry.hash
        report.heads[case_id] = Head(seq=entry.seq, hash=entry.hash)
        if kept is not None and kept.seq == entry.seq:
            kept_hash = entry.hash
    if kept is not None and kept_hash != kept.hash:
        yield Fault(
            case_id=case_id, seq=kept.seq, says="it is another than at an earlier look: the chain was rewritten"
        )


def write_heads(path: Path, heads: Mapping[str, Head]) -> None:
    """Write *heads* to *path*, to be kept where nobody who can change the database can change them."""
    path.write_text(json.dumps({case_id: [head.seq, head.hash] for case_id, head in sorted(heads.items())}, indent=1))


def read_heads(path: Path) -> dict[str, Head]:
    """Return the heads that `write_heads` wrote.

    Raises:
        ValueError: it is no such file.
    """
    try:
        return {
            case_id: Head(seq=int(seq), hash=str(told)) for case_id, (seq, told) in json.loads(path.read_text()).items()
        }
    except (AttributeError, TypeError) as fault:
        raise ValueError(f"{path.name} holds no heads") from fault
