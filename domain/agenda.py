"""What happens next, on which day, under which rule: the steps the calendar asks for and the waits that hold them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain import parameters as p
from domain.account import AccountStatus, balance
from domain.arrangement import Arrangement, ArrangementStatus, instalments_met, missed, paid_towards
from domain.calendar import DAY, Window, spread
from domain.case import DISCONNECTION, ApprovalState, Case, Notice, Order, OrderPurpose, OrderState
from domain.facts import FactKind, standing
from domain.gate import gate
from domain.money import ZERO
from domain.policy import Parameter, Policy, T
from domain.position import Position, position
from domain.rules.slots import next_slot
from domain.states import ServiceStatus, Stage
from domain.step import Next, Step, StepKind, Wait, Who
from domain.verdict import Action, Arithmetic, Finding, Outcome, Verdict, certify

PATH_STAGES = frozenset({Stage.PAST_DUE, Stage.REMINDED, Stage.NOTICED, Stage.DISCONNECTION_PENDING})
INACTIVE_STAGES = frozenset({Stage.FINAL_BILLED, Stage.WITH_AGENCY, Stage.IN_COURT, Stage.JUDGMENT, Stage.WRITTEN_OFF})
UNREAD_RETRY = timedelta(minutes=10)  # how long after an unread billing the case looks again
DISPATCH_MARGIN = timedelta(hours=1)  # a crew sent out this long before the window ends still has time to come
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Look:
    """What every track looks at."""

    case: Case
    policy: Policy
    now: datetime
    here: Position

    @property
    def on(self) -> date:
        return self.here.on

    def days(self, parameter: Parameter[int]) -> int:
        return self.policy.at(parameter, self.on)

    def cite(self, parameter: Parameter[T]) -> str:
        return self.policy.source(parameter, self.on).citation

    def slot(self, day: date, window: Window, *, about: str) -> datetime:
        """Return when on *day* this case's work about *about* falls, spread over the window.

        What is late is done at once within the window, else in the next one: a slot once reached never moves on.
        """
        calendar = self.policy.calendar
        at = self._within(calendar.open_day(day), window, about)
        if at >= self.now:
            return at
        if calendar.is_open(self.on) and window.opens <= calendar.clock(self.now) < window.closes:
            return self.now
        later = calendar.clock(self.now) >= window.closes
        return self._within(calendar.open_day(self.on + DAY if later else self.on), window, about)

    def _within(self, day: date, window: Window, about: str) -> datetime:
        calendar = self.policy.calendar
        return spread(
            f"{self.case.case_id}/{about}", start=calendar.at(day, window.opens), end=calendar.at(day, window.closes)
        )

    def office_slot(self, day: date, *, about: str) -> datetime:
        return self.slot(day, self.policy.at(p.OFFICE_HOURS, self.on), about=about)


def next_step(case: Case, policy: Policy, now: datetime) -> Next:
    """Return the earliest step or wait; for a closed case a wait that nobody need end."""
    if case.closed is not None:
        return _CLOSED
    found = agenda(case, policy, now)
    return found[0] if found else _nothing(_Look(case, policy, now, position(case, policy, now)))


def agenda(case: Case, policy: Policy, now: datetime) -> tuple[Next, ...]:
    """Return everything the calendar holds for *case*, earliest first; waits without an end come last."""
    if case.stage is Stage.CLOSED:
        return ()
    look = _Look(case, policy, now, position(case, policy, now))
    tracks = _TRACKS if case.known.billing_read else (_disconnect_order, _off, _reconnect_order, _unread)
    items = [_unless_rejected(look, item) for track in tracks for item in track(look)]
    return tuple(sorted(items, key=instant_of))


def _unless_rejected(look: _Look, item: Next) -> Next:
    """Hold back a step that another system has rejected, until a person releases the hold that says so."""
    if isinstance(item, Wait):
        return item
    for hold in standing(look.case.known.facts, FactKind.HOLD, look.now):
        if hold.details.get("step") == item.kind:
            because = hold.details.get("because", "")
            return Wait(says=f"{because} Release the hold to try again.", who=Who.REPRESENTATIVE, task="rejected")
    return item


def _unread(look: _Look) -> Iterator[Next]:
    """Wait for billing: no letter and no cut rests on balances that could not be read."""
    yield Wait(says="Billing could not be read.", who=Who.OUTSIDE, until=look.now + UNREAD_RETRY)


def instant_of(item: Next) -> datetime:
    """Return when *item* next asks for attention; far in the future if only a change can end it."""
    return item.at if isinstance(item, Step) else item.until or FAR


def _nothing(look: _Look) -> Wait:
    says = "Nothing is left to pursue now; the case waits for the next bill or a change."
    return Wait(says=says, who=Who.CALENDAR, until=_next_change(look))


def _next_change(look: _Look) -> datetime | None:
    """Return when what is known changes by the calendar alone: a bill falls due, a fact begins or ends."""
    known, midnight = look.case.known, time(0)
    dues = [bill.due_on + DAY for bill in known.bills if bill.due_on >= look.on and bill.open > ZERO]
    instants = [look.policy.calendar.at(day, midnight) for day in dues]
    instants += [instant for fact in known.facts for instant in (fact.starts, fact.until) if instant]
    return min((instant for instant in instants if instant > look.now), default=None)


_CLOSED = Wait(says="The case is closed.", who=Who.CALENDAR)


def _blocked(verdict: Verdict, *, who: Who, until: datetime | None = None, task: str = "") -> Wait:
    first = verdict.blocking[0]
    return Wait(
        says=f"{first.rule}: {first.says}", who=who, until=until or verdict.until, blocking=verdict.blocking, task=task
    )


def _cured(look: _Look) -> Iterator[Next]:
    """Close a case in which nothing is left to collect or to put right."""
    case = look.case
    ended = case.stage in INACTIVE_STAGES  # a service that has ended is off for good
    owed = balance(case.known.bills) if ended else look.here.past_due
    in_hand = (
        (case.off and not ended)
        or any(order.open for order in case.orders)
        or (case.arrangement is not None and case.arrangement.active)
        or standing(case.known.facts, FactKind.DISPUTE, look.now)
        or case.referral
    )
    if owed <= ZERO and not in_hand and case.known.billing_read:
        yield Step(
            kind=StepKind.CLOSE_CASE, at=look.now, rule="close.paid", says="Nothing is past due: the case closes."
        )


def _letters(look: _Look) -> Iterator[Next]:
    """Remind, serve notice, and withdraw what no longer stands; counted from the oldest unpaid bill."""
    case, here = look.case, look.here
    if case.stage not in PATH_STAGES or case.off:
        return
    if case.known.account.status is not AccountStatus.ACTIVE:
        says = "The account is no longer active: a representative records its final bill."
        yield Wait(says=says, who=Who.REPRESENTATIVE, task="record_final_bill")
        return
    standing_letter = case.notice or case.reminder
    if standing_letter and case.stage is not Stage.DISCONNECTION_PENDING:
        withdrawal = _withdrawal(look, standing_letter)
        if withdrawal:
            yield withdrawal
            return
    if case.notice or not here.pursued:
        return
    amount = here.pursued_amount
    if amount <= ZERO or amount.cents < look.policy.at(p.MIN_BALANCE, look.on):
        says = f"{amount} past due is below the sum for which letters go out."
        yield Wait(says=says, who=Who.CUSTOMER, until=_next_change(look))
        return
    yield _next_letter(look)


def _withdrawal(look: _Look, letter: Notice) -> Step | None:
    left = letter.left(look.case.known.bills) - look.here.unposted
    if left <= ZERO and look.here.pursued:
        because = "what it names is paid"
    elif letter.stale_on and look.on >= letter.stale_on:
        because = f"it went stale on {letter.stale_on}"
    else:
        return None
    return Step(
        kind=StepKind.WITHDRAW_NOTICE,
        at=look.now,
        ref=letter.kind,
        rule="notice.stands",
        says=f"The {letter.kind} of {letter.served_on} no longer stands: {because}.",
    )


def _next_letter(look: _Look) -> Next:
    case, oldest = look.case, look.here.pursued[0]
    # After a default the next letter is a notice, whether or not there had been a reminder.
    if case.reminder is None and case.stage is Stage.PAST_DUE:
        kind, action, parameter = StepKind.SEND_REMINDER, Action.SEND_REMINDER, p.REMINDER_DAYS
    else:
        kind, action, parameter = StepKind.SERVE_NOTICE, Action.SERVE_NOTICE, p.NOTICE_DAYS
    sums = [_sum(f"{parameter.unit}, bill {oldest.ref}", oldest.due_on, look.days(parameter))]
    if case.reminder is not None:
        sums.append(_sum(p.NOTICE_GAP_DAYS.unit, case.reminder.served_on, look.days(p.NOTICE_GAP_DAYS)))
    at = look.office_slot(max(each.result for each in sums), about=kind)
    verdict = gate(action, case, look.policy, at)
    if not verdict.allows:
        return _blocked(verdict, who=Who.CALENDAR if verdict.until else Who.REPRESENTATIVE)
    what = "a reminder" if kind is StepKind.SEND_REMINDER else "the disconnection notice"
    return Step(
        kind=kind,
        at=at,
        rule=parameter.key,
        citation=look.cite(parameter),
        arithmetic=tuple(sums),
        amount=look.here.pursued_amount,
        certificate=certify(verdict, look.policy.pack),
        says=f"On {look.policy.calendar.day(at)} {what} for {look.here.pursued_amount} goes out, "
        f"{look.days(parameter)} days or more after the oldest bill fell due on {oldest.due_on}.",
    )


def _sum(label: str, start: date, days: int) -> Arithmetic:
    return Arithmetic(label=label, start=start, days=days, result=start + timedelta(days=days))


def _recommendation(look: _Look) -> Iterator[Next]:
    """Say when a disconnection could be recommended; a person does it."""
    case = look.case
    if case.stage is not Stage.NOTICED or case.notice is None or case.off:
        return
    stale = case.notice.stale_on
    stale_at = look.policy.calendar.at(stale, time(0)) if stale else None
    verdict = gate(Action.RECOMMEND_DISCONNECTION, case, look.policy, look.now)
    if verdict.allows:
        yield Wait(
            says="The notice has run out and nothing forbids a disconnection: a representative may recommend it.",
            who=Who.REPRESENTATIVE,
            until=stale_at,
            task="recommend_disconnection",
        )
        return
    ends = [end for end in (verdict.until, stale_at) if end and end > look.now]
    yield _blocked(verdict, who=Who.CALENDAR if verdict.until else Who.REPRESENTATIVE, until=min(ends, default=None))


def _approval(look: _Look) -> Iterator[Next]:
    """Follow an asked or granted disconnection until an order stands for it."""
    case = look.case
    if case.open_order(OrderPurpose.DISCONNECT):
        return
    granted = case.approval(DISCONNECTION, ApprovalState.GRANTED)
    pending = granted or case.approval(DISCONNECTION, ApprovalState.ASKED)
    if pending is None:
        return
    verdict = gate(Action.APPROVE_DISCONNECTION, case, look.policy, look.now)
    lapsed = granted is not None and granted.lapses_at is not None and granted.lapses_at <= look.now
    elsewhere = case.stage is not Stage.DISCONNECTION_PENDING
    if elsewhere or lapsed or (not verdict.allows and verdict.until is None):
        if lapsed or verdict.allows:
            why = "its time is over" if lapsed else "the case has left the path"
        else:
            why = f"{verdict.blocking[0].rule}: {verdict.blocking[0].says}"
        yield Step(
            kind=StepKind.LAPSE_APPROVAL,
            at=look.now,
            ref=pending.approval_id,
            rule=p.APPROVAL_OPEN_DAYS.key,
            says=f"The disconnection asked for by {pending.asked_by} falls: {why}",
            certificate=certify(verdict, look.policy.pack),
        )
    elif case.off:
        return
    elif granted is None:
        yield Wait(
            says="A supervisor decides on the recommended disconnection.",
            who=Who.SUPERVISOR,
            until=verdict.until,
            task="approve_disconnection",
        )
    elif verdict.allows:
        yield Step(
            kind=StepKind.PLACE_ORDER,
            at=look.now,
            ref=OrderPurpose.DISCONNECT,
            service=granted.service,
            rule="dnp.order",
            says="The approved disconnection goes to field service as a work order.",
            certificate=certify(verdict, look.policy.pack),
        )
    else:
        yield _blocked(verdict, who=Who.CALENDAR, until=_first(verdict.until, granted.lapses_at))


def _first(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant), default=None)


def _disconnect_order(look: _Look) -> Iterator[Next]:
    """Dispatch an order in the lawful window; withdraw it the moment a fact forbids it."""
    case = look.case
    order = case.open_order(OrderPurpose.DISCONNECT)
    if order is None:
        return
    if order.state is OrderState.BEYOND_RECALL:
        yield Wait(says="The recall came too late: the crew's result is awaited.", who=Who.FIELD)
        return
    waiting = order.state is OrderState.REQUESTED
    action = Action.DISPATCH_DISCONNECTION if waiting else Action.ACKNOWLEDGE_DISCONNECTION
    verdict = gate(action, case, look.policy, look.now)
    granted = case.approval(DISCONNECTION, ApprovalState.GRANTED)
    lapses = granted.lapses_at if granted else None
    window = look.policy.at(p.DNP_WINDOW, look.on)
    if case.service(order.service).status is not ServiceStatus.ORDER_PENDING:
        says = f"{order.service} was switched by others meanwhile."
        overtaken = Outcome(rule="order.overtaken", finding=Finding.BLOCKS, says=says, citation="")
        yield _withdraw(look, order, because=overtaken, verdict=verdict)
    elif not verdict.allows:
        soon = waiting and verdict.until is not None and (lapses is None or verdict.until < lapses)
        yield (
            _blocked(verdict, who=Who.CALENDAR)
            if soon
            else _withdraw(look, order, because=verdict.blocking[0], verdict=verdict)
        )
    elif waiting:
        latest = (datetime.combine(look.on, window.closes) - DISPATCH_MARGIN).time()
        at = look.slot(look.on, Window(window.opens, latest), about=order.order_id)
        if look.policy.calendar.day(at) != look.on:
            at = next_slot(look.policy, at)
        if lapses is not None and at >= lapses:
            says = "The approval lapses before a crew may next be sent."
            yield Wait(says=says, who=Who.SUPERVISOR, until=lapses)
            return
        yield Step(
            kind=StepKind.DISPATCH_ORDER,
            at=at,
            ref=order.order_id,
            service=order.service,
            rule=p.DNP_WINDOW.key,
            citation=look.cite(p.DNP_WINDOW),
            says=f"On {look.policy.calendar.day(at)} the crew is sent to disconnect {order.service}.",
            certificate=certify(verdict, look.policy.pack),
        )
    else:
        yield Wait(
            says=f"A crew has the order to disconnect {order.service}.",
            who=Who.FIELD,
            until=look.policy.calendar.at(look.on, window.closes),
        )


def _withdraw(look: _Look, order: Order, *, because: Outcome, verdict: Verdict) -> Step:
    return Step(
        kind=StepKind.WITHDRAW_ORDER,
        at=look.now,
        ref=order.order_id,
        service=order.service,
        rule=because.rule,
        citation=because.citation,
        says=f"The order to disconnect {order.service} is withdrawn. {because.rule}: {because.says}",
        certificate=certify(verdict, look.policy.pack),
    )


def _off(look: _Look) -> Iterator[Next]:
    """Bring service back when what is owed is paid, or an agreement reopens it; else say what would."""
    case = look.case
    if case.stage in INACTIVE_STAGES:
        return
    for state in case.off:
        crew_has_it = (
            o.open and o.purpose is OrderPurpose.RECONNECT and o.service is state.service for o in case.orders
        )
        if any(crew_has_it):
            continue
        arrangement = case.arrangement
        plan = (
            arrangement is not None
            and arrangement.status is ArrangementStatus.IN_FORCE
            and look.policy.at(p.RECONNECT_PLAN_ALLOWED, look.on)
        )
        done = [o for o in case.orders if o.service is state.service and o.state is OrderState.COMPLETED]
        wrong = bool(done) and done[-1].purpose is OrderPurpose.DISCONNECT and bool(done[-1].reason)
        why = _restores(look, plan=plan, wrong=wrong)
        if why:
            yield Step(
                kind=StepKind.REQUEST_REACTIVATION,
                at=look.now if wrong else _reactivation_at(look),
                service=state.service,
                rule=p.RECONNECT_PLAN_ALLOWED.key if plan else "reconnect.paid",
                citation=look.cite(p.RECONNECT_CUTOFF),
                says=f"{state.service} is reconnected: {why}.",
            )
        else:
            yield Wait(
                says=f"{state.service} has been off since {state.since}; {look.here.owed} past due restores it.",
                who=Who.CUSTOMER,
            )


def _reconnect_order(look: _Look) -> Iterator[Next]:
    """Name a reconnection that a crew still has, whatever became of the service meanwhile."""
    order = look.case.open_order(OrderPurpose.RECONNECT)
    if order:
        yield Wait(says=f"A crew has the order to reconnect {order.service}.", who=Who.FIELD)


def _people(look: _Look) -> Iterator[Next]:
    """Name what lies with a reviewer or a supervisor."""
    case = look.case
    if standing(case.known.facts, FactKind.DISPUTE, look.now):
        yield Wait(says="A reviewer decides the dispute.", who=Who.REVIEWER, task="review_dispute")
    if case.referral:
        yield Wait(says="A supervisor answers what was referred.", who=Who.SUPERVISOR, task="answer_referral")
    for approval in case.approvals:
        if approval.state is ApprovalState.ASKED and approval.act != DISCONNECTION:
            act = approval.act.replace("_", " ")
            says = f"A supervisor decides on the {act} that {approval.asked_by} asked for."
            yield Wait(says=says, who=Who.SUPERVISOR, task=f"approve_{approval.act}")


def _restores(look: _Look, *, plan: bool, wrong: bool) -> str:
    """Return what brings service back, empty if nothing does."""
    if wrong:
        return "it was cut after its recall"
    if look.here.owed <= ZERO:
        return "what was past due is paid"
    return "the agreement is in force" if plan else ""


def _reactivation_at(look: _Look) -> datetime:
    """Return now on an open day before the same-day cutoff, else the next open day's opening."""
    calendar = look.policy.calendar
    cutoff = time.fromisoformat(look.policy.at(p.RECONNECT_CUTOFF, look.on))
    if calendar.is_open(look.on) and calendar.clock(look.now) <= cutoff:
        return look.now
    day = calendar.open_day(look.on + DAY)
    return max(look.now, calendar.at(day, look.policy.at(p.OFFICE_HOURS, look.on).opens))


