"""What was said with whom, and may the customer be called now?"""

from typing import Annotated, Literal

from fastapi import Body
from pydantic import BaseModel

from api.guard import AtDesk, Key, needs
from api.mirror import from_json, mirror
from api.routes.router import AccountNo, Limit, router
from api.schemas.contacts import Contacts, ContactShown, LoggedShown, MayContactShown
from casework import contacts
from casework.permissions import Permission
from domain import commands as c

_CALL = {
    "summary": "The customer called and asked for no more texts",
    "value": {
        "type": "record_contact",
        "channel": "sms",
        "direction": "in",
        "outcome": "stop_requested",
        "right_party": True,
        "who": "customer",
        "identity": ["name", "service_address", "last_payment"],
        "rights_offered": ["dispute", "arrangement"],
    },
}
ContactBody: type[BaseModel] = mirror(c.RecordContact)


@router.get("/accounts/{account_no}/contacts", tags=["contacts"], response_model=Contacts)
@needs(Permission.SEE_CASES)
def get_contacts(desk: AtDesk, account_no: AccountNo, limit: Limit = 200) -> Contacts:
    """The account's log, of all its cases and of none, latest first. Summaries are redacted by role."""
    found = contacts.contacts(desk, account_no, limit=limit)
    return Contacts(account_no=account_no, contacts=[ContactShown.of(each) for each in found])


@router.post("/accounts/{account_no}/contacts", tags=["contacts"], response_model=LoggedShown, status_code=201)
@needs(Permission.DECIDE)
async def post_contact(
    desk: AtDesk,
    key: Key,
    account_no: AccountNo,
    body: Annotated[ContactBody, Body(openapi_examples={"stop": _CALL})],  # type: ignore[valid-type]
) -> LoggedShown:
    """Add an entry. What follows from it follows at once: STOP is honoured, a wrong number becomes a task."""
    return LoggedShown(contact_id=await contacts.log(desk, account_no, from_json(body, c.RecordContact), key=key))


@router.get("/accounts/{account_no}/may-contact", tags=["contacts"], response_model=MayContactShown)
@needs(Permission.SEE_CASES)
async def get_may_contact(
    desk: AtDesk,
    account_no: AccountNo,
    channel: Literal["phone", "sms", "email", "letter", "in_person", "door"] = "phone",
    purpose: Literal["optional", "required_before_cut", "call_back", "agreed_reminder", "on_the_way"] = "optional",
) -> MayContactShown:
    """May such a contact go out now, and with whom may the account be spoken of? Ask before dialling."""
    wanted = c.RecordContact(channel=channel, direction="out", outcome="no_answer", purpose=purpose)
    return MayContactShown.model_validate(await contacts.may_contact(desk, account_no, wanted))
