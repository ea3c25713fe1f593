"""What is said of an opening folder and of what is held, on 80 columns: where, which rule, what to do, whose time."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from casework.going_live import Held, KeptBack
from casework.opening import TakenOver
from cli.opening import tell_held, tell_taken
from domain.money import Money
from formats.opening.folder import Problem

CITY = ZoneInfo("America/Chicago")
WRONG = Problem(
    file="cases.csv",
    line=2,
    column="balance_cents",
    rule="balance_differs",
    says="account 9901418633 owes $499.46 by the folder and $499.45 by billing",
)
MONDAY = datetime(2026, 10, 12, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def said(capsys: pytest.CaptureFixture[str]) -> str:
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    return " ".join(" ".join(lines).replace("│", " ").split())


def test_what_is_wrong_with_a_folder_is_told_with_its_place_its_rule_and_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell_taken(TakenOver(sha256="", problems=(WRONG,)), Path("opening"))
    text = said(capsys)
    assert "cases.csv, line 2, balance_cents" in text.replace("balance_cents", " balance_cents").replace("  ", " ")
    assert "[balance_differs]" in text
    assert "write the folder anew" in text


def test_what_is_held_is_told_in_the_citys_time_by_the_day_through_which_it_was_looked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    item = KeptBack(
        case_id="9901418633-1",
        account_no="9901418633",
        what="letter: reminder",
        service=None,
        amount=Money(16_635),
        at=datetime(2026, 10, 13, 19, 13, tzinfo=UTC),
        because="On 2026-10-13 a reminder for $166.35 goes out.",
        rule="path.reminder_days",
        citation="",
    )
    through = datetime(2026, 10, 14, 5, 0, tzinfo=UTC)
    tell_held(Held(since=MONDAY, through=through, by="command-line", items=(item,)), CITY)
    text = said(capsys)
    assert "Held since 2026-10-12 00:00 in the city; command-line took the folder in." in text
    assert "What would go out by 2026-10-14 00:00" in text
    assert "9901418633-1: letter: reminder, $166.35, 2026-10-13 14:13 at the earliest" in text


def test_nothing_to_go_out_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    tell_held(Held(since=MONDAY, through=MONDAY, by="command-line", items=()), CITY)
    assert "Nothing would go out by 2026-10-12 00:00 if it were released now." in said(capsys)
