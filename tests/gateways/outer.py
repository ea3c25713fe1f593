"""The systems as the program sees them, and the city behind them as a test does."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gateways.fakes.city import FakeCity
from gateways.fakes.faults import Faults
from gateways.systems import Systems

CHICAGO = ZoneInfo("America/Chicago")


def local(text: str) -> datetime:
    """Return the instant of a local time of the small city."""
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)


@dataclass
class Outer:
    systems: Systems
    city: FakeCity
    faults: Faults
    over_http: bool

    def advance(self, text: str) -> None:
        self.city.advance(local(text))
