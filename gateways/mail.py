"""What may be asked of the mail house, which prints and posts letters and confirms the day of mailing?"""

from dataclasses import dataclass
from typing import Protocol

from gateways.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLetter:
    letter_id: str
    kind: str
    account_no: str
    language: str


MailEffect = SendLetter


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

        Rejected: `duplicate-letter` (the id stands under another key).
        """
        return await self.do(key, SendLetter(letter_id=letter_id, kind=kind, account_no=account_no, language=language))
