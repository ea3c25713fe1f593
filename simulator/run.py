"""What becomes of a life, or of a city of lives, when its clock is jumped from one thing to the next?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import heapify, heappop, heappush

from domain import commands as c
from domain.case import Case
from domain.crews import Crews, DayPlan, Visit
from domain.events import Event
from domain.facts import Fact
from domain.gate import gate
from domain.hear import Tells, Told
from domain.policy import Policy
from domain.verdict import Action
from gateways.fakes.field import Reply
from gateways.field import CallbackKind, FieldAnswer, FieldCallback
from simulator.body import Body
from simulator.life import Decided, Input, Learned, Life, addressed
from simulator.sweep import Sweep
from simulator.world import World

TOLD = {
    CallbackKind.ACCEPT: Tells.ORDER_ACCEPTED,
    CallbackKind.CANCELLED: Tells.RECALL_CONFIRMED,
    CallbackKind.ACKNOWLEDGE: Tells.ORDER_ACKNOWLEDGED,
    CallbackKind.COMPLETE: Tells.ORDER_COMPLETED,
    CallbackKind.COULD_NOT_COMPLETE: Tells.ORDER_NOT_COMPLETED,
}


def word(callback: FieldCallback, *, proceed: bool) -> Told:
    """Return what a case is told of *callback*."""
    return Told(
        key=f"{callback.order_id}/{callback.kind}/{callback.at.isoformat()}",
        at=callback.at,
        what=TOLD[callback.kind],
        order_id=callback.order_id,
        proceed=proceed,
        because=callback.reason,
        meter_read=callback.meter_read,
    )


class Home:
    """One case and its world: what comes in, what crews report, what the calendar asks for."""

    def __init__(self, world: World, body: Body, policy: Policy) -> None:
        self.world = world
        self.body = body
        self.policy = policy

    def let_go(self, stop: Fact, at: datetime) -> None:
        """Take in the turn that the night's sweep at *at* gives, and do the pass that follows."""
        self.world.now = max(self.world.now, at)
        self.take_in(Learned(at=at, fact=stop))

    def take_in(self, what: Input) -> None:
        """Let *what* happen, or be asked for at the desk, and do the pass that follows."""
        if isinstance(what, Decided):
            command = addressed(what.command, self.body.case)
            key = f"{what.by}/{what.at.isoformat()}"
            before = self.body.case.seq
            self.body.decide(c.Decision(key=key, at=what.at, by=what.by, command=command, senior=what.senior))
            if self.body.case.seq == before:
                return  # refused at once, as the workflow's validator does: nobody looks, nothing follows
        else:
            told = self.world.happen(what)
            if told is None:
                return
            self.body.tell(told)
        self.body.work()

    def crews_work(self) -> None:
        """Let the crews do what is due and answer them at the door."""
        self.world.crews.now = self.world.now
        work = self.world.crews.work()
        try:
            callback = next(work)
            while True:
                callback = work.send(self._answer(callback))
        except StopIteration:
            return

    def _answer(self, callback: FieldCallback) -> Reply:
        proceed = callback.kind is CallbackKind.ACKNOWLEDGE and self._may_cut(callback.order_id)
        self.body.tell(word(callback, proceed=proceed))
        self.body.work()
        return Reply(delivered=True, answer=FieldAnswer.PROCEED if proceed else FieldAnswer.STOP)

    def _may_cut(self, order_id: str) -> bool:
        case = self.body.case.looking(self.world.snapshot())
        stands = any(order.order_id == order_id and order.open for order in case.orders)
        return stands and gate(Action.ACKNOWLEDGE_DISCONNECTION, case, self.policy, self.world.now).allows


