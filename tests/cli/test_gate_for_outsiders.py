"""Can an outsider write a case, ask the gate, and understand what is wrong with what they wrote?"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from typer.testing import CliRunner

from cli.main import app

RUN = CliRunner()
DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE: dict[str, Any] = json.loads((DOCS / "examples" / "gate-facts.json").read_text())
SCHEMA = json.loads((DOCS / "gate-facts.schema.json").read_text())
AT = "2026-09-09T10:00:00-0500"
ILL = {
    "fact_id": "f1",
    "kind": "medical_certificate",
    "starts": "2026-09-01T14:00:00Z",
    "known_at": "2026-09-01T14:00:00Z",
}


def asked(folder: Path, facts: object, at: str | None = AT, *more: str) -> Any:
    path = folder / "facts.json"
    path.write_text(facts if isinstance(facts, str) else json.dumps(facts))
    when = ("--at", at) if at else ()
    return RUN.invoke(app, ["gate", "--policy", "rochester-mn", "--facts", str(path), *when, *more])


def blocking(folder: Path, facts: object, at: str = AT) -> set[str]:
    said = json.loads(asked(folder, facts, at, "--json").stdout)
    return {outcome["rule"] for outcome in said["outcomes"] if outcome["finding"] == "blocks"}


def test_the_shipped_example_may_be_cut(tmp_path: Path) -> None:
    Draft202012Validator(SCHEMA).validate(EXAMPLE)
    told = asked(tmp_path, EXAMPLE)
    assert told.exit_code == 0, told.output
    assert told.output.startswith("acknowledge disconnection: allowed")


@pytest.mark.parametrize(
    ("changes", "at", "rule"),
    [
        ({"facts": [ILL]}, AT, "D12"),
        ({"unposted_cents": 14_200}, AT, "D17"),
        ({"notice": EXAMPLE["notice"] | {"served_on": "2026-08-31"}}, AT, "D02"),
        ({"approval": None}, AT, "D22"),
        ({}, "2026-09-11T10:00:00-0500", "D08"),
        ({"extension": {"granted_on": "2026-09-01", "until": "2026-09-12", "refs": ["1001/electric"]}}, AT, "D15"),
    ],
)
def test_what_the_page_says_of_each_change_is_so(changes: dict[str, Any], at: str, rule: str, tmp_path: Path) -> None:
    Draft202012Validator(SCHEMA).validate(EXAMPLE | changes)
    assert rule in blocking(tmp_path, EXAMPLE | changes, at)


def test_a_block_is_told_first_with_its_way_out(tmp_path: Path) -> None:
    told = asked(tmp_path, EXAMPLE | {"facts": [ILL]})
    lines = told.output.splitlines()
    assert lines[0] == "acknowledge disconnection: forbidden"
    assert lines[2].split()[:2] == ["D12", "blocks"]


def test_the_instant_may_stand_in_the_facts_and_is_asked_for_otherwise(tmp_path: Path) -> None:
    assert asked(tmp_path, EXAMPLE | {"at": "2026-09-09T15:00:00Z"}, None).exit_code == 0
    told = asked(tmp_path, EXAMPLE, None)
    assert (told.exit_code, "Say as of which instant" in told.output) == (1, True)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ("{", "the file: Invalid JSON"),
        ({}, "account: Field required"),
        (EXAMPLE | {"facts": [ILL | {"kind": "haunted"}]}, "facts.0.kind"),
        (EXAMPLE | {"colour": 1}, "colour: Extra inputs are not permitted"),
        (EXAMPLE | {"notice": EXAMPLE["notice"] | {"served_on": "soon"}}, "notice.served_on"),
        (EXAMPLE | {"unposted_cents": 1.5}, "unposted_cents"),
    ],
)
def test_what_is_wrong_with_the_facts_is_named_by_its_place(facts: object, says: str, tmp_path: Path) -> None:
    told = asked(tmp_path, facts)
    assert told.exit_code == 1
    assert says in told.output.replace("\n", " ")
    if isinstance(facts, dict):
        assert not Draft202012Validator(SCHEMA, validate_formats=True).is_valid(facts)


def test_the_schema_can_be_had_without_an_installation() -> None:
    told = RUN.invoke(app, ["gate", "--schema"])
    assert json.loads(told.stdout) == SCHEMA
