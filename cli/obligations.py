"""What does the utility owe by when, at the command line: reported, told of, written as files, marked as done?"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from api.schemas.obligations import ObligationShown
from casework import obligations as owing
from casework.context import Desk
from cli.asking import reading_desk
from cli.installation import AsJson, Data
from cli.screen import CONSOLE, run, say_json
from cli.settings import Settings, chosen
from domain.obligations import State

commands = typer.Typer(invoke_without_command=True, help="What the utility owes by when, and what of it is done.")
Key = Annotated[str, typer.Argument(help="The obligation, as the report names it.")]
T = TypeVar("T")
STYLES = {State.BREACHED: "red", State.WARNED: "yellow"}


@commands.callback()
def report(
    context: typer.Context,
    *,
    account: Annotated[str, typer.Option(help="Of one account only.")] = "",
    owner: Annotated[str, typer.Option(help="Of one role only.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="What is met, too.")] = False,
    tell: Annotated[bool, typer.Option(help="Also raise the tasks for what is pressing or late.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Report what is owed, the earliest day first."""
    if context.invoked_subcommand:
        return
    found, told = run(_reported(chosen(data=data), account, owner, everything=everything, tell=tell))
    if as_json:
        say_json({"obligations": [ObligationShown.of(each).model_dump() for each in found], "told": told})
        return
    if not found:
        CONSOLE.print("Nothing is owed.")
    table = Table("due", "state", "owner", "to", "account", "what", box=None)
    for each in found:
        one = each.obligation
        style = STYLES.get(each.state)
        table.add_row(str(one.due_on), each.state, one.owner, one.owed_to, one.account_no, one.says, style=style)
    if found:
        CONSOLE.print(table)
    if tell:
        CONSOLE.print(f"{told} tasks were raised.")


@commands.command()
def met(
    key: Key,
    *,
    evidence: Annotated[str, typer.Option(help="The document or number that shows it.")],
    on: Annotated[datetime | None, typer.Option(help="Day; by default today.", formats=["%Y-%m-%d"])] = None,
    data: Data = None,
) -> None:
    """Say that what is owed was done, and what shows it."""
    day = on.date() if on else None
    done = run(_at_desk(chosen(data=data), lambda desk: owing.meet(desk, key, evidence=evidence, on=day)))
    CONSOLE.print(f"{done.obligation.says} {done.state}.")


@commands.command()
def file(
    key: Key,
    *,
    to: Annotated[Path, typer.Option(help="Where to write it.", dir_okay=False)],
    data: Data = None,
) -> None:
    """Write the list that is owed: the homes that are off, or the notices of which copies go out."""
    text = run(_at_desk(chosen(data=data), lambda desk: owing.file_of(desk, key)))
    to.write_text(text, "utf-8")
    CONSOLE.print(f"{to}: {len(text.splitlines()) - 1} lines.")


async def _reported(
    settings: Settings, account: str, owner: str, *, everything: bool, tell: bool
) -> tuple[list[owing.Owed], int]:
    states = tuple(State) if everything else owing.PENDING
    async with reading_desk(settings) as desk:
        told = owing.tell_of_due(desk) if tell else 0
        return list(owing.owed(desk, account_no=account, owner=owner, states=states)), told


async def _at_desk(settings: Settings, ask: Callable[[Desk], T]) -> T:
    async with reading_desk(settings) as desk:
        return ask(desk)
