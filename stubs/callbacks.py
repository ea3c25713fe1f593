"""How does field service call back: signed, over HTTP, sometimes late or twice on demand?"""

from datetime import UTC, datetime

import httpx2
from pydantic import TypeAdapter
from standardwebhooks.webhooks import Webhook

from gateways.fakes.faults import FaultKind, Faults
from gateways.fakes.field import Reply
from gateways.field import CallbackKind, FieldAnswer, FieldCallback

ROUTE = "field/callbacks"
PATH = "/api/v1/field/callbacks"
TIMEOUT_SECONDS = 10.0

_CALLBACK = TypeAdapter(FieldCallback)


class CallbackSender:
    """Sends the crews' callbacks to *url*, signed by Standard Webhooks with *secret*; without a url none arrives."""

    def __init__(self, *, url: str, secret: str, faults: Faults, client: httpx2.AsyncClient) -> None:
        self._url = url.rstrip("/")
        self._webhook = Webhook(secret) if secret else None
        self._faults = faults
        self._client = client

    async def send(self, callback: FieldCallback) -> Reply:
        """Send *callback*; return whether it arrived and, for an acknowledgement, the answer.

        Anything but *proceed* in a successful answer is no leave to cut. Where it is sent twice, a stop counts.
        """
        if not self._url or self._faults.take(ROUTE, {FaultKind.LATE_CALLBACK}):
            return Reply(delivered=False)
        reply = await self._post(callback)
        if self._faults.take(ROUTE, {FaultKind.DUPLICATE_CALLBACK}):
            again = await self._post(callback)
            if again.answer is FieldAnswer.STOP:
                return again
        return reply

    async def _post(self, callback: FieldCallback) -> Reply:
        body = _CALLBACK.dump_json(callback)
        try:
            response = await self._client.post(
                self._url + PATH, content=body, headers=self._headers(callback, body), timeout=TIMEOUT_SECONDS
            )
        except httpx2.RequestError:
            return Reply(delivered=False)
        if not response.is_success:
            return Reply(delivered=False)
        return Reply(delivered=True, answer=_answer(response) if callback.kind is CallbackKind.ACKNOWLEDGE else None)

    def _headers(self, callback: FieldCallback, body: bytes) -> dict[str, str]:
        """Return the signature's headers; a message sent again keeps its id, by which the receiver knows it."""
        message_id = f"{callback.order_id}/{callback.kind}/{callback.at.isoformat()}"
        # The receiver compares this instant with its wall clock; business time would be refused as too old.
        sent_at = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(sent_at.timestamp())),
        }
        if self._webhook is not None:
            headers["webhook-signature"] = self._webhook.sign(message_id, sent_at, body.decode())
        return headers


def _answer(response: httpx2.Response) -> FieldAnswer | None:
    try:
        return FieldAnswer(response.json()["answer"])
    except (ValueError, KeyError, TypeError):
        return None
