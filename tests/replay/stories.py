"""Which lives must every later version of the workflows still replay?"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from temporalio.client import Client, WorkflowHistory

from activities.messages import TASK_QUEUE, SweepResult, SweepStart, case_workflow_id
from bench.skipping import Skipper, skipping
from bench.town import BILL_CENTS, account_nos
from domain import commands as c
from domain.arrangement import ArrangementStatus
from domain.facts import FactKind, on_file
from domain.hear import Tells, Told
from domain.money import Money
from gateways.billing import IssueFinalBill
from models.outbox import tell
from models.session import transaction
from tests.workflows.world import SHOP, World

CORNER = "9943837345"  # commercial, electric and water, its oldest bill due 2026-06-05
DAY = timedelta(days=1)

Histories = list[WorkflowHistory]
Story = Callable[[World], Awaitable[Histories]]


async def full_cut_and_restore(world: World) -> Histories:
    """A debt is noticed, recommended, approved, cut, paid and restored."""
    await world.open(SHOP)
    await world.until("2026-09-29 08:30")
    await world.decide(SHOP, c.RecommendDisconnection())
    asked = (await world.case(SHOP)).approvals[-1]
    await world.decide(SHOP, c.Approve(approval_id=asked.approval_id), by="sven")
    await world.until("2026-09-30 17:00")
    owed = sum(bill.open.cents for bill in (await world.case(SHOP)).known.bills)
    await world.pay(SHOP, owed, trace="T1")
    await world.until("2026-10-02")
    return await told(world, SHOP)


async def arrangement_breached_cured_completed(world: World) -> Histories:
    """An agreement is made, its second instalment missed, cured within its time, and the rest paid."""
    await world.open(CORNER)
    await world.until("2026-09-14")
    await world.decide(CORNER, c.AgreeArrangement(months=2))
    arrangement = (await world.case(CORNER)).arrangement
    assert arrangement is not None, "it was just agreed"
    await world.pay(CORNER, arrangement.schedule[0].amount.cents, trace="down")
    await world.until((arrangement.schedule[1].due_on + 9 * DAY).isoformat())
    (breach,) = [event.body for event in world.events(CORNER) if event.body.type == "arrangement_breached"]
    await world.pay(CORNER, breach.owing.cents, trace="cure")
    owed = sum(bill.open.cents for bill in (await world.case(CORNER)).known.bills)
    await world.pay(CORNER, owed, trace="rest")
    return await told(world, CORNER)


async def held_and_disputed(world: World) -> Histories:
    """A hold comes and goes, a dispute is decided by another person, a promise is broken, a follow-up falls due."""
    await world.open(SHOP)
    await world.decide(SHOP, c.PlaceHold(because="the meter is read again"))
    hold = on_file((await world.case(SHOP)).known.facts, FactKind.HOLD)[-1]
    await world.until("2026-09-08 10:00")
    await world.decide(SHOP, c.ReleaseHold(fact_id=hold.fact_id, because="read right"))
    await world.until("2026-09-15 10:00")
    await world.decide(SHOP, c.OpenDispute(about="the reading"))
    dispute = on_file((await world.case(SHOP)).known.facts, FactKind.DISPUTE)[-1]
    await world.until("2026-09-17 10:00")
    outcome = c.ResolveDispute(fact_id=dispute.fact_id, outcome="rejected", because="read right")
    await world.decide(SHOP, outcome, by="ines")
    await world.decide(SHOP, c.RecordPromise(amount=Money(1_000), by=world.clock.now().date() + 5 * DAY))
    await world.decide(SHOP, c.SetFollowUp(on=world.clock.now().date() + 6 * DAY, about="call"))
    await world.until("2026-09-26")
    await world.decide(SHOP, c.ReferToSupervisor(question="may we wait?"))
    await world.decide(SHOP, c.AnswerReferral(answer="until Friday"), by="sven")
    return await told(world, SHOP)


async def final_bill_to_agency(world: World) -> Histories:
    """Service ends, the final bill goes unpaid, an agency takes it, and it is recalled."""
    await world.open(SHOP)
    await world.until("2026-09-03 10:00")
    final = IssueFinalBill(account_no=SHOP, on=world.clock.now().date())
    await world.systems.billing.do(f"final/{SHOP}", final)
    with transaction(world.engine) as session:
        now = world.clock.now()
        tell(session, account_no=SHOP, told=Told(key="refresh", at=now, what=Tells.LOOK_AGAIN), at=now)
    await world.rest(SHOP)
    await world.decide(SHOP, c.RecordFinalBill())
    await world.until("2026-12-01 10:00")
    await world.decide(SHOP, c.ReferToAgency(agency="agency"), by="sven")
    await world.decide(SHOP, c.Approve(approval_id=(await world.case(SHOP)).approvals[-1].approval_id), by="rosa")
    await world.until("2026-12-02 10:00")
    await world.decide(SHOP, c.RecallFromAgency(because="the customer came in"), by="sven")
    return await told(world, SHOP)


async def a_sweep(world: World) -> Histories:
    """The day's extract opens what is past due and tells what is open."""
    start = SweepStart(as_of=(world.clock.now() - DAY).date())
    handle = await world.client.start_workflow(
        "Sweep", start, id="sweep/2026-09-01", task_queue=TASK_QUEUE, result_type=SweepResult
    )
    result = await handle.result()
    assert result.opened, "the town owes"
    return [await handle.fetch_history()]


