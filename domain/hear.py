"""What the outside tells a case: field service, agency, court; and the events it turns into."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain import events as ev
from domain.account import Service, balance
from domain.case import Case, Order, OrderState
from domain.decisions.desk import cleared
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.remedy import Mark, Remedy, RemedyKind, RemedyState
from domain.states import ServiceStatus, Trigger, may_move
from domain.take.remedies import named
from domain.visits import completed, not_completed


class Tells(StrEnum):
    """``look_again`` carries nothing: amounts come from billing and facts from SQL, never from a message."""

    LOOK_AGAIN = "look_again"
    ORDER_ACKNOWLEDGED = "order_acknowledged"
    ORDER_COMPLETED = "order_completed"
    ORDER_NOT_COMPLETED = "order_not_completed"
    ORDER_ACCEPTED = "order_accepted"
    RECALL_CONFIRMED = "recall_confirmed"
    CUT_FOUND_WRONG = "cut_found_wrong"
    LETTER_MAILED = "letter_mailed"
    LETTER_RETURNED = "letter_returned"
    OUTSIDE_SERVICE = "outside_service"
    OUTSIDE_PLACEMENT = "outside_placement"
    OUTSIDE_RECALL = "outside_recall"
    OUTSIDE_CLAIM = "outside_claim"
    OUTSIDE_JUDGMENT = "outside_judgment"
    AGENCY_REFUSED = "agency_refused"
    AGENCY_RETURNED = "agency_returned"
    AGENCY_COLLECTED = "agency_collected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message from outside. *key* makes telling it twice change nothing; *at* is the business instant at the edge.

    *kind*: of a letter that was mailed or came back. *opens*: where the account has no open case, its next one begins
    with this (a payment that came back late).
    """

    key: str
    at: datetime
    what: Tells
    order_id: str = ""
    proceed: bool = False
    service: Service | None = None
    status: ServiceStatus | None = None
    ref: str = ""
    on: date | None = None
    amount: Money = Money(0)
    because: str = ""
    urgent: bool = False
    opens: bool = False
    meter_read: int | None = None
    kind: str = ""


def hear(case: Case, told: Told) -> tuple[ev.Body, ...]:
    """Return what *told* means for *case*; nothing when it repeats what the case knows, or only says to look again."""
    if told.what is Tells.LOOK_AGAIN or case.closed is not None:
        return ()
    if told.what is Tells.CUT_FOUND_WRONG:
        return (ev.StrikeRemoved(order_id=told.order_id),)
    if told.what in _CREWS:
        order = next((order for order in case.orders if order.order_id == told.order_id), None)
        if order is None:
            return ()
        heard = _hear_order(case, order, told) if order.open else _hear_late(case, order, told)
        return (*heard, *_doubts(order, told)) if heard else ()
    if told.what in _OF_AGENCY:
        return _hear_agency(case, told)
    if told.what in _MAIL:
        return _hear_mail(case, told)
    return _hear_outside(case, told)


_MAIL = frozenset({Tells.LETTER_MAILED, Tells.LETTER_RETURNED})
_OF_AGENCY = frozenset({Tells.AGENCY_REFUSED, Tells.AGENCY_RETURNED, Tells.AGENCY_COLLECTED})
FREEZING = ("bankrupt", "deceased", "identity", "fraud")
"""What freezes everything at anyone's word, the agency's too, until a person has looked."""
_CREWS = frozenset(
    {
        Tells.ORDER_ACKNOWLEDGED,
        Tells.ORDER_COMPLETED,
        Tells.ORDER_NOT_COMPLETED,
        Tells.ORDER_ACCEPTED,
        Tells.RECALL_CONFIRMED,
    }
)


def _hear_mail(case: Case, told: Told) -> tuple[ev.Body, ...]:
    """Take the day of mailing of a letter that waits for it, and that one came back, which is a person's to mend."""
    on = told.on or told.at.date()
    standing = next((each for each in (case.notice, case.reminder) if each and each.letter == told.ref), None)
    if told.what is Tells.LETTER_MAILED:
        # Of a notice that was known as mailed nothing is new. Any other letter counts from no day: this is its proof.
        known = standing is not None and not standing.awaited
        return () if known else (ev.MailingConfirmed(kind=told.kind, letter=told.ref, mailed_on=on),)
    if standing is not None and standing.returned_on is not None:
        return ()
    says = f"The {told.kind or 'letter'} came back undelivered on {on}."
    returned = ev.LetterReturned(kind=told.kind, letter=told.ref, returned_on=on, because=told.because)
    return (returned, ev.TaskRaised(kind="bad_contact", about=says, urgent=standing is not None))


