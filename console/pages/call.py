"""The call screen: who calls, what may be said, the sums to read out, what to offer, and what came of it."""

import asyncio
from typing import Final

from starlette.responses import Response

from casework.calling import Call, call
from casework.permissions import Permission
from console.forms import COMMANDS, fields_of
from console.guard import page
from console.pages.account import done
from console.pages.decide import around_of
from console.view import View
from console.words import N_, dollars

WRAP_UP = ("record_contact", "record_promise", "set_follow_up")
CALLERS: Final = (
    (
        "customer",
        N_("The account holder"),
        N_(
            "Check the name and the service address, and one of phone, e-mail or last payment. "
            "Then everything on this page may be said."
        ),
    ),
    (
        "designee",
        N_("Someone the holder named"),
        N_(
            "Only if the name is on record as designee or representative. Then everything but bank details may be said."
        ),
    ),
    (
        "household",
        N_("Someone of the household"),
        N_("Say whether service is on, and ask to have the holder call. Nothing about what is owed."),
    ),
    (
        "tenant",
        N_("A tenant"),
        N_(
            "Say whether service is on, what must be paid so that it stays on, and the tenant's own rights. "
            "Nothing about the owner's other affairs."
        ),
    ),
    (
        "owner",
        N_("The owner of the place"),
        N_("Say what the owner's own account owes. Of a tenant's account: nothing but whether service is on."),
    ),
    (
        "agency",
        N_("A worker of an agency"),
        N_(
            "Say what a pledge needs: total, past due, date of the cut, and that a pledge holds it. "
            "Note the agency's name."
        ),
    ),
    (
        "lawyer",
        N_("The customer's lawyer"),
        N_("Only once it is in writing whom they act for. From then on speak with them alone, not with the customer."),
    ),
    (
        "other",
        N_("Anyone else"),
        N_("Say nothing about this account. Offer to call the holder back on the number on record."),
    ),
    (
        "nobody",
        N_("Nobody answered, or a machine did"),
        N_("Leave no word of a debt: a name, a number and that it is about the utility account."),
    ),
)
"""Who may be on the line, as the log names them, and what may be said to each."""


@page("/call/{account_no:str}", Permission.SEE_CASES)
async def show(view: View) -> Response:
    """Show everything a call about the account needs, with the forms that end it."""
    found = await call(view.desk, view.path("account_no"))
    seen = found.seen
    forms = {}
    if view.desk.may(Permission.DECIDE):
        around = await around_of(view, seen.looked)
        # Without a case nothing can be decided, but what was said is noted all the same.
        forms = {name: fields_of(COMMANDS[name], around) for name in (WRAP_UP if seen.row else WRAP_UP[:1])}
    return view.draw(
        "call.html",
        call=found,
        seen=seen,
        forms=forms,
        callers=CALLERS,
        checks=_checks(view, found),
        done=await asyncio.to_thread(done, view),
        latest=seen.kept.letters[0] if seen.kept.letters else None,
        dollars=dollars,
    )


def _checks(view: View, found: Call) -> list[tuple[str, str | None]]:
    """Return by what a caller can be known, with what we hold of it; none where they show it or we call them."""
    personal = found.seen.kept.personal
    if personal is None:
        return []
    paid = found.seen.kept.payments[:1]
    last = [f"{view.speech.money(each.amount_cents)}, {view.speech.day(each.effective_on)}" for each in paid]
    return [
        ("name", personal.name),
        ("service_address", personal.premise_address),
        ("phone", personal.phone),
        ("email", personal.email),
        ("meter", personal.meters),
        ("last_payment", last[0] if last else ""),
        ("photo_id", None),
        ("called_back", None),
        ("authority", None),
    ]