def _arrangement(look: _Look) -> Iterator[Next]:
    """Count money against the schedule; note breach, cure, default and completion."""
    arrangement = look.case.arrangement
    if arrangement is None or not arrangement.active:
        return
    bills = look.case.known.bills
    paid = paid_towards(arrangement, bills, unposted=look.here.unposted)
    met = instalments_met(arrangement, paid)
    done = met == len(arrangement.schedule)
    if met != arrangement.met:
        yield Step(
            kind=StepKind.COUNT_INSTALMENTS,
            at=look.now,
            amount=paid,
            rule="arrangement.schedule",
            says=f"{met} of {len(arrangement.schedule)} instalments are covered by {paid} paid.",
        )
        return
    grace = look.days(p.ARRANGEMENT_GRACE_DAYS)
    late = missed(arrangement, bills, on=look.on, grace_days=grace, unposted=look.here.unposted)
    if done and late is None:
        yield Step(
            kind=StepKind.COMPLETE_ARRANGEMENT,
            at=look.now,
            amount=paid,
            rule="arrangement.schedule",
            says="The agreement is paid in full.",
        )
    elif arrangement.status is ArrangementStatus.BREACHED:
        yield from _breach(look, arrangement, late)
    else:
        yield _breach_step(look, arrangement, met, late, grace)


