"""Where an account stands on a day: what is past due, what of it the calendar may pursue, and what would cure it."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.account import OpenBill, past_due_bills
from domain.case import Case
from domain.facts import FactKind, standing
from domain.money import ZERO, Money, total
from domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Position:
    """*late*: all bills past due. *pursued*: those that no arrangement, extension or dispute takes out of the path."""

    on: date
    late: tuple[OpenBill, ...]
    pursued: tuple[OpenBill, ...]
    unposted: Money

    @property
    def past_due(self) -> Money:
        """Return what billing shows as past due."""
        return total(bill.open for bill in self.late)

    @property
    def owed(self) -> Money:
        """Return what is past due less money received that billing does not show yet; never below zero."""
        return max(ZERO, self.past_due - self.unposted)

    @property
    def pursued_amount(self) -> Money:
        """Return what the path pursues, less money received; never below zero."""
        return max(ZERO, total(bill.open for bill in self.pursued) - self.unposted)


def position(case: Case, policy: Policy, now: datetime) -> Position:
    """Return where *case* stands at *now*, from what it last knew."""
    on = policy.calendar.day(now)
    late = past_due_bills(case.known.bills, on)
    out: set[str] = set(case.held)  # what a remedy holds is collected by no one else
    if case.arrangement and case.arrangement.active:
        out |= case.arrangement.refs
    if case.extension and on <= case.extension.until:
        out |= set(case.extension.refs)
    for dispute in standing(case.known.facts, FactKind.DISPUTE, now):
        # A dispute over named bills takes those out of the path; the gate stops the cut altogether.
        out |= set(dispute.details.get("bills", "").split()) & {bill.ref for bill in late}
    pursued = tuple(bill for bill in late if bill.ref not in out)
    return Position(on=on, late=late, pursued=pursued, unposted=case.known.unposted)
