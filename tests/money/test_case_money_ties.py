"""Whatever a case has billing charge, take back, set aside, revive or move, billing moves by what our ledger says."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import func, select

from activities.effects import EffectActivities
from activities.messages import EffectRequest
from activities.mirror import mirror
from casework.context import Desk, Installation, Person
from casework.reconciliation import CONTROLS, reconcile
from domain.account import Service
from domain.effects import ChargeFee, Effect, EndAccount, MoveBalance, MovedSum, RemoveFee
from domain.money import ZERO, Money
from gateways.billing import Billing
from gateways.fakes.city import FakeCity
from gateways.fakes.direct import direct_systems
from gateways.fakes.faults import Faults
from gateways.packs import load_policy
from models.clock import ClockMode, SqlClock
from models.policies import activate
from models.reconciliation import BreakKind
from models.session import reading, transaction
from models.tables import LedgerRow
from models.users import Role
from tests.builders import a_case
from tests.ready import open_ready
from tests.workflows.world import CITY, KEY, OPENING, PACK, SHOPS

ON = OPENING.date()
HELD = SHOPS[5]


def effects(chance: random.Random) -> Iterator[tuple[str, Effect]]:
    """Yield acts of cases in random order: fees and their removal, balances aside, back and over, a final bill."""
    for number in range(12):
        account_no, other = chance.sample(SHOPS[:5], 2)
        amount, key = Money(chance.randint(1, 9_000)), f"{account_no}-1/{number}"
        match chance.choice(("fee", "aside", "back", "over")):
            case "fee":
                kind = chance.choice(("reconnect_fee", "lien_interest"))
                fee = {"kind": kind, "service": Service.ELECTRIC, "amount": amount, "on": ON}
                yield account_no, ChargeFee(key=key, **fee)  # type: ignore[arg-type]  # by name
                if kind == "reconnect_fee" and chance.random() < 0.5:
                    yield account_no, RemoveFee(key=f"{key}/removed", **fee)  # type: ignore[arg-type]  # by name
            case "aside":
                yield account_no, MoveBalance(key=key, on=ON, reason="petition", sums=(_sum(ZERO - amount),))
            case "back":
                yield (
                    account_no,
                    MoveBalance(key=key, on=ON, reason="dismissed", sums=(_sum(amount), _sum(amount, "B2"))),
                )
            case _:
                yield account_no, MoveBalance(key=key, on=ON, reason="follows", sums=(_sum(amount),), to_account=other)
    yield HELD, EndAccount(key=f"{HELD}-1/final-bill", on=ON)


def _sum(amount: Money, bill: str = "B1") -> MovedSum:
    return MovedSum(ref=f"{bill}/electric", service=Service.ELECTRIC, amount=amount, due_on=ON - timedelta(days=40))


@pytest.mark.parametrize("seed", range(6))
async def test_billings_control_accounts_tie_with_our_ledger_after_any_acts_of_cases(seed: int, tmp_path: Path) -> None:
    policy = load_policy(PACK)
    engine = open_ready(f"sqlite:///{tmp_path / 'arrears.db'}", master_key=KEY)
    clock = SqlClock(engine)
    clock.start(ClockMode.STEPPED, at=OPENING)
    with transaction(engine) as session:
        activate(session, policy, OPENING)
    city = FakeCity(CITY, zone=ZoneInfo(policy.calendar.zone))
    city.advance(OPENING)
    systems = direct_systems(city, Faults())
    await mirror(engine, systems.billing, policy, SHOPS, at=OPENING)
    acts = EffectActivities(engine, clock, systems)
    owed = {account_no: await _owed(systems.billing, account_no) for account_no in SHOPS}

    for account_no, effect in effects(random.Random(seed)):
        request = EffectRequest(case=replace(a_case(), account_no=account_no), effect=effect)
        for _ in range(2):  # an activity that is tried again changes nothing
            match effect:
                case ChargeFee() | RemoveFee():
                    await acts.charge_fee(request)
                case EndAccount():
                    await acts.end_account(request)
                case _:
                    await acts.move_balance(request)

    at = Installation(engine=engine, clock=clock, systems=systems)
    day = await reconcile(Desk(person=Person(username="kim", role=Role.ACCOUNTANT), at=at), ON)
    broken = [(row.source, row.ours_cents, row.theirs_cents) for row in day.breaks if row.kind == BreakKind.BILLING]
    assert set(CONTROLS) >= {"fees", "adjustments"}
    assert broken == []
    moved = {account_no: await _owed(systems.billing, account_no) - owed[account_no] for account_no in SHOPS[:5]}
    with reading(engine) as session:
        cents_of = func.sum(LedgerRow.cents)
        for account_no, cents in moved.items():
            debits, credits_ = (
                session.exec(select(cents_of).where(LedgerRow.account_no == account_no, side == "receivable")).one()
                or 0
                for side in (LedgerRow.debit, LedgerRow.credit)
            )
            assert cents == debits - credits_, account_no
        fees = session.exec(select(LedgerRow.credit, LedgerRow.reason).where(LedgerRow.kind == "fee")).all()
    assert {(credit, reason) for credit, reason in fees} <= {("fees", "reconnect_fee"), ("lien_interest",) * 2}
    last = (await systems.billing.final_bill(f"{HELD}-1/final-bill", account_no=HELD, on=ON)).details["amount_cents"]
    said = "the deposit comes off once, as the pack says, and not with the bill"
    assert await _owed(systems.billing, HELD) - owed[HELD] == int(last), said
    engine.dispose()


async def _owed(billing: Billing, account_no: str) -> int:
    answer = await billing.open_bills(account_no)
    return sum(bill.open.cents for bill in answer.bills) - answer.credit.cents
