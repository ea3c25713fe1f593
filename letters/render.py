"""Which bytes is a letter on paper: a tagged PDF/UA, the same for the same letter on any machine?"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

import typst

from letters.book import Book, load_book
from letters.letter import Letter, LetterKind
from letters.paper import Paper
from letters.sheet import Section, Sheet, Table, office_of, sheets, translations

TEMPLATE: Final = Path(__file__).parent / "templates" / "letter.typ"
PAPER: Final = Path(__file__).parent / "templates" / "paper.typ"
CERTIFICATE: Final = TEMPLATE.with_name("certificate.typ")
_PAGE: Final = re.compile(rb"/Type\s*/Page\b")
_SETTING: Final = Lock()  # one press per process, fonts and template read once; it is faster alone than shared


def render(letter: Letter, book: Book | None = None) -> bytes:
    """Return *letter* as a PDF/UA-1, each language on pages of its own after a heading that a window envelope shows.

    No font of the machine is used and the document's instant is the letter's day: the same letter is the same bytes.
    """
    inputs = inputs_of(letter, book or load_book())
    with _SETTING:
        pdf = _press(TEMPLATE).compile(
            format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=_instant_of(letter.on)
        )
    assert isinstance(pdf, bytes), "one document is one piece"
    return pdf


def render_paper(paper: Paper) -> bytes:
    """Return a paper for a court or a council as a PDF/UA-1; the same paper is the same bytes."""
    shown = asdict(paper) | {"on": paper.on.isoformat()}
    day = int(datetime.combine(paper.on, time(), tzinfo=UTC).timestamp())
    with _SETTING:
        inputs = {"paper": json.dumps(shown, ensure_ascii=False)}
        pdf = _press(PAPER).compile(format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=day)
    assert isinstance(pdf, bytes), "one document is one piece"
    return pdf


def inputs_of(letter: Letter, book: Book) -> dict[str, str]:
    """Return what the template is given: every word of the letter, found and filled in."""
    return {"letter": json.dumps(_page(letter, book), ensure_ascii=False, default=_plain)}


def pages_of(pdf: bytes) -> int:
    """Return how many pages *pdf* has, one that was set here: its objects are written out in the open."""
    return len(_PAGE.findall(pdf))


def render_certificate(certificate: Mapping[str, object], *, on: date) -> bytes:
    """Return the certificate of mailing as a PDF/UA-1, of *on*; *certificate* holds all that its template sets."""
    inputs = {"certificate": json.dumps(certificate, ensure_ascii=False)}
    with _SETTING:
        pdf = _press(CERTIFICATE).compile(
            format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=_instant_of(on)
        )
    assert isinstance(pdf, bytes), "one document is one piece"
    return pdf


def _instant_of(day: date) -> int:
    return int(datetime.combine(day, time(), tzinfo=UTC).timestamp())


@cache
def _press(template: Path = TEMPLATE) -> typst.Compiler:
    return typst.Compiler(input=str(template), ignore_system_fonts=True)


def _plain(part: Sheet | Table | Section) -> dict[str, object]:
    """Return a part of a sheet by its fields: json takes the rest as it is, without a copy of everything."""
    return {field.name: getattr(part, field.name) for field in fields(part)}


def _page(letter: Letter, book: Book) -> dict[str, object]:
    """Return all that the template sets, as JSON holds it; on a door nobody's name is shown."""
    office, door = office_of(letter, book), letter.kind is LetterKind.DOOR_HANGER
    return {
        "door": door,
        "office": {"name": office.name, "lines": office.lines, "phone": office.phone},
        "addressee": () if door else (letter.addressee.name, *letter.addressee.lines),
        "account": letter.account_no,
        "sheets": sheets(letter, book),
        "translations": translations(letter, book),
    }
