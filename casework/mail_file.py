"""Which bytes are a print file with its manifest, and the certificate that its mailing is signed on?"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256

from domain.policy import Policy
from letters.book import load_book
from letters.render import render_certificate
from models.mail import Piece
from models.tables import MailBatchRow

COLUMNS = (
    *("number", "file", "letter_id", "copy_for", "account_no", "kind", "pages", "sha256"),
    *("name", "line_1", "line_2", "line_3"),
)
MANIFEST, TOTALS = "manifest.csv", "batch.json"
LINES_MAX = 3
_NEVER_LATER = (1980, 1, 1, 0, 0, 0)  # the least that a ZIP file can say: the same letters are the same bytes


def file_name(number: int) -> str:
    """Return the name of a piece's file in the batch."""
    return f"{number:05d}.pdf"


def manifest(pieces: Sequence[Piece]) -> bytes:
    """Return the manifest: a line for each piece, with the hash of its file and to whom it goes."""
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for number, piece in enumerate(pieces, start=1):
        lines = (*piece.to.lines, *("",) * LINES_MAX)[:LINES_MAX]
        rows.writerow(
            (
                *(number, file_name(number), piece.letter_id, piece.copy_for, piece.account_no, piece.kind),
                *(piece.pages, piece.sha256, _plain(piece.to.name), *map(_plain, lines)),
            )
        )
    return out.getvalue().encode("utf-8")


def _plain(text: str) -> str:
    """Return *text* as no spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def print_file(batch: MailBatchRow, pieces: Sequence[Piece], files: Iterable[bytes]) -> bytes:
    """Return the ZIP file for whoever prints: the pieces in order, the manifest, and its totals to check against."""
    listed = manifest(pieces)
    totals = {
        "batch": batch.batch_id,
        "on": batch.on.isoformat(),
        "pieces": len(pieces),
        "pages": sum(piece.pages for piece in pieces),
        "manifest_sha256": digest(listed),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        _put(file, TOTALS, json.dumps(totals, indent=2).encode())
        _put(file, MANIFEST, listed)
        for number, data in enumerate(files, start=1):
            _put(file, file_name(number), data)
    return out.getvalue()


def _put(file: zipfile.ZipFile, name: str, data: bytes) -> None:
    file.writestr(zipfile.ZipInfo(name, _NEVER_LATER), data, compress_type=zipfile.ZIP_DEFLATED)


def certificate_of(batch: MailBatchRow, pieces: Sequence[Piece], policy: Policy) -> bytes:
    """Return the certificate of mailing as a PDF, to be signed or as it was signed."""
    office = load_book().offices.get(policy.pack)
    mailed = _us(batch.mailed_on) if batch.mailed_on else "____________________"
    return render_certificate(
        {
            "utility": office.name if office else policy.pack,
            "batch": batch.batch_id,
            "made": _us(policy.calendar.day(batch.made_at)),
            "pages": str(sum(piece.pages for piece in pieces)),
            "manifest": batch.manifest_sha256,
            "says": ["Each piece below was printed, put into an envelope with its postage, and handed to the post."],
            "declares": f"I certify that on {mailed} these {len(pieces)} pieces were handed to the United States "
            "Postal Service, each addressed as listed, postage paid.",
            "signed": batch.signed_by,
            "signed_on": _us(policy.calendar.day(batch.signed_at)) if batch.signed_at else "",
            "pieces": [
                {
                    "no": str(number),
                    "account": piece.account_no,
                    "letter": piece.kind + (f" (copy: {piece.copy_for.replace('_', ' ')})" if piece.copy_for else ""),
                    "addressee": ", ".join((piece.to.name, *piece.to.lines)),
                    "pages": str(piece.pages),
                }
                for number, piece in enumerate(pieces, start=1)
            ],
        },
        on=batch.on,
    )


def _us(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
