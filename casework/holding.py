"""May anything be handed out yet? Not while an opening waits for its release."""

from sqlmodel import Session

from casework.context import Desk
from casework.errors import unfit
from models.registers import GOING_LIVE
from models.tables import FactRow


def switch_of(session: Session) -> FactRow | None:
    """Return the switch that an opening threw and nobody has lifted; none if nothing is held."""
    row = session.get(FactRow, GOING_LIVE, populate_existing=True)
    return row if row is not None and row.until is None and row.withdrawn_at is None else None


def need_released(desk: Desk) -> None:
    """Refuse to hand anything out while all is held.

    Raises:
        Refused: an opening waits for its release.
    """
    if desk.read_now(switch_of) is not None:
        says = "Since the opening nothing goes out: a supervisor has yet to release it."
        way_out = "Look at what is held, and release it."
        raise unfit("held-back", "Nothing goes out yet", says, way_out=way_out, status=409)
