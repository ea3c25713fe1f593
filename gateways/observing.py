"""How does an installation only observe: it reads the other systems, and what it would ask of them is written down?

Each effect gets the receipt that the system would most likely have given, so that the case goes on as if it had been
done; its key stands in the table of what was observed instead of in the other system.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from domain.account import Service
from domain.money import Money
from gateways.agency import Agency, AgencyEffect, PlaceAccount
from gateways.billing import (
    AccountMaster,
    Billing,
    BillingAnswer,
    BillingEffect,
    Charge,
    ControlLine,
    IssueFinalBill,
    KeyedPayment,
    PaymentAnswer,
    PostPayment,
    ReturnPayment,
)
from gateways.court import Court, CourtEffect, FileClaim
from gateways.errors import Rejected
from gateways.field import CancelOrder, CancelOutcome, CreateOrder, FieldEffect, FieldService
from gateways.mail import MailEffect, MailHouse, SendLetter
from gateways.messages import MessageEffect, Messenger, SendMessage
from gateways.money_out import EndAutopay, Instrument, SetInstrument
from gateways.names import effect_name
from gateways.receipt import Receipt
from gateways.systems import Systems
from models.clock import SqlClock
from models.observed import account_of_ref, note_observed, observed_at
from models.session import reading, transaction
from models.tables import ObservedRow

E = TypeVar("E")
DUE_AFTER = timedelta(days=21)  # as billing dates a bill when nobody says otherwise
HEARING_AFTER = timedelta(days=35)
_OF_A_CASE = re.compile(r"([0-9]+)-[0-9]+[/-]")
PRIVATE = frozenset({"to", "text", "subject", "attachment"})


@dataclass(frozen=True, slots=True)
class Notebook:
    """Where it is written down what would have been asked."""

    engine: Engine
    clock: SqlClock
    zone: ZoneInfo

    async def note(self, system: str, key: str, effect: Any) -> Receipt:  # noqa: ANN401  # of any system
        """Write *effect* down under *key*, once, and return the receipt that stands for it.

        Raises:
            Rejected: another effect stands under this key (`key-used-otherwise`).
        """
        return await asyncio.to_thread(self._note, system, key, effect)

    async def lookup(self, key: str) -> Receipt | None:
        """Return the receipt of what was written down under *key*."""
        row = await asyncio.to_thread(self._row, key)
        return _receipt(row) if row else None

    def _note(self, system: str, key: str, effect: Any) -> Receipt:  # noqa: ANN401
        at = self.clock.now()
        content = _content(effect)
        with transaction(self.engine) as session:
            account_no = getattr(effect, "account_no", "") or account_of_ref(session, _ref(effect)) or _account_in(key)
            row = note_observed(
                session,
                key=key,
                system=system,
                what=_what(effect),
                account_no=account_no,
                service=str(getattr(effect, "service", "")),
                on=at.astimezone(self.zone).date(),
                at=at,
                cents=_cents(effect),
                content=content,
                answer=_answer(effect, at.astimezone(self.zone).date()),
            )
        if row.content != content:
            raise Rejected("key-used-otherwise", f"another effect stands under {key}")
        return _receipt(row)

    def _row(self, key: str) -> ObservedRow | None:
        with reading(self.engine) as session:
            return observed_at(session, key)


class _Observed(Generic[E]):
    """A system of which nothing is asked."""

    def __init__(self, system: str, notebook: Notebook) -> None:
        self._system, self._notebook = system, notebook

    async def do(self, key: str, effect: E) -> Receipt:
        return await self._notebook.note(self._system, key, effect)

    async def lookup(self, key: str) -> Receipt | None:
        return await self._notebook.lookup(key)


class ObservedField(_Observed[FieldEffect], FieldService):
    pass


class ObservedMail(_Observed[MailEffect], MailHouse):
    pass


class ObservedMessages(_Observed[MessageEffect], Messenger):
    pass


class ObservedAgency(_Observed[AgencyEffect], Agency):
    pass


class ObservedCourt(_Observed[CourtEffect], Court):
    pass


class ObservedBilling(_Observed[BillingEffect], Billing):
    """Billing, read as it is. *posts*: payments are posted all the same, for here nobody else posts them."""

    def __init__(self, notebook: Notebook, billing: Billing, *, posts: bool) -> None:
        super().__init__("billing", notebook)
        self._billing, self._posts = billing, posts

    async def do(self, key: str, effect: BillingEffect) -> Receipt:
        if self._posts and isinstance(effect, PostPayment | ReturnPayment):
            return await self._billing.do(key, effect)
        return await super().do(key, effect)

    async def lookup(self, key: str) -> Receipt | None:
        return await super().lookup(key) or (await self._billing.lookup(key) if self._posts else None)

    async def post_payments(self, payments: Sequence[KeyedPayment]) -> tuple[PaymentAnswer, ...]:
        if self._posts:
            return await self._billing.post_payments(payments)
        return await Billing.post_payments(self, payments)

    async def account(self, account_no: str) -> AccountMaster:
        return await self._billing.account(account_no)

    async def accounts(self, account_nos: Sequence[str]) -> tuple[AccountMaster, ...]:
        return await self._billing.accounts(account_nos)

    async def account_nos(self) -> tuple[str, ...]:
        return await self._billing.account_nos()

    async def open_bills(self, account_no: str) -> BillingAnswer:
        return await self._billing.open_bills(account_no)

    async def open_bills_of(
        self, account_nos: Sequence[str], *, as_of: date | None = None
    ) -> tuple[BillingAnswer, ...]:
        return await self._billing.open_bills_of(account_nos, as_of=as_of)

    async def instruments(self, account_no: str) -> tuple[Instrument, ...]:
        return await self._billing.instruments(account_no)

    async def delinquencies(self, as_of: date) -> bytes:
        return await self._billing.delinquencies(as_of)

    async def control(self, *, since: date, through: date) -> tuple[ControlLine, ...]:
        return await self._billing.control(since=since, through=through)


def observing(systems: Systems, *, engine: Engine, zone: str, posts: bool) -> Systems:
    """Return *systems* as an installation sees them that only observes: read, and never asked to do anything."""
    notebook = Notebook(engine, SqlClock(engine), ZoneInfo(zone))
    return replace(
        systems,
        billing=ObservedBilling(notebook, systems.billing, posts=posts),
        field=ObservedField("field", notebook),
        mail=ObservedMail("mail", notebook),
        messages=ObservedMessages("messages", notebook),
        agency=ObservedAgency("agency", notebook),
        court=ObservedCourt("court", notebook),
        observed=True,
    )


def _receipt(row: ObservedRow) -> Receipt:
    return Receipt(key=row.key, ref=row.ref, at=row.at, details=dict(row.answer))


def _ref(effect: Any) -> str:  # noqa: ANN401
    """Return the number of an earlier effect that this one goes back to."""
    named = (getattr(effect, name, "") for name in ("placement_ref", "claim_no", "payment_ref"))
    return next((name for name in named if name), f"observed/{getattr(effect, 'order_id', '')}")


def _account_in(key: str) -> str:
    """Return the account whose case or remedy *key* names, for an effect that names another system's number alone."""
    found = _OF_A_CASE.match(key)
    return found[1] if found else ""


