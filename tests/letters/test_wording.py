"""A clerk may reword every letter, and is told where a change cannot stand."""

import shutil
from pathlib import Path

import pytest

from letters.book import FOLDER, WordingFault, load_book
from letters.letter import LetterKind
from letters.sheet import sheets
from tests.letters.made import a_letter, refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "wording"
    shutil.copytree(FOLDER, copied)
    return copied


def reword(folder: Path, old: str, new: str, *, file: str = "en.toml") -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")


def test_a_sentence_can_be_reworded(folder: Path) -> None:
    reword(folder, "This is a reminder only.", "This is only a friendly reminder.")
    (sheet,) = sheets(a_letter(LetterKind.REMINDER), load_book(folder))
    assert sheet.after[0].startswith("This is only a friendly reminder.")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{missed_on}", "{missed_no}", "nothing fills in {missed_no}"),
        ("{missed_on}", "{missed_on", "a brace stands alone"),
        ("[letter.reminder]", "[letter.remainder]", "letter.reminder is not there"),
        ('due = "Due date"', 'dew = "Due date"', "labels.due is not there"),
        ('locale = "en_US"', "", "'locale' is not there"),
        ("[labels]", "[labels", "en.toml"),
    ],
)
def test_a_file_that_no_letter_can_be_written_with_is_refused_by_name(
    folder: Path, old: str, new: str, says: str
) -> None:
    reword(folder, old, new)
    with pytest.raises(WordingFault, match=r"en\.toml") as fault:
        load_book(folder)
    assert says in str(fault.value)


@pytest.mark.parametrize(
    ("old", "new", "lack"),
    [
        ("{amount} is past due for the bills listed above.", "You owe us.", "amount in the part “amount” (en)"),
        ("on or after {cut_on}. We do not", "soon. We do not", "cut on in the part “cut date” (en)"),
        ("{contact}, {phone}, {hours}", "The desk, {phone}, {hours}", "contact in the part “contact person” (en)"),
        ("form = true", "", "form in the part “inability form” (en)"),
        ('list = "assistance"', "", "assistance in the part “assistance provider list” (en)"),
    ],
)
def test_a_part_may_not_lose_what_it_is_there_to_tell(folder: Path, old: str, new: str, lack: str) -> None:
    reword(folder, old, new)
    refusal = refused(LetterKind.DISCONNECTION_NOTICE, book=load_book(folder))
    assert refusal.slug == "letter-incomplete"
    assert lack in refusal.detail


def test_a_language_is_a_file_and_can_be_added(folder: Path) -> None:
    shutil.copy(folder / "en.toml", folder / "so.toml")
    assert a_letter(LetterKind.REMINDER, language="so", book=load_book(folder)).languages == ("so", "en")


def test_every_language_has_the_same_letters_and_parts() -> None:
    english, *others = load_book().languages.values()
    for other in others:
        for names in ("labels", "services", "copies", "letters", "parts"):
            assert set(getattr(other, names)) == set(getattr(english, names)), names
        assert len(other.form.fields) == len(english.form.fields)


def test_an_office_that_is_written_down_wrongly_is_refused(folder: Path) -> None:
    reword(folder, 'phone = "507-555-0100"', 'fone = "507-555-0100"', file="offices.toml")
    with pytest.raises(WordingFault, match=r"offices\.toml"):
        load_book(folder)
