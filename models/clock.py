"""What time is it in business? The only place that reads the wall's clock for it."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Engine
from sqlmodel import Session, select

from models.session import reading, transaction
from models.tables import ClockRow
from models.upsert import upsert

THE_CLOCK = 1
_NOW = select(ClockRow.business_now).where(ClockRow.clock_id == THE_CLOCK)


class ClockMode(StrEnum):
    WALL = "wall"  # production: business time is the wall's
    STEPPED = "stepped"  # a driver sets it
    PACED = "paced"  # a driver moves it on as fast as what is due gets done


class ClockRefused(RuntimeError):
    """The clock cannot be set so; the message says why."""


class SqlClock:
    """The installation's business clock; its state is one row, so that every process reads the same time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._mode: ClockMode | None = None

    def now(self) -> datetime:
        """Return the business instant, in UTC."""
        with reading(self._engine) as session:
            business_now = session.connection().execute(_NOW).scalar()
        return business_now or datetime.now(UTC)

    def at(self, business_now: datetime | None) -> datetime:
        """Return the instant for one whose own statement has read the clock's row; the wall's holds none."""
        return self.now() if business_now is None else business_now

    @property
    def mode(self) -> ClockMode:
        """Return how the clock moves; by the wall, if nobody said otherwise."""
        if self._mode is None:
            row = self._row()
            if row is None:
                return ClockMode.WALL
            self._mode = ClockMode(row.mode)  # chosen once for the life of the database
        return self._mode

    @property
    def rate(self) -> int:
        """Return how many business seconds a paced clock means to pass in one of the wall's."""
        row = self._row()
        return row.rate if row else 1

    def start(self, mode: ClockMode, *, at: datetime | None = None, rate: int = 1) -> None:
        """Choose how the clock moves, once for the life of the database; the same choice again changes nothing.

        A clock that is not the wall's starts at *at*; one that already runs keeps its time.

        Raises:
            ClockRefused: the database lives by another clock, or a clock of its own is given no time to start at.
        """
        if (at is None) != (mode is ClockMode.WALL):
            raise ClockRefused("a stepped or paced clock starts at a given time, the wall's at none")
        with transaction(self._engine) as session:
            row = _read(session)
            if row is not None and row.mode != mode:
                raise ClockRefused(f"this database lives by the {row.mode} clock and cannot change to {mode}")
            running = row.business_now if row else None
            values = {"clock_id": THE_CLOCK, "mode": mode.value, "business_now": running or at, "rate": rate}
            upsert(session, ClockRow, values)

    def set(self, now: datetime) -> None:
        """Move a stepped or paced clock on to *now*.

        Raises:
            ClockRefused: it is the wall's clock, or *now* lies before its time.
        """
        with transaction(self._engine) as session:
            row = _read(session)
            if row is None or row.business_now is None:
                raise ClockRefused("the wall's clock cannot be set")
            if now < row.business_now:
                raise ClockRefused(f"business time cannot go back from {row.business_now} to {now}")
            row.business_now = now

    def _row(self) -> ClockRow | None:
        with reading(self._engine) as session:
            return _read(session)


def _read(session: Session) -> ClockRow | None:
    return session.get(ClockRow, THE_CLOCK, populate_existing=True)