def _breach_step(look: _Look, arrangement: Arrangement, met: int, late: date | None, grace: int) -> Next:
    due = late or _next_due(look, arrangement, met)
    check = _sum("grace", due, grace + 1)
    at = look.office_slot(check.result, about="breach")
    return Step(
        kind=StepKind.NOTE_BREACH,
        at=at,
        rule=p.ARRANGEMENT_GRACE_DAYS.key,
        citation=look.cite(p.ARRANGEMENT_GRACE_DAYS),
        arithmetic=(check,),
        says=f"Unless what fell due on {due} is paid through {check.result - DAY}, the agreement is in breach.",
    )


def _next_due(look: _Look, arrangement: Arrangement, met: int) -> date:
    dues = [instalment.due_on for instalment in arrangement.schedule[met:]]
    if arrangement.current_bills_required:
        refs = arrangement.refs
        dues += [b.due_on for b in look.case.known.bills if b.ref not in refs and b.due_on >= arrangement.agreed_on]
    return min(dues)


def _breach(look: _Look, arrangement: Arrangement, late: date | None) -> Iterator[Next]:
    assert arrangement.cure_by is not None, "a breach states its cure date"
    spent = arrangement.reinstated >= look.days(p.ARRANGEMENT_MAX_REINSTATE)
    if late is None and not spent:
        yield Step(
            kind=StepKind.NOTE_CURE,
            at=look.now,
            rule="arrangement.cure",
            says="The breach is cured: what was missed is paid.",
        )
        return
    check = _sum("cure", arrangement.cure_by, 1)
    yield Step(
        kind=StepKind.DEFAULT_ARRANGEMENT,
        at=look.office_slot(check.result, about="default"),
        rule=p.ARRANGEMENT_CURE_DAYS.key,
        citation=look.cite(p.ARRANGEMENT_CURE_DAYS),
        arithmetic=(check,),
        says=f"Unless the breach is cured through {arrangement.cure_by}, the agreement falls; a new notice follows.",
    )


