"""How much of an old debt may follow its customer to another account, and from when is it due there?"""

from datetime import datetime, timedelta

from domain import events as ev
from domain import parameters as p
from domain.account import OpenBill, balance
from domain.case import Case
from domain.decisions.desk import lapse, open_approvals
from domain.effects import MoveBalance, MovedSum
from domain.money import total
from domain.policy import Policy
from domain.rules.question import Question
from domain.rules.transfer import handed_on
from domain.states import ClosedReason
from domain.verdict import Action


def movable(case: Case, policy: Policy, now: datetime) -> tuple[OpenBill, ...]:
    """Return the bills that may follow: unpaid, held by no remedy, and not too old to be sued for."""
    on = policy.calendar.day(now)
    return handed_on(Question(action=Action.FILE_CLAIM, case=case, policy=policy, now=now, on=on))


def move_effect(case: Case, policy: Policy, now: datetime) -> MoveBalance:
    """Return what billing moves: each bill to the other account, due there as a bill of today would be."""
    on = policy.calendar.day(now)
    due = on + timedelta(days=policy.at(p.BILL_DUE_DAYS, on))
    sums = tuple(
        MovedSum(ref=bill.ref, service=bill.service, amount=bill.open, due_on=due)
        for bill in movable(case, policy, now)
    )
    return MoveBalance(
        key=f"{case.case_id}/follows/{case.moves_to}",
        on=on,
        reason="debt transferred",
        sums=sums,
        to_account=case.moves_to,
    )


def moved_bodies(case: Case, policy: Policy, now: datetime) -> tuple[ev.Body, ...]:
    """Return that the debt is on the other account; with nothing left here the case is over."""
    gone = total(bill.open for bill in movable(case, policy, now))
    moved = ev.DebtMoved(to_account=case.moves_to, amount=gone)
    if balance(case.known.bills) > gone or any(remedy.open for remedy in case.remedies):
        return (moved,)
    because = f"the debt follows its customer to account {case.moves_to}"
    lapses = tuple(lapse(approval, because) for approval in open_approvals(case))
    return (moved, *lapses, ev.CaseClosed(reason=ClosedReason.TRANSFERRED, because=because))
