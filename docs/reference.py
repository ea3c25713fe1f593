"""What may be asked of a case, by whom and with which fields; and what can a process be told by its environment?"""

import inspect
import json
import types
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from api.commands import POSTED, DecisionBody
from api.mirror import mirror
from casework.gates import Question
from casework.permissions import FOR_COMMAND, TABLE
from cli.settings import Settings
from domain.commands import Command
from domain.facts import FactKind
from models.users import Role

_WORDS: dict[object, str] = {
    str: "text",
    bool: "yes or no",
    int: "number",
    date: "date",
    datetime: "instant",
    AwareDatetime: "instant",
    Path: "path",
    FactKind: "a [kind of fact](facts.md)",
}

# What is read from the environment apart from the settings: by tests, and by Temporal's own client.
OTHERS = (
    (
        "TEMPORAL_…",
        "Temporal's own standard environment: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY` and more.",
    ),
    (
        "ARREARS_SHARED",
        "Tests: the folder of shared sample data; `../shared` if not given. Tests that need it are skipped without it.",
    ),
    ("ARREARS_REQUIRE", "Tests: `postgres` makes a skipped PostgreSQL test a failure, as `.ci/run` asks."),
    ("ARREARS_PROVE", "Tests: any value runs the deep checks in full, as `make prove` does."),
)


def gate_facts() -> str:
    """Return the JSON schema of the facts that a gate is asked about."""
    return json.dumps(mirror(Question).model_json_schema(), indent=1, sort_keys=True) + "\n"


def decisions() -> str:
    """Return each decision with its fields and who may take it."""
    lines = [_DECISIONS]
    for command, schema in zip(POSTED, get_args(get_args(DecisionBody)[0]), strict=True):
        lines += ["", *_decision(command, schema.model_fields)]
    return "\n".join([*lines, ""])


def _decision(command: type[Command], schema: dict[str, FieldInfo]) -> Iterator[str]:
    holders = TABLE[FOR_COMMAND[command]]
    yield f"## `{get_args(schema['type'].annotation)[0]}`"
    yield ""
    doc = inspect.getdoc(command) or ""
    if not doc.startswith(f"{command.__name__}("):  # what a dataclass without a docstring says of itself
        yield from (doc, "")
    yield f"By: {', '.join(role.replace('_', ' ') for role in Role if role in holders)}."
    given = {name: info for name, info in schema.items() if name != "type"}
    if given:
        yield from ("", "| Field | Is | If not given |", "| --- | --- | --- |")
        yield from (f"| `{name}` | {_kind(info.annotation)} | {_default(info)} |" for name, info in given.items())


def _kind(hint: Any) -> str:  # noqa: ANN401 (a type hint has no better type)
    """Return what a field holds, in words."""
    if hint in _WORDS:
        return _WORDS[hint]
    inner = get_args(hint)
    origin = get_origin(hint)
    if origin is Annotated:
        return _kind(inner[0])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inner)
    if origin in {Union, types.UnionType}:
        return " or ".join(_kind(part) for part in inner if part is not type(None))
    if origin is tuple and get_origin(inner[0]) is Literal:
        return f"any of {_kind(inner[0])}"
    if origin is tuple:
        return f"list of {_kind(inner[0])}s"
    if origin is dict:
        return f"{_kind(inner[1])}s by key"
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        parts = (f"`{name}` ({_kind(info.annotation)})" for name, info in hint.model_fields.items())
        return f"{hint.__name__.lower()} of {' and '.join(parts)}"
    assert issubclass(hint, StrEnum), f"{hint} has no words here"
    return ", ".join(f"`{value}`" for value in hint)


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "refused"
    if isinstance(info.default, bool):
        return "yes" if info.default else "no"
    return f"`{info.default}`" if info.default else ""


def environment() -> str:
    """Return every variable of the environment that is read."""
    settings = (_setting(name, info) for name, info in Settings.model_fields.items())
    others = (f"| `{name}` | {says} |" for name, says in OTHERS)
    return "\n".join([_ENVIRONMENT, *settings, _APART, *others, ""])


def _setting(name: str, info: FieldInfo) -> str:
    return f"| `ARREARS_{name.upper()}` | {_kind(info.annotation)} | {_default(info)} | {info.description or ''} |"


_DECISIONS = """\
# Decisions

What may be asked of a case: `POST /api/v1/cases/{id}/decisions` with `{"type": …}` and the fields below. A rule may
refuse any of them, see [problems](problems.md). What a second person must agree to is decided at
`POST /api/v1/approvals/{id}`, with `{"type": "approve"}` or `{"type": "reject", "because": …}`."""
_ENVIRONMENT = """\
# Environment

What a process is told from outside. A value given on the command line comes first, then the environment, then what
the data directory remembers of its city, pack and clock.

| Variable | Is | If not given | Meaning |
| --- | --- | --- | --- |"""
_APART = """
Apart from these:

| Variable | Meaning |
| --- | --- |"""
