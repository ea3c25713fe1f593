"""What is the smallest thing a customer can do against the next adverse step, and until when?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain import parameters as p
from domain.account import OpenBill, balance
from domain.agenda import FAR, agenda, instant_of, next_step
from domain.calendar import DAY
from domain.case import DISCONNECTION, ApprovalState, Case, OrderPurpose, OrderState
from domain.effects import NOTHING
from domain.gate import gate
from domain.money import ZERO, Money
from domain.perform import performed
from domain.policy import Policy
from domain.states import Stage
from domain.step import Step, StepKind
from domain.take import take
from domain.verdict import Action, Verdict

MINUTE = timedelta(minutes=1)
HORIZON = timedelta(days=400)
LOOKS_MAX = 200  # a case that does nothing adverse in so many looks is not on its way to one

ADVERSE_STEPS = {
    StepKind.SEND_REMINDER: "the reminder of {day} does not go out",
    StepKind.SERVE_NOTICE: "the disconnection notice of {day} does not go out",
    StepKind.LAPSE_ARRANGEMENT: "the agreement does not fall on {day}",
    StepKind.NOTE_BREACH: "the agreement is not in breach on {day}",
    StepKind.DEFAULT_ARRANGEMENT: "the agreement does not fall on {day}",
    StepKind.DISPATCH_ORDER: "no crew is sent on {day} to disconnect",
}
ADVERSE_ACTS = {
    Action.RECOMMEND_DISCONNECTION: "nobody may recommend a disconnection on {day}",
    Action.APPROVE_DISCONNECTION: "nobody may approve the disconnection that was asked for",
    Action.ACKNOWLEDGE_DISCONNECTION: "the crew that is out does not disconnect",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Adverse:
    """Something that goes against the customer: a step the calendar takes, or an act that a person may do from *at*."""

    kind: StepKind | Action
    at: datetime
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Avoidance:
    """The least payment that avoids the next adverse step, known as things stand.

    *by*: the last whole minute of office hours that is over before the step; none when none is left and only money
    that comes first helps. *says* can be read to a caller. *not_earlier*: why the step does not come before *at*.
    """

    kind: StepKind | Action
    at: datetime
    amount: Money
    by: datetime | None
    says: str
    not_earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    amount: Money
    at: datetime


def smallest_change(case: Case, policy: Policy, now: datetime) -> Avoidance | None:
    """Return what avoids the next adverse step of *case*; none if none is in sight or no payment avoids it.

    Money is poured as billing pours it: the oldest bill first. The amount avoids it whenever it comes until then; one
    cent less, or one business minute later, does not.
    """
    if case.closed is not None or not case.known.billing_read:
        return None
    ahead = next_adverse(case, policy, now)
    if ahead is None:
        return None

    last = last_minute(policy, ahead.at)
    by = last if last >= now else None

    def avoids(cents: int) -> bool:
        """Say whether *cents* avoid it, received at once and at the last minute alike."""
        payments = {Payment(Money(cents), at) for at in (by or now, now)}
        met = (next_adverse(case, policy, now, through=ahead.at, paying=each) for each in payments)
        return all(each is None or each.kind is not ahead.kind for each in met)

    whole = balance(case.known.bills).cents
    if not avoids(whole):
        return None
    amount = Money(_least(avoids, whole))
    return Avoidance(
        kind=ahead.kind,
        at=ahead.at,
        amount=amount,
        by=by,
        says=_sentence(ahead, amount, by, policy),
        not_earlier=ahead.because,
    )


def next_adverse(
    case: Case, policy: Policy, now: datetime, *, through: datetime | None = None, paying: Payment | None = None
) -> Adverse | None:
    """Return the first adverse step or act if only the calendar, and *paying*, happen from *now* on; else none.

    The same agenda is followed as by the bodies, with nothing done in the world: what is not adverse is taken as done.
    """
    end = through or now + HORIZON
    blocks: tuple[str, ...] = ()
    for _ in range(LOOKS_MAX):
        if paying and now >= paying.at:
            case, paying = _paid(case, paying.amount), None
        case = case.looking(replace(case.known, at=now))
        items = agenda(case, policy, now) or (next_step(case, policy, now),)
        due = next((item for item in items if isinstance(item, Step) and item.at <= now), None)
        if due is not None:
            if due.kind in ADVERSE_STEPS:
                return Adverse(kind=due.kind, at=now, because=(*_sums(due), *blocks))
            for event in performed(case, due, NOTHING, policy, now):
                case = take(case, event)
            if case.closed is not None:
                return None
            continue
        act = _open_act(case, policy, now)
        if act is not None:
            return Adverse(kind=act, at=now, because=blocks)
        blocks = tuple(f"{o.rule}: {o.says}" for item in items if not isinstance(item, Step) for o in item.blocking)
        later = [instant for instant in map(instant_of, items) if instant > now]
        later += [paying.at] if paying else []
        now = min(later, default=FAR)
        if now > end:
            return None
    return None


def _open_act(case: Case, policy: Policy, now: datetime) -> Action | None:
    """Return what a person or a crew may do against the customer at this moment, if anything."""

    def allowed(action: Action) -> Verdict | None:
        verdict = gate(action, case, policy, now)
        return verdict if verdict.allows else None

    order = case.open_order(OrderPurpose.DISCONNECT)
    if order is not None:
        out = order.state is not OrderState.REQUESTED
        return Action.ACKNOWLEDGE_DISCONNECTION if out else None
    asked = case.approval(DISCONNECTION, ApprovalState.ASKED)
    if asked is not None and case.stage is Stage.DISCONNECTION_PENDING:
        return Action.APPROVE_DISCONNECTION if allowed(Action.APPROVE_DISCONNECTION) else None
    if case.stage is Stage.NOTICED and not case.off and allowed(Action.RECOMMEND_DISCONNECTION):
        return Action.RECOMMEND_DISCONNECTION
    return None


def _paid(case: Case, amount: Money) -> Case:
    """Return *case* as if billing had poured *amount* over its bills, the oldest first."""
    left, bills = amount, []
    for bill in sorted(case.known.bills, key=lambda bill: bill.due_on):  # of one day, as billing gave them
        paid = min(left, bill.open)
        left -= paid
        if paid < bill.open:
            bills.append(_less(bill, paid))
    return case.looking(replace(case.known, bills=tuple(bills), credit=case.known.credit + left))


def _less(bill: OpenBill, paid: Money) -> OpenBill:
    return replace(bill, open=bill.open - paid) if paid > ZERO else bill


def _least(avoids: Callable[[int], bool], whole: int) -> int:
    """Return the least cents that avoid, between nothing, which does not, and *whole*, which does."""
    low, high = 0, whole
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if avoids(middle) else (middle, high)
    return high


def last_minute(policy: Policy, at: datetime) -> datetime:
    """Return the last whole minute of office hours that is over before *at*."""
    calendar = policy.calendar
    minute = at.replace(second=0, microsecond=0) - MINUTE
    day = calendar.day(minute)
    hours = policy.at(p.OFFICE_HOURS, day)
    if calendar.is_open(day) and calendar.clock(minute) >= hours.opens:
        return min(minute, calendar.at(day, hours.closes) - MINUTE)
    day -= DAY
    while not calendar.is_open(day):
        day -= DAY
    return calendar.at(day, policy.at(p.OFFICE_HOURS, day).closes) - MINUTE


def _sums(step: Step) -> tuple[str, ...]:
    return tuple(f"{each.label}: {each.start} and {each.days} days make {each.result}" for each in step.arithmetic)


def _sentence(ahead: Adverse, amount: Money, by: datetime | None, policy: Policy) -> str:
    calendar = policy.calendar
    words = ADVERSE_STEPS[ahead.kind] if isinstance(ahead.kind, StepKind) else ADVERSE_ACTS[ahead.kind]
    day = calendar.day(ahead.at)
    result = words.format(day=f"{day:%A, %B} {day.day}")
    if by is None:
        return f"If we receive {amount} now, before anything else happens, {result}."
    on, clock = calendar.day(by), f"{calendar.clock(by):%I:%M %p}".lstrip("0")
    return f"If we receive {amount} by {clock} on {on:%A, %B} {on.day}, {on.year}, {result}."