async def by_the_wall(folder: Path) -> Histories:
    """A life by real timers: letter, agreement, an instalment kept, one missed, the default."""
    async with skipping(folder) as world:
        (account_no,) = account_nos(1)
        await world.open(account_no)
        await world.until(account_no, world.clock.now() + 6 * DAY)
        await world.decide(account_no, c.AgreeArrangement(months=3, down=Money(0)))
        arrangement = (await world.case(account_no)).arrangement
        assert arrangement is not None, "it was just agreed"
        first, second, _ = arrangement.schedule
        await world.until(account_no, _morning(world, first.due_on))
        await world.pay(account_no, BILL_CENTS // 3, trace="A1", told=True)
        await world.until(account_no, _morning(world, second.due_on + 25 * DAY))
        ended = (await world.case(account_no)).arrangement
        assert ended, "it is on file"
        assert ended.status is ArrangementStatus.DEFAULTED
        return [await world.history(account_no)]


def _morning(world: Skipper, on: date) -> datetime:
    return world.policy.calendar.at(on, time(10))


async def continued_as_new(world: World) -> Histories:
    """So many notes that the case goes on in a new run: both sides of the boundary."""
    await world.open(SHOP)
    await asyncio.sleep(YOUNG_SECONDS)
    for number in range(NOTES):
        await world.decide(SHOP, c.AddNote(note=f"note {number}"), key=f"note-{number}")
    await world.until("2026-09-02")
    histories = await told(world, SHOP)
    assert len(histories) > 1, "the server was to suggest a new run"
    return histories


NOTES = 12
YOUNG_SECONDS = 1.1  # the server holds back the successor of a run that lived for less than a second
NEVER = 100_000
SUGGEST_AT = 60  # events after which the recording server suggests a new run


async def told(world: World, account_no: str) -> Histories:
    """Return the histories of every run of the account's case, in order."""
    return await runs(world.client, case_workflow_id(account_no))


async def runs(client: Client, workflow_id: str) -> Histories:
    """Return the histories of every run of *workflow_id*, in order."""
    run_id = (
        await client.get_workflow_handle(workflow_id).describe()
    ).raw_description.workflow_execution_info.first_run_id
    found: Histories = []
    while run_id:
        history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        found.append(history)
        run_id = history.events[-1].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return found


STORIES: dict[str, Story] = {
    "full_cut_and_restore": full_cut_and_restore,
    "arrangement_breached_cured_completed": arrangement_breached_cured_completed,
    "held_and_disputed": held_and_disputed,
    "final_bill_to_agency": final_bill_to_agency,
    "continued_as_new": continued_as_new,
}
