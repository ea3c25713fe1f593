"""An installation on paper: real SQL, the fakes and a stepped clock, and no Temporal; events are written by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from activities.case import read_account
from activities.mirror import mirror
from casework.context import Desk, Installation, Person
from domain import events as ev
from domain.account import Service, Snapshot
from domain.case import Case, Order, OrderPurpose, OrderState
from domain.decide import stamp
from domain.policy import Policy
from domain.states import Stage
from domain.take import take
from domain.view import view
from gateways.fakes.city import FakeCity
from gateways.fakes.direct import direct_systems
from gateways.fakes.faults import Faults
from gateways.packs import load_policy
from gateways.systems import Systems
from models.cases import next_case_id
from models.clock import ClockMode, SqlClock
from models.policies import activate
from models.record import record
from models.session import transaction
from models.users import Role, issue_token
from tests.ready import hire, open_ready
from tests.workflows.world import CITY, KEY, OPENING, PACK, SHOP

SHOP_CASE = f"{SHOP}-1"
POLICY = load_policy(PACK)
USERS = {"rosa": Role.REPRESENTATIVE, "senta": Role.SENIOR, "sven": Role.SUPERVISOR, "kim": Role.ACCOUNTANT}
USERS |= {"ada": Role.AUDITOR, "crew": Role.FIELD_CALLBACK, "cora": Role.CUSTOMER_CARE, "rita": Role.REVIEWER}


@dataclass
class Paper:
    """What a test writes on: open a case, let things happen in it; `at` is what casework is given."""

    engine: Engine
    clock: SqlClock
    city: FakeCity
    faults: Faults
    systems: Systems
    policy: Policy

    @property
    def at(self) -> Installation:
        return Installation(engine=self.engine, clock=self.clock, systems=self.systems)

    def desk(self, username: str) -> Desk:
        return Desk(person=Person(username=username, role=USERS[username]), at=self.at)

    async def known(self, account_no: str = SHOP) -> Snapshot:
        return await read_account(self.engine, self.clock, self.systems.billing, account_no)

    async def mirrored(self, account_no: str = SHOP) -> None:
        await mirror(self.engine, self.systems.billing, self.policy, [account_no], at=self.clock.now())

    async def open(self, account_no: str = SHOP, stage: Stage = Stage.PAST_DUE) -> Case:
        """Open a case as its workflow would, and put it on record."""
        await self.mirrored(account_no)
        with transaction(self.engine) as session:
            case_id = next_case_id(session, account_no)
        known = await self.known(account_no)
        today = self.policy.calendar.day(self.clock.now())
        case = Case(case_id=case_id, account_no=account_no, opened_on=today, known=known)
        return self.happen(case, ev.CaseOpened(known=known, stage=stage), by="sweep")

    def happen(self, case: Case, *bodies: ev.Body, by: str = "system", key: str = "") -> Case:
        """Let *bodies* happen in *case* now, and put them on record."""
        now = self.clock.now()
        events = stamp(case, bodies, key=key or f"test/{case.seq}", at=now, by=by, policy=self.policy)
        for event in events:
            case = take(case, event)
        with transaction(self.engine) as session:
            record(session, case=view(case, self.policy, now), events=events)
        return case

    def order(self, case: Case, state: OrderState = OrderState.DISPATCHED) -> tuple[Case, str]:
        """Let a disconnection of the case's electricity be out with a crew; return the case and the order's id."""
        now = self.clock.now()
        order = Order(
            order_id=f"{case.case_id}-o1",
            purpose=OrderPurpose.DISCONNECT,
            service=Service.ELECTRIC,
            state=OrderState.REQUESTED,
            requested_at=now,
        )
        case = self.happen(case, ev.OrderPlaced(order=order))
        if state is OrderState.DISPATCHED:
            case = self.happen(case, ev.OrderDispatched(order_id=order.order_id, service=order.service))
        return case, order.order_id

    def tokens(self) -> dict[str, str]:
        """Return a bearer token of each user."""
        now = self.clock.now()
        with transaction(self.engine) as session:
            hire(session, USERS)
            later = now + timedelta(days=400)
            return {name: issue_token(session, name, issued_at=now, expires_at=later) for name in USERS}


@contextmanager
def on_paper(folder: Path) -> Iterator[Paper]:
    """Yield an installation with a new database in *folder*; the clock stands at 2026-09-01 05:00 in the city."""
    engine = open_ready(f"sqlite:///{folder / 'arrears.db'}", master_key=KEY)
    clock = SqlClock(engine)
    clock.start(ClockMode.STEPPED, at=OPENING)
    with transaction(engine) as session:
        activate(session, POLICY, OPENING)
    city, faults = FakeCity(CITY, zone=ZoneInfo(POLICY.calendar.zone)), Faults()
    city.advance(OPENING)
    try:
        yield Paper(engine, clock, city, faults, direct_systems(city, faults), POLICY)
    finally:
        engine.dispose()
