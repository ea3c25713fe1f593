"""Which bytes is a letter on paper: a tagged PDF/UA, the same for the same letter on any machine?"""

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

import typst

from letters.book import Book, load_book
from letters.letter import Letter, LetterKind
from letters.paper import Paper
from letters.sheet import office_of, sheets, translations

TEMPLATE: Final = Path(__file__).parent / "templates" / "letter.typ"
PAPER: Final = Path(__file__).parent / "templates" / "paper.typ"
_SETTING: Final = Lock()  # one press per process, fonts and template read once; it is faster alone than shared


def render(letter: Letter, book: Book | None = None) -> bytes:
    """Return *letter* as a PDF/UA-1, each language on pages of its own after a heading that a window envelope shows.

    No font of the machine is used and the document's instant is the letter's day: the same letter is the same bytes.
    """
    inputs = {"letter": json.dumps(_page(letter, book or load_book()), ensure_ascii=False)}
    day = int(datetime.combine(letter.on, time(), tzinfo=UTC).timestamp())
    with _SETTING:
        pdf = _press().compile(format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=day)
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


@cache
def _press(template: Path = TEMPLATE) -> typst.Compiler:
    return typst.Compiler(input=str(template), ignore_system_fonts=True)


def _page(letter: Letter, book: Book) -> dict[str, object]:
    """Return all that the template sets, as JSON holds it; on a door nobody's name is shown."""
    office, door = office_of(letter, book), letter.kind is LetterKind.DOOR_HANGER
    return {
        "door": door,
        "office": {"name": office.name, "lines": office.lines, "phone": office.phone},
        "addressee": () if door else (letter.addressee.name, *letter.addressee.lines),
        "account": letter.account_no,
        "sheets": [asdict(sheet) for sheet in sheets(letter, book)],
        "translations": translations(letter, book),
    }
