"""How is a delinquency extract taken in, by hand or by the day's sweep: whole or not at all, row by row within?"""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Engine

from activities.mirror import known_accounts, mirror
from domain.policy import Policy
from formats.aging import AgingExtract, read_aging
from formats.errors import Malformed
from gateways.billing import Billing
from models.imports import refuse, take_in
from models.session import transaction
from models.tables import ImportRow

IMPORT_ID_CHARS = 16


@dataclass(frozen=True)
class Intake:
    """What taking in an extract needs: SQL, billing for accounts never seen, the pack for the city's day."""

    engine: Engine
    billing: Billing
    policy: Policy

    async def take(self, data: bytes, *, name: str, at: datetime) -> tuple[ImportRow, AgingExtract]:
        """Return the import's row and what was read.

        Raises:
            Malformed: the file is wrong as a whole, or of a day after business today; that it was refused is recorded.
            Outage: billing could not be asked about accounts never seen; nothing was taken.
        """
        try:
            extract = await self._read(data, name=name, at=at)
            today = self.policy.calendar.day(at)
            row = await asyncio.to_thread(self._write, extract, today, at)
        except Malformed as refused:
            await asyncio.to_thread(self._refuse, data, name, refused, at)
            raise
        return row, extract

    async def _read(self, data: bytes, *, name: str, at: datetime) -> AgingExtract:
        """Read twice: first for the numbers that billing must be asked about, then knowing which of them exist."""
        named = [row.account_no for row in read_aging(data, known=lambda _: True, name=name).rows]
        known = await asyncio.to_thread(known_accounts, self.engine, named)
        strangers = [account_no for account_no in named if account_no not in known]
        unknown = await mirror(self.engine, self.billing, self.policy, strangers, at=at)
        return read_aging(data, known=lambda account_no: account_no not in unknown, name=name)

    def _write(self, extract: AgingExtract, today: date, at: datetime) -> ImportRow:
        with transaction(self.engine) as session:
            return take_in(session, import_id=extract.sha256[:IMPORT_ID_CHARS], extract=extract, today=today, at=at)

    def _refuse(self, data: bytes, name: str, refused: Malformed, at: datetime) -> None:
        digest = sha256(data).hexdigest()
        with transaction(self.engine) as session:
            refuse(
                session,
                import_id=f"refused-{digest[:IMPORT_ID_CHARS]}",
                file_name=name,
                sha256=digest,
                refused=refused,
                at=at,
            )
