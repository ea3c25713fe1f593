"""Is anybody cut after a commit that forbids it, however payment, certificate and petition fall among the acts?"""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC
from random import Random

import pytest
from sqlalchemy import Engine, delete
from sqlmodel import Session

from domain.agenda import agenda
from domain.case import ApprovalState, Case, OrderPurpose, OrderState
from domain.effects import CancelOrder
from domain.facts import Fact, FactKind
from domain.gate import gate
from domain.money import Money, total
from domain.perform import effect_of
from domain.step import Step, StepKind
from domain.verdict import Action, Verdict
from models.accounts import Personal, write_account
from models.facts import record_fact
from models.orders import acknowledge, dispatch
from models.payments import Payment, receive_payment
from models.session import transaction
from models.snapshot import Versions, known_of, versions_of
from models.tables import FieldVisitRow, WorkOrderRow
from tests.prove.conftest import Tell
from tests.prove.law import DOOR, forbidden
from tests.prove.places import HOUR, Place, an_approval, an_order, plain
from tests.rules.worked import policy

CITY = "rochester-mn"
PLACE = Place(CITY, "open day")
PACK, NOW = policy(CITY), PLACE.now.astimezone(UTC)
PAUSE_MS_MAX = 6
DISPATCH = "dispatch_disconnection"
CENTS = {"whole payment": 12_000, "payment that leaves too little": 7_001, "small payment": 500}
KINDS = {"certificate": FactKind.MEDICAL_CERTIFICATE, "petition": FactKind.BANKRUPTCY}


@dataclass
class Trial:
    """One account, what comes in while it is being cut, and what each commit saw; versions tell their order."""

    engine: Engine
    number: int
    chance: Random
    came: list[tuple[Versions, Fact | Money]] = field(default_factory=list)
    judged: list[tuple[str, Versions, Verdict, bool]] = field(default_factory=list)

    @property
    def account_no(self) -> str:
        return f"81{self.number:08d}"

    @property
    def order_id(self) -> str:
        return f"{self.account_no}-1-o1"

    def case(self, state: OrderState) -> Case:
        base = plain(PLACE)
        order = replace(an_order(PLACE, state), order_id=self.order_id)
        account = replace(base.known.account, account_no=self.account_no)
        return replace(
            base,
            case_id=f"{self.account_no}-1",
            account_no=self.account_no,
            known=replace(base.known, at=NOW, account=account),
            approvals=(an_approval(PLACE, ApprovalState.USED),),
            orders=(order,),
        )

    def put_on_record(self) -> None:
        case = self.case(OrderState.REQUESTED)
        with transaction(self.engine) as session:
            write_account(session, case.known.account, Personal())
            session.add(
                WorkOrderRow(
                    order_id=self.order_id,
                    case_id=case.case_id,
                    account_no=self.account_no,
                    purpose=OrderPurpose.DISCONNECT,
                    service=case.orders[0].service,
                    state=OrderState.REQUESTED,
                    requested_at=NOW,
                )
            )

    def pause(self, milliseconds: int) -> None:
        time.sleep(milliseconds / 1_000)

    def comes_in(self, what: str, after: int) -> None:
        """Commit *what* and keep the versions that its commit made."""
        self.pause(after)
        with transaction(self.engine) as session:
            found = self._pay(session, what) if what in CENTS else self._learn(session, what)
            self.came.append((versions_of(session, self.account_no), found))

    def _pay(self, session: Session, what: str) -> Money:
        money = Money(CENTS[what])
        payment = Payment(
            payment_id=f"{self.account_no}/{what}",
            source="counter",
            trace=f"{self.account_no}/{what}",
            account_no=self.account_no,
            amount=money,
            received_at=NOW,
            effective_on=PLACE.today,
            tender="cash",
        )
        assert receive_payment(session, payment)
        return money

    def _learn(self, session: Session, what: str) -> Fact:
        fact = Fact(fact_id=f"{self.account_no}/{what}", kind=KINDS[what], starts=NOW - HOUR, known_at=NOW)
        assert record_fact(session, fact=fact, known_at=NOW, account_no=self.account_no)
        return fact

    def cuts(self, pauses: tuple[int, ...]) -> None:
        """Approve, dispatch and acknowledge, each as soon as the one before it went through."""
        self.pause(pauses[0])
        with transaction(self.engine) as session:
            known = known_of(session, self.account_no)
        asked = self.case(OrderState.REQUESTED)
        seen = replace(asked.known, facts=known.facts, unposted=known.unposted)
        approval = gate(Action.APPROVE_DISCONNECTION, asked.looking(seen), PACK, NOW)
        self.judged.append(("approve", known.versions, approval, False))
        if approval.allows and self._asks(DISPATCH, dispatch, OrderState.REQUESTED, pauses[1:3]):
            self._asks(DOOR, acknowledge, OrderState.DISPATCHED, pauses[3:5])

    def _asks(self, name: str, act: Callable[..., Verdict], state: OrderState, pauses: tuple[int, ...]) -> bool:
        self.pause(pauses[0])
        with transaction(self.engine) as session:
            read_at = versions_of(session, self.account_no).money
        self.pause(pauses[1])
        with transaction(self.engine) as session:
            verdict = act(
                session,
                order_id=self.order_id,
                case=self.case(state),
                policy=PACK,
                read_at_version=read_at,
                now=NOW,
            )
            versions = versions_of(session, self.account_no)
        self.judged.append((name, versions, verdict, versions.money != read_at))
        return verdict.allows

    def as_of(self, versions: Versions, state: OrderState) -> Case:
        """Return the case as it truly stood at *versions*: what had been committed by then, and nothing else."""
        case = self.case(state)
        facts = tuple(w for v, w in self.came if isinstance(w, Fact) and v.facts <= versions.facts)
        money = total(w for v, w in self.came if isinstance(w, Money) and v.money <= versions.money)
        return case.looking(replace(case.known, facts=facts, unposted=money))


