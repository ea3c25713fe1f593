"""What does the world around one case know and do: billing, mail house, crews, the record of facts?"""

from dataclasses import replace
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from domain import events as ev
from domain.account import AccountStatus, OpenBill, Snapshot
from domain.case import Case, Order
from domain.claimed import MATCHED, Arrival, ended, matching
from domain.crews import Crews, Stop, Visit, instant_of_visit, minute_of, no_room, plan_day
from domain.effects import (
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
from domain.facts import Fact, FactKind
from domain.gate import gate
from domain.hear import Tells, Told
from domain.money import Money
from domain.perform_orders import goes_at_once, needs_presence, safety_notes
from domain.policy import Policy
from domain.verdict import Action
from gateways import field, mail
from gateways.fakes.agency import AgencyDesk
from gateways.fakes.court import CourtClerk
from gateways.fakes.field import FieldCrews
from gateways.fakes.ledger import ADJUSTMENTS, AccountLedger, Credit, Debit
from gateways.fakes.mail import MailRoom
from gateways.fakes.messages import MessageDesk
from gateways.messages import Channel, SendMessage
from gateways.remedies import plain, to_agency, to_court
from simulator.life import Billed, Decided, Input, Learned, Life, Paid, Reported, Returned, Turned, Unread, Withdrawn


class World:
    """The systems that one life meets, in memory. *now* is the business instant; whoever drives it sets it."""

    def __init__(self, life: Life, policy: Policy, lists: dict[date, tuple[Visit, ...]] | None = None) -> None:
        self.lists = {} if lists is None else lists
        """The crews' lists by day: shared by all who live in one city."""
        self.now = life.opened_at
        self.policy = policy
        self.account = life.account
        self.facts: dict[str, Fact] = {}
        self.unread_until: datetime | None = None
        self._ledger = AccountLedger()
        self._payments: dict[str, Credit] = {}
        self._fees: set[str] = set()
        zone = ZoneInfo(policy.calendar.zone)
        self.mail = MailRoom(now=self.now, zone=zone, closed=policy.calendar.city_closed)
        self.messages = MessageDesk(now=self.now)
        self.crews = FieldCrews(now=self.now, zone=zone)
        self.agency = AgencyDesk(now=self.now)
        self.court = CourtClerk(now=self.now)
        for number, reason in life.troubles:
            self.crews.script(f"{life.case_id}-o{number}", reason)

    def bills(self) -> tuple[OpenBill, ...]:
        """Return what is open today."""
        return self._ledger.open(self._today()).bills

    def snapshot(self) -> Snapshot:
        """Return all that is known of the account now; bills are missing while billing cannot be read."""
        read = self.unread_until is None or self.now >= self.unread_until
        found = self._ledger.open(self.policy.calendar.day(self.now))
        plain = Snapshot(
            at=self.now,
            version="",
            account=self.account,
            facts=tuple(sorted(self.facts.values(), key=lambda fact: (fact.starts, fact.fact_id))),
            policy=self.policy.digest,
            billing_read=read,
        )
        return replace(plain, bills=found.bills, credit=found.credit) if read else plain

    def happen(self, what: Input) -> Told | None:
        """Let *what* come true and return what the case is told of it, if anyone tells it."""
        match what:
            case Billed():
                self._bill(what)
            case Paid():
                self._payments[what.ref] = Credit(cents=what.amount.cents, since=self.policy.calendar.day(what.at))
                self._ledger.credit(self._payments[what.ref])
                self._match(what)
                if not what.told:
                    return None
            case Returned():
                self._ledger.void(self._payments[what.ref], since=self.policy.calendar.day(what.at))
                self._note_return(what)
            case Learned():
                self.facts[what.fact.fact_id] = what.fact
            case Withdrawn():
                self.facts.pop(what.fact_id, None)
            case Turned():
                self.account = replace(self.account, status=what.status)
            case Unread():
                self.unread_until = what.until
            case Reported():
                return what.told
            case Decided():
                raise AssertionError("a decision is asked for, it does not happen")
            case _:
                assert_never(what)
        return Told(key=f"look/{what.at.isoformat()}", at=what.at, what=Tells.LOOK_AGAIN)

    def _note_return(self, what: Returned) -> None:
        """Keep that money came back, as the record does."""
        fact_id = f"{what.ref}-{FactKind.RETURNED_PAYMENT}"
        cents = self._payments[what.ref].cents
        self.facts[fact_id] = Fact(
            fact_id=fact_id,
            kind=FactKind.RETURNED_PAYMENT,
            starts=what.at,
            known_at=what.at,
            amount=Money(cents),
            source="returned item",
            evidence=what.ref,
            entered_by="system",
        )

    def _match(self, what: Paid) -> None:
        """Let a payment that someone had said was made be found, as the record does when money comes in."""
        arrival = Arrival(payment_id=what.ref, trace=what.ref, amount=what.amount, at=what.at)
        claim = matching(self.facts.values(), arrival)
        if claim is not None:
            del self.facts[claim.fact_id]
            fact_id = f"{claim.fact_id}-m"
            found = ended(claim, MATCHED, fact_id=fact_id, at=what.at, by="system", payment=what.ref)
            self.facts[found.fact_id] = found

    def _bill(self, what: Billed) -> None:
        bill_on = self.policy.calendar.day(what.at)
        self._ledger.owe(
            Debit(
                bill_no=what.bill_no,
                service=what.service,
                bill_on=bill_on,
                due_on=what.due_on,
                original_cents=what.amount.cents,
                parts=[(bill_on, what.amount.cents)],
            )
        )

    def note(self, event: ev.Event) -> None:
        """Keep what *event* says of facts, as the record does in the event's own transaction."""
        match event.body:
            case ev.FactRecorded(fact=fact, replaces=replaced):
                self.facts.pop(replaced, None)
                self.facts[fact.fact_id] = fact
            case ev.FactEnded(fact_id=fact_id, withdrawn=True):
                self.facts.pop(fact_id, None)
            case ev.FactEnded(fact_id=fact_id, until=until):
                self.facts[fact_id] = replace(self.facts[fact_id], until=until)
            case _:
                pass

    def do(self, case: Case, effect: Effect) -> Receipt:
        """Do *effect* for *case* and return what came back.

        Raises:
            Rejected: a system says that it can never be done so.
        """
        self.mail.now = self.messages.now = self.crews.now = self.agency.now = self.court.now = self.now
        match effect:
            case SendLetter() | RemindPayment():
                return self._written(case, effect)
            case CreateOrder():
                if goes_at_once(effect.order):
                    self._book(effect.order, cuts=False)
                return Receipt(ref=self.crews.apply(effect.key, self._create(case, effect)).ref)
            case DispatchOrder():
                return self._dispatch(case, effect)
            case CancelOrder():
                gone = self.crews.apply(effect.key, field.CancelOrder(order_id=effect.order_id, reason=effect.reason))
                outcome = gone.details["outcome"]
                return Receipt(
                    ref=gone.ref,
                    done=outcome == field.CancelOutcome.CANCELLED,
                    pending=outcome == field.CancelOutcome.PENDING,
                )
            case RemindOrder():
                return Receipt(ref=self.crews.apply(effect.key, field.RemindOrder(order_id=effect.order_id)).ref)
            case ChargeFee():
                return self._charge(effect)
            case RemoveFee():
                return self._take_back(effect)
            case EndAccount():
                self.account = replace(self.account, status=AccountStatus.FINAL)
                return Receipt(ref=effect.key)
            case MoveBalance():
                return self._move(effect)
            case PlaceDebt() | RecallDebt() | TellAgency():
                return plain(self.agency.apply(effect.key, to_agency(case, effect, self._today())))
            case FileAtCourt() | TellCourt():
                return plain(self.court.apply(effect.key, to_court(case, effect, self._today())))
            case _:
                assert_never(effect)

    def _written(self, case: Case, effect: SendLetter | RemindPayment) -> Receipt:
        """Have a letter mailed, or a message sent."""
        if isinstance(effect, RemindPayment):
            message = SendMessage(
                message_id=effect.key,
                channel=Channel(effect.channel),
                account_no=case.account_no,
                to=case.account_no,
                text=effect.about,
            )
            return Receipt(ref=self.messages.apply(effect.key, message).ref)
        letter = mail.SendLetter(
            letter_id=effect.key,
            kind=effect.kind,
            account_no=case.account_no,
            language=case.known.account.language,
        )
        return mail.mailed(effect.key, self.mail.apply(effect.key, letter))

    def _today(self) -> date:
        return self.policy.calendar.day(self.now)

    def _create(self, case: Case, effect: CreateOrder) -> field.CreateOrder:
        return field.CreateOrder(
            order_id=effect.order.order_id,
            account_no=case.account_no,
            premise_id="P1",
            service=effect.order.service,
            purpose=effect.order.purpose,
            remote=effect.order.remote,
            contractor=effect.order.contractor,
            safety_notes=safety_notes(case, effect.order.requested_at),
            presence=needs_presence(self.policy, effect.order),
        )

    def _charge(self, fee: ChargeFee) -> Receipt:
        """Owe *fee* once for its key, due on its own day."""
        ref = f"FE/{fee.key}"
        if ref not in self._fees:
            self._fees.add(ref)
            self._ledger.owe(
                Debit(
                    bill_no=ref,
                    service=fee.service,
                    bill_on=fee.on,
                    due_on=fee.on,
                    original_cents=fee.amount.cents,
                    parts=[(fee.on, fee.amount.cents)],
                )
            )
        return Receipt(ref=ref)

    def _take_back(self, fee: RemoveFee) -> Receipt:
        """Credit *fee* once for its key."""
        ref = f"AJ/{fee.key}"
        if ref not in self._fees:
            self._fees.add(ref)
            self._ledger.credit(Credit(cents=fee.amount.cents, since=fee.on, kind=ADJUSTMENTS, service=fee.service))
        return Receipt(ref=ref)

    def _move(self, effect: MoveBalance) -> Receipt:
        """Take each sum out of what is asked for, or owe it from its own day, once for its key."""
        for moved in effect.sums:
            ref = f"MV/{effect.key}/{moved.ref}"
            if ref in self._fees:
                continue
            self._fees.add(ref)
            cents = -moved.amount.cents if effect.to_account else moved.amount.cents
            if cents < 0:
                self._ledger.credit(Credit(cents=-cents, since=effect.on, kind=ADJUSTMENTS, service=moved.service))
            else:
                self._ledger.owe(
                    Debit(
                        bill_no=ref,
                        service=moved.service,
                        bill_on=effect.on,
                        due_on=moved.due_on,
                        original_cents=cents,
                        parts=[(effect.on, cents)],
                    )
                )
        return Receipt(ref=effect.key)

    def _dispatch(self, case: Case, effect: DispatchOrder) -> Receipt:
        """Ask the gate on what is known this instant; only what it allows goes to the crew."""
        verdict = gate(Action.DISPATCH_DISCONNECTION, case.looking(self.snapshot()), self.policy, self.now)
        if not verdict.allows:
            return Receipt(done=False, verdict=verdict)
        on = self.policy.calendar.day(self.now)
        order = next(order for order in case.orders if order.order_id == effect.order_id)
        visit = None if order.remote else self._book(order, cuts=True)
        if visit is None and not order.remote:
            full = replace(verdict, outcomes=(*verdict.outcomes, no_room(self.policy, self.now)))
            return Receipt(done=False, verdict=full)
        sent = self.crews.apply(
            effect.key,
            field.DispatchOrder(
                order_id=effect.order_id,
                on=on,
                crew=visit.crew if visit else 0,
                not_before=instant_of_visit(self.policy, on, visit) if visit else None,
            ),
        )
        return Receipt(ref=sent.ref, verdict=verdict)

    def _book(self, order: Order, *, cuts: bool) -> Visit | None:
        """Return the place of *order* on today's lists; none if no crew has time for it."""
        on = self.policy.calendar.day(self.now)
        from_minute = minute_of(self.policy.calendar.clock(self.now))
        stop = Stop(order_id=order.order_id, area="", cuts=cuts, from_minute=from_minute)
        plan = plan_day(Crews.on(self.policy, on), (stop,), self.lists.get(on, ()))
        self.lists[on] = plan.visits
        return plan.visit(order.order_id)

    @property
    def crews_at(self) -> datetime | None:
        """Return when a crew next does or reports something; none while none has anything to do."""
        dues = [o.due_at for o in self.crews.orders.values() if o.due_at is not None and not o.reported]
        return min(dues, default=None)
