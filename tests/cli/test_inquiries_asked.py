"""Can an inquiry be noted, given to somebody and answered at the command line, and is a refusal said in words?"""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from cli.settings import KEY_FILE
from models.session import transaction
from models.users import Role
from tests.casework.paper import Paper, on_paper
from tests.ready import hire
from tests.workflows.world import KEY, SHOP


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    (tmp_path / KEY_FILE).write_bytes(KEY)
    with on_paper(tmp_path) as paper:
        asyncio.run(paper.mirrored())
        with transaction(paper.engine) as session:
            hire(session, {"rosa": Role.REPRESENTATIVE})
        yield paper


def said(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["inquiries", *words, "--data", str(folder)], env={"COLUMNS": "240"})


def test_an_inquiry_is_noted_once_given_and_answered_by_letter(paper: Paper, tmp_path: Path) -> None:
    assert paper is not None
    assert "Nothing waits for an answer." in said(tmp_path).output
    for _ in range(2):
        noted = said(tmp_path, "log", SHOP, "What becomes of my deposit?", "--topic", "deposit", "--key", "k1")
        assert noted.exit_code == 0, noted.output
    (found,) = json.loads(said(tmp_path, "--json").output)["inquiries"]
    which = found["inquiry_id"]
    assert f"{which} is rosa's work." in said(tmp_path, "give", which, "rosa").output
    assert which in said(tmp_path, "--owner", "rosa").output
    assert "nobody of that name" in said(tmp_path, "give", which, "nobody").output.lower()
    answered = said(tmp_path, "answer", which, "--topic", "deposit")
    assert f"{which} is answered by letter as letter {SHOP}-l1." in answered.output
    again = said(tmp_path, "answer", which, "--topic", "deposit")
    assert again.exit_code != 0
    assert "It is answered" in again.output or "answered it on" in again.output
    assert which in said(tmp_path, "--all").output


def test_an_email_that_nobody_can_send_now_leaves_the_inquiry_open(paper: Paper, tmp_path: Path) -> None:
    assert paper is not None
    said(tmp_path, "log", SHOP, "A question.", "--asker", "council", "--key", "k1")
    (found,) = json.loads(said(tmp_path, "--json").output)["inquiries"]
    sent = said(
        tmp_path, "answer", found["inquiry_id"], "--words", "See below.", "--through", "email", "--email", "a@b.example"
    )
    assert sent.exit_code != 0
    (found,) = json.loads(said(tmp_path, "--json").output)["inquiries"]
    assert found["state"] == "open", "no sender of messages runs beside this test"