def _promise(look: _Look) -> Iterator[Next]:
    promise = look.case.promise
    if promise is None:
        return
    kept = promise.paid(look.case.known.bills) + look.here.unposted >= promise.amount
    check = look.policy.calendar.add_open_days(promise.by, 1)
    yield Step(
        kind=StepKind.CHECK_PROMISE,
        at=look.now if kept else look.office_slot(check, about="promise"),
        amount=promise.amount,
        rule="promise.follow_up",
        says=f"The promise of {promise.amount} by {promise.by} is {'kept' if kept else f'checked on {check}'}.",
    )


def _extension(look: _Look) -> Iterator[Next]:
    extension = look.case.extension
    if extension is None:
        return
    yield Step(
        kind=StepKind.END_EXTENSION,
        at=look.office_slot(extension.until + DAY, about="extension"),
        rule=p.EXTENSION_DAYS.key,
        citation=look.cite(p.EXTENSION_DAYS),
        says=f"The extension runs through {extension.until}; after it the path goes on.",
    )


def _follow_up(look: _Look) -> Iterator[Next]:
    day = look.case.follow_up_on
    if day is None:
        return
    yield Step(
        kind=StepKind.RAISE_FOLLOW_UP,
        at=look.office_slot(day, about="follow-up"),
        rule="desk.follow_up",
        says=f"The case comes back to its representative on {day}.",
    )


