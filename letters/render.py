"""Which bytes is a letter on paper: a tagged PDF/UA, the same for the same letter on any machine?"""

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

import typst

from letters.book import Book, load_book
from letters.letter import Letter, LetterKind
from letters.sheet import office_of, sheets, translations

TEMPLATE: Final = Path(__file__).parent / "templates" / "letter.typ"


def render(letter: Letter, book: Book | None = None) -> bytes:
    """Return *letter* as a PDF/UA-1, each language on pages of its own after a heading that a window envelope shows.

    No font of the machine is used and the document's instant is the letter's day: the same letter is the same bytes.
    """
    book = book or load_book()
    pdf = typst.compile(
        str(TEMPLATE),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps(_page(letter, book), ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(datetime.combine(letter.on, time(), tzinfo=UTC).timestamp()),
    )
    assert isinstance(pdf, bytes), "one document is one piece"
    return pdf


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
