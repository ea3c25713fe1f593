"""How does a decision that was refused at first sight enter its case's chain?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, update
from sqlalchemy import select as choose
from sqlmodel import Session, col, select

from domain.verdict import Certificate
from models.accounts import hold_account
from models.chain import link
from models.codec import write_certificate
from models.tables import CaseRow, RefusalRow, TimelineRow
from models.upsert import table_of

_REFUSALS = table_of(RefusalRow).c


def last_after(case_id: ColumnElement[str], seq: ColumnElement[int]) -> ScalarSelect[str]:
    """Return the query for the hash of the last refusal that follows entry *seq* of *case_id*."""
    query = choose(_REFUSALS.hash).where(_REFUSALS.case_id == case_id, _REFUSALS.after_seq == seq)
    return query.order_by(_REFUSALS.place.desc()).limit(1).scalar_subquery()


def keep_refusal(
    session: Session,
    *,
    refusal_id: str,
    case_id: str,
    account_no: str,
    at: datetime,
    by: str,
    decision: str,
    body: dict[str, Any],
    certificate: Certificate,
) -> bool:
    """Chain that *decision* was refused, and on what evidence; return false if *refusal_id* was kept before.

    It takes its place after the case's last entry, and the next entry follows it: like an entry it cannot be changed,
    moved or taken out without breaking the chain. The account is held, so that no entry is written meanwhile.
    """
    hold_account(session, account_no)
    if session.get(RefusalRow, refusal_id) is not None:
        return False
    after_seq, place, prev_hash = _end_of(session, case_id)
    entry = {
        "refusal_id": refusal_id,
        "case_id": case_id,
        "after_seq": after_seq,
        "place": place,
        "at": at,
        "by": by,
        "decision": decision,
        "body": body,
        "certificate": write_certificate(certificate),
    }
    values = entry | {"prev_hash": prev_hash, "hash": link(prev_hash, entry)}
    session.connection().execute(table_of(RefusalRow).insert(), values)
    counted = update(CaseRow).where(col(CaseRow.case_id) == case_id)
    session.exec(counted.values(refused=CaseRow.refused + 1))
    return True


def refusals_of(session: Session, case_id: str) -> tuple[RefusalRow, ...]:
    """Return what was refused in the case at first sight, oldest first."""
    query = select(RefusalRow).where(RefusalRow.case_id == case_id)
    return tuple(session.exec(query.order_by(col(RefusalRow.after_seq), col(RefusalRow.place))))


def _end_of(session: Session, case_id: str) -> tuple[int, int, str]:
    """Return the case's last entry, the next refusal's place after it, and the hash that it follows."""
    last = session.exec(
        select(TimelineRow.seq, TimelineRow.hash)
        .where(TimelineRow.case_id == case_id)
        .order_by(col(TimelineRow.seq).desc())
        .limit(1)
    ).first()
    after_seq, prev_hash = last or (0, case_id)
    behind = session.exec(
        select(RefusalRow.place, RefusalRow.hash)
        .where(RefusalRow.case_id == case_id, RefusalRow.after_seq == after_seq)
        .order_by(col(RefusalRow.place).desc())
        .limit(1)
    ).first()
    place, prev_hash = behind or (0, prev_hash)
    return after_seq, place + 1, prev_hash
