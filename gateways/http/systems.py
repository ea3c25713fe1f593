"""How are all systems reached under one address, with one key and one pool of connections?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2

from gateways.agency import Agency, AgencyEffect
from gateways.court import Court, CourtEffect
from gateways.field import FieldEffect, FieldService
from gateways.http.billing import HttpBilling
from gateways.http.caller import Caller
from gateways.http.outside import HttpOutside
from gateways.mail import MailEffect, MailHouse
from gateways.messages import MessageEffect, Messenger
from gateways.systems import Systems

TIMEOUT_SECONDS = 10.0  # longer than any answer that is worth waiting for, shorter than an activity's start-to-close


class HttpField(Caller[FieldEffect], FieldService):
    pass


class HttpMail(Caller[MailEffect], MailHouse):
    pass


class HttpMessages(Caller[MessageEffect], Messenger):
    pass


class HttpAgency(Caller[AgencyEffect], Agency):
    pass


class HttpCourt(Caller[CourtEffect], Court):
    pass


@asynccontextmanager
async def http_systems(
    url: str, *, api_key: str = "", timeout_seconds: float = TIMEOUT_SECONDS
) -> AsyncIterator[Systems]:
    """Yield the systems under *url* (`/billing`, `/field`, …), each call carrying *api_key* as bearer token."""
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    base_url = url.rstrip("/") + "/"
    async with httpx2.AsyncClient(base_url=base_url, headers=headers, timeout=timeout_seconds) as client:
        yield Systems(
            billing=HttpBilling("billing", client),
            field=HttpField("field", client),
            mail=HttpMail("mail", client),
            messages=HttpMessages("messages", client),
            agency=HttpAgency("agency", client),
            court=HttpCourt("court", client),
            outside=HttpOutside(client),
        )
