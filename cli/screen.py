"""How does a command speak to the person at the terminal, and end when something stands in the way?"""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from casework.errors import Refused
from cli.settings import Trouble
from formats.errors import Malformed
from models.session import SchemaMismatch

CONSOLE = Console()
COMPLAINTS = Console(stderr=True)
INTERRUPTED = 130  # what a shell expects of a process that Ctrl-C ended

T = TypeVar("T")


@contextmanager
def plainly() -> Iterator[None]:
    """Turn trouble that a person can put right into one sentence and exit code 1; a bug stays loud."""
    try:
        yield
    except (Trouble, Malformed, SchemaMismatch) as trouble:
        says = str(trouble)
    except Refused as refused:
        says = f"{refused.refusal.title}. {refused.refusal.detail} {refused.refusal.way_out}".strip()
    else:
        return
    COMPLAINTS.print(says, style="red", markup=False)
    raise typer.Exit(1)


def run(work: Coroutine[object, object, T], *, stopped: Callable[[], int] = lambda: INTERRUPTED) -> T:
    """Run *work* to its end; Ctrl-C and SIGTERM end it with the exit code that *stopped* gives."""
    with plainly():
        try:
            return asyncio.run(work)
        except (KeyboardInterrupt, asyncio.CancelledError):
            raise typer.Exit(stopped()) from None


def say_json(value: object) -> None:
    """Print *value* for a script."""
    print(json.dumps(value, indent=2, default=str))


def bar() -> Progress:
    """Return a progress bar on the error stream, so that what a script reads stays clean."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=COMPLAINTS,
    )
