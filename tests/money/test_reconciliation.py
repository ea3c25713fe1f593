"""A day held against bank and billing: what ties, what breaks, who explains it, and what may be closed."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from activities.mirror import mirror
from casework.errors import Refused
from casework.month_end import month_end
from casework.payment_files import in_suspense, match
from casework.payments import Received, receive
from casework.reconciliation import Day, assign, close, explain, reconcile
from domain.ledger import LedgerAccount
from domain.money import Money
from domain.settlement import differences
from gateways.billing import PostPayment
from models.ledger import balances, closed_through
from models.session import reading
from models.tables import LedgerRow, PaymentRow
from models.users import Role
from tests.money.statements import OPENED_CENTS, bai2
from tests.money.teller import Teller, a_teller
from tests.money.test_workflow import aggregator, back, paid
from tests.workflows.world import CITY, SHOP

TUESDAY, WEDNESDAY = date(2026, 9, 1), date(2026, 9, 2)


@pytest.fixture
async def teller(tmp_path: Path) -> AsyncIterator[Teller]:
    with a_teller(f"sqlite:///{tmp_path / 'arrears.db'}", CITY) as opened:
        opened.on(TUESDAY)
        await mirror(opened.engine, opened.systems.billing, opened.policy, [SHOP], at=opened.clock.now())
        yield opened


async def a_day(teller: Teller, *lines: tuple[str, int, str], on: date = TUESDAY, opening: int = OPENED_CENTS) -> Day:
    await teller.take(bai2(on, *lines, opening=opening), name="statement.bai2", on=on)
    return await reconcile(teller.desk(), on)


def named(day: Day) -> list[tuple[str, str, int, str]]:
    return [(row.kind, row.source, row.theirs_cents - row.ours_cents, row.state) for row in day.breaks]


async def test_a_day_ties_when_bank_ledger_and_billing_say_the_same(teller: Teller) -> None:
    await receive(teller.desk(), Received(account_no=SHOP, amount=Money(1_00), source="counter", trace="1"))
    day = await reconcile(teller.desk(), TUESDAY)

    assert (day.state, named(day)) == ("tied", [])  # on its way to billing is no break
    assert day.figures["ledger"] == {"clearing.counter": 1_00, "receivable": -1_00}


async def test_a_line_that_no_file_explains_is_a_break_and_the_day_is_not_closed_over_it(teller: Teller) -> None:
    day = await a_day(teller, ("409", 15_00, "ANALYSIS FEE"))
    (broken,) = day.breaks
    with pytest.raises(Refused) as unexplained:
        await close(teller.desk(), TUESDAY)

    given = assign(teller.desk(), broken.break_id, to="rosa")
    told = explain(teller.desk(), broken.break_id, because="The bank's monthly fee.")
    with pytest.raises(Refused) as own:
        await close(teller.desk(), TUESDAY)
    closed = await close(teller.desk("sven", Role.SUPERVISOR), TUESDAY)

    assert named(day) == [("bank", "unknown", -15_00, "open")]
    assert unexplained.value.refusal.slug == "unexplained-breaks"
    assert own.value.refusal.slug == "own-explanation"
    assert (given.assigned_to, told.explained_by, closed.state, closed.closed_by) == ("rosa", "kim", "closed", "sven")
    with reading(teller.engine) as session:
        assert closed_through(session) == TUESDAY


async def test_what_comes_a_day_late_breaks_that_day_and_clears_when_it_comes(teller: Teller) -> None:
    early = await a_day(teller, ("115", 8_00, "LOCKBOX DEPOSIT"))
    teller.on(WEDNESDAY)
    late = await a_day(teller, ("115", 5_00, "LOCKBOX DEPOSIT"), on=WEDNESDAY, opening=OPENED_CENTS + 8_00)

    assert named(early) == [("bank", "lockbox", 8_00, "open")]
    assert [row.break_id for row in late.earlier] == ["2026-09-01.bank.lockbox"]
    assert late.state == "broken"


async def test_a_missing_statement_and_a_gap_between_two_are_breaks(teller: Teller) -> None:
    await a_day(teller)
    teller.on(WEDNESDAY)
    missing = await reconcile(teller.desk(), WEDNESDAY)
    gap = await a_day(teller, on=WEDNESDAY, opening=OPENED_CENTS - 1)

    assert named(missing) == [("no_statement", "bank", 0, "open")]
    assert ("opening", "bank", -1, "open") in named(gap)
    assert ("no_statement", "bank", 0, "cleared") in named(gap)


async def test_what_billing_has_and_we_have_not_is_a_break(teller: Teller) -> None:
    stray = PostPayment(account_no=SHOP, amount=Money(3_00), on=TUESDAY, source="web", trace="9")
    teller.city.billing.apply("stray", stray)

    day = await reconcile(teller.desk(), TUESDAY)

    assert named(day) == [("billing", "payments", -3_00, "open")]


async def test_a_lump_and_its_file_tie_by_the_name_that_both_carry(teller: Teller) -> None:
    await teller.take(aggregator(paid("A1", cents=7_00), back("A9", 3_00)), name="agg.csv", on=TUESDAY)
    day = await reconcile(teller.desk(), TUESDAY)

    assert [(row.kind, row.ref, row.ours_cents) for row in day.breaks] == [("lump", "F1", 4_00)]


async def test_after_closing_money_of_that_day_stands_in_the_next_days_books(teller: Teller) -> None:
    await close(teller.desk("sven", Role.SUPERVISOR), TUESDAY)
    row = await teller.take(aggregator(paid("A1"), paid("A2", "12")), name="agg.csv", on=TUESDAY)
    matched = match(teller.desk(), in_suspense(teller.desk())[0].entry_id, account_no=SHOP)

    with reading(teller.engine) as session:
        days = {(each.effective_on, each.accounting_on) for each in session.exec(select(LedgerRow)).all()}
    assert (row.state, matched.state) == ("done", "matched")
    assert days == {(TUESDAY, WEDNESDAY)}
    with pytest.raises(Refused) as again:
        await close(teller.desk("sven", Role.SUPERVISOR), TUESDAY)
    assert again.value.refusal.slug == "books-closed"


async def test_a_months_pack_ties_and_lists_what_stands_behind_it(teller: Teller) -> None:
    data = aggregator(paid("A1", cents=7_00), paid("A2", "123", 2_00), back("A9", 3_00))
    await teller.take(data, name="agg.csv", on=TUESDAY)
    teller.on(date(2026, 10, 1))

    pack = await month_end(teller.desk(), 2026, 9)

    assert pack.differences == []
    assert sum(line["payments"] for line in pack.lines) == pack.ours["payments"] == -7_00  # type: ignore[misc]
    assert [(line["ref"] != "", line["cents"]) for line in pack.items["suspense"]] == [(True, -2_00), (True, 3_00)]
    assert {line["service"] for line in pack.lines} >= {"electric", "credit"}
    assert all(line["closing"] == line["aging"] == line["control"] for line in pack.lines)


async def test_a_return_that_came_before_its_money_takes_effect_with_it_in_both_books(teller: Teller) -> None:
    await teller.take(aggregator(back("A1", 5_00), file_id="F1"), name="aggregator.csv", on=TUESDAY)
    teller.on(WEDNESDAY)
    await teller.take(aggregator(paid("A1", cents=5_00), file_id="F2"), name="aggregator.csv", on=WEDNESDAY)
    days = [await reconcile(teller.desk(), day) for day in (TUESDAY, WEDNESDAY)]

    assert [row.break_id for day in days for row in day.breaks if row.kind == "billing"] == []
    with reading(teller.engine) as session:
        (payment,) = session.exec(select(PaymentRow).where(PaymentRow.trace == "A1")).all()
    assert (payment.effective_on, payment.returned_on) == (WEDNESDAY, WEDNESDAY)


HEAD = "receipt_no,time,till,clerk,account_no,tender,amount_cents,check_no,void"
TOTALS = "till,tender,count,amount_cents,counted_cents,over_short_cents"


@pytest.mark.parametrize("tills_first", [True, False])
async def test_receipts_that_were_changed_on_the_way_are_a_break_with_the_tills(
    teller: Teller, *, tills_first: bool
) -> None:
    receipts = f"{HEAD}\nR1,08:59,1,ann,{SHOP},cash,500,,\nR2,09:02,1,ann,{SHOP},check,700,12,\n".encode()
    tills = f"{TOTALS}\n1,cash,1,600,600,0\n1,check,1,700,700,0\n".encode()
    files = [(tills, "register_totals.csv"), (receipts, "counter_receipts.csv")]
    for data, name in files if tills_first else reversed(files):
        await teller.take(data, name=name, on=TUESDAY)
    day = await reconcile(teller.desk(), TUESDAY)

    (broken,) = [row for row in day.breaks if row.kind == "register"]
    assert (broken.source, broken.ref) == ("register", "1.cash")
    assert (broken.ours_cents, broken.theirs_cents, broken.state) == (5_00, 6_00, "open")
    assert "register" not in day.figures["bank"]


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="other line ends"),
        pytest.param(lambda data: b"\xef\xbb\xbf" + data.rstrip(b"\n"), id="a byte order mark"),
        pytest.param(lambda data: b"\n".join([data.split(b"\n")[each] for each in (0, 2, 1)]), id="another order"),
    ],
)
async def test_the_totals_of_the_tills_sent_again_with_other_bytes_are_counted_once(
    teller: Teller, again: Callable[[bytes], bytes]
) -> None:
    tills = f"{TOTALS}\n1,cash,1,500,400,-100\n1,check,1,700,700,0\n".encode()
    await teller.take(tills, name="register_totals.csv", on=TUESDAY)
    with reading(teller.engine) as session:
        once = balances(session)

    refused = await teller.take(again(tills), name="register_totals.csv", on=WEDNESDAY)
    other_day = await teller.take(tills.replace(b"500,400", b"600,500"), name="register_totals.csv", on=WEDNESDAY)

    assert (refused.state, refused.reason) == ("refused", "duplicate_file")
    assert once[LedgerAccount.OVER_SHORT].cents == 1_00
    with reading(teller.engine) as session:
        assert balances(session)[LedgerAccount.OVER_SHORT].cents == 2_00
    assert other_day.state == "done"


async def test_a_till_that_states_a_tender_twice_is_refused(teller: Teller) -> None:
    tills = f"{TOTALS}\n1,cash,1,500,500,0\n1,cash,1,500,500,0\n".encode()
    refused = await teller.take(tills, name="register_totals.csv", on=TUESDAY)

    assert (refused.state, refused.reason) == ("refused", "duplicate")
    assert "register_totals.csv" in refused.detail
    assert "line 3" in refused.detail


async def test_receipts_stand_alone_where_no_till_ever_says_its_totals(teller: Teller) -> None:
    receipts = f"{HEAD}\nR1,08:59,1,ann,{SHOP},cash,500,,\n".encode()
    await teller.take(receipts, name="counter_receipts.csv", on=TUESDAY)
    day = await reconcile(teller.desk(), TUESDAY)

    assert [row for row in day.breaks if row.kind == "register"] == []


def test_delays_on_days_running_make_each_other_good_and_a_real_difference_stands() -> None:
    days = [date(2026, 9, day) for day in (1, 2, 3, 4)]
    ours = (0, 5_00, 7_00, 0)  # what was due on the first two days came a day late each
    theirs = (5_00, 7_00, 0, 1_00)
    sums = {("card", "", day): pair for day, *pair in zip(days, ours, theirs, strict=True)}

    found = differences({key: (pair[0], pair[1]) for key, pair in sums.items()})

    assert [each.met_on for each in found] == [days[2], days[2], days[2], None]