def _hear_order(case: Case, order: Order, told: Told) -> tuple[ev.Body, ...]:
    order_id, service = order.order_id, order.service
    match told.what:
        case Tells.ORDER_ACKNOWLEDGED:
            return (ev.OrderAcknowledged(order_id=order_id, service=service, proceed=told.proceed),)
        case Tells.ORDER_COMPLETED:
            return completed(case, order, at=told.at, finding=told.because, meter_read=told.meter_read)
        case Tells.ORDER_ACCEPTED:
            known = order.accepted_at is not None
            return () if known else (ev.OrderAccepted(order_id=order_id, service=service),)
        case Tells.RECALL_CONFIRMED:
            because = "the crew confirmed its recall"
            return (ev.OrderWithdrawn(order_id=order_id, service=service, recalled=True, because=because),)
        case _:
            return not_completed(case, order, at=told.at, reason=told.because)


def _hear_late(case: Case, order: Order, told: Told) -> tuple[ev.Body, ...]:
    """Take what a crew did on an order that had ended: it changed the service all the same."""
    if told.what is not Tells.ORDER_COMPLETED or order.state is OrderState.COMPLETED:
        return ()
    return completed(case, order, at=told.at, finding=told.because, meter_read=told.meter_read)


def _doubts(order: Order, told: Told) -> tuple[ev.Body, ...]:
    """Return what a person has to look into beside what a crew reports: leave nobody asked for, a day that cannot be.

    An acknowledgement and a report travel apart, so that only who keeps the order's row can tell a cut without leave.
    """
    if told.what not in {Tells.ORDER_COMPLETED, Tells.ORDER_NOT_COMPLETED}:
        return ()
    found: list[ev.Body] = []
    if told.urgent:
        about = f"{order.service} was cut on {order.order_id}, and nobody asked at the door whether it may be"
        found.append(ev.TaskRaised(kind="cut_unasked", about=about, urgent=True))
    if told.on is not None:
        about = f"the report on {order.order_id} is dated {told.on}, before its order or after it reached us"
        found.append(ev.TaskRaised(kind="crew_clock", about=about))
    return tuple(found)


def _hear_outside(case: Case, told: Told) -> tuple[ev.Body, ...]:
    """Take the outside's record as a fact, "not ordered here"; never refused and not counted as our act."""
    if told.what is Tells.OUTSIDE_SERVICE and told.service and case.service(told.service).status is told.status:
        return ()
    noted = ev.OutsideActNoted(
        what=told.what,
        service=told.service,
        status=told.status,
        ref=told.ref,
        urgent=told.urgent,
        because=told.because or "not ordered here",
    )
    bodies: list[ev.Body] = [noted]
    if told.urgent:
        bodies.append(ev.TaskRaised(kind="forbidden_outside_cut", about=told.because, urgent=True))
    return (*bodies, *_outside_remedy(case, told))


def _hear_agency(case: Case, told: Told) -> tuple[ev.Body, ...]:
    """Take an agency's word on a debt that it was given by us; nothing when it no longer has it."""
    placed = case.remedy(RemedyKind.PLACEMENT)
    if placed is None or placed.state is not RemedyState.STANDING:
        return ()
    if told.what is Tells.AGENCY_COLLECTED:
        # Where a look came in between, the agency was told of its own money; it then has nothing new to be noted.
        collected = min(told.amount, placed.told - placed.left(case.known.bills))
        if collected.cents <= 0:
            return ()
        left = placed.told - collected
        return (ev.RemedyTold(remedy_id=placed.remedy_id, change=collected, left=left, collected=True),)
    refused = told.what is Tells.AGENCY_REFUSED
    says = f"the agency {'refused it' if refused else 'gave it back'}: {told.because.replace('_', ' ')}"
    back = ev.RecalledFromAgency(
        remedy_id=placed.remedy_id, ref=told.ref, because=says, left=placed.left(case.known.bills)
    )
    freezes = any(word in told.because for word in FREEZING)
    task = ev.TaskRaised(kind=told.what, about=says, urgent=freezes)
    return (back, task, *(_frozen(case, told, says, after=2) if freezes else ()))


