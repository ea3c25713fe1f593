"""A payment file through Temporal, SQL and billing, with what may go wrong on the way."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from temporalio.client import Client, WorkflowHandle

from activities.messages import TASK_QUEUE, FilePart, FileProgress
from activities.payment_files import FileIntake
from casework.context import Desk
from casework.errors import Refused
from casework.payment_files import deliver, files_between, in_suspense, match, take_file, the_file, workflow_id
from domain.ledger import LedgerAccount
from domain.money import Money
from gateways.billing import PostPayment
from gateways.fakes.direct import direct_systems
from gateways.fakes.faults import Fault, FaultKind, Faults
from models.ledger import balances
from models.session import reading, transaction
from models.tables import PaymentFileRow, PaymentRow, SuspenseRow
from models.users import Role
from tests.workflows.world import SHOP, SHOPS, World, a_world
from workflows.wiring import make_worker

ON = date(2026, 9, 1)


def aggregator(*rows: str, file_id: str = "F1") -> bytes:
    paid, back = (sum(int(row.split(",")[3]) for row in rows if row[0] == kind) for kind in "PR")
    head, tail = f"H,{file_id},2026-09-01,2026-09-01T04:00:00,CITY", f"T,{len(rows)},{paid},{back},{paid - back}"
    return "\n".join([head, *rows, tail]).encode()


def paid(trace: str, account: str = SHOP, cents: int = 1_00) -> str:
    return f"P,{trace},{account},{cents},2026-09-01,web,A Payer,"


def back(original: str, cents: int = 1_00) -> str:
    return f"R,V{original},{SHOP},{cents},2026-09-01,reversal,A Payer,{original}"


def desk(world: World) -> Desk:
    return world.desk("kim", Role.ACCOUNTANT)


async def posted(world: World, row: PaymentFileRow) -> PaymentFileRow:
    """Wait for the file's workflow and return the file as it is then."""
    await world.client.get_workflow_handle(workflow_id(row)).result()
    return the_file(desk(world), row.file_id)


def books_tie(world: World) -> None:
    """Hold the ledger against the record: what is in suspense, and what was taken off the customers' accounts."""
    with reading(world.engine) as session:
        stands = balances(session)
        suspended = sum(
            (-row.cents if row.debit else row.cents) for row in session.exec(select(SuspenseRow)) if row.state == "open"
        )
        paid_in = [row for row in session.exec(select(PaymentRow)) if row.returned_at is None and not row.rejected]
    assert stands.get(LedgerAccount.SUSPENSE, Money(0)) == Money(-suspended)
    assert stands.get(LedgerAccount.RECEIVABLE, Money(0)) == Money(-sum(row.amount_cents for row in paid_in))


def sums(row: PaymentFileRow) -> tuple[int, int, int, int]:
    return row.posted_cents, row.suspense_cents, row.returned_cents, row.refused_cents


def owed(world: World, account_no: str = SHOP) -> int:
    return sum(bill.open.cents for bill in world.city.billing.open_bills(account_no).bills)


async def test_a_file_is_posted_and_what_fits_no_account_waits_for_a_person(world: World) -> None:
    before = owed(world)
    data = aggregator(paid("A1", cents=7_00), paid("A2", "123", 2_00), back("A9", 3_00))

    row = await posted(world, await take_file(desk(world), data, file_name="agg.csv", on=ON))
    waiting = in_suspense(desk(world))
    matched = match(desk(world), waiting[0].entry_id, account_no=SHOP)
    match(desk(world), waiting[0].entry_id, account_no=SHOP)
    await world.rest(SHOP)

    assert (row.state, sums(row)) == ("done", (7_00, 5_00, 0, 0))
    assert [(each.reason, each.debit) for each in waiting] == [("wrong_length", False), ("original_unknown", True)]
    assert matched.state == "matched"
    assert owed(world) == before - 9_00
    assert sums(the_file(desk(world), row.file_id)) == (9_00, 3_00, 0, 0)
    books_tie(world)


async def test_the_same_file_again_is_refused_and_changes_nothing(world: World) -> None:
    data = aggregator(paid("A1"))
    await posted(world, await take_file(desk(world), data, file_name="agg.csv", on=ON))

    with pytest.raises(Refused) as same_delivery:
        await take_file(desk(world), data, file_name="agg.csv", on=ON)
    next_day = await deliver(desk(world), data, file_name="agg.csv", on=date(2026, 9, 2))
    same_name = await deliver(desk(world), aggregator(paid("A7")), file_name="other.csv", on=ON)

    assert same_delivery.value.refusal.slug == "file-duplicate-file"
    assert (next_day.row.reason, next_day.row.refused_cents) == ("duplicate_file", 1_00)
    assert same_name.row.reason == "duplicate_file"
    assert len(files_between(desk(world))) == 3
    assert world.city.billing.effects_done == 1


async def test_a_damaged_file_is_refused_on_record_and_the_one_sent_again_is_taken(world: World) -> None:
    whole = aggregator(paid("A1"))
    with pytest.raises(Refused) as refused:
        await take_file(desk(world), whole.rsplit(b"\n", 1)[0], file_name="agg.csv", on=ON)

    row = await posted(world, await take_file(desk(world), whole, file_name="agg.csv", on=date(2026, 9, 2)))

    assert refused.value.refusal.slug == "file-truncated"
    assert [(each.state, each.refused_cents) for each in files_between(desk(world))] == [("refused", 1_00), ("done", 0)]
    assert sums(row) == (1_00, 0, 0, 0)


async def test_a_dry_run_tells_the_same_and_leaves_nothing(world: World) -> None:
    data = aggregator(paid("A1"), paid("A2", "123"))

    tried = await take_file(desk(world), data, file_name="agg.csv", on=ON, dry_run=True)

    assert sums(tried) == (1_00, 1_00, 0, 0)
    assert files_between(desk(world)) == []
    assert world.city.billing.effects_done == 0


