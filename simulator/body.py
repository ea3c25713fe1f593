"""How does a case live without Temporal: look, hear, perform what is due, take?"""

from dataclasses import replace
from datetime import datetime

from domain import commands as c
from domain import events as ev
from domain.account import Service, Snapshot
from domain.agenda import FAR, instant_of, next_step
from domain.case import Case
from domain.decide import decide, refused, stamp
from domain.effects import NOTHING
from domain.hear import Told, hear
from domain.look import kept_bills, read, rejected
from domain.opening import carried_from, opened
from domain.perform import effect_of, performed
from domain.policy import Policy
from domain.states import Stage
from domain.step import Next, Step, Wait
from domain.take import take
from domain.verdict import Refusal
from gateways.errors import Rejected
from simulator.world import World

STEPS_MAX = 50  # in one pass; a case that does more is going round in circles


class RunsHot(RuntimeError):
    """A case performs step after step, or asks to be woken in the past: a bug of the core, never of a life."""


class Body:
    """One case and the world it lives in. Its order of work is that of the case's workflow.

    *case*, *events*: where it stands and how it came there. *wake_at*: when the calendar asks for it next, as the last
    pass left it; none when only a change can move it. *coming*: what it then waits for. *before*: the account's case
    before this one, which is over.
    """

    def __init__(
        self,
        *,
        case_id: str,
        account_no: str,
        world: World,
        policy: Policy,
        stage: Stage = Stage.PAST_DUE,
        off: tuple[Service, ...] = (),
        before: Case | None = None,
    ) -> None:
        known = Snapshot.unread(account_no)
        self.case = Case(case_id=case_id, account_no=account_no, opened_on=known.at.date(), known=known)
        self.events: list[ev.Event] = []
        self.wake_at: datetime | None = None
        self._world = world
        self._policy = policy
        self.coming: Next | None = None
        self._opens_at, self._off, self._before = stage, off, before
        self._told: list[Told] = []
        self._heard: set[str] = set()
        self._answers: dict[str, tuple[ev.Event, ...] | Refusal] = {}

    def tell(self, told: Told) -> None:
        """Note *told* for the next pass; telling it twice changes nothing."""
        if told.key not in self._heard:
            self._heard.add(told.key)
            self._told.append(told)

    def work(self) -> None:
        """Do one pass: look, hear what was told, and perform until nothing is due, deciding anew after every effect."""
        self.wake_at = None
        if self.case.closed is not None:
            return
        self._look()
        if self.case.seq == 0:
            self._open()
        for _ in range(STEPS_MAX):
            if self._told:
                self._hear(self._told.pop(0))
                continue
            step = next_step(self.case, self._policy, self._world.now)
            if isinstance(step, Wait) or step.at > self._world.now:
                break
            self._perform(step)
            if self.case.closed is not None:
                return
        else:
            raise RunsHot(f"{self.case.case_id} at {self._world.now}: {self.events[-1].body.type} and no end")
        self.coming = step
        at = instant_of(step)
        if at <= self._world.now:
            raise RunsHot(f"{self.case.case_id} asks at {self._world.now} to be woken at {at}: {step.says}")
        self.wake_at = None if at == FAR else at

    def decide(self, decision: c.Decision) -> tuple[ev.Event, ...] | Refusal:
        """Take a decision in the two stages of the workflow; asked twice with one key, it answers once.

        What the case as it stands forbids leaves no event. What it forbids on a second look is recorded.
        """
        if decision.key in self._answers:
            return self._answers[decision.key]
        early = decide(self.case, decision, self._policy, self._world.now)
        if isinstance(early, Refusal):
            return early
        self._look()
        outcome = decide(self.case, decision, self._policy, self._world.now)
        if isinstance(outcome, Refusal):
            self._record(refused(self.case, decision, outcome, self._policy, self._world.now))
        else:
            self._record(outcome)
        self._answers[decision.key] = outcome
        return outcome

    def _look(self) -> None:
        known = kept_bills(self._world.snapshot(), self.case.known)
        if self.case.seq > 0:
            self._record(read(self.case, known, self._policy, self._world.now))
        # Found the same or not, it is as fresh as this look: the gate asks for the age of a reading.
        self.case = replace(self.case, known=known)

    def _open(self) -> None:
        first = opened(
            self.case.known,
            stage=self._opens_at,
            off=self._off,
            linked_to=self._before.case_id if self._before else "",
            because="",
            carried=carried_from(self._before) if self._before else None,
            spread_by=self.case.account_no,
        )
        self._record(self._stamped((first,), key="opened", by="sweep"))

    def _hear(self, told: Told) -> None:
        bodies = hear(self.case, told)
        self._record(self._stamped(bodies, key=told.key, by="outside"))

    def _perform(self, step: Step) -> None:
        effect = effect_of(self.case, step, self._policy, self._world.now)
        receipt = NOTHING
        if effect is not None:
            try:
                receipt = self._world.do(self.case, effect)
            except Rejected as rejection:
                self._record(rejected(self.case, step, str(rejection), self._policy, self._world.now))
                return
        self._record(performed(self.case, step, receipt, self._policy, self._world.now))
        if effect is not None:
            self._look()

    def _stamped(self, bodies: tuple[ev.Body, ...], *, key: str, by: str) -> tuple[ev.Event, ...]:
        return stamp(self.case, bodies, key=key, at=self._world.now, by=by, policy=self._policy)

    def _record(self, events: tuple[ev.Event, ...]) -> None:
        for event in events:
            self.case = take(self.case, event)
            self._world.note(event)
            self.events.append(event)
