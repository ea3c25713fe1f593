"""How do the crews behave: what do they do with an order, when, and what do they ask and tell us?"""

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import assert_never
from zoneinfo import ZoneInfo

from domain.account import Service
from domain.case import OrderPurpose
from domain.field_orders import Reason, order_type
from gateways.errors import Rejected
from gateways.fakes.keyed import Keyed
from gateways.field import (
    CallbackKind,
    CancelOrder,
    CancelOutcome,
    CreateOrder,
    DispatchOrder,
    FieldAnswer,
    FieldCallback,
    FieldEffect,
    RemindOrder,
)
from gateways.receipt import Receipt

FIRST_ROUND = time(9, 0)  # local; crews leave the yard at eight and the first door is an hour away
ROUND_MINUTES = 120  # a day's disconnections are spread over so many minutes
REMOTE_MINUTES = 5  # from command to answer of a remote meter, and at the door from "about to" to done
RECONNECT_MINUTES = 90  # from order to a crew at the curb, while a cut waits for its day's round
RETRY_MINUTES = 10
ASKS_MAX = 3  # then the crew drives on
ON_THE_WAY = timedelta(minutes=15)  # before the door: a crew that is driving has to confirm a recall
ACCEPT_MINUTES = 10  # from order to a contractor's acknowledgement
UNLOCK_MINUTES = 60  # from that to the unlocked meter
SILENT = "silent"  # scripted: a contractor that acknowledges nothing until it is told again
TROUBLES = (Reason.DOG, Reason.LOCKED, Reason.MEDICAL, Reason.PAID_AT_DOOR, Reason.OCCUPIED_UNEXPECTED)
FINDINGS = {OrderPurpose.OCCUPANCY_CHECK: "occupied", OrderPurpose.TAMPER_CHECK: "intact"}
FOUND = frozenset({"occupied", "occupied_informed", "vacant", "intact", "tampered"})  # scripted, they are no trouble


class CrewState(StrEnum):
    REQUESTED = "requested"
    SCHEDULED = "scheduled"
    WORKING = "working"
    COMPLETED = "completed"
    COULD_NOT_COMPLETE = "could_not_complete"
    STOPPED = "stopped"
    TURNING = "turning"  # recalled on its way; it has yet to say that it turned round
    CANCELLED = "cancelled"


