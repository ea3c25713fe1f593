"""What may be asked of the collection agency: place an account, recall it, tell of money paid to the city?"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.money import Money
from gateways.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAccount:
    account_no: str
    amount: Money
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallAccount:
    placement_ref: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TellDirectPayment:
    placement_ref: str
    amount: Money
    on: date


AgencyEffect = PlaceAccount | RecallAccount | TellDirectPayment


class Agency(Protocol):
    """The collection agency. Idempotent by *key*; every call may raise `Outage` or `Rejected`."""

    async def do(self, key: str, effect: AgencyEffect) -> Receipt:
        """Do *effect* once for *key*; the methods below say it in words."""
        ...

    async def lookup(self, key: str) -> Receipt | None:
        """Return the receipt of *key*, none when no effect stands under it."""
        ...

    async def place(self, key: str, *, account_no: str, amount: Money, on: date) -> Receipt:
        """Place an account; *ref* is the placement's number. Rejected: `already-placed`, `bad-amount`."""
        return await self.do(key, PlaceAccount(account_no=account_no, amount=amount, on=on))

    async def recall(self, key: str, *, placement_ref: str, reason: str, on: date) -> Receipt:
        """Take a placement back. Details: left_cents, the balance given back. Rejected: `unknown-placement`."""
        return await self.do(key, RecallAccount(placement_ref=placement_ref, reason=reason, on=on))

    async def direct_payment(self, key: str, *, placement_ref: str, amount: Money, on: date) -> Receipt:
        """Tell of money the city took on a placed account. Details: left_cents. Rejected: `unknown-placement`."""
        return await self.do(key, TellDirectPayment(placement_ref=placement_ref, amount=amount, on=on))
