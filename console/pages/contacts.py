"""What was said with anyone about an account, in all its cases and in none; and a further entry."""

import asyncio
from secrets import token_urlsafe

from starlette.responses import Response

from casework.contacts import contacts, log, speak_with
from casework.errors import Refused
from casework.permissions import Permission
from casework.reasons import looked_at
from console.forms import RIGHTS, Filled, fields_of, read
from console.guard import page
from console.pages.decide import UNFIT, around_of, typed
from console.view import View
from domain.commands import RecordContact
from domain.verdict import Refusal

SHOWN = 200


@page("/accounts/{account_no:str}/contacts", Permission.SEE_CASES)
async def show(view: View) -> Response:
    """Show the account's log, and take a further entry."""
    return await _page(view)


@page("/accounts/{account_no:str}/contacts", Permission.DECIDE, method="POST")
async def note(view: View) -> Response:
    """Add an entry; what cannot be taken comes back as it was typed, with the reason."""
    account_no = view.path("account_no")
    _, looked = await looked_at(view.desk, account_no)
    filled = read(RecordContact, *typed(view), await around_of(view, looked))
    if not isinstance(filled.command, RecordContact):
        return await _page(view, filled=filled, status=UNFIT)
    try:
        await log(view.desk, account_no, filled.command, key=view.typed("key") or token_urlsafe(12))
    except Refused as refused:
        return await _page(view, refusal=refused.refusal, status=refused.refusal.status)
    return view.go(f"/accounts/{account_no}/contacts?done=1")


async def _page(
    view: View, *, filled: Filled | None = None, refusal: Refusal | None = None, status: int = 200
) -> Response:
    account_no = view.path("account_no")
    _, looked = await looked_at(view.desk, account_no)
    found = await asyncio.to_thread(contacts, view.desk, account_no, limit=SHOWN)
    posted = view.request.method == "POST"
    fresh = {
        "channel": "phone",
        "direction": "in",
        "outcome": "reached",
        "language": looked.case.known.account.language,
    }
    return view.draw(
        "contacts.html",
        status=status,
        account_no=account_no,
        contacts=found,
        rights=RIGHTS,
        full=len(found) == SHOWN,
        speak_with=speak_with(looked),
        fields=fields_of(RecordContact, await around_of(view, looked)),
        typed={name: view.typed(name) for name in view.form} if posted else fresh,
        ticked={name: view.ticked(name) for name in view.form},
        faults=filled.faults if filled else {},
        refusal=refusal,
        key=view.typed("key") if posted and not refusal else "",
        posted=posted,
        done=view.query("done"),
    )
