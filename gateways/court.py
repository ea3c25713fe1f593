"""What may be asked of the court's e-filing: file a claim, file what happens to it later?"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from domain.money import ZERO, Money
from gateways.receipt import Receipt


class CourtEventKind(StrEnum):
    """What we file in a claim that stands; *dismissal* and *satisfaction* end it."""

    PROOF_OF_SERVICE = "proof_of_service"
    PAYMENT_CREDITED = "payment_credited"
    DISMISSAL = "dismissal"
    SATISFACTION = "satisfaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileClaim:
    account_no: str
    amount: Money
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEvent:
    claim_no: str
    kind: CourtEventKind
    on: date
    amount: Money = ZERO


CourtEffect = FileClaim | FileEvent


class Court(Protocol):
    """The court. Idempotent by *key*; every call may raise `Outage` or `Rejected`."""

    async def do(self, key: str, effect: CourtEffect) -> Receipt:
        """Do *effect* once for *key*; the methods below say it in words."""
        ...

    async def lookup(self, key: str) -> Receipt | None:
        """Return the receipt of *key*, none when no effect stands under it."""
        ...

    async def file_claim(self, key: str, *, account_no: str, amount: Money, on: date) -> Receipt:
        """File a claim; *ref* is its number. Details: hearing_on. Rejected: `claim-pending`, `bad-amount`."""
        return await self.do(key, FileClaim(account_no=account_no, amount=amount, on=on))

    async def file_event(
        self, key: str, *, claim_no: str, kind: CourtEventKind, on: date, amount: Money = ZERO
    ) -> Receipt:
        """File what happened to a claim. Rejected: `unknown-claim`, `claim-ended`."""
        return await self.do(key, FileEvent(claim_no=claim_no, kind=kind, on=on, amount=amount))
