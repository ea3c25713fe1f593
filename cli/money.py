"""How are drafts presented again, credits sent back and refunds paid from the command line; who has credit?"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from casework.context import Desk
from casework.credit import credit_balances
from casework.exports import export_file
from casework.refunds import export_refunds
from casework.returned import present_again
from casework.send_back import write_back
from cli.embedded import connected
from cli.extracts import operator_desk
from cli.installation import AsJson, City, Data, Policy
from cli.screen import CONSOLE, run, say_json
from cli.settings import chosen
from cli.settle import Settle
from cli.stack import attached
from domain.money import Money
from models.tables import ExportRow

commands = typer.Typer(help="Files that go out: drafts presented again, credits sent back, refunds. Who has credit.")
Out = Annotated[Path, typer.Option(help="The folder in which the file is written.", file_okay=False)]
HERE = Path()


@commands.command()
def retries(
    *, out: Out = HERE, data: Data = None, city: City = None, policy: Policy = None, as_json: AsJson = False
) -> None:
    """Write the file of drafts due to be presented again, and post them as sent."""

    async def make(desk: Desk) -> tuple[ExportRow | None, dict[str, str]]:
        made = await present_again(desk)
        return made.export, dict(made.left_out)

    _hand_out(make, out=out, settings_of=(data, city, policy), as_json=as_json)


@commands.command()
def credits_back(
    *, out: Out = HERE, data: Data = None, city: City = None, policy: Policy = None, as_json: AsJson = False
) -> None:
    """Write the file of credits that nobody claims and that go back to their bank, and post it as sent."""

    async def make(desk: Desk) -> tuple[ExportRow | None, dict[str, str]]:
        made = await write_back(desk)
        return made.export, dict(made.left_out)

    _hand_out(make, out=out, settings_of=(data, city, policy), as_json=as_json)


@commands.command()
def refunds(
    *, out: Out = HERE, data: Data = None, city: City = None, policy: Policy = None, as_json: AsJson = False
) -> None:
    """Write the file by which approved refunds are paid."""

    async def make(desk: Desk) -> tuple[ExportRow | None, dict[str, str]]:
        return await asyncio.to_thread(export_refunds, desk), {}

    _hand_out(make, out=out, settings_of=(data, city, policy), as_json=as_json)


@commands.command()
def credit(*, data: Data = None, city: City = None, policy: Policy = None, as_json: AsJson = False) -> None:
    """List the accounts that have credit: of a fund how much, since when untouched, when it is the state's."""

    async def ask() -> list[dict[str, str | int]]:
        async with attached(chosen(data=data, city=city, pack=policy)) as stack, connected(stack) as at:
            return [dict(line) for line in await credit_balances(operator_desk(at))]

    lines = run(ask())
    if as_json:
        say_json(lines)
        return
    for line in lines:
        CONSOLE.print(f"{line['account_no']}  {Money(int(line['credit']))}  escheats {line['escheats_on']}")


def _hand_out(
    make: Callable[[Desk], Awaitable[tuple[ExportRow | None, dict[str, str]]]],
    *,
    out: Path,
    settings_of: tuple[Path | None, Path | None, Path | None],
    as_json: bool,
) -> None:
    data, city, policy = settings_of

    async def do() -> tuple[ExportRow | None, dict[str, str], bytes]:
        async with attached(chosen(data=data, city=city, pack=policy)) as stack, connected(stack) as at:
            desk = operator_desk(at)
            export, left_out = await make(desk)
            content = (await asyncio.to_thread(export_file, desk, export.export_id))[1] if export else b""
            await Settle(at.engine, at.clock, at.client)()
            return export, left_out, content

    export, left_out, content = run(do())
    if export is not None:
        (out / export.file_name).write_bytes(content)
    if as_json:
        named = export.file_name if export else None
        say_json({"file": named, "entries": export.entries if export else 0, "left_out": left_out})
    elif export is None:
        CONSOLE.print("Nothing is due.")
    else:
        CONSOLE.print(f"{out / export.file_name}: {export.entries} for {Money(export.total_cents)}")
    for payment_id, why in left_out.items():
        CONSOLE.print(f"left out: {payment_id} ({why})")
