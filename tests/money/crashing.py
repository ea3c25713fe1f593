"""Posts payment files in processes that kill themselves, each at another step: before a commit, around an effect.

``python -m tests.money.crashing URL DATABASE FOLDER``: for each file in FOLDER, named ``<step>.csv``, one process posts
it and dies by signal 9 at that step; another one then does what a worker does that starts again. Prints for each step
whether the first was killed.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import event

from activities.messages import FilePart
from activities.payment_files import FileIntake, PaymentFileActivities
from domain.policy import Policy
from gateways.billing import Billing, KeyedPayment, PaymentAnswer
from gateways.http.systems import http_systems
from gateways.packs import load_policy
from gateways.receipt import Receipt
from models.clock import SqlClock
from models.session import open_database
from tests.workflows.world import KEY, PACK

ON = date(2026, 9, 1)
PART = 2  # sums in one activity: several parts of even a small file


@dataclass
class Fuse:
    """Counts steps and kills the process at the last of them; none burns for ever."""

    left: int | None = field(default=None)

    def burn(self, *_: object) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class FusedBilling:
    """Billing, with a step before each effect and one between its answer and whoever asked."""

    def __init__(self, billing: Billing, fuse: Fuse) -> None:
        self._billing = billing
        self._fuse = fuse

    def __getattr__(self, name: str) -> object:
        return getattr(self._billing, name)

    async def post_payments(self, payments: Sequence[KeyedPayment]) -> tuple[PaymentAnswer, ...]:
        self._fuse.burn()
        answers = await self._billing.post_payments(payments)
        self._fuse.burn()
        return answers

    async def return_payment(self, key: str, *, payment_ref: str, reason: str, on: date) -> Receipt:
        self._fuse.burn()
        receipt = await self._billing.return_payment(key, payment_ref=payment_ref, reason=reason, on=on)
        self._fuse.burn()
        return receipt


async def post(url: str, database: str, name: str, data: bytes, fuse: Fuse) -> None:
    """Take the file in and post it, or go on where another process was killed."""
    engine = open_database(database, master_key=KEY, migrate=False)
    clock = SqlClock(engine)
    event.listen(engine, "commit", fuse.burn)
    async with http_systems(url) as systems:
        billing = FusedBilling(systems.billing, fuse)
        intake = FileIntake(engine, billing, pack())  # type: ignore[arg-type]
        taken = await intake.take(data, name=name, on=ON, at=clock.now())
        work, part = PaymentFileActivities(engine, clock, billing), FilePart(file_id=taken.row.file_id, limit=PART)  # type: ignore[arg-type]
        while (await work.settle_part(part)).left:
            pass
        await work.finish_file(part)
    engine.dispose()


@cache
def pack() -> Policy:
    return load_policy(PACK)


def in_a_process(url: str, database: str, path: Path, left: int | None) -> int:
    """Return the signal that ended a process of its own which posts the file; 0 if it came to its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            asyncio.run(post(url, database, path.name, path.read_bytes(), Fuse(left)))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"{path.name}: the process failed")
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


if __name__ == "__main__":
    where, books, folder = sys.argv[1:]
    open_database(books, master_key=KEY, migrate=False).dispose()
    pack()  # driver and pack are loaded once, not in each process
    for file in sorted(Path(folder).iterdir(), key=lambda each: int(each.stem)):
        killed = in_a_process(where, books, file, int(file.stem))
        sys.stdout.write(f"{file.stem} {killed} {in_a_process(where, books, file, None)}\n")
        sys.stdout.flush()  # a child that is forked must not say it again
