"""How does a supervisor stop cuts, letters or calls at once, and how are they let go again?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import missing, unfit
from casework.facts import look_again
from casework.permissions import Permission
from domain.account import Service
from domain.facts import Fact, FactKind
from domain.lifting import ON_THE_WAY, batches, turn
from models.facts import end_fact, record_fact
from models.policies import active_digest, policy_with
from models.tables import AccountRow, CaseRow, FactRow
from models.turns import turns_taken

LIFTED_BY = "lifted_by"
"""The detail of a switch that names who let go what it stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """What to stop: *scope* is `all`, or of `cuts letters calls`; for one service, one county, or everywhere."""

    scope: str = "all"
    service: Service | None = None
    county: str = ""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """A switch that was thrown or lifted; *cases* open ones were told to look again, which recalls orders out.

    *later*: accounts that stay stopped for now and are let go in batches, as many a day as the crews can work off;
    *last_at*: when the last of them is.
    """

    fact_id: str
    cases: int
    later: int = 0
    last_at: datetime | None = None


async def throw(desk: Desk, stop: Stop, *, key: str) -> Switched:
    """Stop what *stop* names from this transaction's commit on; the same key again changes nothing."""
    desk.need(Permission.APPROVE)
    now = desk.now
    details = {"scope": stop.scope, "because": stop.because}
    fact = Fact(
        fact_id=f"stop-{sha256(f'{desk.person.username}/{key}'.encode()).hexdigest()[:16]}",
        kind=FactKind.STOP_SWITCH,
        starts=now,
        known_at=now,
        source="stop switch",
        entered_by=desk.person.username,
        details=details | ({"service": stop.service.value} if stop.service else {}),
    )

    def write(session: Session) -> int:
        concerned = record_fact(session, fact=fact, known_at=now, county=stop.county or None)
        return look_again(session, concerned, about=f"{fact.fact_id}/on", now=now)

    return Switched(fact_id=fact.fact_id, cases=await desk.write(write))


async def lift(desk: Desk, fact_id: str) -> Switched:
    """Let go what the switch stopped, cuts in batches. Refused to whoever threw it: that takes a second supervisor."""
    desk.need(Permission.APPROVE)
    now = desk.now

    def write(session: Session) -> Switched:
        row = session.get(FactRow, fact_id, populate_existing=True)
        if row is None or row.kind != FactKind.STOP_SWITCH:
            raise missing("stop-switch", fact_id)
        if row.entered_by == desk.person.username:
            says = f"{row.entered_by} threw the switch; another supervisor must lift it."
            raise unfit(
                "second-person", "A second person is needed", says, way_out="Ask another supervisor.", status=409
            )
        if row.until is not None:
            return Switched(fact_id=fact_id, cases=0)
        concerned = end_fact(session, fact_id=fact_id, known_at=now, until=now)
        row.details = {**row.details, LIFTED_BY: desk.person.username}
        later = _in_batches(session, desk, row, concerned, now)
        return Switched(
            fact_id=fact_id,
            cases=look_again(session, concerned, about=f"{fact_id}/off", now=now),
            later=len(later),
            last_at=max(later, default=None),
        )

    return await desk.write(write)


def _in_batches(
    session: Session, desk: Desk, switch: FactRow, concerned: Sequence[str], now: datetime
) -> list[datetime]:
    """Keep the cuts stopped for those whose turn comes later; return when each is let go.

    Letters and calls need no crew and go on at once. Only who is on the way to a cut takes a place in a batch.
    """
    if not {"all", "cuts"} & set(switch.details.get("scope", "all").split()):
        return []
    policy = policy_with(session, active_digest(session))
    waiting = _on_the_way(session, concerned)
    taken = turns_taken(session, policy, now)
    found = batches(waiting, switch=switch.fact_id, policy=policy, now=now, taken=taken)
    held = {account_no: until for account_no, until in found.items() if until is not None}
    for account_no, until in held.items():
        stop = turn(
            fact_id=f"{switch.fact_id}-{account_no}",
            until=until,
            lifts=switch.fact_id,
            entered_by=desk.person.username,
            now=now,
            service=switch.details.get("service", ""),
        )
        record_fact(session, fact=stop, known_at=now, account_no=account_no)
    return list(held.values())


def _on_the_way(session: Session, account_nos: Sequence[str]) -> list[str]:
    query = select(CaseRow.account_no).where(col(CaseRow.closed).is_(None), col(CaseRow.stage).in_(ON_THE_WAY))
    concerned = frozenset(account_nos)
    return [account_no for account_no in session.exec(query) if account_no in concerned]


def switches(desk: Desk) -> Sequence[FactRow]:
    """Return the switches that are thrown now, the latest first."""
    desk.need(Permission.SEE_CASES)
    query = select(FactRow).where(
        FactRow.kind == FactKind.STOP_SWITCH.value, col(FactRow.until).is_(None), col(FactRow.withdrawn_at).is_(None)
    )
    return desk.read_now(lambda session: session.exec(query.order_by(col(FactRow.starts).desc())).all())


def counties(desk: Desk) -> Sequence[str]:
    """Return the counties in which there are accounts."""
    desk.need(Permission.SEE_CASES)
    query = select(AccountRow.county).where(AccountRow.county != "").distinct().order_by(col(AccountRow.county))
    return desk.read_now(lambda session: session.exec(query).all())
