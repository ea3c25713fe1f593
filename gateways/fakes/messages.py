"""Which e-mails and text messages went out, and who has said stop?"""

from datetime import datetime

from gateways.errors import Rejected
from gateways.fakes.keyed import Keyed
from gateways.messages import Channel, MessageEffect
from gateways.receipt import Receipt


class MessageDesk(Keyed[MessageEffect]):
    """The sender of messages. It keeps which ids went out by which channel, and none of what they said."""

    def __init__(self, *, now: datetime) -> None:
        super().__init__(now=now)
        self.sent: dict[str, Channel] = {}
        self.stopped: set[str] = set()
        """Numbers and addresses at which someone has said stop."""

    def _perform(self, key: str, effect: MessageEffect) -> Receipt:
        if not effect.to.strip():
            raise Rejected("no-recipient", f"The message {effect.message_id} goes to nobody.")
        if effect.to in self.stopped:
            raise Rejected("opted-out", f"Whoever the message {effect.message_id} goes to has said stop.")
        if effect.message_id in self.sent:
            raise Rejected("duplicate-message", f"The message {effect.message_id} went out under another key.")
        if effect.attachment and effect.channel is not Channel.EMAIL:
            raise Rejected("attachment-on-sms", "A text message carries no attachment.")
        self.sent[effect.message_id] = effect.channel
        return self._receipt(key, ref=self._number("MS"))
