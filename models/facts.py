"""What is known of an account, its county and the area, and how is a fact written so that a gate cannot miss it?"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from domain.account import Account
from domain.facts import Fact
from models.accounts import bump_facts, lock_account
from models.tables import AccountRow, FactRow

ACCOUNT, COUNTY, AREA = "account", "county", "area"


def facts_of(session: Session, account: Account) -> tuple[Fact, ...]:
    """Return what stands on record for *account*, its county and the area, withdrawn facts aside, earliest first."""
    concerns = or_(
        col(FactRow.account_no) == account.account_no,
        (col(FactRow.scope) == COUNTY) & (col(FactRow.county) == account.county),
        col(FactRow.scope) == AREA,
    )
    query = select(FactRow).where(concerns, col(FactRow.withdrawn_at).is_(None))
    found = (row.to_domain() for row in session.exec(query.execution_options(populate_existing=True)))
    # Sorted here: databases collate text each in their own way.
    return tuple(sorted(found, key=lambda fact: (fact.starts, fact.fact_id)))


def record_fact(
    session: Session,
    *,
    fact: Fact,
    known_at: datetime,
    account_no: str | None = None,
    county: str | None = None,
    replaces: str = "",
    case_id: str = "",
    seq: int = 0,
) -> tuple[str, ...]:
    """Write *fact* about an account, a county, or (neither given) the area; return the accounts it may concern.

    Known from *known_at*, the business instant of this transaction. The accounts' rows are locked first, so that a
    gate either sees the fact or has answered before it. The same fact id again changes nothing and returns none.
    """
    assert account_no is None or county is None, "a fact is about one account or one county, not both"
    concerned = _lock(session, account_no=account_no, county=county)
    if session.get(FactRow, fact.fact_id, populate_existing=True) is not None:
        return ()
    if replaces:
        _withdraw(session, replaces, at=known_at)
    session.add(
        FactRow(
            fact_id=fact.fact_id,
            scope=ACCOUNT if account_no else COUNTY if county else AREA,
            account_no=account_no,
            county=county,
            kind=fact.kind.value,
            starts=fact.starts,
            until=fact.until,
            known_at=known_at,
            amount_cents=None if fact.amount is None else fact.amount.cents,
            source=fact.source,
            evidence=fact.evidence,
            entered_by=fact.entered_by,
            details=dict(fact.details),
            case_id=case_id,
            seq=seq,
        )
    )
    session.flush()
    bump_facts(session, concerned)
    return concerned


def end_fact(
    session: Session, *, fact_id: str, known_at: datetime, until: datetime, withdrawn: bool = False
) -> tuple[str, ...]:
    """Give a fact its end, or withdraw it as never having been right; return the accounts that it concerned.

    A fact that ended so already, or is not on record, changes nothing and returns none.
    """
    found = session.get(FactRow, fact_id, populate_existing=True)
    if found is None:
        return ()
    concerned = _lock(session, account_no=found.account_no, county=found.county)
    session.refresh(found)
    if found.until == until and (found.withdrawn_at is not None) == withdrawn:
        return ()
    found.until = until
    found.withdrawn_at = known_at if withdrawn else None
    session.flush()
    bump_facts(session, concerned)
    return concerned


def _lock(session: Session, *, account_no: str | None, county: str | None) -> tuple[str, ...]:
    if account_no is not None:
        return (lock_account(session, account_no).account_no,)
    query = select(AccountRow.account_no).order_by(AccountRow.account_no).with_for_update()
    if county is not None:
        query = query.where(AccountRow.county == county)
    locked: Sequence[str] = session.exec(query).all()
    return tuple(locked)


def _withdraw(session: Session, fact_id: str, *, at: datetime) -> None:
    standing = update(FactRow).where(col(FactRow.fact_id) == fact_id, col(FactRow.withdrawn_at).is_(None))
    session.exec(standing.values(withdrawn_at=at))
