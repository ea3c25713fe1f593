"""Which cuts of ours were found wrong, for ever?"""

from datetime import date, datetime

from sqlmodel import Session

from domain.events import CutFoundWrong
from models.tables import IncidentRow
from models.upsert import insert_new


def write_incident(
    session: Session, wrong: CutFoundWrong, *, case_id: str, account_no: str, at: datetime, on: date
) -> bool:
    """Write that a cut was found wrong; return false, changing nothing, if that was known."""
    values = {
        "incident_id": f"{wrong.order_id}-wrong",
        "account_no": account_no,
        "case_id": case_id,
        "order_id": wrong.order_id,
        "service": wrong.service.value,
        "rules": " ".join(wrong.rules),
        "facts": list(wrong.facts),
        "cut_at": wrong.cut_at,
        "found_at": at,
        "found_on": on,
        # The rule alone: what it found of the household stands sealed in the case's timeline.
        "says": f"The cut of {wrong.service} was wrong under {', '.join(wrong.rules)}.",
    }
    return insert_new(session, IncidentRow, values)
