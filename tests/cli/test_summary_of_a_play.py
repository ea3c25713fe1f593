"""The table after a play says in words what there was none of."""

import pytest

from cli.play import show


def test_what_there_was_none_of_is_told_as_none_and_a_nought_as_a_nought(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    show({"now": "2026-10-11", "pack": "demo-city", "policy": "", "least": None, "orders": {}, "crew_days": 0})
    said = [" ".join(line.replace("│", " ").split()) for line in capsys.readouterr().out.splitlines()]
    assert [line for line in said if line.startswith(("least", "orders", "crew"))] == [
        "least none",
        "orders none",
        "crew days 0",
    ]