def _frozen(case: Case, told: Told, says: str, *, after: int) -> tuple[ev.Body, ...]:
    """Return the hold that stands until a person has looked into what the agency says."""
    hold = Fact(
        fact_id=f"{case.case_id}-f{case.seq + after + 1}",
        kind=FactKind.HOLD,
        starts=told.at,
        known_at=told.at,
        source="agency",
        entered_by="outside",
        details={"because": says},
    )
    return (ev.FactRecorded(fact=hold),)


def _outside_remedy(case: Case, told: Told) -> tuple[ev.Body, ...]:
    """Return what an outside act does to the debt; nothing where it only confirms what we asked for ourselves."""
    placed, sued = case.remedy(RemedyKind.PLACEMENT), case.remedy(RemedyKind.CLAIM, RemedyKind.JUDGMENT)
    match told.what:
        case Tells.OUTSIDE_PLACEMENT if placed is not None:
            acknowledged = placed.marked(Mark.ACKNOWLEDGED) is not None
            mark = ev.RemedyMarked(
                remedy_id=placed.remedy_id, mark=Mark.ACKNOWLEDGED, on=told.on or told.at.date(), ref=told.ref
            )
            return () if acknowledged or placed.state is not RemedyState.STANDING else (mark,)
        case Tells.OUTSIDE_PLACEMENT if sued is None:
            return (*_final(case, told), ev.PlacedWithAgency(remedy=_found(case, told, RemedyKind.PLACEMENT)))
        case Tells.OUTSIDE_RECALL if placed is not None and placed.state is RemedyState.STANDING:
            return (_recall(placed, told),)
        case Tells.OUTSIDE_CLAIM if sued is None:
            filed = ev.ClaimFiled(remedy=_found(case, told, RemedyKind.CLAIM))
            return (*_final(case, told), *_recalled(placed, told), filed)
        case Tells.OUTSIDE_JUDGMENT if sued is None or sued.kind is RemedyKind.CLAIM:
            claim = sued or _found(case, told, RemedyKind.CLAIM)
            standing = replace(claim, state=RemedyState.STANDING)
            before = () if sued and sued.state is RemedyState.STANDING else (ev.ClaimFiled(remedy=standing),)
            entered = ev.JudgmentEntered(
                remedy_id=claim.remedy_id, ref=told.ref, amount=told.amount, final_on=told.on or told.at.date()
            )
            return (*_final(case, told), *_recalled(placed, told), *before, entered)
        case _:
            return ()


def _final(case: Case, told: Told) -> tuple[ev.Body, ...]:
    """Return the final bill that an outside act implies, where the case had none yet."""
    if not may_move(case.stage, Trigger.FINAL_BILL):
        return ()
    on = told.on or told.at.date()
    return (*cleared(case, "the account is final"), ev.FinalBilled(due_on=on, amount=told.amount))


def _found(case: Case, told: Told, kind: RemedyKind) -> Remedy:
    free = tuple(bill for bill in case.known.bills if bill.ref not in case.held)
    return Remedy(
        remedy_id=f"{case.case_id}-{told.ref}",
        kind=kind,
        state=RemedyState.STANDING,
        bills=named(free),
        amount=told.amount,
        told=balance(free),
        since=told.on or told.at.date(),
        ref=told.ref,
    )


def _recalled(placed: Remedy | None, told: Told) -> tuple[ev.Body, ...]:
    return (_recall(placed, told),) if placed is not None and placed.state is RemedyState.STANDING else ()


def _recall(placed: Remedy, told: Told) -> ev.RecalledFromAgency:
    because = told.because or "the outside's record"
    return ev.RecalledFromAgency(remedy_id=placed.remedy_id, ref=told.ref, because=because, left=told.amount)
