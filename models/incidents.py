"""Which cuts of ours were found wrong, for ever?"""

from datetime import date, datetime

from sqlmodel import Session

from domain.case import Case, Order
from domain.events import CutFoundWrong
from models.effects import ask_billing
from models.tables import IncidentRow
from models.upsert import insert_new


def write_incident(
    session: Session, wrong: CutFoundWrong, *, case_id: str, account_no: str, at: datetime, on: date
) -> bool:
    """Write that a cut was found wrong; return false, changing nothing, if that was known."""
    values = {
        "incident_id": incident_of(wrong.order_id),
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


def take_fees_back(session: Session, case: Case, order: Order, *, on: date, now: datetime) -> None:
    """Have billing take back what a wrong cut of a closed case has cost; of an open case its workflow sees to it."""
    for fee in case.fees:
        if fee.order_id == order.order_id:
            content = {
                "account_no": case.account_no,
                "service": order.service.value,
                "reason": f"{fee.kind.replace('_', ' ')} of a wrong cut",
                "amount": {"cents": -fee.amount.cents},
                "on": on.isoformat(),
            }
            ask_billing(
                session,
                key=f"{order.order_id}/{fee.kind}/removed",
                name="adjust",
                account_no=case.account_no,
                body=content,
                about=incident_of(order.order_id),
                cents=-fee.amount.cents,
                at=now,
            )


def incident_of(order_id: str) -> str:
    return f"{order_id}-wrong"
