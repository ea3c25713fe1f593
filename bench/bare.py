"""What is the least a Temporal workflow of a case's shape can be? The yardstick: no rules, no looking, no letters."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from temporalio import workflow
from temporalio.exceptions import ApplicationError

QUEUE = "bare"
SHORT = timedelta(seconds=30)


class Bare(StrEnum):
    """The eight state changes of the reference life; a note changes none."""

    OPENED = "opened"
    NOTICED = "noticed"
    ARRANGED = "arranged"
    FIRST = "first instalment"
    SECOND = "second instalment"
    BREACHED = "breached"
    CURED = "cured"
    CLOSED = "closed"
    NOTED = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class BareStart:
    """An account's row, and how long each of the five waits takes."""

    case_id: str
    notice: timedelta
    instalment: timedelta
    cure: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class BareDecision:
    key: str
    becomes: Bare


@dataclass(frozen=True, slots=True, kw_only=True)
class BareEvent:
    """What is written to SQL: numbered and keyed, as ours."""

    case_id: str
    seq: int
    key: str
    state: Bare


_LAWFUL = {Bare.ARRANGED: (Bare.NOTICED,), Bare.CURED: (Bare.BREACHED,)}


@workflow.defn(name="BareCase")
class BareCase:
    """Open, notice, agree, three instalment waits, breach, cure, close; each step one keyed SQL write."""

    @workflow.init
    def __init__(self, start: BareStart) -> None:
        self._start = start
        self._state = Bare.OPENED
        self._seq = 0
        self._seen: dict[str, int] = {}

    @workflow.run
    async def run(self, start: BareStart) -> int:
        await self._become(Bare.OPENED, key="opened")
        await workflow.sleep(start.notice, summary="until the notice")
        await self._become(Bare.NOTICED, key="notice")
        await workflow.wait_condition(lambda: self._state is Bare.ARRANGED)
        for state in (Bare.FIRST, Bare.SECOND, Bare.BREACHED):
            await workflow.sleep(start.instalment, summary="until the instalment")
            await self._become(state, key=state)
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._state is Bare.CURED, timeout=start.cure, timeout_summary="until the cure runs out"
            )
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self._become(Bare.CLOSED, key="closed")
        return self._seq

    @workflow.update
    async def decide(self, decision: BareDecision) -> int:
        """Take a decision once for its key; return the number of its event."""
        if decision.key not in self._seen:
            self._seen[decision.key] = await self._become(decision.becomes, key=decision.key)
        return self._seen[decision.key]

    @decide.validator
    def check(self, decision: BareDecision) -> None:
        lawful = _LAWFUL.get(decision.becomes)
        if decision.key not in self._seen and lawful and self._state not in lawful:
            raise ApplicationError(f"not open to a case that is {self._state}", type="not-at-this-stage")

    async def _become(self, state: Bare, *, key: str) -> int:
        self._seq += 1
        event = BareEvent(case_id=self._start.case_id, seq=self._seq, key=key, state=state)
        await workflow.execute_local_activity("write", event, start_to_close_timeout=SHORT)
        if state is not Bare.NOTED:
            self._state = state
        return event.seq
