"""Who asked and who approved what changed the books in a month, and what stands behind its balances item by item."""

from asyncio import to_thread
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from casework.errors import Refused, missing, unfit
from casework.month_registers import CREDIT, DEPOSITS, OF_BILLING, heads_of, of_billing, one_register, registers
from casework.permissions import Permission
from casework.tables import Written, written
from console.guard import page
from console.typed import day_of
from console.view import View
from console.words import N_

SHOWN = 200  # lines of a list on the page; its file has them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A list of the page: its title, what it says, and whether people stand in it."""

    name: str
    title: str
    none: str


LISTS = (
    Shown(name="adjustments", title=N_("Adjustments"), none=N_("Nothing was adjusted.")),
    Shown(name="fee-waivers", title=N_("Fees waived"), none=N_("No fee was waived.")),
    Shown(name="voids", title=N_("Receipts voided"), none=N_("No receipt was voided.")),
    Shown(name="refunds", title=N_("Refunds"), none=N_("Nothing was refunded.")),
    Shown(name="write-offs", title=N_("Write-offs"), none=N_("Nothing was written off.")),
    Shown(name="reversals", title=N_("Payments moved"), none=N_("No payment was moved.")),
    Shown(name="suspense", title=N_("Money in suspense"), none=N_("Every cent has its place.")),
    Shown(name="refunds-outstanding", title=N_("Refunds not paid yet"), none=N_("No refund waits to be paid.")),
    Shown(
        name="funds-outstanding",
        title=N_("Assistance that goes back to its fund"),
        none=N_("Nothing goes back to a fund."),
    ),
    Shown(name="unclaimed", title=N_("Refunds that nobody cashed"), none=N_("Every refund was cashed.")),
    Shown(name=CREDIT, title=N_("Credit that no bill has taken up"), none=N_("No account has credit.")),
    Shown(name=DEPOSITS, title=N_("Deposits held"), none=N_("No deposit is held.")),
)
HEADS = {
    "day": N_("Day"),
    "since": N_("Since"),
    "account_no": N_("Account"),
    "service": N_("Service"),
    "amount_cents": N_("Amount"),
    "reason": N_("Why"),
    "asked_by": N_("Asked by"),
    "approved_by": N_("Approved by"),
    "ref": N_("Of"),
}


@page("/registers", Permission.SEE_REPORTS)
async def show(view: View) -> Response:
    """Show the registers of a month; with `billing`, also what billing holds at its close, account by account."""
    month = await to_thread(_this_month, view)
    try:
        month = _asked(view) or month
        found = dict(await to_thread(registers, view.desk, month))
        found |= await of_billing(view.desk, month) if view.query("billing") else {}
        refusal = None
    except Refused as refused:
        found, refusal = {}, refused.refusal
    return view.draw(
        "registers.html",
        status=refusal.status if refusal else 200,
        month=month,
        lists=[(each, found[each.name][:SHOWN], found[each.name]) for each in LISTS if each.name in found],
        unasked=[] if refusal else [each for each in LISTS if each.name in OF_BILLING and each.name not in found],
        heads=HEADS,
        columns={each.name: heads_of(each.name) for each in LISTS},
        forms=tuple(Written),
        day_of=date.fromisoformat,
        refusal=refusal,
    )


@page("/registers/{name:str}.{form:str}", Permission.SEE_REPORTS)
async def hand_out(view: View) -> Response:
    """Hand out one register or list as a file."""
    name, form = view.path("name"), view.path("form")
    if form not in set(Written):
        raise missing("register", f"{name}.{form}")
    asked = _asked(view)
    month = asked if asked else await to_thread(_this_month, view)
    lines, kind = await one_register(view.desk, name, month), Written(form)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{month:%Y-%m}.{kind}"'}
    data = written(lines, name, kind, heads=heads_of(name))
    return Response(data, headers=headers, media_type=kind.media_type)


def _asked(view: View) -> date | None:
    """Return the first day of the month asked for; none if none is.

    Raises:
        Refused: what is asked for is no month.
    """
    text = view.query("month")
    found = day_of(f"{text}-01")
    if text and found is None:
        raise unfit(
            "no-month",
            "This is no month",
            "A month is written as year and month.",
            way_out="Write it as year and month, such as 2026-08, or choose it from the calendar.",
        )
    return found


def _this_month(view: View) -> date:
    return view.desk.today().replace(day=1)
