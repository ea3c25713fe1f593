"""How are files of collection agencies handed in, and those for them handed out, from the command line?"""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Protocol

import typer

from casework import agencies as working
from casework.agency_files import export_messages, export_placements
from casework.context import Desk
from casework.errors import Refused
from cli.embedded import connected
from cli.extracts import operator_desk
from cli.handing_out import Out, hand_out
from cli.installation import AsJson, City, Data, Policy
from cli.screen import CONSOLE, run, say_json
from cli.settings import Settings, chosen
from cli.settle import Settle
from cli.stack import attached
from models.tables import ExportRow

commands = typer.Typer(no_args_is_help=True, help="Files from collection agencies and for them.")
Agency = Annotated[str, typer.Argument(help="The agency, as the policy pack names it.")]
On = Annotated[datetime | None, typer.Option("--on", help="Of which day; today if not said.", formats=["%Y-%m-%d"])]


class Make(Protocol):
    """Makes the file that an agency gets of a day; none when there is nothing for it."""

    def __call__(self, desk: Desk, agency: str, *, on: date | None) -> ExportRow | None: ...


class Kind(StrEnum):
    """What an agency sends besides money; its remittance is a payment file (`arrears payments`)."""

    ACKNOWLEDGMENT = working.ACKNOWLEDGMENT
    RECALL = working.RECALLS
    CONTACTS = working.CONTACTS


@commands.command()
def take(
    kind: Annotated[Kind, typer.Argument(help="What the file is.")],
    files: Annotated[list[Path], typer.Argument(help="Files, in the order in which they came.", exists=True)],
    *,
    data: Data = None,
    city: City = None,
    policy: Policy = None,
    as_json: AsJson = False,
) -> None:
    """Take in files of an agency, each whole or not at all; a file taken before is refused and changes nothing.

    A refused file is named with its line and the reason, and ends the command with exit code 1 after the others.
    """
    lines = run(_take(chosen(data=data, city=city, pack=policy), kind, files))
    if as_json:
        say_json(lines)
    else:
        for line in lines:
            CONSOLE.print(_says(line), markup=False, highlight=False)
    if any(line["refused"] for line in lines):
        raise typer.Exit(1)


async def _take(settings: Settings, kind: Kind, files: list[Path]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    async with attached(settings) as stack, connected(stack) as at:
        desk = operator_desk(at)
        for path in files:
            try:
                taken = working.take(desk, path.read_bytes(), file_name=path.name, kind=kind)
            except Refused as refused:
                found.append({"file": path.name, "refused": refused.refusal.detail})
                continue
            row = taken.row
            faults = [f"{each.account_no} {each.on}: {each.rule} {each.says}" for each in taken.findings]
            counts = {"lines": row.lines, "told": row.told, "without_case": list(taken.left), "faults": faults}
            found.append({"file": path.name, "refused": "", **counts})
        await Settle(at.engine, at.clock, at.client)()
    return found


def _says(line: dict[str, object]) -> str:
    if line["refused"]:
        return f"{line['file']}: refused. {line['refused']}"
    without, faults = line["without_case"], line["faults"]
    assert isinstance(without, list)
    assert isinstance(faults, list)
    told = f"{line['file']}: {line['lines']} lines, {line['told']} told to cases, {len(without)} without an open case"
    return "\n  ".join([told, *without, *faults])


@commands.command()
def placements(
    agency: Agency,
    *,
    on: On = None,
    out: Out = Path(),
    data: Data = None,
    city: City = None,
    policy: Policy = None,
) -> None:
    """Write the file of the debts that an agency is given on a day."""
    settings = chosen(data=data, city=city, pack=policy)
    run(_hand_out(settings, agency, on, out, export_placements))


@commands.command()
def messages(
    agency: Agency,
    *,
    on: On = None,
    out: Out = Path(),
    data: Data = None,
    city: City = None,
    policy: Policy = None,
) -> None:
    """Write what an agency is told of a day: money that the city took on its debts, money returned, recalls."""
    settings = chosen(data=data, city=city, pack=policy)
    run(_hand_out(settings, agency, on, out, export_messages))


async def _hand_out(settings: Settings, agency: str, on: datetime | None, out: Path, make: Make) -> None:
    day = on.date() if on else None
    await hand_out(
        settings,
        out,
        lambda desk: make(desk, agency, on=day),
        lambda desk: f"There is nothing for {agency} of {day or desk.today()}.",
    )
