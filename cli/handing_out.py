"""How does a file or a paper that goes outside get from the installation into a folder?"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from casework.context import Desk
from casework.errors import Refused
from casework.exports import export_file
from cli.embedded import connected
from cli.extracts import operator_desk
from cli.screen import CONSOLE
from cli.settings import Settings, Trouble
from cli.stack import attached
from domain.money import Money
from models.tables import ExportRow

Out = Annotated[Path, typer.Option(help="The folder in which the file is written.", file_okay=False)]


async def hand_out(
    settings: Settings, out: Path, make: Callable[[Desk], ExportRow | None], nothing: Callable[[Desk], str]
) -> None:
    """Write the file that *make* makes into *out*, or say *nothing*: what there is nothing of."""
    async with attached(settings) as stack, connected(stack) as at:
        desk = operator_desk(at)
        try:
            made = make(desk)
            if made is None:
                CONSOLE.print(nothing(desk))
                return
            row, content = export_file(desk, made.export_id)
        except Refused as refused:
            raise told(refused) from refused
    await asyncio.to_thread(_written, out / row.file_name, content)
    CONSOLE.print(f"{out / row.file_name}: {row.entries} for {Money(row.total_cents)}")


async def print_out(settings: Settings, path: Path, paper: Callable[[Desk], bytes]) -> None:
    """Write the PDF of *paper* to *path*."""
    async with attached(settings) as stack, connected(stack) as at:
        try:
            content = await asyncio.to_thread(paper, operator_desk(at))
        except Refused as refused:
            raise told(refused) from refused
    await asyncio.to_thread(_written, path, content)
    CONSOLE.print(f"{path}: {len(content)} bytes")


def told(refused: Refused) -> Trouble:
    """Return a refusal as the command line says it: what is wrong, and the way out."""
    return Trouble(f"{refused.refusal.detail} {refused.refusal.way_out}".strip())


def _written(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
