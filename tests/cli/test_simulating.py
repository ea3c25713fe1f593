"""What does the command line say of a simulated year, of one pack and of two?"""

import json

from typer.testing import CliRunner

from cli.main import app

SMALL = ("--accounts", "40", "--days", "70", "--from", "2026-03-01")


def said(*more: str) -> str:
    result = CliRunner().invoke(app, ["simulate", *more], env={"COLUMNS": "240"})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_year_is_told_by_months_and_as_json() -> None:
    told = said("rochester-mn", *SMALL)
    assert [told.count(f"2026-0{month}") for month in (3, 4, 5)] == [2, 2, 2]
    assert "Wrongful disconnections: 0." in told
    (year,) = json.loads(said("rochester-mn", *SMALL, "--json"))
    assert [month["first"] for month in year["months"]] == ["2026-03-01", "2026-04-01", "2026-05-01"]
    assert year["accounts"] == 40
    assert sum(month["counts"].get("opened", 0) for month in year["months"]) == year["cases"] > 0


def test_the_same_households_are_lived_under_two_packs_side_by_side() -> None:
    told = said("rochester-mn", *SMALL, "--against", "demo-city")
    assert "The same households" in told
    assert "difference" in told


def test_a_pack_that_is_not_there_is_named() -> None:
    result = CliRunner().invoke(app, ["simulate", "nowhere"])
    assert result.exit_code == 1
    assert "There is no pack nowhere" in result.output