_DONE = frozenset({CrewState.COMPLETED, CrewState.COULD_NOT_COMPLETE})
_ENDED = _DONE | {CrewState.STOPPED, CrewState.TURNING, CrewState.CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOrder:
    """An order as field service keeps it; *due_at* is the instant of whatever comes next."""

    order_id: str
    ref: str
    account_no: str
    type: str
    service: Service
    purpose: OrderPurpose
    remote: bool
    state: CrewState = CrewState.REQUESTED
    due_at: datetime | None = None
    asks: int = 0
    reason: str = ""
    meter_read: int | None = None
    reported: bool = False
    contractor: bool = False
    accepted: bool = False
    crew: int = 0
    safety_notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back for a callback: whether it arrived, and the answer in it."""

    delivered: bool
    answer: FieldAnswer | None = None


Work = Generator[FieldCallback, Reply, None]
"""Work in progress: yields each callback and takes its reply, so that sync and async drivers share one behaviour."""


class FieldCrews(Keyed[FieldEffect]):
    """Field service and its crews. *trouble_pct* of the disconnections at a door cannot be completed, by *seed*."""

    def __init__(self, *, now: datetime, zone: ZoneInfo, seed: int = 0, trouble_pct: int = 0) -> None:
        super().__init__(now=now)
        self._zone = zone
        self._seed = seed
        self._trouble_pct = trouble_pct
        self._script: dict[str, str] = {}
        self.orders: dict[str, WorkOrder] = {}

    def script(self, order_pattern: str, reason: str) -> None:
        """Let orders whose id matches fail for *reason*; a blank reason lets them succeed."""
        self._script[order_pattern] = reason

    def put(self, order: WorkOrder) -> None:
        """Let *order* stand as it is given; also how an order that was written down comes back."""
        self.orders[order.order_id] = order

    def work(self) -> Work:
        """Do everything due by the business instant, in the order of its instants.

        A disconnection is asked for at the door and done only on *proceed*; a crew that gets no answer asks again
        after ten minutes, three times in all. A report that does not arrive is sent again by the next call.
        """
        unheard: set[str] = set()
        while (order := self._next(unheard)) is not None:
            if order.state in _DONE or order.state is CrewState.TURNING:
                reply = yield self._report(order)
                if reply.delivered:
                    gone = CrewState.CANCELLED if order.state is CrewState.TURNING else order.state
                    self.put(replace(order, state=gone, reported=True))
                else:
                    unheard.add(order.order_id)
            elif order.state is CrewState.SCHEDULED and order.purpose is OrderPurpose.DISCONNECT:
                assert order.due_at is not None, "a scheduled order has its instant"
                reply = yield FieldCallback(order_id=order.order_id, kind=CallbackKind.ACKNOWLEDGE, at=order.due_at)
                # The order may have been cancelled or listed anew while the answer was under way.
                if self.orders[order.order_id] == order:
                    self._answered(order, reply.answer)
            elif order.contractor and not order.accepted:
                reply = yield FieldCallback(order_id=order.order_id, kind=CallbackKind.ACCEPT, at=self._due(order))
                self._accepted(order, heard=reply.delivered)
            else:
                self._finish(order)

    def _due(self, order: WorkOrder) -> datetime:
        assert order.due_at is not None, "an order that something is due on has its instant"
        return order.due_at

    def _accepted(self, order: WorkOrder, *, heard: bool) -> None:
        """Go on to the work; an acknowledgement that was not heard is given again."""
        minutes = UNLOCK_MINUTES if heard else RETRY_MINUTES
        self.put(replace(order, accepted=heard, due_at=self._due(order) + timedelta(minutes=minutes)))

    def _next(self, unheard: set[str]) -> WorkOrder | None:
        due = [
            (order.due_at, order.order_id)
            for order in self.orders.values()
            if order.due_at is not None
            and order.due_at <= self.now
            and not order.reported
            and order.order_id not in unheard
        ]
        return self.orders[min(due)[1]] if due else None

    def _answered(self, order: WorkOrder, answer: FieldAnswer | None) -> None:
        assert order.due_at is not None, "an order that was asked about has its instant"
        match answer:
            case FieldAnswer.PROCEED:
                self.put(
                    replace(order, state=CrewState.WORKING, due_at=order.due_at + timedelta(minutes=REMOTE_MINUTES))
                )
            case FieldAnswer.STOP:
                self.put(replace(order, state=CrewState.STOPPED, due_at=None))
            case None if order.asks + 1 < ASKS_MAX:
                later = order.due_at + timedelta(minutes=RETRY_MINUTES)
                self.put(replace(order, asks=order.asks + 1, due_at=later))
            case None:
                self.put(replace(order, state=CrewState.COULD_NOT_COMPLETE, reason="no_answer"))
            case _:
                assert_never(answer)

    def _finish(self, order: WorkOrder) -> None:
        reason = self._trouble(order)
        if reason and reason not in FOUND:
            self.put(replace(order, state=CrewState.COULD_NOT_COMPLETE, reason=reason))
            return
        finding = reason or FINDINGS.get(order.purpose, "")
        self.put(replace(order, state=CrewState.COMPLETED, reason=finding, meter_read=self._read(order)))

    def _read(self, order: WorkOrder) -> int:
        """Return what the meter shows: the same at every visit, for nobody uses what is cut; more once it is back."""
        place = f"{order.account_no}/{order.service}"
        earlier = [
            o
            for o in self.orders.values()
            if o.meter_read is not None and (o.account_no, o.service) == (order.account_no, order.service)
        ]
        if not earlier:
            return 10_000 + self._draw(place, "meter") % 80_000
        last = max(earlier, key=lambda o: o.meter_read or 0)
        used = order.purpose is OrderPurpose.DISCONNECT
        return (last.meter_read or 0) + (1 + self._draw(order.order_id, "used") % 900 if used else 0)

    def _trouble(self, order: WorkOrder) -> str:
        for pattern, reason in self._script.items():
            if fnmatchcase(order.order_id, pattern):
                return "" if SILENT in reason.split() else reason
        at_a_door = order.purpose is OrderPurpose.DISCONNECT and not order.remote
        if at_a_door and self._draw(order.order_id, "trouble") % 100 < self._trouble_pct:
            return TROUBLES[self._draw(order.order_id, "kind") % len(TROUBLES)]
        return ""

    def _report(self, order: WorkOrder) -> FieldCallback:
        kinds = {CrewState.COMPLETED: CallbackKind.COMPLETE, CrewState.TURNING: CallbackKind.CANCELLED}
        return FieldCallback(
            order_id=order.order_id,
            kind=kinds.get(order.state, CallbackKind.COULD_NOT_COMPLETE),
            at=self._due(order),
            reason=order.reason,
            meter_read=order.meter_read,
        )

    def _perform(self, key: str, effect: FieldEffect) -> Receipt:
        match effect:
            case CreateOrder():
                return self._create(key, effect)
            case DispatchOrder():
                return self._dispatch(key, effect)
            case CancelOrder():
                return self._cancel(key, effect)
            case RemindOrder():
                return self._remind(key, effect)
            case _:
                assert_never(effect)

    def _create(self, key: str, wanted: CreateOrder) -> Receipt:
        if wanted.order_id in self.orders:
            raise Rejected("duplicate-order", f"The order {wanted.order_id} stands under another key.")
        try:
            code = order_type(wanted.service, wanted.purpose, remote=wanted.remote, contractor=wanted.contractor)
        except ValueError as exc:
            raise Rejected("no-such-order-type", str(exc)) from None
        order = WorkOrder(
            order_id=wanted.order_id,
            ref=self._number("WO"),
            account_no=wanted.account_no,
            type=code,
            service=wanted.service,
            purpose=wanted.purpose,
            remote=code.endswith("-REMOTE"),
            contractor=wanted.contractor,
            safety_notes=wanted.safety_notes,
        )
        if order.purpose is not OrderPurpose.DISCONNECT:
            minutes = REMOTE_MINUTES if order.remote else ACCEPT_MINUTES if order.contractor else RECONNECT_MINUTES
            silent = order.contractor and SILENT in self._scripted(order.order_id)
            due_at = None if silent else self.now + timedelta(minutes=minutes)
            order = replace(order, state=CrewState.SCHEDULED, due_at=due_at)
        self.orders[order.order_id] = order
        return self._receipt(key, ref=order.ref, type=code)

    def _dispatch(self, key: str, wanted: DispatchOrder) -> Receipt:
        order = self._order(wanted.order_id)
        if order.state in _ENDED:
            raise Rejected("order-ended", f"The order {order.order_id} is {order.state}.")
        if order.purpose is OrderPurpose.DISCONNECT and order.state is not CrewState.WORKING:
            spread = timedelta(minutes=self._draw(order.order_id, "round") % ROUND_MINUTES)
            slot = datetime.combine(wanted.on, FIRST_ROUND, self._zone).astimezone(UTC) + spread
            # Listed in the course of the day: the crew still has to get there.
            soonest = wanted.not_before or self.now + timedelta(minutes=REMOTE_MINUTES)
            due_at = max(slot, soonest) if wanted.not_before is None else soonest
            self.put(replace(order, state=CrewState.SCHEDULED, due_at=due_at, crew=wanted.crew))
        return self._receipt(key, ref=order.ref, on=wanted.on.isoformat())

    def _cancel(self, key: str, wanted: CancelOrder) -> Receipt:
        order = self._order(wanted.order_id)
        if order.state in {CrewState.WORKING, CrewState.COMPLETED}:
            return self._receipt(key, ref=order.ref, outcome=CancelOutcome.TOO_LATE)
        on_the_way = order.state is CrewState.SCHEDULED and not order.remote and order.due_at is not None
        if on_the_way and self.now >= self._due(order) - ON_THE_WAY:
            self.put(replace(order, state=CrewState.TURNING, due_at=self.now, reason=wanted.reason))
            return self._receipt(key, ref=order.ref, outcome=CancelOutcome.PENDING)
        if order.state not in _ENDED:
            self.put(replace(order, state=CrewState.CANCELLED, due_at=None, reason=wanted.reason))
        return self._receipt(key, ref=order.ref, outcome=CancelOutcome.CANCELLED)

    def _remind(self, key: str, wanted: RemindOrder) -> Receipt:
        """Wake a contractor that was silent, unless it is scripted to stay so."""
        order = self._order(wanted.order_id)
        deaf = self._scripted(order.order_id) == {SILENT, "deaf"}
        if order.contractor and not order.accepted and order.due_at is None and not deaf:
            self.put(replace(order, due_at=self.now + timedelta(minutes=ACCEPT_MINUTES)))
        return self._receipt(key, ref=order.ref)

    def _scripted(self, order_id: str) -> set[str]:
        return {
            word
            for pattern, reason in self._script.items()
            if fnmatchcase(order_id, pattern)
            for word in reason.split()
        }

    def _order(self, order_id: str) -> WorkOrder:
        if order_id not in self.orders:
            raise Rejected("unknown-order", f"Field service has no order {order_id}.")
        return self.orders[order_id]

    def _draw(self, order_id: str, about: str) -> int:
        """Return a number that depends on seed, order and question alone, whatever happened before."""
        return int.from_bytes(sha256(f"{self._seed}/{about}/{order_id}".encode()).digest()[:4], "big")
