"""May anything be handed out? Not while an opening waits for its release, and never where the city is only observed."""

from sqlmodel import Session

from casework.context import Desk
from casework.errors import unfit
from models.registers import GOING_LIVE
from models.tables import FactRow


def switch_of(session: Session) -> FactRow | None:
    """Return the switch that an opening threw and nobody has lifted; none if nothing is held."""
    row = session.get(FactRow, GOING_LIVE, populate_existing=True)
    return row if row is not None and row.until is None and row.withdrawn_at is None else None


def need_for_real(desk: Desk) -> None:
    """Refuse to hand out what this installation has on record but never did.

    Raises:
        Refused: it only observes.
    """
    if desk.at.systems.observed:
        says = "This installation only observes: its record holds letters that nobody got and orders that nobody has."
        way_out = "Going live begins in a new data directory, with a folder of what the city itself has done."
        raise unfit("only-observes", "Nothing goes out here", says, way_out=way_out, status=409)


def need_released(desk: Desk) -> None:
    """Refuse to hand anything out while all is held, or where what was done was never done.

    Raises:
        Refused: an opening waits for its release, or this installation only observes.
    """
    need_for_real(desk)
    if desk.read_now(switch_of) is not None:
        says = "Since the opening nothing goes out: a supervisor has yet to release it."
        way_out = "Look at what is held, and release it."
        raise unfit("held-back", "Nothing goes out yet", says, way_out=way_out, status=409)
