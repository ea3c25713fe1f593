"""What may be asked of the mail house, which prints and posts letters and confirms the day of mailing?"""

from dataclasses import dataclass
from typing import Protocol

from domain.effects import Receipt as Mailed
from gateways.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLetter:
    letter_id: str
    kind: str
    account_no: str
    language: str


MailEffect = SendLetter


def mailed(key: str, sent: Receipt) -> Mailed:
    """Return what a case hears of a letter that was handed over under *key*."""
    if "mailed_on" not in sent.details:
        return Mailed(ref=key, pending=True)
    return Mailed(ref=key, on=sent.day("mailed_on"))


class MailHouse(Protocol):
    """The mail house. Idempotent by *key*; every call may raise `Outage` or `Rejected`."""

    async def do(self, key: str, effect: MailEffect) -> Receipt:
        """Do *effect* once for *key*; the method below says it in words."""
        ...

    async def lookup(self, key: str) -> Receipt | None:
        """Return the receipt of *key*, none when no effect stands under it."""
        ...

    async def send(self, key: str, *, letter_id: str, kind: str, account_no: str, language: str) -> Receipt:
        """Hand over a letter. Details: mailed_on, the confirmed day of mailing, on which notice periods rest.

        A house that confirms only once it has mailed gives none, and no period begins before it does.

        Rejected: `duplicate-letter` (the id stands under another key).
        """
        return await self.do(key, SendLetter(letter_id=letter_id, kind=kind, account_no=account_no, language=language))
