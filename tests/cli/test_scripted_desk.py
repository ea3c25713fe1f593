"""Is a written desk read strictly, and told where it is wrong?"""

from datetime import date
from pathlib import Path

import pytest

from cli.script import read_script
from cli.settings import Trouble

NOTE = '{"on": "2026-09-03", "by": "kim", "role": "representative", "account_no": "4100000001", '


def test_json_lines_and_toml_say_the_same(tmp_path: Path) -> None:
    lines, toml = tmp_path / "desk.jsonl", tmp_path / "desk.toml"
    lines.write_text(NOTE + '"command": {"type": "add_note", "note": "x"}}\n\n')
    toml.write_text(
        '[[decision]]\non = 2026-09-03\nby = "kim"\nrole = "representative"\naccount_no = "4100000001"\n'
        'command = { type = "add_note", note = "x" }\n'
    )
    assert read_script(lines) == read_script(toml)
    assert read_script(lines)[0].on == date(2026, 9, 3)


@pytest.mark.parametrize(
    ("row", "names"),
    [
        (NOTE + '"command": {"type": "add_note"}}', "add_note.note"),
        (NOTE + '"command": {"type": "no_such_thing"}}', "decision 1"),
        (NOTE.replace("representative", "mayor") + '"command": {"type": "add_note", "note": "x"}}', "role"),
        (NOTE.replace('"by": "kim", ', "") + '"command": {"type": "add_note", "note": "x"}}', "by"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named(tmp_path: Path, row: str, names: str) -> None:
    path = tmp_path / "desk.jsonl"
    path.write_text(row)
    with pytest.raises(Trouble, match=names):
        read_script(path)


def test_an_approval_names_no_id_for_it_is_the_cases_open_one(tmp_path: Path) -> None:
    path = tmp_path / "desk.jsonl"
    path.write_text(NOTE + '"command": {"type": "approve"}}')
    assert read_script(path)[0].command == {"type": "approve"}


def test_text_that_is_neither_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "desk.jsonl"
    path.write_text("on,by,role\n")
    with pytest.raises(Trouble, match="neither TOML nor JSON"):
        read_script(path)
