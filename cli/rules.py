"""What do a pack's values say, and what would the gate say of facts brought along?"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.table import Table

from api.mirror import from_json, mirror
from api.wire import wire
from casework.gates import Question, judge
from cli.installation import AsJson, Data
from cli.screen import CONSOLE, plainly, say_json
from cli.settings import PACKS, Trouble, chosen
from domain.check import Finding as Fault
from domain.policy import Policy
from domain.verdict import Action, Finding, Verdict
from gateways.packs import checked_file, load_policy

commands = typer.Typer(no_args_is_help=True, help="Policy packs.")
INSTANTS = ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]
PackOption = Annotated[
    str | None, typer.Option("--policy", help="A pack's file, or its name; by default this installation's.")
]


@commands.command()
def show(
    *,
    policy: PackOption = None,
    on: Annotated[
        datetime | None, typer.Option(help="Values in force on this day; by default all.", formats=["%Y-%m-%d"])
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Print a pack: every value with its unit, the day from which it is in force, its standing and citation."""
    with plainly():
        pack = _pack(policy, data)
    lines = _lines(pack, on.date() if on else None)
    if as_json:
        say_json({"pack": pack.pack, "version": pack.version, "digest": pack.digest, "values": lines})
        return
    table = Table("parameter", "from", "value", "standing", "where it is written", title=f"{pack.title} {pack.version}")
    for line in lines:
        table.add_row(line["key"], str(line["from"]), str(line["value"]), line["standing"], line["citation"])
    CONSOLE.print(table)


@commands.command()
def check(
    pack: Annotated[str, typer.Argument(metavar="PACK|FILE", help="A pack's name, or its file.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with a pack, each fault with the shortest example; exit code 1 if it may not be loaded."""
    with plainly():
        path = file_of(pack)
        found = checked_file(path)
    faults = sum(not finding.doubt for finding in found)
    if as_json:
        say_json({"file": path.name, "loads": not faults, "findings": [wire(finding) for finding in found]})
    else:
        _tell(path, found)
    if faults:
        raise typer.Exit(1)


def _tell(path: Path, found: tuple[Fault, ...]) -> None:
    for finding in found:
        kind = "doubt" if finding.doubt else finding.kind.replace("_", " ")
        CONSOLE.print(f"[bold]{kind}[/]: {finding.says} {finding.way_out}", soft_wrap=True)
        for moment in finding.timeline:
            CONSOLE.print(f"    {moment.on}  {moment.says}", soft_wrap=True, highlight=False)
    faults = sum(not finding.doubt for finding in found)
    doubts = len(found) - faults
    verdict = "may not be loaded" if faults else "may be loaded"
    CONSOLE.print(f"{path.name}: {_many(faults, 'fault')}, {_many(doubts, 'doubt')}; it {verdict}.")


def _many(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def gate(
    *,
    facts: Annotated[
        Path | None, typer.Option(help="The facts as JSON, as POST /api/v1/gates takes them.", exists=True)
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(
            help="Instant, in UTC unless it says otherwise; by default the one in the facts.", formats=INSTANTS
        ),
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of the facts, and nothing else.")
    ] = False,
    action: Annotated[Action, typer.Option(help="What is to be done.")] = Action.ACKNOWLEDGE_DISCONNECTION,
    policy: PackOption = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Ask the gate about facts brought along; nothing is stored."""
    if schema:
        say_json(mirror(Question).model_json_schema())
        return
    with plainly():
        if facts is None:
            raise Trouble("Name the facts to ask about: --facts FILE.")
        question = _question(facts)
        now = question.at if at is None else at if at.tzinfo else at.replace(tzinfo=UTC)
        if now is None:
            raise Trouble("Say as of which instant: --at, or `at` in the facts.")
        verdict = judge(action, question, _pack(policy, data), now)
    if as_json:
        say_json({"allows": verdict.allows, **wire(verdict)})
    else:
        _show(verdict)


def _pack(named: str | None, data: Path | None) -> Policy:
    if named is None:
        return chosen(data=data).policy()
    return pack_of(named)


def pack_of(named: str) -> Policy:
    """Return the pack of this name, or in this file.

    Raises:
        Trouble: there is none.
    """
    return load_policy(file_of(named))


def file_of(named: str) -> Path:
    """Return the file of a pack, by its name or its path.

    Raises:
        Trouble: there is none.
    """
    path = Path(named) if Path(named).is_file() else PACKS / f"{named}.toml"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in PACKS.glob("*.toml")))
        raise Trouble(f"There is no pack {named}; there are {known}.")
    return path


def _lines(pack: Policy, on: date | None) -> list[dict[str, Any]]:
    """Return the values that came into force through *on*, for a day only the latest of each; for none, all."""
    lines = []
    for key, dated in sorted(pack.values.items()):
        begun = [value for value in dated if on is None or value.since <= on]
        lines += [
            {
                "key": key,
                "from": value.since,
                "value": value.value,
                "standing": value.source.standing,
                "citation": value.source.citation,
            }
            for value in (begun if on is None else begun[-1:])
        ]
    return lines


def _question(path: Path) -> Question:
    try:
        body = mirror(Question).model_validate_json(path.read_bytes())
    except ValidationError as wrong:
        where = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the file'}: {e['msg']}" for e in wrong.errors())
        says = f"{path} cannot be read as facts. {where}. The schema: `arrears gate --schema`, docs/gates.md."
        raise Trouble(says) from wrong
    question: Question = from_json(body, Question)
    return question


def _show(verdict: Verdict) -> None:
    CONSOLE.print(f"{verdict.action.replace('_', ' ')}: {'allowed' if verdict.allows else 'forbidden'}")
    table = Table("rule", "finding", "says", "way out", "citation", box=None)
    for outcome in sorted(verdict.outcomes, key=lambda each: each.finding is not Finding.BLOCKS):
        table.add_row(outcome.rule, outcome.finding, outcome.says, outcome.way_out, outcome.citation)
    CONSOLE.print(table)
