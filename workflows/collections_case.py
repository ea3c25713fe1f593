"""One delinquent account's case, from past due to closed: it waits, looks, performs what is due and records it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.messages import (
        Answer,
        CaseStart,
        Decision,
        EffectRequest,
        Look,
        LookRequest,
        Opening,
        RecordRequest,
    )
    from domain import events as ev
    from domain.account import Snapshot
    from domain.agenda import next_step
    from domain.case import Case, Seen
    from domain.decide import decide, evidence, refused, stamp
    from domain.effects import (
        NOTHING,
        CancelOrder,
        ChargeFee,
        CreateOrder,
        DispatchOrder,
        Effect,
        EndAccount,
        FileAtCourt,
        MoveBalance,
        PlaceDebt,
        RecallDebt,
        Receipt,
        RemindOrder,
        RemindPayment,
        RemoveFee,
        SendLetter,
        TellAgency,
        TellCourt,
    )
    from domain.hear import Told, hear
    from domain.look import kept_bills, read, rejected
    from domain.opening import opened
    from domain.perform import effect_of, performed
    from domain.policy import Policy
    from domain.step import Step, Wait
    from domain.take import take
    from domain.verdict import Refusal
    from domain.view import CaseView, view
    from workflows.describe import details
    from workflows.policies import policy_of

STAGE = SearchAttributeKey.for_keyword("ArrearsStage")
SERVICE = SearchAttributeKey.for_keyword("ArrearsService")
PACK = SearchAttributeKey.for_keyword("ArrearsPack")

SHORT = timedelta(seconds=30)  # a keyed read or record; tried again for ever, since a case without SQL cannot go on
EFFECT = timedelta(minutes=2)
PATIENT = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=20))
MOMENT = timedelta(seconds=5)  # an effect seldom takes longer; what comes in meanwhile is told, and gates read anew
EVENTS_MAX = 1_000  # a cold replay of more takes a noticeable part of a second
HEARD_MAX = 200  # keys of messages already heard that are carried on; an outbox repeats only its last ones

CHANGES_ACCOUNT = (ChargeFee, RemoveFee, EndAccount, MoveBalance)  # what billing knows is another thing afterwards
ACTIVITIES: dict[type[Effect], tuple[str, str]] = {
    SendLetter: ("send_letter", "Mail the letter"),
    RemindPayment: ("remind_payment", "Tell the customer of a payment beforehand"),
    CreateOrder: ("create_order", "Create the work order"),
    DispatchOrder: ("dispatch_order", "Ask the gate and send the crew"),
    CancelOrder: ("cancel_order", "Withdraw the work order"),
    PlaceDebt: ("ask_agency", "Place the debt with the agency"),
    RecallDebt: ("ask_agency", "Recall the debt from the agency"),
    TellAgency: ("ask_agency", "Tell the agency of money that came in"),
    FileAtCourt: ("ask_court", "File the claim"),
    TellCourt: ("ask_court", "Tell the court"),
    RemindOrder: ("remind_order", "Tell the contractor of the order again"),
    ChargeFee: ("charge_fee", "Have billing charge the fee"),
    RemoveFee: ("charge_fee", "Have billing take the fee back"),
    EndAccount: ("end_account", "Have billing make the final bill"),
    MoveBalance: ("move_balance", "Have billing set old debt aside, or put it back"),
}


@workflow.defn(name="CollectionsCase")
class CollectionsCase:
    """The workflow ``case/{account_no}``. The loop acts; handlers note facts or decide under the one lock."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        self._case = start.case or _unopened(start.opening)
        self._opening = start.opening
        self._told: list[Told] = list(start.told)
        self._heard: list[str] = list(start.heard)
        self._lock = asyncio.Lock()
        self._now = self._case.known.at
        self._timers = False
        self._looked_at = datetime.min.replace(tzinfo=UTC)
        self._stirred = True
        self._looked = False
        self._shown: CaseView | None = None
        self._viewed: tuple[Case, datetime, CaseView] | None = None
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at: datetime | None = None

    # --- messages -------------------------------------------------------------------------------------------------

    @workflow.update(description="A decision of the desk")
    async def decide(self, decision: Decision) -> Answer:
        """Take a decision: look again, decide once more, record, answer. Asked twice with one key, it answers once."""
        await workflow.wait_condition(lambda: self._case.seq > 0)
        async with self._lock:
            if self._seen(decision.key) is None:
                self._looked = True  # until someone tells of something newer
                await self._look()
            seen = self._seen(decision.key)
            if seen is None:
                self._now = max(self._now, decision.at)
                outcome = decide(self._case, decision, self._policy, self._now)
                seen = await self._settle(decision, outcome)
                self._stirred = True
            return self._answer(seen)

    @decide.validator
    def check(self, decision: Decision) -> None:
        """Refuse, before anything is recorded, what the case as it stands already forbids."""
        if self._seen(decision.key) or self._case.seq == 0:
            return
        now = max(self._now, decision.at)
        outcome = decide(self._case, decision, self._policy, now)
        if isinstance(outcome, Refusal):
            shown = evidence(decision, outcome, self._policy, now)
            raise ApplicationError(outcome.detail, outcome, shown, type=outcome.slug, non_retryable=True)

    @workflow.signal(description="Word from outside: look again, or what a crew, agency or court did")
    def tell(self, told: Told) -> None:
        if told.key not in self._heard:
            self._heard = [*self._heard[-HEARD_MAX:], told.key]
            self._told.append(told)
        self._stirred, self._looked = True, False

    @workflow.query(description="The case as it stands")
    def state(self) -> Case:
        return self._case

    # --- the loop -------------------------------------------------------------------------------------------------

    @workflow.run
    async def run(self, start: CaseStart) -> CaseView:
        """Live until closed; the result is the last view."""
        while self._case.closed is None:
            self._stirred = False
            async with self._lock:
                await self._pass()
            if not self._stirred:
                await self._rest()
            if self._grown() and self._case.closed is None:
                await self._start_anew()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._view(self._case)

    async def _pass(self) -> None:
        """Look, unless a decision just did; hear what was told; perform what is due, each time deciding anew."""
        if not self._looked:
            await self._look()
        self._looked = False
        if self._case.seq == 0:
            await self._open()
        while self._case.closed is None:
            if self._told:
                await self._hear()
                continue
            step = next_step(self._case, self._policy, self._now)
            if isinstance(step, Wait) or step.at > self._now:
                break
            await self._perform(step)
        await self._show()

    async def _look(self) -> None:
        """Read the business instant and, if anything changed, what is known of the account."""
        look: Look = await workflow.execute_local_activity(
            "look",
            LookRequest(
                account_no=self._case.account_no,
                case_id=self._case.case_id,
                seq=self._case.seq,
                version=self._case.known.version,
            ),
            result_type=Look,
            start_to_close_timeout=SHORT,
            retry_policy=PATIENT,
        )
        self._now, self._timers, self._looked_at = max(self._now, look.at), look.timers, workflow.now()
        self._catch_up(look.ahead)
        if look.snapshot is None:
            self._case = replace(self._case, known=replace(self._case.known, at=look.at))
            return
        known = kept_bills(look.snapshot, self._case.known)
        if self._case.seq == 0:
            self._case = replace(self._case, known=known)
            return
        events = read(self._case, known, policy_of(known.policy), self._now)
        if events:
            await self._record(events)
        self._case = replace(self._case, known=known)

    def _catch_up(self, ahead: tuple[ev.Event, ...]) -> None:
        """Take what a lost task of this very case had recorded: what was told or decided then is not done again."""
        for event in ahead:
            self._case = take(self._case, event)
            key = event.key.rpartition("/")[0]
            self._told = [told for told in self._told if told.key != key]
            seen = self._seen(key)
            refusal = event.body.refusal if isinstance(event.body, ev.DecisionRefused) else None
            first = seen.first if seen else event.seq
            others = tuple(other for other in self._case.seen if other.key != key)
            seen = Seen(key=key, first=first, last=event.seq, refusal=refusal)
            self._case = replace(self._case, seen=(*others, seen))

    async def _open(self) -> None:
        first = opened(
            self._case.known,
            stage=self._opening.stage,
            off=self._opening.off,
            linked_to=self._opening.linked_to,
            because=self._opening.because,
            carried=self._opening.carried,
            spread_by=self._opening.spread_by,
        )
        await self._record(stamp(self._case, (first,), key="opened", at=self._now, by="sweep", policy=self._policy))

    async def _hear(self) -> None:
        told = self._told[0]
        bodies = hear(self._case, told)
        if bodies:
            await self._record(stamp(self._case, bodies, key=told.key, at=self._now, by="outside", policy=self._policy))
        self._told.pop(0)

    async def _perform(self, step: Step) -> None:
        """Do what *step* asks of the world, then record it: state never claims what was not done."""
        effect = effect_of(self._case, step, self._policy, self._now)
        receipt = NOTHING
        if effect is not None:
            try:
                receipt = await self._do(effect)
            except ActivityError as failure:
                await self._record(rejected(self._case, step, _cause(failure), self._policy, self._now))
                return
        await self._record(performed(self._case, step, receipt, self._policy, self._now))
        if effect is not None and (isinstance(effect, CHANGES_ACCOUNT) or not (receipt.done and self._fresh())):
            await self._look()

    def _fresh(self) -> bool:
        """Say whether the last look still holds: it was a moment ago, and nobody has told of anything since."""
        return not self._stirred and workflow.now() - self._looked_at <= MOMENT

    async def _do(self, effect: Effect) -> Receipt:
        if self._shown:
            self._index(self._shown)  # another system may be out for hours
        name, summary = ACTIVITIES[type(effect)]
        receipt: Receipt = await workflow.execute_activity(
            name,
            EffectRequest(case=self._case, effect=effect),
            result_type=Receipt,
            start_to_close_timeout=EFFECT,
            retry_policy=PATIENT,
            summary=summary,
        )
        return receipt

    async def _record(self, events: tuple[ev.Event, ...]) -> None:
        """Write *events* with the view after them in one transaction, then take what the record holds."""
        after = self._after(events)
        stored = await self._write(RecordRequest(view=self._view(after), events=events))
        self._case = self._after(stored) if stored else after
        self._shown = self._view(self._case)

    async def _write(self, request: RecordRequest) -> tuple[ev.Event, ...]:
        """Return the events the record already held under these numbers and keys; empty when it took ours."""
        try:
            stored: tuple[ev.Event, ...] = await workflow.execute_local_activity(
                "record",
                request,
                result_type=tuple[ev.Event, ...],
                start_to_close_timeout=SHORT,
                retry_policy=PATIENT,
            )
        except ActivityError as failure:
            # The record holds another event under this number: a bug. The task fails and is tried again, loudly,
            # until someone has put it right; the case itself must not end over it.
            raise RuntimeError(f"{self._case.case_id} could not be recorded") from failure
        return stored

    def _after(self, events: tuple[ev.Event, ...]) -> Case:
        case = self._case
        for event in events:
            case = take(case, event)
        return case

    def _index(self, shown: CaseView) -> None:
        """Let operators find the case by where it stands: one command for all that a pass changed, none for nothing."""
        found = workflow.info().typed_search_attributes
        values = {STAGE: shown.stage.value, SERVICE: shown.status.value, PACK: self._policy.pack}
        changed = [key.value_set(value) for key, value in values.items() if found.get(key) != value]
        if changed:
            workflow.upsert_search_attributes(changed)

    async def _show(self) -> None:
        """Bring the read model up to date when only the calendar's answer changed."""
        shown = self._view(self._case)
        workflow.set_current_details(details(self._case, shown))
        self._index(shown)
        before, self._shown = self._shown, shown
        if before is None or replace(before, as_of=shown.as_of) != shown:
            await self._write(RecordRequest(view=shown))

    # --- waiting --------------------------------------------------------------------------------------------------

    async def _rest(self) -> None:
        """Wait until told something, decided upon, or the calendar's next instant."""
        if self._case.closed is None:
            self._set_alarm()
            await workflow.wait_condition(lambda: self._stirred)

    def _set_alarm(self) -> None:
        """Keep one timer at a time, and keep the one that stands if its instant has not moved."""
        at, says = self._next_instant() if self._timers else (None, "")  # another clock wakes its due cases itself
        if at == self._alarm_at and self._alarm and not self._alarm.done():
            return
        if self._alarm:
            self._alarm.cancel()
        self._alarm_at = at
        self._alarm = asyncio.create_task(self._ring(at - self._now, says)) if at else None

    def _next_instant(self) -> tuple[datetime | None, str]:
        step = next_step(self._case, self._policy, self._now)
        return (step.at if isinstance(step, Step) else step.until), step.says

    async def _ring(self, delay: timedelta, summary: str) -> None:
        await workflow.sleep(delay, summary=summary[:200])
        self._stirred = True

    def _grown(self) -> bool:
        info = workflow.info()
        return info.is_continue_as_new_suggested() or info.get_current_history_length() >= EVENTS_MAX

    async def _start_anew(self) -> None:
        """Continue as new with everything that matters; what arrives while handlers finish is carried on."""
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._case.closed is None:
            workflow.continue_as_new(
                CaseStart(opening=self._opening, case=self._case, told=tuple(self._told), heard=tuple(self._heard))
            )

    # --- small things ---------------------------------------------------------------------------------------------

    @property
    def _policy(self) -> Policy:
        return policy_of(self._case.known.policy)

    def _view(self, case: Case) -> CaseView:
        """Return how *case* shows itself now; asked twice, it is looked at once."""
        if self._viewed is None or self._viewed[0] is not case or self._viewed[1] != self._now:
            self._viewed = (case, self._now, view(case, policy_of(case.known.policy), self._now))
        return self._viewed[2]

    def _seen(self, key: str) -> Seen | None:
        return next((seen for seen in self._case.seen if seen.key == key), None)

    def _answer(self, seen: Seen) -> Answer:
        return Answer(
            case_id=self._case.case_id,
            first=seen.first,
            last=seen.last,
            stage=self._case.stage,
            refusal=seen.refusal,
        )

    async def _settle(self, decision: Decision, outcome: tuple[ev.Event, ...] | Refusal) -> Seen:
        """Record what a decision led to, a late refusal included, and remember its key."""
        refusal = outcome if isinstance(outcome, Refusal) else None
        if isinstance(outcome, Refusal):
            open_still = self._case.closed is None
            outcome = refused(self._case, decision, outcome, self._policy, self._now) if open_still else ()
        first = self._case.seq + 1
        if outcome:
            await self._record(outcome)
        seen = Seen(key=decision.key, first=first, last=self._case.seq, refusal=refusal)
        self._case = replace(self._case, seen=(*self._case.seen, seen))
        return seen


def _unopened(opening: Opening) -> Case:
    """Return the case before its first event: nothing is known yet."""
    known = Snapshot.unread(opening.account_no)
    return Case(case_id=opening.case_id, account_no=opening.account_no, opened_on=known.at.date(), known=known)


def _cause(failure: ActivityError) -> str:
    return failure.cause.message if isinstance(failure.cause, ApplicationError) else "the call was cancelled"
