"""What is known of an account, its county and the area, and how is a fact written so that a gate cannot miss it?"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, bindparam, or_, update
from sqlmodel import Session, col, select

from domain.account import Account
from domain.facts import Fact
from models.accounts import bump_facts, lock_account
from models.tables import AccountRow, FactRow
from models.upsert import rows_of, table_of

ACCOUNT, PREMISES, COUNTY, AREA = "account", "premises", "county", "area"


def concerning(account_no: str | ColumnElement[str], county: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a fact concerns the account: itself, the place it serves, its county, or the area."""
    place = select(AccountRow.premise_id).where(AccountRow.account_no == account_no, AccountRow.premise_id != "")
    return or_(
        col(FactRow.account_no) == account_no,
        col(FactRow.premise_id).in_(place),
        (col(FactRow.county) == county) & (col(FactRow.scope) == COUNTY),
        col(FactRow.account_no).is_(None) & (col(FactRow.scope) == AREA),  # by no account: an index finds the few
    )


_STANDING = (
    table_of(FactRow)
    .select()
    .where(
        concerning(bindparam("of_account", type_=String()), bindparam("of_county", type_=String())),
        col(FactRow.withdrawn_at).is_(None),
    )
)


def facts_of(session: Session, account: Account) -> tuple[Fact, ...]:
    """Return what stands on record for *account*, its place, county and area, withdrawn facts aside, earliest first."""
    rows = rows_of(session, _STANDING, {"of_account": account.account_no, "of_county": account.county})
    found = (FactRow.to_domain(row) for row in rows)  # type: ignore[arg-type]  # a bare row has the same columns
    # Sorted here: databases collate text each in their own way.
    return tuple(sorted(found, key=lambda fact: (fact.starts, fact.fact_id)))


def history_of(session: Session, account: Account) -> tuple[FactRow, ...]:
    """Return every fact ever on record for *account*, withdrawn and corrected ones too, as they came to be known."""
    query = select(FactRow).where(concerning(account.account_no, account.county))
    found = session.exec(query.execution_options(populate_existing=True)).all()
    return tuple(sorted(found, key=lambda row: (row.known_at, row.fact_id)))


def record_fact(
    session: Session,
    *,
    fact: Fact,
    known_at: datetime,
    account_no: str | None = None,
    premise_id: str | None = None,
    county: str | None = None,
    replaces: str = "",
    case_id: str = "",
    seq: int = 0,
) -> tuple[str, ...]:
    """Write *fact* about an account, a place, a county, or (none given) the area; return the accounts it may concern.

    Known from *known_at*, the business instant of this transaction. The accounts' rows are locked first, so that a
    gate either sees the fact or has answered before it. The same fact id again changes nothing and returns none.
    """
    named = [scope for scope, name in _scopes(account_no, premise_id, county) if name is not None]
    assert len(named) <= 1, "a fact is about one account, one place or one county"
    concerned = _lock(session, account_no=account_no, premise_id=premise_id, county=county)
    if session.get(FactRow, fact.fact_id, populate_existing=True) is not None:
        return ()
    if replaces:
        _withdraw(session, replaces, at=known_at)
    session.add(
        FactRow(
            fact_id=fact.fact_id,
            scope=named[0] if named else AREA,
            account_no=account_no,
            premise_id=premise_id,
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
            replaces=replaces,
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
    concerned = _lock(session, account_no=found.account_no, premise_id=found.premise_id, county=found.county)
    session.refresh(found)
    if found.until == until and (found.withdrawn_at is not None) == withdrawn:
        return ()
    found.until = until
    found.withdrawn_at = known_at if withdrawn else None
    session.flush()
    bump_facts(session, concerned)
    return concerned


def _scopes(account_no: str | None, premise_id: str | None, county: str | None) -> tuple[tuple[str, str | None], ...]:
    return (ACCOUNT, account_no), (PREMISES, premise_id), (COUNTY, county)


def _lock(session: Session, *, account_no: str | None, premise_id: str | None, county: str | None) -> tuple[str, ...]:
    if account_no is not None:
        return (lock_account(session, account_no).account_no,)
    query = select(AccountRow.account_no).order_by(AccountRow.account_no).with_for_update()
    if premise_id is not None:
        query = query.where(AccountRow.premise_id == premise_id)
    if county is not None:
        query = query.where(AccountRow.county == county)
    locked: Sequence[str] = session.exec(query).all()
    return tuple(locked)


def _withdraw(session: Session, fact_id: str, *, at: datetime) -> None:
    standing = update(FactRow).where(col(FactRow.fact_id) == fact_id, col(FactRow.withdrawn_at).is_(None))
    session.exec(standing.values(withdrawn_at=at))