def _what(effect: Any) -> str:  # noqa: ANN401
    """Return in a few words what would have been asked."""
    match effect:
        case SendLetter(kind=kind):
            return f"letter: {kind}"
        case CreateOrder(purpose=purpose):
            return f"order: {purpose.replace('_', ' ')}"
        case SendMessage(channel=channel):
            return f"message: {channel}"
        case Charge(kind=kind):
            return f"charge: {kind.replace('_', ' ')}"
        case _:
            return effect_name(type(effect)).replace("_", " ")


def _cents(effect: Any) -> int:  # noqa: ANN401
    amount = getattr(effect, "amount", None)
    return amount.cents if isinstance(amount, Money) else 0


def _answer(effect: Any, today: date) -> dict[str, str]:  # noqa: ANN401
    """Return the details that the other system's receipt would have held."""
    match effect:
        case SendLetter():
            return {"mailed_on": today.isoformat()}
        case Charge(due_on=due_on):
            return {"bill_no": "observed", "due_on": (due_on or today + DUE_AFTER).isoformat()}
        case IssueFinalBill():
            return {"bill_no": "observed", "due_on": (today + DUE_AFTER).isoformat(), "amount_cents": "0"}
        case SetInstrument():
            return {"changed": "0"}
        case EndAutopay():
            return {"ended": "yes"}
        case CreateOrder(service=Service() as service):
            return {"type": f"observed {service}"}
        case CancelOrder():
            return {"outcome": str(CancelOutcome.CANCELLED)}
        case FileClaim():
            return {"hearing_on": (today + HEARING_AFTER).isoformat()}
        case PlaceAccount(amount=amount):
            return {"left_cents": str(amount.cents)}
        case _:
            return {"left_cents": "0"}


def _content(effect: Any) -> str:  # noqa: ANN401
    """Return a hash of what would have been asked, but for what names or reaches a person."""
    told = {f.name: str(getattr(effect, f.name)) for f in fields(effect) if f.name not in PRIVATE}
    return sha256(f"{type(effect).__name__} {sorted(told.items())}".encode()).hexdigest()[:32]
