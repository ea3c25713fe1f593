"""How does a supervisor stop cuts, letters or calls at once, and how are they let go again?"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import missing, unfit
from casework.facts import look_again
from casework.permissions import Permission
from domain.account import Service
from domain.facts import Fact, FactKind
from models.facts import end_fact, record_fact
from models.tables import AccountRow, FactRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """What to stop: *scope* is `all`, or of `cuts letters calls`; for one service, one county, or everywhere."""

    scope: str = "all"
    service: Service | None = None
    county: str = ""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """A switch that was thrown or lifted; *cases* open ones were told to look again, which recalls orders out."""

    fact_id: str
    cases: int


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
    """Let go what the switch stopped. Refused to whoever threw it: that takes a second supervisor."""
    desk.need(Permission.APPROVE)
    now = desk.now

    def write(session: Session) -> int:
        row = session.get(FactRow, fact_id, populate_existing=True)
        if row is None or row.kind != FactKind.STOP_SWITCH:
            raise missing("stop-switch", fact_id)
        if row.entered_by == desk.person.username:
            says = f"{row.entered_by} threw the switch; another supervisor must lift it."
            raise unfit(
                "second-person", "A second person is needed", says, way_out="Ask another supervisor.", status=409
            )
        if row.until is not None:
            return 0
        concerned = end_fact(session, fact_id=fact_id, known_at=now, until=now)
        return look_again(session, concerned, about=f"{fact_id}/off", now=now)

    return Switched(fact_id=fact_id, cases=await desk.write(write))


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
