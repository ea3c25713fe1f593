"""Which papers and files go to courts, the State, the county and the council?"""

from typing import Any, Final, Literal

from fastapi import Response

from api.guard import AtDesk, needs
from api.mirror import Day
from api.routes.router import AnyId, router
from api.schemas.money_out import ExportShown
from casework import lien_releases, packets, property_files, setoff_updates, write_offs
from casework.errors import missing
from casework.permissions import Permission
from domain.remedy import RemedyKind

PDF: Final = "application/pdf"
_PAPER: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "A tagged PDF.", "content": {PDF: {"schema": {"type": "string"}}}}
}


def _shown(data: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return Response(data, media_type=PDF, headers=headers)


@router.get("/claims/{remedy_id}/packet.pdf", tags=["court"], response_class=Response, responses=_PAPER)
@needs(Permission.SEE_PERSONAL)
def get_claim_packet(desk: AtDesk, remedy_id: AnyId) -> Response:
    """The claim as the court is handed it, with the itemised account and the fee."""
    return _shown(packets.claim_packet(desk, remedy_id), f"{remedy_id}-claim")


@router.get("/claims/{remedy_id}/affidavit.pdf", tags=["court"], response_class=Response, responses=_PAPER)
@needs(Permission.SEE_PERSONAL)
def get_affidavit(desk: AtDesk, remedy_id: AnyId) -> Response:
    """The affidavit of non-military status that a default asks for."""
    return _shown(packets.affidavit(desk, remedy_id), f"{remedy_id}-affidavit")


@router.get("/cases/{case_id}/proof-of-claim.pdf", tags=["court"], response_class=Response, responses=_PAPER)
@needs(Permission.SEE_PERSONAL)
def get_proof_of_claim(desk: AtDesk, case_id: AnyId) -> Response:
    """The account behind a proof of claim in bankruptcy, split at the petition's day."""
    return _shown(packets.proof_of_claim(desk, case_id), f"{case_id}-proof-of-claim")


@router.get("/write-offs/packet.pdf", tags=["court"], response_class=Response, responses=_PAPER)
@needs(Permission.SEE_REPORTS)
def get_write_off_packet(desk: AtDesk) -> Response:
    """The debts old enough to be written off, for council or finance; no customer is named."""
    return _shown(write_offs.packet(desk), "write-offs")


@router.post("/filings/setoff/updates", tags=["court"], response_model=ExportShown, status_code=201)
@needs(Permission.SEND_MONEY)
def post_setoff_updates(desk: AtDesk, on: Day | None = None) -> ExportShown:
    """Write what the State is told of a day: what is left of each claim that changed, and which are released."""
    made = setoff_updates.export_updates(desk, on=on)
    if made is None:
        raise missing("update-of-that-day", str(on or desk.today()))
    return ExportShown.model_validate(made)


@router.post("/filings/lien/releases", tags=["court"], response_model=ExportShown, status_code=201)
@needs(Permission.SEND_MONEY)
def post_lien_releases(desk: AtDesk, on: Day | None = None) -> ExportShown:
    """Write the file that tells the county clerk which liens were released on a day, today if not named."""
    made = lien_releases.export_releases(desk, on=on)
    if made is None:
        raise missing("release-of-that-day", str(on or desk.today()))
    return ExportShown.model_validate(made)


@router.post("/filings/{kind}", tags=["court"], response_model=ExportShown, status_code=201)
@needs(Permission.SEND_MONEY)
def post_filing(desk: AtDesk, kind: Literal["setoff", "certification", "lien"]) -> ExportShown:
    """Write the file of all set-off claims, certified charges or liens that stand; fetched as an export."""
    made = property_files.export_filed(desk, RemedyKind(kind))
    if made is None:
        raise missing("filing-that-stands", kind)
    return ExportShown.model_validate(made)