@pytest.mark.parametrize("order", [("money", "back"), ("back", "money")])
async def test_a_return_comes_to_the_same_before_its_money_and_after(world: World, order: tuple[str, str]) -> None:
    before = owed(world)
    files = {"money": aggregator(paid("A1", cents=4_00)), "back": aggregator(back("A1", 4_00), file_id="F2")}

    for name in order:
        await posted(world, await take_file(desk(world), files[name], file_name=f"{name}.csv", on=ON))
    again = await take_file(desk(world), aggregator(back("A1", 4_00), file_id="F3"), file_name="third.csv", on=ON)

    assert {each.file_name: sums(each) for each in files_between(desk(world))[:2]} == {
        "money.csv": (4_00, 0, 0, 0),
        "back.csv": (0, 0, 4_00, 0),
    }
    assert sums(again) == (0, 4_00, 0, 0)
    assert owed(world) == before
    with reading(world.engine) as session:
        assert session.exec(select(PaymentRow.state)).all() == ["returned"]
    books_tie(world)


async def test_money_that_went_back_before_anyone_knew_whose_it_was_leaves_suspense(world: World) -> None:
    await posted(world, await take_file(desk(world), aggregator(paid("A1", "123")), file_name="a.csv", on=ON))
    await posted(world, await take_file(desk(world), aggregator(back("A1"), file_id="F2"), file_name="b.csv", on=ON))

    assert in_suspense(desk(world)) == []
    assert [sums(each) for each in files_between(desk(world))] == [(0, 0, 1_00, 0)] * 2
    books_tie(world)


@pytest.mark.parametrize("end", ["matched", "returned"])
async def test_money_that_billing_will_not_have_waits_in_suspense_and_leaves_it_once(world: World, end: str) -> None:
    known = PostPayment(account_no=SHOP, amount=Money(1), on=ON, source="aggregator", trace="A1")
    world.city.billing.apply("x", known)
    before = owed(world)
    row = await posted(world, await take_file(desk(world), aggregator(paid("A1")), file_name="a.csv", on=ON))
    books_tie(world)
    (waiting,) = in_suspense(desk(world))

    if end == "matched":
        match(desk(world), waiting.entry_id, account_no=SHOP)
        await world.rest(SHOP)
    else:
        data = aggregator(back("A1"), file_id="F2")
        await posted(world, await take_file(desk(world), data, file_name="b.csv", on=ON))

    assert (sums(row), waiting.reason) == ((0, 1_00, 0, 0), "duplicate-trace")
    assert owed(world) == before - (1_00 if end == "matched" else 0)
    assert in_suspense(desk(world)) == []
    books_tie(world)


async def test_a_case_looks_again_when_a_file_pays_it(world: World) -> None:
    await world.open(SHOP)
    data = aggregator(paid("A1", cents=owed(world)))

    await posted(world, await take_file(desk(world), data, file_name="agg.csv", on=ON))
    await world.rest(SHOP)

    assert (await world.case(SHOP)).closed is not None


def test_the_database_itself_refuses_a_file_that_loses_a_cent(tmp_path: Path) -> None:
    from tests.casework.paper import on_paper  # noqa: PLC0415  # only this test needs it

    with on_paper(tmp_path) as paper, pytest.raises(IntegrityError), transaction(paper.engine) as session:
        session.connection().execute(
            text(
                "INSERT INTO payment_files VALUES ('x', 'x', '', 'ach', 'x', '2026-09-01', '2026-09-01 00:00:00',"
                " 'done', '', '', 1, 100, 99, 0, 0, 0, 0)"
            )
        )


async def test_each_sum_reaches_billing_once_though_workers_and_answers_are_lost(
    temporal: Client, tmp_path: Path
) -> None:
    async with a_world(temporal, tmp_path) as world:
        faults = Faults()
        faults.add(Fault(route="billing/post_payment", kind=FaultKind.TIMEOUT_AFTER_SUCCESS, times=3))
        faults.add(Fault(route="billing/return_payment", kind=FaultKind.TIMEOUT_AFTER_SUCCESS, times=1))
        world.systems = direct_systems(world.city, faults)
        sums_in = [paid(f"A{n}", SHOPS[n % len(SHOPS)], 1_00 + n) for n in range(12)]
        data = aggregator(*sums_in, back("A0", 1_00))
        intake = FileIntake(world.engine, world.systems.billing, world.policy)
        row = (await intake.take(data, name="agg.csv", on=ON, at=world.clock.now())).row
        handle: WorkflowHandle[object, int] = await temporal.start_workflow(
            "PaymentFile", FilePart(file_id=row.file_id, limit=2), id=workflow_id(row), task_queue=TASK_QUEUE
        )

        for at_least in (2, 6, 99):
            worker = make_worker(
                temporal, engine=world.engine, clock=world.clock, city=world.systems, policy=world.policy, cached=0
            )
            async with worker:
                await until(handle, at_least)

        assert sums(the_file(desk(world), row.file_id)) == (12_00 + 66, 0, 1_00, 0)
        assert world.city.billing.effects_done == 13
        with reading(world.engine) as session:
            assert session.exec(select(func.count()).select_from(PaymentRow)).one() == 12


async def until(handle: "WorkflowHandle[object, int]", settled: int) -> None:
    """Wait until the workflow has settled so many sums, or is done."""
    while True:
        if (await handle.describe()).close_time is not None:
            return
        progress: FileProgress = await handle.query("progress", result_type=FileProgress)
        if progress.settled >= settled:
            return
        await asyncio.sleep(0.02)
