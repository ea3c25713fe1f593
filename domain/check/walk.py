"""How far does a household come along the path, when everybody does what the pack allows as soon as it allows it?"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date, time, timedelta
from enum import StrEnum

from domain import commands as c
from domain import events as ev
from domain import parameters as par
from domain.account import Account, AccountStatus, CustomerClass, OpenBill, Service, Snapshot
from domain.agenda import FAR, agenda, instant_of, next_step
from domain.calendar import DAY
from domain.case import DISCONNECTION, ApprovalState, Case, OrderPurpose, OrderState, ServiceState
from domain.check.finding import Moment
from domain.decide import decide, stamp
from domain.effects import NOTHING
from domain.gate import gate
from domain.hear import Tells, Told, hear
from domain.money import Money
from domain.perform import performed
from domain.policy import Dated, Policy, PolicyGap
from domain.step import Next, Step, StepKind, Wait
from domain.take import take
from domain.verdict import Action, Refusal

HORIZON = timedelta(days=400)  # every season comes once
LOOKS_MAX = 90
BILLED_BEFORE = timedelta(days=21)
OPENS = time(7)
ABOVE = "above"  # an income band that no law protects


class Milestone(StrEnum):
    """The steps of the path, in their order."""

    REMINDED = "reminder"
    NOTICED = "disconnection notice"
    RECOMMENDED = "recommendation"
    APPROVED = "approval"
    SENT = "crew sent out"
    CUT = "service cut"
    RESTORED = "service restored"


PATH = tuple(Milestone)
_STEPS = {
    StepKind.SEND_REMINDER: Milestone.REMINDED,
    StepKind.SERVE_NOTICE: Milestone.NOTICED,
    StepKind.DISPATCH_ORDER: Milestone.SENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Whose path is walked: one bill for one service, never paid until the service is off. *income* is a band."""

    due_on: date
    service: Service
    cents: int
    customer_class: CustomerClass = CustomerClass.RESIDENTIAL
    income: str = ABOVE

    @property
    def unprotected(self) -> bool:
        """Say whether no winter law protects it: a business, or a home whose income is above every band."""
        return self.customer_class is CustomerClass.COMMERCIAL or self.income == ABOVE


@dataclass(slots=True)
class Walk:
    """What came of it: the lines of its timeline, which step came on which day, and what stopped it, if anything.

    *read*: the keys of the values that were asked for on the way.
    """

    household: Household
    moments: list[Moment] = field(default_factory=list)
    reached: dict[Milestone, date] = field(default_factory=dict)
    stopped: str = ""
    read: frozenset[str] = frozenset()

    @property
    def missing(self) -> tuple[Milestone, ...]:
        """Return the steps to which it never came."""
        return tuple(step for step in PATH if step not in self.reached)

    def through(self, step: Milestone) -> tuple[Moment, ...]:
        """Return its lines through *step*; all of them if it never came there."""
        last = next((n for n, moment in enumerate(self.moments) if moment.says == step), len(self.moments))
        return tuple(self.moments[: last + 1])


@dataclass(frozen=True)
class _Watched(Policy):
    """A pack that remembers which of its values were asked for."""

    asked: set[str] = field(default_factory=set)

    def _dated(self, key: str, on: date) -> Dated[object]:
        self.asked.add(key)
        return super()._dated(key, on)


def walk(household: Household, policy: Policy) -> Walk:
    """Return how far *household* comes under *policy* within a year and a month."""
    watched = _Watched(**{each.name: getattr(policy, each.name) for each in fields(Policy)})
    watched.__dict__["digest"] = policy.digest  # the same content
    walker = _Walker(household, watched)
    try:
        walker.go()
    except PolicyGap as gap:
        walker.stop(f"{gap}")
    except (ValueError, AssertionError, TypeError) as fault:
        walker.stop(f"it cannot be reckoned: {fault}")
    walker.walked.read = frozenset(watched.asked)
    return walker.walked