def run(engine: Engine, number: int, seed: int) -> Trial:
    trial = Trial(engine, number, Random(seed))
    trial.put_on_record()
    comes = trial.chance.sample((*CENTS, *KINDS), trial.chance.randint(0, 3))
    delays = [trial.chance.randrange(trial.chance.choice((4, 20)) * PAUSE_MS_MAX) for _ in comes]
    pauses = tuple(trial.chance.randrange(PAUSE_MS_MAX) for _ in range(5))
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(trial.comes_in, what, after) for what, after in zip(comes, delays, strict=True)]
        futures.append(pool.submit(trial.cuts, pauses))
        for future in futures:
            future.result(60)
    return trial


def check(trial: Trial, seen: Counter[str]) -> None:
    """Assert that no act went ahead against what was committed, none was refused without cause, and all is recalled."""
    states = {DISPATCH: OrderState.REQUESTED, DOOR: OrderState.DISPATCHED}
    for name, versions, verdict, moved in trial.judged:
        if name == "approve":
            truth = trial.as_of(versions, OrderState.REQUESTED)
            assert not (verdict.allows and forbidden(CITY, truth, DISPATCH, NOW)), truth
            continue
        against = forbidden(CITY, trial.as_of(versions, states[name]), name, NOW)
        assert verdict.allows == (not against and not moved), (name, against, moved, verdict.blocking)
        seen[f"{name} {'went ahead' if verdict.allows else 'refused'}"] += 1
    with transaction(trial.engine) as session:
        state = OrderState(session.get_one(WorkOrderRow, trial.order_id).state)
        known = known_of(session, trial.account_no)
    if state not in {OrderState.DISPATCHED, OrderState.ACKNOWLEDGED}:
        return
    case = trial.case(state)
    case = case.looking(replace(case.known, facts=known.facts, unposted=known.unposted))
    later = forbidden(CITY, trial.as_of(known.versions, state), DOOR, NOW)
    due = [step for step in agenda(case, PACK, NOW) if isinstance(step, Step) and step.at <= NOW]
    recalls = [effect_of(case, step, PACK, NOW) for step in due if step.kind is StepKind.WITHDRAW_ORDER]
    assert bool(recalls) == bool(later), (later, due)
    assert all(isinstance(recall, CancelOrder) and recall.order_id == trial.order_id for recall in recalls)
    seen["a later commit recalled it" if later else "nothing came against it"] += 1


@pytest.mark.timeout(0)
@pytest.mark.parametrize("trials", [25, pytest.param(2_000, marks=pytest.mark.prove)])
def test_nobody_is_cut_after_a_commit_that_forbids_it_and_every_later_one_recalls(
    engine: Engine, trials: int, tell: Tell
) -> None:
    started, seen = time.perf_counter(), Counter[str]()
    for number in range(trials):
        check(run(engine, number, seed=number), seen)
        with transaction(engine) as session:  # each has the crews' whole day: room is not what is tried here
            session.exec(delete(FieldVisitRow))
    counts = ", ".join(f"{what} {count:,}" for what, count in sorted(seen.items()))
    tell(f"{engine.dialect.name}: {trials:,} interleavings in {time.perf_counter() - started:.0f} s; {counts}")
    assert seen["acknowledge_disconnection went ahead"]
    assert seen["dispatch_disconnection refused"]
