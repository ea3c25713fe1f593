"""A letter on paper is tagged, in its languages, and the same bytes every time."""

import re
from dataclasses import replace

import pytest

from letters.book import load_book
from letters.letter import LetterKind
from letters.render import render
from letters.sheet import Sheet, sheets
from tests.builders import an_agreement
from tests.letters.made import BILLS, CASE, GROUND, LONG, a_letter

FORTY = tuple((f"{2027 + month // 12}-{month % 12 + 1:02}-08", 300 + month) for month in range(40))


def languages(pdf: bytes) -> set[bytes]:
    return set(re.findall(rb"/Lang\s?\(([a-z]+-[A-Z]+)\)", pdf))


def words(sheet: Sheet) -> str:
    sections = [text for part in sheet.sections for text in (part.heading, *part.says, *part.items)]
    return "\n".join(
        [sheet.title, *(text for fact in sheet.facts for text in fact), *sheet.lead, *sections, *sheet.after]
    )


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_is_a_tagged_pdf_that_says_its_language(kind: LetterKind, language: str) -> None:
    pdf = render(a_letter(kind, language=language))
    assert pdf.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in pdf
    assert b"pdfuaid:part" in pdf
    assert languages(pdf) >= ({b"en-US"} if language == "en" else {b"en-US", b"es-US"})


@pytest.mark.parametrize("kind", LetterKind)
def test_the_same_letter_is_the_same_bytes(kind: LetterKind) -> None:
    assert render(a_letter(kind, language="es")) == render(a_letter(kind, language="es"))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", LetterKind)
def test_no_letter_goes_out_with_a_gap_in_it(kind: LetterKind, language: str) -> None:
    for sheet in sheets(a_letter(kind, language=language), load_book()):
        assert not re.search(r"[{}]|  |\( ?\)|None|\$0\.00", words(sheet))


def test_english_and_spanish_say_the_same_in_their_own_way() -> None:
    spanish, english = sheets(a_letter(LetterKind.DISCONNECTION_NOTICE, language="es"), load_book())
    assert (spanish.lang, english.lang) == ("es", "en")
    assert "may be shut off on or after December 16, 2026" in words(english)
    assert "puede cortarse a partir del 16 de diciembre de 2026" in words(spanish)
    for text in ("$319.65", "507-555-0100", "Three Rivers Example Energy Assistance"):
        assert text in words(english)
        assert text in words(spanish)
    assert len(english.sections) == len(spanish.sections) == 9
    assert english.form is not None
    assert spanish.form is not None


def test_the_table_of_bills_sums_to_the_amount_asked_for() -> None:
    (sheet,) = sheets(a_letter(LetterKind.DISCONNECTION_NOTICE), load_book())
    assert [row[-1] for row in sheet.tables[0].rows] == ["$132.29", "$56.82", "$130.54"]
    assert sheet.tables[0].total[-1] == "$319.65"


def test_forty_instalments_to_a_long_name_run_over_pages_and_are_all_there() -> None:
    case = replace(CASE, arrangement=an_agreement(BILLS[0], *FORTY, agreed_on=GROUND[LetterKind.AGREEMENT][1]))
    letter = a_letter(LetterKind.AGREEMENT, case, personal=LONG)
    (sheet,) = sheets(letter, load_book())
    assert len(sheet.tables[1].rows) == 40
    assert re.search(rb"/Count 2\b", render(letter))


def test_a_balance_of_nothing_is_thanked_for_and_not_printed() -> None:
    case = replace(CASE, known=replace(CASE.known, bills=()))
    (sheet,) = sheets(a_letter(LetterKind.RECONNECTION, case), load_book())
    assert "Nothing on your account is past due." in words(sheet)
    assert "$" not in words(sheet)
    assert render(a_letter(LetterKind.RECONNECTION, case))


def test_nobodys_name_hangs_on_a_door() -> None:
    letter = a_letter(LetterKind.DOOR_HANGER)
    assert render(letter) == render(replace(letter, addressee=replace(letter.addressee, name="Someone Else", lines=())))
    notice = a_letter(LetterKind.DISCONNECTION_NOTICE)
    assert render(notice) != render(replace(notice, addressee=replace(notice.addressee, name="Someone Else")))
