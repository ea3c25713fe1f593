"""Take what was asked about money: a correction or a refund is the account's, and changes nothing in the case."""

from domain import events as ev
from domain.case import Case


def take_money(case: Case, event: ev.Event) -> Case | None:
    """Return the case as it is; the balance moves when billing has heard, and the case looks again then."""
    match event.body:
        case ev.AdjustmentProposed() | ev.RefundProposed():
            return case
        case _:
            return None
