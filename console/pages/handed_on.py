"""What others hold: agencies, courts, the State, the county; petitions; the papers and files that go to each."""

from asyncio import to_thread
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from casework import packets, write_offs
from casework.errors import Refused
from casework.exports import exports
from casework.filings import FILINGS, export
from casework.handed_on import SHOWN, held, petitions
from casework.lists import CLAIMED, ON_PROPERTY, PLACED
from casework.permissions import Permission
from console.guard import page
from console.typed import day_of
from console.view import View
from domain.remedy import RemedyKind
from domain.verdict import Refusal

AGENCIES, COURTS, PROPERTY, PETITIONS, OLD = "agency", "court", "property", "bankruptcy", "old"
TABS: Final = (AGENCIES, COURTS, PROPERTY, PETITIONS, OLD)
KINDS: Final[Mapping[str, tuple[RemedyKind, ...]]] = {AGENCIES: PLACED, COURTS: CLAIMED, PROPERTY: ON_PROPERTY}
PDF: Final = "application/pdf"
UNFIT, NOTHING = 422, 409


@page("/handed-on", Permission.SEE_REPORTS)
def handed_on(view: View) -> Response:
    """Show what each of them holds, a kind at a time."""
    return _handed_on(view)


@page("/handed-on/files", Permission.SEND_MONEY, method="POST")
async def make(view: View) -> Response:
    """Write a file for the State or the county, and hand it out; the same day again is the same file."""
    kind, typed = view.typed("kind"), view.typed("on")
    on = day_of(typed)
    if kind not in FILINGS or (typed and on is None):
        says = "Choose a file, and write the day as year-month-day."
        return _handed_on(view, Refusal(slug="bad-day", title="The day cannot be read", detail=says, status=UNFIT))
    try:
        made = await to_thread(lambda: export(view.desk, kind, on=on))
    except Refused as refused:
        return _handed_on(view, refused.refusal)
    if made is None:
        says = "Nothing of that kind stands, or nothing happened on that day."
        return _handed_on(view, Refusal(slug="nothing-to-send", title="Nothing to send", detail=says, status=NOTHING))
    return view.go(f"/exports/{made.export_id}")


@page("/claims/{remedy_id:str}/packet.pdf", Permission.SEE_PERSONAL)
def claim_packet(view: View) -> Response:
    """Show the claim as the court is handed it, with the itemised account."""
    remedy_id = view.path("remedy_id")
    return _paper(packets.claim_packet(view.desk, remedy_id), f"{remedy_id}-claim")


@page("/claims/{remedy_id:str}/affidavit.pdf", Permission.SEE_PERSONAL)
def affidavit(view: View) -> Response:
    """Show the affidavit of non-military status that a default asks for."""
    remedy_id = view.path("remedy_id")
    return _paper(packets.affidavit(view.desk, remedy_id), f"{remedy_id}-affidavit")


@page("/cases/{case_id:str}/proof-of-claim.pdf", Permission.SEE_PERSONAL)
def proof_of_claim(view: View) -> Response:
    """Show the account behind a proof of claim, split at the petition's day."""
    case_id = view.path("case_id")
    return _paper(packets.proof_of_claim(view.desk, case_id), f"{case_id}-proof-of-claim")


@page("/write-offs/packet.pdf", Permission.SEE_REPORTS)
def write_off_packet(view: View) -> Response:
    """Show the debts old enough to be written off, as council or finance reads them."""
    return _paper(write_offs.packet(view.desk), "write-offs")


def _paper(data: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(data, headers=headers, media_type=PDF)


def _handed_on(view: View, refusal: Refusal | None = None) -> Response:
    chosen = PROPERTY if refusal else view.query("what")
    what, desk, ended = chosen if chosen in TABS else AGENCIES, view.desk, bool(view.query("ended"))
    rows = held(desk, KINDS[what], ended=ended, after=view.query("after")) if what in KINDS else ()
    went = [row for kind in FILINGS for row in exports(desk, kind)] if what == PROPERTY else []
    return view.draw(
        "handed_on.html",
        status=refusal.status if refusal else 200,
        tabs=TABS,
        what=what,
        ended=ended,
        held=rows,
        after=rows[-1].row.remedy_id if len(rows) == SHOWN else "",
        petitions=petitions(desk) if what == PETITIONS else (),
        candidates=write_offs.candidates(desk) if what == OLD else (),
        kinds=FILINGS,
        went=sorted(went, key=lambda row: row.at, reverse=True)[:SHOWN],
        today=view.speech.local_day(view.now),
        typed={name: view.typed(name) for name in ("kind", "on")},
        refusal=refusal,
    )
