"""When and in which order do a played folder's payment files come in?"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from sqlmodel import Session

from activities.mirror import mirror
from activities.payment_files import FileTaken
from casework.payment_files import deliver, workflow_id
from cli.embedded import Embedded
from cli.extracts import operator_desk
from cli.settle import patiently
from domain.calendar import CityCalendar
from domain.money import Money
from formats.city import CityFolder, PostedDraft, read_accounts, read_posted_drafts
from models.payment_files import FileState
from models.payments import Payment, know_posted
from models.session import transaction
from models.tables import PaymentFileRow

FILES_AT = time(9, 0)  # after the night's bills; the day's money is in before an extract is drawn at its close
RETURNS = "returns"  # in the name of a file of nothing but returns, sent again or not: it comes after the money


def days_of(folder: CityFolder) -> dict[date, tuple[Path, ...]]:
    """Return a folder's payment files by the day they count on, money in before returns."""
    found = {day: list(paths) for day, paths in folder.bank().items()}
    for day, path in folder.remittances().items():
        found.setdefault(day, []).append(path)
    return {day: tuple(sorted(paths, key=in_order)) for day, paths in sorted(found.items())}


def in_order(path: Path) -> tuple[bool, str]:
    """Return by what a day's files are ordered: money in before returns, then by name."""
    return RETURNS in path.name.lower(), path.name


@dataclass(slots=True)
class BankDays:
    """The folder's files, delivered by themselves at nine on their day. A day delivered twice is delivered once."""

    at: Embedded
    days: dict[date, tuple[Path, ...]]

    @classmethod
    def of(cls, at: Embedded) -> "BankDays":
        assert at.folder is not None, "bank days are played from a folder"
        days, opening = days_of(at.folder), at.folder.opening  # what came before is in the balances it opens with
        return cls(at, {day: paths for day, paths in days.items() if day > opening})

    def next_at(self, now: datetime) -> datetime | None:
        """Return the next instant after *now* at which files come."""
        return next((at for day in self.days if (at := self._instant(day)) > now), None)

    async def act(self, now: datetime) -> None:
        """Deliver the files of the day, and wait until billing has heard of all of their money."""
        day = self.at.policy.calendar.day(now)
        if day in self.days and self._instant(day) <= now:
            for path in self.days[day]:
                await post_file(self.at, path, on=day)

    async def before_opening(self, now: datetime) -> None:
        """Let the record know every account, and the drafts that a bank may still return."""
        assert self.at.folder is not None, "bank days are played from a folder"
        account_nos = [row.account_no for row in read_accounts(self.at.folder.accounts)]
        await mirror(self.at.engine, self.at.systems.billing, self.at.policy, account_nos, at=now)
        if self.at.folder.posted_drafts.is_file():
            drafts = tuple(read_posted_drafts(self.at.folder.posted_drafts))
            with transaction(self.at.engine) as session:
                know_drafts(session, drafts, self.at.policy.calendar)

    def _instant(self, day: date) -> datetime:
        return self.at.policy.calendar.at(day, FILES_AT)


def know_drafts(session: Session, drafts: Iterable[PostedDraft], calendar: CityCalendar) -> None:
    """Put the drafts on record that billing had posted before the opening."""
    for draft in drafts:
        payment = Payment(
            payment_id=f"draft-{draft.trace}",
            source="draft",
            trace=draft.trace,
            account_no=draft.account_no,
            amount=Money(draft.amount_cents),
            received_at=calendar.at(draft.posted_on, time(0)),
            effective_on=draft.posted_on,
            tender="",
            billing_ref=draft.trace,  # billing knows them by the bank's own number
        )
        know_posted(session, payment)


async def post_file(at: Embedded, path: Path, *, on: date | None = None, dry_run: bool = False) -> PaymentFileRow:
    """Deliver a file and wait until billing has heard of all of its money; return what came of it, refused or not.

    Raises:
        Refused: billing cannot be asked just now.
    """
    return (await hand_in(at, path, on=on, dry_run=dry_run)).row


async def hand_in(at: Embedded, path: Path, *, on: date | None = None, dry_run: bool = False) -> FileTaken:
    """Do as `post_file` does; return also whether the very same delivery had come before."""
    desk = operator_desk(at)
    data = await asyncio.to_thread(path.read_bytes)
    taken = await deliver(desk, data, file_name=path.name, on=on, dry_run=dry_run)
    if dry_run or taken.row.state == FileState.REFUSED:
        return taken
    handle = at.client.get_workflow_handle(workflow_id(taken.row))
    await patiently(handle.result)
    return taken
