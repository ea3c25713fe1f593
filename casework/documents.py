"""Which documents are attached to a case, and which bytes are they?"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.decisions import decide
from casework.errors import missing, unfit
from casework.permissions import Permission
from casework.story import the_row
from domain.commands import AttachDocument
from models.cases import words_of
from models.tables import DocumentContentRow, DocumentRow
from models.upsert import insert_new
from models.vault import seal, unseal

DOCUMENT_MAX = 10 * 1024 * 1024
TITLE_MAX = 120
BEGINS: Final = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"PK\x03\x04": "application/zip",
}
"""How a file of each type begins: what a browser says of a file is not believed."""

IN_ZIP: Final = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SCANS: Final = frozenset({"image/png", "image/jpeg", "image/tiff"})


@dataclass(frozen=True, slots=True)
class Attached:
    """A document of a case. *title* is none once its key has been destroyed, or to whoever may read no notes."""

    row: DocumentRow
    title: str | None
    held: bool


def documents(desk: Desk, case_id: str) -> Sequence[Attached]:
    """Return the case's documents, latest first; *held* says whether their bytes are kept here."""
    desk.need(Permission.SEE_CASES)
    notes = desk.may(Permission.SEE_NOTES)

    def ask(session: Session) -> list[Attached]:
        the_row(session, case_id)
        query = select(DocumentRow).where(DocumentRow.case_id == case_id).order_by(col(DocumentRow.attached_at).desc())
        held = select(DocumentContentRow.sha256).where(DocumentContentRow.case_id == case_id)
        kept = set(session.exec(held).all())
        return [
            Attached(row, _title(session, row) if notes else None, row.sha256 in kept) for row in session.exec(query)
        ]

    return desk.read_now(ask)


async def attach(desk: Desk, case_id: str, data: bytes, *, name: str, title: str, scanned: bool, key: str) -> None:
    """Attach *data* to the case, under its hash: the same bytes again are the same document.

    The bytes are sealed under the customer's key before the case is told, so that no case names what is not kept.

    Raises:
        Refused: empty, too large, or of a type that is not kept; or what the decision is refused for.
    """
    desk.need(Permission.DECIDE)
    media_type, digest = _type_of(data, name), sha256(data).hexdigest()
    if not title.strip():
        raise unfit("no-title", "The document has no title", "Say in a few words what the document is.")

    def keep(session: Session) -> None:
        row = the_row(session, case_id)
        content = seal(session, row.account_no, data)
        insert_new(session, DocumentContentRow, {"case_id": case_id, "sha256": digest, "content": content})

    await desk.write(keep)
    command = AttachDocument(
        sha256=digest, media_type=media_type, title=title.strip()[:TITLE_MAX], scanned=scanned or media_type in SCANS
    )
    await decide(desk, case_id, command, key=key)


def document(desk: Desk, case_id: str, digest: str) -> tuple[DocumentRow, bytes]:
    """Return a document of the case with its bytes.

    Raises:
        Refused: there is none of that hash, its bytes are not kept here, or its key has been destroyed.
    """
    desk.need(Permission.SEE_NOTES)

    def ask(session: Session) -> tuple[DocumentRow, bytes]:
        row = session.get(DocumentRow, (digest, case_id))
        content = session.get(DocumentContentRow, (case_id, digest))
        if row is None or content is None:
            raise missing("document", digest[:12])
        data = unseal(session, row.account_no, content.content)
        if data is None:
            raise unfit("redacted", "The document is gone", "Its key has been destroyed.", status=410)
        return row, data

    return desk.read_now(ask)


def _title(session: Session, row: DocumentRow) -> str | None:
    words = words_of(session, row.account_no, row.title)
    return None if words is None else words.get("title", "")


def _type_of(data: bytes, name: str) -> str:
    if not data:
        raise unfit("empty-document", "The file is empty", "There is nothing in it.", way_out="Choose the file again.")
    if len(data) > DOCUMENT_MAX:
        detail = f"It has {len(data):,} bytes; at most {DOCUMENT_MAX:,} are kept."
        raise unfit("document-too-large", "The file is too large", detail, way_out="Scan it coarser.", status=413)
    found = next((kind for begins, kind in BEGINS.items() if data.startswith(begins)), "")
    if found == "application/zip":
        found = next((kind for ending, kind in IN_ZIP.items() if name.lower().endswith(ending)), "")
    if not found and _is_text(data):
        found = "text/plain"
    if not found:
        raise unfit(
            "document-type",
            "Files of this type are not kept",
            "It is none of: PDF, PNG, JPEG, TIFF, Word, Excel, plain text.",
            way_out="Print it to a PDF file and attach that.",
        )
    return found


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign in "\r\n\t\ufeff" for sign in text)
