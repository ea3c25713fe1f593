"""Which cuts of ours were found wrong, for ever?"""

from datetime import date, datetime

from sqlmodel import Session, col, select

from domain.case import Case, Order
from domain.events import CutFoundWrong
from domain.hear import Tells, Told
from models.effects import ask_billing
from models.tables import IncidentRow, TimelineRow
from models.upsert import insert_new

UNCOUNTED = ("cut_found_wrong", "strike_removed")
"""The events that take a wrong cut out of the counters: in its own case, or in a later one."""


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


def strikes_left(session: Session, account_no: str, *, now: datetime) -> tuple[Told, ...]:
    """Return what the account's next case is told: each wrong cut that the cases before it still counted."""
    row = TimelineRow
    cuts = session.exec(select(IncidentRow.order_id).where(IncidentRow.account_no == account_no)).all()
    if not cuts:
        return ()
    taken_off = select(row).where(row.account_no == account_no, col(row.type).in_(UNCOUNTED))
    done = {entry.public["order_id"] for entry in session.exec(taken_off)}
    return tuple(strike_of(order_id, now) for order_id in sorted(set(cuts) - done))


def strike_of(order_id: str, now: datetime) -> Told:
    """Return the word that a cut of an earlier case was wrong; the same word however often it is told."""
    return Told(key=incident_of(order_id), at=now, what=Tells.CUT_FOUND_WRONG, order_id=order_id)


def incident_of(order_id: str) -> str:
    return f"{order_id}-wrong"
