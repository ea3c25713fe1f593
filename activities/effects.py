"""What a case asks of other systems: letters and work orders, each once for its key."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.case import read_versioned
from activities.messages import EffectRequest
from domain.case import Case
from domain.effects import (
    CancelOrder,
    CreateOrder,
    DispatchOrder,
    FileAtCourt,
    PlaceDebt,
    RecallDebt,
    Receipt,
    SendLetter,
    TellAgency,
    TellCourt,
)
from domain.verdict import Verdict
from gateways.errors import Rejected
from gateways.field import CancelOutcome
from gateways.receipt import Receipt as SystemReceipt
from gateways.remedies import plain, to_agency, to_court
from gateways.systems import Systems
from letters.compose import unwritten
from letters.letter import LetterKind
from models.accounts import premise_of
from models.clock import SqlClock
from models.orders import dispatch
from models.policies import policy_with
from models.session import reading, transaction


@dataclass(frozen=True)
class EffectActivities:
    """Effects are tried again for as long as a system is out, and never again once it says it can never be done."""

    engine: Engine
    clock: SqlClock
    systems: Systems

    @activity.defn(name="send_letter")
    async def send_letter(self, request: EffectRequest) -> Receipt:
        """Mail a letter; the receipt's day is the mailing day that the mail house confirms.

        A disconnection notice is not handed over while a part that the pack requires has no words.
        """
        effect = request.effect
        assert isinstance(effect, SendLetter), "the workflow chooses the activity by the effect"
        if effect.kind == LetterKind.DISCONNECTION_NOTICE:
            self._need_words(request.case)
        try:
            sent = await self.systems.mail.send(
                effect.key,
                letter_id=effect.key,
                kind=effect.kind,
                account_no=request.case.account_no,
                language=request.case.known.account.language,
            )
        except Rejected as rejection:
            raise _never(rejection) from rejection
        return Receipt(ref=effect.key, on=sent.day("mailed_on"))

    def _need_words(self, case: Case) -> None:
        with reading(self.engine) as session:
            policy = policy_with(session, case.known.policy)
        missing = unwritten(case, policy=policy, on=policy.calendar.day(self.clock.now()))
        if missing:
            message = f"The disconnection notice lacks {'; '.join(missing)}."
            raise ApplicationError(message, type="letter-incomplete", non_retryable=True)

    @activity.defn(name="create_order")
    async def create_order(self, request: EffectRequest) -> Receipt:
        """Create a work order; the receipt's ref is field service's own number."""
        effect = request.effect
        assert isinstance(effect, CreateOrder), "the workflow chooses the activity by the effect"
        case, order = request.case, effect.order
        with reading(self.engine) as session:
            premise_id = premise_of(session, case.account_no)
        try:
            created = await self.systems.field.create_order(
                effect.key,
                order_id=order.order_id,
                account_no=case.account_no,
                premise_id=premise_id,
                service=order.service,
                purpose=order.purpose,
                remote=case.known.account.meter_remote,
            )
        except Rejected as rejection:
            raise _never(rejection) from rejection
        return Receipt(ref=created.ref)

    @activity.defn(name="dispatch_order")
    async def dispatch_order(self, request: EffectRequest) -> Receipt:
        """Ask the gate in the transaction that writes the order's state; only what it allows goes to field service."""
        effect = request.effect
        assert isinstance(effect, DispatchOrder), "the workflow chooses the activity by the effect"
        verdict, at = await self._gated_dispatch(request.case, effect.order_id)
        if not verdict.allows:
            return Receipt(done=False, verdict=verdict)
        with reading(self.engine) as session:
            zone = policy_with(session, verdict.policy).calendar
        try:
            sent = await self.systems.field.dispatch(effect.key, order_id=effect.order_id, on=zone.day(at))
        except Rejected as rejection:
            raise _never(rejection) from rejection
        return Receipt(ref=sent.ref, verdict=verdict)

    async def _gated_dispatch(self, case: Case, order_id: str) -> tuple[Verdict, datetime]:
        """Return the gate's verdict on facts read in its own transaction and balances no older than they are."""
        snapshot, version = await read_versioned(self.engine, self.clock, self.systems.billing, case.account_no)
        now = self.clock.now()
        with transaction(self.engine) as session:
            policy = policy_with(session, snapshot.policy)
            verdict = dispatch(
                session,
                order_id=order_id,
                case=case.looking(snapshot),
                policy=policy,
                read_at_version=version,
                now=now,
            )
        return verdict, now

    @activity.defn(name="ask_agency")
    async def ask_agency(self, request: EffectRequest) -> Receipt:
        """Place a debt, take it back, or tell of money that the city took on it."""
        effect = request.effect
        assert isinstance(effect, PlaceDebt | RecallDebt | TellAgency), (
            "the workflow chooses the activity by the effect"
        )
        asked = to_agency(request.case, effect, self._today(request.case))
        try:
            return plain(await self.systems.agency.do(effect.key, asked))
        except Rejected as rejection:
            raise _never(rejection) from rejection

    @activity.defn(name="ask_court")
    async def ask_court(self, request: EffectRequest) -> Receipt:
        """File a claim, or what happened to one."""
        effect = request.effect
        assert isinstance(effect, FileAtCourt | TellCourt), "the workflow chooses the activity by the effect"
        asked = to_court(request.case, effect, self._today(request.case))
        try:
            return plain(await self.systems.court.do(effect.key, asked))
        except Rejected as rejection:
            raise _never(rejection) from rejection

    def _today(self, case: Case) -> date:
        with reading(self.engine) as session:
            policy = policy_with(session, case.known.policy)
        return policy.calendar.day(self.clock.now())

    @activity.defn(name="cancel_order")
    async def cancel_order(self, request: EffectRequest) -> Receipt:
        """Withdraw a work order; not done when the crew is already at it."""
        effect = request.effect
        assert isinstance(effect, CancelOrder), "the workflow chooses the activity by the effect"
        try:
            gone: SystemReceipt = await self.systems.field.cancel(
                effect.key, order_id=effect.order_id, reason=effect.reason
            )
        except Rejected as rejection:
            if rejection.slug == "unknown-order":
                return Receipt()  # it never reached field service: nothing is left to withdraw
            raise _never(rejection) from rejection
        return Receipt(ref=gone.ref, done=gone.details["outcome"] == CancelOutcome.CANCELLED)


def _never(rejection: Rejected) -> ApplicationError:
    """Return the failure that is not tried again: the workflow turns it into a task for a person."""
    return ApplicationError(str(rejection), type=rejection.slug, non_retryable=True)