class _Walker:
    """One household on its way. The desk, the crew and the customer do their part at the first moment they may."""

    def __init__(self, household: Household, policy: Policy) -> None:
        self.policy, self.walked = policy, Walk(household)
        self.now = policy.calendar.at(household.due_on + DAY, OPENS)
        self.end = self.now + HORIZON
        self.stale, self.held = 0, ""
        services = (household.service,)
        bill = OpenBill(
            bill_no="1",
            service=household.service,
            bill_on=household.due_on - BILLED_BEFORE,
            due_on=household.due_on,
            original=Money(household.cents),
            open=Money(household.cents),
        )
        account = Account(
            account_no="0",
            customer_class=household.customer_class,
            status=AccountStatus.ACTIVE,
            services=services,
            income_band=household.income,
        )
        self.case = Case(
            case_id="0-1",
            account_no="0",
            opened_on=self.on,
            known=Snapshot(at=self.now, version="", account=account, bills=(bill,), policy=policy.digest),
            services=tuple(ServiceState(service=service) for service in services),
        )
        self._says(f"{household.customer_class}: {bill.open} for {household.service} fell due on {household.due_on}")

    @property
    def on(self) -> date:
        return self.policy.calendar.day(self.now)

    def go(self) -> None:
        for _ in range(LOOKS_MAX):
            if Milestone.RESTORED in self.walked.reached:
                return
            # The desk speaks with the customer as often as any rule asks.
            self.case = replace(self.case, last_contact_on=self.on).looking(replace(self.case.known, at=self.now))
            items = agenda(self.case, self.policy, self.now) or (next_step(self.case, self.policy, self.now),)
            due = next((item for item in items if isinstance(item, Step) and item.at <= self.now), None)
            if due is not None:
                self._perform(due)
                if self.stale > 1:
                    self.stop(f"the notice goes stale again and again: {self.held}")
                    return
            elif not self._desk(items):
                self.held = " ".join(_blocking(items)) or self.held
                later = [at for at in map(instant_of, items) if self.now < at < FAR]
                if not later or min(later) > self.end:
                    self.stop(_why(items))
                    return
                self.now = min(later)
            if self.case.closed is not None:
                self.stop(f"the case closed: {self.case.closed}")
                return
        self.stop("the case goes round and round")

    def stop(self, why: str) -> None:
        self.walked.stopped = why
        self._says(why)

    def _perform(self, step: Step) -> None:
        self._take(performed(self.case, step, NOTHING, self.policy, self.now))
        self.stale += step.kind is StepKind.WITHDRAW_NOTICE and Milestone.RECOMMENDED not in self.walked.reached
        milestone = _STEPS.get(step.kind)
        if milestone:
            self._reach(milestone)
        else:
            self._says(step.says)
        if step.kind is StepKind.DISPATCH_ORDER:
            self._crew()
        elif step.kind is StepKind.REQUEST_REACTIVATION:
            order = self.case.open_order(OrderPurpose.RECONNECT)
            assert order is not None, "a reconnection was just asked for"
            self._tell(Tells.ORDER_COMPLETED, order.order_id)
            self._reach(Milestone.RESTORED)

    def _crew(self) -> None:
        """Let the crew ask at the door, cut if it may, and let the customer then pay."""
        order = self.case.open_order(OrderPurpose.DISCONNECT)
        if order is None or order.state is not OrderState.DISPATCHED:
            return
        verdict = gate(Action.ACKNOWLEDGE_DISCONNECTION, self.case, self.policy, self.now)
        self._tell(Tells.ORDER_ACKNOWLEDGED, order.order_id, proceed=verdict.allows)
        if not verdict.allows:
            self._says(f"at the door: {verdict.blocking[0].rule}: {verdict.blocking[0].says}")
            return
        self._tell(Tells.ORDER_COMPLETED, order.order_id)
        self._reach(Milestone.CUT)
        self.now += timedelta(minutes=1)
        self.case = self.case.looking(replace(self.case.known, at=self.now, bills=()))
        self._says("the customer pays in full")

    def _desk(self, items: tuple[Next, ...]) -> bool:
        """Let the desk do what waits for it; say whether there was anything."""
        asked = self.case.approval(DISCONNECTION, ApprovalState.ASKED)
        if asked is not None and gate(Action.APPROVE_DISCONNECTION, self.case, self.policy, self.now).allows:
            return self._decide(c.Approve(approval_id=asked.approval_id), "supervisor", Milestone.APPROVED)
        if any(isinstance(item, Wait) and item.task == "recommend_disconnection" for item in items):
            return self._decide(c.RecommendDisconnection(), "representative", Milestone.RECOMMENDED)
        return False

    def _decide(self, command: c.Command, by: str, milestone: Milestone) -> bool:
        decision = c.Decision(key=f"{by}/{self.now}", at=self.now, by=by, command=command, senior=True, supervisor=True)
        answer = decide(self.case, decision, self.policy, self.now)
        if isinstance(answer, Refusal):
            return False
        self._take(answer)
        self._reach(milestone)
        return True

    def _tell(self, what: Tells, order_id: str, *, proceed: bool = False) -> None:
        told = Told(key=f"{what}/{self.now}", at=self.now, what=what, order_id=order_id, proceed=proceed)
        self._take(stamp(self.case, hear(self.case, told), key=told.key, at=self.now, by="field", policy=self.policy))

    def _take(self, events: tuple[ev.Event, ...]) -> None:
        for event in events:
            self.case = take(self.case, event)

    def _reach(self, milestone: Milestone) -> None:
        self.walked.reached.setdefault(milestone, self.on)
        self._says(milestone)

    def _says(self, says: str) -> None:
        self.walked.moments.append(Moment(on=self.on, says=says))


def _why(items: tuple[Next, ...]) -> str:
    """Return what holds a case in which nothing more happens."""
    blocks = tuple(_blocking(items))
    return " ".join(blocks) or " ".join(item.says for item in items)


def _blocking(items: tuple[Next, ...]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Wait):
            yield from (f"{outcome.rule}: {outcome.says}" for outcome in item.blocking)


def tiers(policy: Policy, *, dues: tuple[date, ...]) -> Iterator[tuple[Household, ...]]:
    """Yield whose paths are walked, the plainest first: homes, homes of other incomes, other services, businesses."""
    on = max(dues)
    first, *others = (Service(name) for name in policy.at(par.DNP_SERVICE_ORDER, on))
    plain = tuple(Household(due_on=due, service=first, cents=_least(policy, due)) for due in dues)
    yield plain
    low = (*policy.at(par.WINTER_BANDS, on), "low")[0]
    yield tuple(replace(household, income=income) for income in ("", low) for household in plain)
    yield tuple(replace(household, service=service) for service in others for household in plain)
    yield tuple(replace(each, customer_class=CustomerClass.COMMERCIAL, income="") for each in plain[-3:])


def _least(policy: Policy, on: date) -> int:
    """Return the least debt for which somebody is warned and cut: it is the one on which values collide."""
    return max(policy.at(par.DNP_MIN_BALANCE, on), policy.at(par.MIN_BALANCE, on))
