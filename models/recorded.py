"""What do projections get: an event and the case it stands in."""

from typing import NamedTuple

from domain.events import Event


class Recorded(NamedTuple):
    """An event of a case on its way into the record; *private* is its private words, sealed."""

    case_id: str
    account_no: str
    event: Event
    private: bytes | None

    @property
    def id(self) -> str:
        """Return an id for what exactly this event brings into the world."""
        return f"{self.case_id}/{self.event.seq}"
