"""On which day was each kind of thing last done in a case: what of an unusual case's playbook is behind us?"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from casework.context import Desk
from casework.permissions import Permission
from casework.story import the_row
from models.tables import TimelineRow


def moves_of(desk: Desk, case_id: str) -> Mapping[str, date]:
    """Return the last day of each type of event in the case; a fact also under ``fact_recorded/KIND``."""
    desk.need(Permission.SEE_CASES)
    row = TimelineRow

    def ask(session: Session) -> dict[str, date]:
        the_row(session, case_id)
        found: dict[str, date] = {}
        query = select(col(row.type), col(row.on), col(row.public)).where(col(row.case_id) == case_id)
        for kind, on, public in session.connection().execute(query.order_by(col(row.seq))):
            found[kind] = on
            if kind == "fact_recorded":
                found[f"{kind}/{public['fact']['kind']}"] = on
        return found

    return desk.read_now(ask)
