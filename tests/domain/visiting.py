"""A case with an order that a crew has, or whose service is off, and what is heard of it: for tests of visits."""

from dataclasses import replace

from domain import events as ev
from domain.account import Service
from domain.agenda import next_step
from domain.case import (
    DISCONNECTION,
    Approval,
    ApprovalState,
    Case,
    Order,
    OrderPurpose,
    OrderState,
)
from domain.effects import CreateOrder
from domain.facts import FactKind
from domain.hear import Tells, Told, hear
from domain.perform import effect_of
from domain.policy import Policy
from domain.states import Stage
from domain.step import Next, Step
from tests.builders import (
    POLICY,
    a_fact,
    an_account,
    at,
    happened,
    noticed,
    off,
)

NOW = "2026-06-30 10:00"
REMOTE = an_account(meter_remote=True)


def out(purpose: OrderPurpose = OrderPurpose.DISCONNECT, **traits: object) -> Case:
    """Return a case with an order of *purpose* on electricity that a crew has."""
    order = Order(
        order_id="o1",
        purpose=purpose,
        service=Service.ELECTRIC,
        state=OrderState.DISPATCHED,
        requested_at=at("2026-06-30 09:00"),
        dispatched_at=at("2026-06-30 09:00"),
    )
    order = replace(order, **traits)  # type: ignore[arg-type]  # Order's own names
    leave = Approval(
        approval_id="a1",
        act=DISCONNECTION,
        state=ApprovalState.USED,
        asked_by="rosa",
        asked_at=at("2026-06-30 08:00"),
        decided_by="sven",
        lapses_at=at("2026-07-01 17:00"),
        service=Service.ELECTRIC,
    )
    case = noticed(now=NOW, stage=Stage.DISCONNECTION_PENDING, approvals=(leave,))
    case = case if purpose is not OrderPurpose.RECONNECT else off(case)
    case = replace(case, known=replace(case.known, account=REMOTE))
    return happened(case, "2026-06-30 09:00", ev.OrderPlaced(order=order))


def word(what: Tells, because: str = "", *, now: str = NOW, read: int | None = None, order_id: str = "o1") -> Told:
    return Told(key=f"k/{now}", at=at(now), what=what, order_id=order_id, because=because, meter_read=read)


def heard(case: Case, told: Told, now: str = NOW) -> Case:
    return happened(case, now, *hear(case, told))


def kinds(case: Case, told: Told) -> list[str]:
    """Return what is heard, tasks and facts by their kinds."""
    names = []
    for body in hear(case, told):
        match body:
            case ev.TaskRaised(kind=kind):
                names.append(kind)
            case ev.FactRecorded(fact=fact):
                names.append(fact.kind.value)
            case _:
                names.append(body.type)
    return names


def step_of(case: Case, now: str, policy: Policy = POLICY) -> Next:
    return next_step(case, policy, at(now))


def created(case: Case, step: Next, now: str, policy: Policy = POLICY) -> Order:
    assert isinstance(step, Step)
    effect = effect_of(case, step, policy, at(now))
    assert isinstance(effect, CreateOrder)
    return effect.order


def cut_at(read: int | None) -> Case:
    return heard(out(), word(Tells.ORDER_COMPLETED, read=read))


def dark(*, now: str = NOW, **changes: object) -> Case:
    """Return a case whose electricity a crew of ours cut on the morning of June 30; $100.00 is past due."""
    return replace(cut_at(500), **changes)  # type: ignore[arg-type]  # Case's own names


def paid(case: Case) -> Case:
    return replace(case, known=replace(case.known, bills=tuple(b for b in case.known.bills if b.ref.startswith("FE"))))


def vacant(case: Case, now: str, result: str = "vacant") -> Case:
    seen = a_fact(FactKind.OCCUPANCY_CHECK, now, result=result)
    return replace(case, known=replace(case.known, facts=(*case.known.facts, seen)))
