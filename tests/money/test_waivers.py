"""How often a fee is waived, by the year and by who waives it: at the desk, in a case and beside each other."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from activities.case import read_account
from activities.mirror import mirror
from casework.adjustments import AdjustmentSeen, decide_adjustment, propose_adjustment
from casework.errors import Refused
from casework.money_checks import check_money
from domain import commands as c
from domain import events as ev
from domain.account import Service
from domain.adjustments import Adjusting, AdjustmentReason, AdjustmentState
from domain.case import Case
from domain.decide import decide, stamp
from domain.money import Money
from domain.states import Stage
from domain.take import take
from domain.verdict import Refusal
from domain.view import view
from models.accounts import lock_account
from models.record import record
from models.session import reading, transaction
from models.tables import AdjustmentRow
from models.users import Role
from tests.money.teller import Teller, a_teller
from tests.workflows.world import CITY

HOME = "9967773012"
ROLES = {"rosa": Role.REPRESENTATIVE, "senta": Role.SENIOR, "sven": Role.SUPERVISOR, "kim": Role.ACCOUNTANT}
FIRST = date(2026, 9, 2)
HELD_SECONDS = 0.3
WAIVED = c.ProposeAdjustment(
    service=Service.WATER, amount=Money(-10_00), reason=AdjustmentReason.FEE_WAIVER, because="The first time."
)


@pytest.fixture
def teller(database_url: str) -> Iterator[Teller]:
    with a_teller(database_url, CITY) as teller:
        yield teller


async def known(teller: Teller) -> None:
    await mirror(teller.engine, teller.systems.billing, teller.policy, [HOME], at=teller.clock.now())


def waive(
    teller: Teller, who: str, key: str, *, cents: int = -10_00, reason: AdjustmentReason = AdjustmentReason.FEE_WAIVER
) -> AdjustmentSeen:
    asked = Adjusting(service=Service.WATER, amount=Money(cents), reason=reason, about_on=FIRST)
    return propose_adjustment(teller.desk(who, ROLES[who]), HOME, asked, because="The first time.", key=key)


def let(teller: Teller, seen: AdjustmentSeen) -> AdjustmentSeen:
    return decide_adjustment(teller.desk("sven", Role.SUPERVISOR), seen.row.adjustment_id, approve=True)


async def test_each_role_waives_as_often_as_the_pack_says_and_nobody_more(teller: Teller) -> None:
    await known(teller)
    teller.on(FIRST)
    first = waive(teller, "rosa", "1")
    again = waive(teller, "rosa", "1")
    second = waive(teller, "rosa", "2")
    by_a_senior = waive(teller, "senta", "3")
    third = waive(teller, "senta", "4")
    let(teller, second)
    let(teller, third)
    with pytest.raises(Refused) as refused:
        waive(teller, "sven", "5")
    error = waive(teller, "senta", "6", reason=AdjustmentReason.BILLING_ERROR)

    assert [(seen.row.state, seen.row.alone) for seen in (first, again)] == [("approved", True)] * 2
    assert (second.row.state, by_a_senior.row.state, third.row.state) == ("proposed", "approved", "proposed")
    assert refused.value.refusal.slug == "waived-enough"
    assert "4 fees" in refused.value.refusal.detail
    assert (error.row.state, error.row.alone) == ("approved", True)


async def test_a_waiver_that_waited_is_counted_when_it_is_let(teller: Teller) -> None:
    """Five were asked for while none was let: the fifth is refused to whoever would let it, and stays asked for."""
    await known(teller)
    teller.on(FIRST)
    waiting = [waive(teller, "rosa", f"w{number}", cents=-30_00) for number in range(5)]
    states = [let(teller, seen).row.state for seen in waiting[:4]]
    with pytest.raises(Refused) as refused:
        let(teller, waiting[4])
    with reading(teller.engine) as session:
        left = session.get_one(AdjustmentRow, waiting[4].row.adjustment_id)

    assert states == ["approved"] * 4
    assert (refused.value.refusal.slug, left.state) == ("waived-enough", "proposed")


@pytest.mark.parametrize(("on", "alone"), [(date(2027, 9, 1), False), (date(2027, 9, 2), True)])
async def test_a_waiver_counts_for_twelve_months(teller: Teller, on: date, *, alone: bool) -> None:
    await known(teller)
    teller.on(FIRST)
    waive(teller, "rosa", "1")
    teller.on(on)
    later = Adjusting(
        service=Service.WATER, amount=Money(-10_00), reason=AdjustmentReason.FEE_WAIVER, about_on=date(2027, 8, 20)
    )
    seen = propose_adjustment(teller.desk("rosa", Role.REPRESENTATIVE), HOME, later, because="", key="2")
    assert (seen.row.alone, seen.row.state) == (alone, "approved" if alone else "proposed")


async def test_waivers_in_a_case_and_at_the_desk_count_together(teller: Teller) -> None:
    """The case knows the pack's limit, the register how many there were, whoever let them."""
    await known(teller)
    teller.on(FIRST)
    waive(teller, "rosa", "1")
    case = await opened(teller)
    case, by_rosa = in_case(teller, case, "rosa")
    case, by_senta = in_case(teller, case, "senta")
    case, by_senta_again = in_case(teller, case, "senta")
    assert (by_rosa, by_senta, by_senta_again) == ("proposed", "approved", "proposed")