def _inactive(look: _Look) -> Iterator[Next]:
    """Say who moves on a case whose service has ended."""
    case = look.case
    if case.stage not in INACTIVE_STAGES:
        return
    owed = balance(case.known.bills)
    if case.stage is Stage.FINAL_BILLED:
        due = case.remedy.due_on if case.remedy and case.remedy.due_on else case.opened_on
        check = _sum(p.AGENCY_AFTER_DAYS.unit, due, look.days(p.AGENCY_AFTER_DAYS))
        opens = look.policy.calendar.at(check.result, time(0))
        ripe = opens <= look.now
        yield Wait(
            says=f"The final bill leaves {owed} unpaid; from {check.result} it may go to an agency or to court.",
            who=Who.REPRESENTATIVE if ripe else Who.CUSTOMER,
            until=None if ripe else opens,
            task="refer_final_bill" if ripe else "",
        )
    else:
        whose = {
            Stage.WITH_AGENCY: "An agency collects",
            Stage.IN_COURT: "A court decides on",
            Stage.JUDGMENT: "A judgment stands for",
            Stage.WRITTEN_OFF: "Written off but still owed:",
        }[case.stage]
        yield Wait(says=f"{whose} {owed}.", who=Who.OUTSIDE)


_TRACKS: tuple[Callable[[_Look], Iterator[Next]], ...] = (
    _cured,
    _disconnect_order,
    _off,
    _reconnect_order,
    _approval,
    _arrangement,
    _promise,
    _extension,
    _people,
    _letters,
    _recommendation,
    _follow_up,
    _inactive,
)
