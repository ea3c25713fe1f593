"""Whose turn is it to be let go, when a stop or a protected season ends?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from domain.account import CustomerClass, Service
from domain.calendar import DAY
from domain.facts import FactKind
from domain.lifting import ON_THE_WAY, Waiting, season_ended, season_lifts, season_turns
from domain.policy import Policy
from models.facts import record_fact
from models.obligations import NOTICE
from models.tables import AccountRow, CaseRow, FactRow, LetterRow


def turns_taken(session: Session, policy: Policy, now: datetime) -> Counter[date]:
    """Return how many accounts each day from today on lets go already, of every stop and season."""
    today = policy.calendar.day(now)
    query = select(FactRow.until, FactRow.details).where(
        FactRow.kind == FactKind.STOP_SWITCH.value,
        col(FactRow.account_no).is_not(None),
        col(FactRow.withdrawn_at).is_(None),
        col(FactRow.until) > now - DAY,
    )
    days = (policy.calendar.day(until) for until, details in session.exec(query) if until and "lifts" in details)
    return Counter(day for day in days if day >= today)


def release_season(session: Session, policy: Policy, now: datetime) -> Sequence[str]:
    """Give everyone whom the season held the day on which they are let go; return the accounts that got one now."""
    taken = turns_taken(session, policy, now)
    over = season_ended(policy, policy.calendar.day(now), taken=taken)
    if over is None:
        return ()
    turns = season_turns(
        _on_the_way(session),
        over=over,
        had=_turns_had(session, policy, season_lifts(over)),
        taken=taken,
        policy=policy,
        now=now,
    )
    for account_no, stop in turns:  # in the order of their numbers, as whoever locks several accounts does
        record_fact(session, fact=stop, known_at=now, account_no=account_no)
    return tuple(account_no for account_no, _ in turns)


def _on_the_way(session: Session) -> Iterator[Waiting]:
    """Yield the accounts on the way to a cut, and when their notice was mailed."""
    query = (
        select(CaseRow, AccountRow.customer_class, func.max(LetterRow.mailed_on))
        .join(AccountRow, col(AccountRow.account_no) == col(CaseRow.account_no))
        .join(LetterRow, col(LetterRow.case_id) == col(CaseRow.case_id))
        .where(
            col(CaseRow.closed).is_(None),
            col(CaseRow.stage).in_(ON_THE_WAY),
            LetterRow.kind == NOTICE,
            col(LetterRow.mailed_on).is_not(None),
        )
        .group_by(col(CaseRow.case_id), col(AccountRow.customer_class))
    )
    for row, customer_class, mailed_on in session.exec(query):
        assert row.opened_on is not None, "a case on the way to a cut has been opened"
        assert mailed_on is not None, "asked for"
        yield Waiting(
            account_no=row.account_no,
            customer_class=CustomerClass(customer_class),
            services=tuple(Service(name) for name in row.service_names.strip("|").split("|") if name),
            opened_on=row.opened_on,
            mailed_on=mailed_on,
        )


def _turns_had(session: Session, policy: Policy, lifts: str) -> Mapping[str, date]:
    """Return the last turn that each account got as this season ended."""
    query = select(FactRow.account_no, FactRow.until).where(
        FactRow.kind == FactKind.STOP_SWITCH.value,
        col(FactRow.fact_id).startswith(f"{lifts}-"),
        col(FactRow.withdrawn_at).is_(None),
    )
    had: dict[str, date] = {}
    for account_no, until in session.exec(query):
        if account_no is not None and until is not None:
            had[account_no] = max(had.get(account_no, date.min), policy.calendar.day(until))
    return had