async def test_a_waiver_in_a_case_waits_for_one_at_the_desk_that_is_being_written(teller: Teller) -> None:
    await known(teller)
    teller.on(FIRST)
    case = await opened(teller)
    with ThreadPoolExecutor(1) as other:
        with transaction(teller.engine) as session:
            lock_account(session, HOME)
            in_the_case = other.submit(in_case, teller, case, "rosa")
            await asyncio.sleep(HELD_SECONDS)
            assert not in_the_case.done()
            session.add(a_row(teller))
        _case, state = in_the_case.result()
    assert state == "proposed"


def a_row(teller: Teller) -> AdjustmentRow:
    """Return a waiver that was let at the desk just now."""
    now = teller.clock.now()
    return AdjustmentRow(
        adjustment_id=f"{HOME}-jdesk",
        account_no=HOME,
        service=Service.WATER,
        amount_cents=-10_00,
        reason=AdjustmentReason.FEE_WAIVER,
        about_on=FIRST,
        state=AdjustmentState.APPROVED,
        alone=True,
        asked_by="senta",
        asked_at=now,
        approved_by="senta",
        decided_at=now,
    )


async def test_a_case_is_not_asked_to_waive_more_than_the_pack_says(teller: Teller) -> None:
    await known(teller)
    teller.on(FIRST)
    for number in range(4):
        let(teller, waive(teller, "rosa", f"w{number}", cents=-30_00))
    with pytest.raises(Refused) as refused:
        await check_money(teller.desk("rosa", Role.REPRESENTATIVE), HOME, WAIVED)
    assert refused.value.refusal.slug == "waived-enough"


async def opened(teller: Teller) -> Case:
    """Put a case of the home on record, as its workflow would."""
    known = await read_account(teller.engine, teller.clock, teller.systems.billing, HOME)
    today = teller.policy.calendar.day(teller.clock.now())
    case = Case(case_id=f"{HOME}-1", account_no=HOME, opened_on=today, known=known)
    events = stamp(
        case,
        (ev.CaseOpened(known=known, stage=Stage.PAST_DUE),),
        key="opened",
        at=teller.clock.now(),
        by="sweep",
        policy=teller.policy,
    )
    return on_record(teller, case, events)


def in_case(teller: Teller, case: Case, who: str) -> tuple[Case, str]:
    """Let *who* waive a fee in the case; return the case, and how the register has it."""
    now, senior = teller.clock.now(), ROLES[who] is Role.SENIOR
    decision = c.Decision(key=f"{who}/{case.seq}", at=now, by=who, command=WAIVED, senior=senior)
    events = decide(case, decision, teller.policy, now)
    assert not isinstance(events, Refusal)
    (body,) = [event.body for event in events if isinstance(event.body, ev.AdjustmentProposed)]
    case = on_record(teller, case, events)
    with reading(teller.engine) as session:
        return case, session.get_one(AdjustmentRow, body.adjustment_id).state


def on_record(teller: Teller, case: Case, events: tuple[ev.Event, ...]) -> Case:
    for event in events:
        case = take(case, event)
    with transaction(teller.engine) as session:
        record(session, case=view(case, teller.policy, teller.clock.now()), events=events)
    return case