class Living(Home):
    """A life under way. Of things at one instant inputs come first, then the crews, then the calendar."""

    def __init__(self, life: Life, policy: Policy, lists: dict[date, tuple[Visit, ...]] | None = None) -> None:
        self.life = life
        world = World(life, policy, lists)
        body = Body(
            case_id=life.case_id,
            account_no=life.account.account_no,
            world=world,
            policy=policy,
            stage=life.stage,
            off=life.off,
        )
        super().__init__(world, body, policy)
        self._next = 0
        while self._next < len(life.inputs) and life.inputs[self._next].at < life.opened_at:
            self.world.happen(life.inputs[self._next])
            self._next += 1
        self.body.work()

    @property
    def next_at(self) -> datetime | None:
        """Return the instant of whatever comes next; none when the life is over."""
        if self.body.case.closed is not None:
            return None
        first = min((at for at in (self._input_at, self.world.crews_at, self.body.wake_at) if at), default=None)
        return None if first is None or first > self.life.ends_at else first

    @property
    def _input_at(self) -> datetime | None:
        return self.life.inputs[self._next].at if self._next < len(self.life.inputs) else None

    def advance(self) -> None:
        """Jump to what comes next and let it happen."""
        at = self.next_at
        assert at is not None, "a life that is over does not advance"
        self.world.now = max(self.world.now, at)
        if at == self._input_at:
            what = self.life.inputs[self._next]
            self._next += 1
            self.take_in(what)
        elif at == self.world.crews_at:
            self.crews_work()
        else:
            self.body.work()


def live(life: Life, policy: Policy) -> tuple[Event, ...]:
    """Return the events of *life*, from the opening of its case to its close or to the end of what is told."""
    living = Living(life, policy)
    side_by_side([living], policy)
    return tuple(living.body.events)


def side_by_side(all_living: Sequence[Living], policy: Policy) -> None:
    """Let all live on one clock, always the one whose turn comes first, and each night's sweep before its day."""
    if not all_living:
        return
    sweep = Sweep(policy, after=min(living.life.opened_at for living in all_living))
    turns = _turns(all_living)
    while turns:
        at, n = turns[0]
        if sweep.at <= at:
            if let_go(sweep, (each for each in all_living if each.life.opened_at <= sweep.at <= each.life.ends_at)):
                turns = _turns(all_living)
            continue
        heappop(turns)
        all_living[n].advance()
        if (then := all_living[n].next_at) is not None:
            heappush(turns, (then, n))


def let_go(sweep: Sweep, homes: Iterable[Home]) -> bool:
    """Do the night's sweep; say whether anyone got a turn."""
    at, home_of = sweep.at, {home.body.case.account_no: home for home in homes}
    turns = sweep.night(home.body.case for home in home_of.values())
    for account_no, stop in turns:
        home_of[account_no].let_go(stop, at)
    return bool(turns)


def _turns(all_living: Sequence[Living]) -> list[tuple[datetime, int]]:
    turns = [(at, n) for n, living in enumerate(all_living) if (at := living.next_at) is not None]
    heapify(turns)
    return turns


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What became of many lives: their cases as they stand at the end, how many events, over how many case-days.

    *plans*: the crews' lists of each day on which any went out.
    """

    cases: tuple[Case, ...]
    events: int
    case_days: int
    plans: tuple[tuple[date, DayPlan], ...] = ()


def run_city(lives: Iterable[Life], policy: Policy) -> City:
    """Live *lives* side by side on one clock, always the one whose turn comes first."""
    lists: dict[date, tuple[Visit, ...]] = {}
    all_living = [Living(life, policy, lists) for life in lives]
    side_by_side(all_living, policy)
    return City(
        cases=tuple(living.body.case for living in all_living),
        events=sum(len(living.body.events) for living in all_living),
        case_days=sum(_days(living) for living in all_living),
        plans=tuple((on, DayPlan(crews=Crews.on(policy, on), visits=visits)) for on, visits in sorted(lists.items())),
    )


def _days(living: Living) -> int:
    over = living.world.now if living.body.case.closed is not None else living.life.ends_at
    return (over - living.life.opened_at).days
