"""Whose turn is it to be let go, when a stop or a protected season ends?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, func, select

from domain import parameters as p
from domain.account import CustomerClass
from domain.calendar import DAY
from domain.facts import Fact, FactKind
from domain.lifting import after_season, opening
from domain.policy import Policy
from domain.rules.notices import earliest_cut
from domain.rules.season import NONE, in_winter, season_began, season_over
from domain.states import Stage
from models.facts import record_fact
from models.obligations import NOTICE
from models.tables import AccountRow, CaseRow, FactRow, LetterRow

AHEAD = timedelta(days=7)  # turns are given in the season's last week: a night without a sweep lets nobody go at once
ON_THE_WAY = (Stage.NOTICED.value, Stage.DISCONNECTION_PENDING.value)


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


def give_turn(
    session: Session,
    account_no: str,
    *,
    until: datetime,
    fact_id: str,
    details: Mapping[str, str],
    entered_by: str,
    now: datetime,
    starts: datetime | None = None,
) -> None:
    """Keep the cut of an account stopped, from *starts* or now on, until its turn; once more, it changes nothing.

    *details* name what is lifted.
    """
    fact = Fact(
        fact_id=fact_id,
        kind=FactKind.STOP_SWITCH,
        starts=max(now, starts or now),
        until=until,
        known_at=now,
        source="stop switch",
        entered_by=entered_by,
        details={"scope": "cuts", "because": "let go in batches", **details},
    )
    record_fact(session, fact=fact, known_at=now, account_no=account_no)


def release_season(session: Session, policy: Policy, now: datetime) -> Sequence[str]:
    """Give everyone whom the season held the day on which they are let go; return the accounts that got one now.

    Asked every day from the season's last week on. A notice that grows too old meanwhile is served anew as ever; its
    account keeps its turn if the fresh notice has run out by then, and else gets a later one.
    """
    today = policy.calendar.day(now)
    over = _over(policy, today)
    if over is None:
        return ()
    lifts, taken = f"season-{over}", turns_taken(session, policy, now)
    if today > over + timedelta(days=policy.at(p.NOTICE_VALID_DAYS, over)) and not taken:
        return ()
    had = _turns_had(session, policy, lifts)
    ripe_on = {
        account_no: ripe
        for account_no, mailed_on in _held(session, policy, over)
        if had.get(account_no, date.min) < (ripe := max(over, _ripe_on(policy, mailed_on, over)))
    }
    turns = after_season(ripe_on, over=max(over, today), policy=policy, taken=taken)
    for account_no, day in sorted(turns.items()):  # whoever locks several accounts locks them in this order
        give_turn(
            session,
            account_no,
            until=opening(policy, day),
            fact_id=f"{lifts}-{account_no}-{day}",
            details={"lifts": lifts},
            entered_by="sweep",
            now=now,
            starts=policy.calendar.at(over, time(0)),
        )
    return tuple(turns)


def _over(policy: Policy, today: date) -> date | None:
    """Return the first day after the season in its last week, or after the last one; none in the midst of a season."""
    if policy.at(p.WINTER_RULE, today) == NONE:
        return None
    over = season_over(policy, today)
    if over - today <= AHEAD:
        return over
    return None if in_winter(policy, today) else season_over(policy, season_began(policy, today))


def _held(session: Session, policy: Policy, over: date) -> Sequence[tuple[str, date]]:
    """Return the homes on the way to a cut of what the season protects, and when their notice was mailed."""
    query = (
        select(CaseRow.account_no, CaseRow.service_names, func.max(LetterRow.mailed_on))
        .join(AccountRow, col(AccountRow.account_no) == col(CaseRow.account_no))
        .join(LetterRow, col(LetterRow.case_id) == col(CaseRow.case_id))
        .where(
            col(CaseRow.closed).is_(None),
            col(CaseRow.stage).in_(ON_THE_WAY),
            col(CaseRow.opened_on) < over,
            AccountRow.customer_class == CustomerClass.RESIDENTIAL.value,
            LetterRow.kind == NOTICE,
            col(LetterRow.mailed_on).is_not(None),
        )
        .group_by(col(CaseRow.account_no), col(CaseRow.service_names))
    )
    heats = frozenset(str(service) for service in policy.at(p.WINTER_SERVICES, over - DAY))
    return [
        (account_no, mailed_on)
        for account_no, services, mailed_on in session.exec(query)
        if mailed_on and heats & set(services.strip("|").split("|"))
    ]


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


def _ripe_on(policy: Policy, mailed_on: date, over: date) -> date:
    return earliest_cut(
        policy, served_on=mailed_on, method="mailed", residential=True, service=None, not_before=max(over, mailed_on)
    )
