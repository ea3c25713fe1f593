"""How long do the pure core's answers take, in microseconds?"""

from datetime import datetime, timedelta

from bench.measure import microseconds
from bench.town import BILL_CENTS, DUE_ON, account_nos, opening, town_policy
from domain.account import Account, AccountStatus, CustomerClass, NamedBill, OpenBill, Service, Snapshot
from domain.agenda import next_step
from domain.calendar import DAY
from domain.case import Case, Notice
from domain.gate import gate
from domain.money import Money
from domain.states import Stage
from domain.verdict import Action

BILLS = 6  # months of one service
NOTICED = timedelta(days=30)


def speeds() -> dict[str, float]:
    """Return how many microseconds `next_step` and `gate` take, of a noticed case with six open bills."""
    policy = town_policy()
    now = opening(policy) + NOTICED
    case = _noticed(now, policy.digest)
    return {
        "next_step": microseconds(lambda: next_step(case, policy, now)),
        "gate": microseconds(lambda: gate(Action.RECOMMEND_DISCONNECTION, case, policy, now)),
    }


def _noticed(now: datetime, digest: str) -> Case:
    (account_no,) = account_nos(1)
    account = Account(
        account_no=account_no,
        customer_class=CustomerClass.RESIDENTIAL,
        status=AccountStatus.ACTIVE,
        services=(Service.ELECTRIC,),
    )
    bills = tuple(_bill(number) for number in range(BILLS))
    named = tuple(NamedBill(ref=bill.ref, amount=bill.open, due_on=bill.due_on) for bill in bills)
    notice = Notice(
        kind="disconnection notice",
        served_on=now.date() - 15 * DAY,
        method="mailed",
        bills=named,
        amount=Money(BILLS * BILL_CENTS),
        earliest_cut_on=now.date(),
        stale_on=now.date() + 45 * DAY,
    )
    known = Snapshot(at=now, version="1", account=account, bills=bills, policy=digest)
    return Case(
        case_id=f"{account_no}-1",
        account_no=account_no,
        opened_on=DUE_ON,
        known=known,
        seq=9,
        stage=Stage.NOTICED,
        notice=notice,
    )


def _bill(number: int) -> OpenBill:
    due_on = DUE_ON - 30 * number * DAY
    return OpenBill(
        bill_no=f"{number:06d}",
        service=Service.ELECTRIC,
        bill_on=due_on - 21 * DAY,
        due_on=due_on,
        original=Money(BILL_CENTS),
        open=Money(BILL_CENTS),
    )
