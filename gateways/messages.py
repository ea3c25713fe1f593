"""What may be asked of whoever sends e-mails and text messages for the utility?"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from gateways.receipt import Receipt


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """One message. *attachment* is a PDF in base64, of an e-mail alone; what names a person is in no repr.

    Its id and channel say which message it is: what it says need not be kept to know it again.
    """

    message_id: str
    channel: Channel
    account_no: str
    to: str = field(repr=False, compare=False)
    subject: str = field(default="", repr=False, compare=False)
    text: str = field(repr=False, compare=False)
    attachment: str = field(default="", repr=False, compare=False)
    attachment_name: str = field(default="", compare=False)


MessageEffect = SendMessage


class Messenger(Protocol):
    """The sender of messages. Idempotent by *key*; every call may raise `Outage` or `Rejected`."""

    async def do(self, key: str, effect: MessageEffect) -> Receipt:
        """Do *effect* once for *key*; the method below says it in words."""
        ...

    async def lookup(self, key: str) -> Receipt | None:
        """Return the receipt of *key*, none when no effect stands under it."""
        ...

    async def send(self, key: str, message: SendMessage) -> Receipt:
        """Send a message.

        Rejected: `opted-out` (whoever is at that number or address has said stop), `no-recipient`, `duplicate-message`
        (the id stands under another key), `attachment-on-sms`.
        """
        return await self.do(key, message)
