"""What happened in a case, in order, as far as this person may read it?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from casework.context import Desk
from casework.permissions import Permission
from casework.story import the_row
from domain.events import Event
from models.cases import decode, timeline_of
from models.codec import read_body, read_certificate
from models.refusals import refusals_of
from models.tables import RefusalRow, TimelineRow

FINANCIAL = frozenset({"ability_assessed", "case_opened", "case_taken_over"})
"""Events whose private words say what a household lives on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event with the case's stage and service status after it, its sum in cents and its place in the chain."""

    event: Event
    stage: str
    status: str
    cents: int | None
    service: str | None
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entries in order; *after* is where the next page begins, none after the last."""

    entries: Sequence[Entry]
    after: int | None


def timeline(desk: Desk, case_id: str, *, after: int = 0, limit: int = 100) -> Page:
    """Return the entries numbered above *after*. Words about a person read ``[redacted]`` to roles without notes."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Page:
        the_row(session, case_id)
        rows = timeline_of(session, case_id, after=after, limit=limit + 1)
        entries = tuple(entry_of(session, row, notes=may_read(desk, row)) for row in rows[:limit])
        return Page(entries=entries, after=entries[-1].event.seq if len(rows) > limit else None)

    return desk.read_now(ask)


def may_read(desk: Desk, row: TimelineRow) -> bool:
    """Say whether the person may read the private words of *row*: what a household lives on is for fewer than notes."""
    needed = Permission.SEE_FINANCES if row.type in FINANCIAL else Permission.SEE_NOTES
    return desk.may(needed)


def entry_of(session: Session, row: TimelineRow, *, notes: bool) -> Entry:
    """Return the entry that *row* holds; without *notes* its private words stay sealed."""
    return Entry(
        event=decode(session, row) if notes else _without_words(row),
        stage=row.stage,
        status=row.status,
        cents=row.cents,
        service=row.service,
        hash=row.hash,
    )


def _without_words(row: TimelineRow) -> Event:
    """Return the event with its private words unread: they stay sealed."""
    words: dict[str, str] | None = {} if row.private is None else None
    return Event(
        seq=row.seq,
        key=row.key,
        at=row.at,
        on=row.on,
        by=row.by,
        body=read_body(row.public, words),
        certificate=read_certificate(row.certificate),
    )


def refusals(desk: Desk, case_id: str) -> Sequence[RefusalRow]:
    """Return the decisions that were refused at first sight: they left no event in the case."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Sequence[RefusalRow]:
        the_row(session, case_id)
        return refusals_of(session, case_id)

    return desk.read_now(ask)


def types_since(desk: Desk, case_id: str, seq: int) -> Sequence[str]:
    """Return what happened in the case after event *seq*, by type: what someone who looked then has not seen."""
    return desk.read_now(lambda session: [row.type for row in timeline_of(session, case_id, after=seq)])
