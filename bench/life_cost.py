"""How many events and Actions does the reference life take, ours and the bare one, each by real timers?"""

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

from temporalio.client import WorkflowHistory

from bench.bare import QUEUE, Bare, BareDecision, BareStart
from bench.bare_site import bare_worker, open_bare
from bench.cost import Cost, actions
from bench.lives import CLOSING
from bench.skipping import Skipper, skipping
from bench.town import BILL_CENTS, account_nos
from domain import commands as c
from domain.calendar import DAY
from domain.money import Money

MORNING = time(10)


async def life_costs(folder: Path, *, say: Callable[[str], None] = lambda _: None) -> tuple[Cost, Cost]:
    """Return what the bare life and ours cost, lived on the same time-skipping server."""
    async with skipping(folder) as world:
        say("our life by real timers")
        ours = await _our_life(world)
        say("a bare life by real timers")
        bare = await _bare_life(world, folder)
    return actions(bare), actions(ours)


async def _bare_life(world: Skipper, folder: Path) -> WorkflowHistory:
    async with bare_worker(world.client, open_bare(f"sqlite:///{folder / 'bare.db'}")):
        start = BareStart(case_id="1", notice=5 * DAY, instalment=30 * DAY, cure=7 * DAY)
        handle = await world.client.start_workflow("BareCase", start, id="bare/1", task_queue=QUEUE)
        await world.env.sleep(6 * DAY)
        await handle.execute_update("decide", BareDecision(key="agree", becomes=Bare.ARRANGED), result_type=int)
        await world.env.sleep(91 * DAY)
        await handle.execute_update("decide", BareDecision(key="cure", becomes=Bare.CURED), result_type=int)
        await handle.result()
        return await handle.fetch_history()


async def _our_life(world: Skipper) -> WorkflowHistory:
    (account_no,) = account_nos(1)
    await world.open(account_no)
    letter = world.policy.calendar.day(world.clock.now()) + 4 * DAY
    await _until(world, account_no, letter, CLOSING)
    await _until(world, account_no, letter + DAY, MORNING)
    await world.decide(account_no, c.AgreeArrangement(months=3, down=Money(0)))
    arrangement = (await world.case(account_no)).arrangement
    assert arrangement is not None, "it was just agreed"
    first, second, third = (instalment.due_on for instalment in arrangement.schedule)
    for due_on in (first, second):
        await _until(world, account_no, due_on, MORNING)
        await world.pay(account_no, BILL_CENTS // 3, trace=f"A{due_on}", told=False)
    await _until(world, account_no, world.policy.calendar.open_day(third + 6 * DAY), CLOSING)
    assert (await world.case(account_no)).stage == "in_breach", "the third instalment did not come"
    await world.pay(account_no, BILL_CENTS // 3, trace="A3", told=False)
    spoke = c.RecordContact(channel="phone", direction="in", outcome="reached", right_party=True)
    await world.decide(account_no, spoke)
    assert (await world.case(account_no)).closed, "it is paid"
    return await world.history(account_no)


async def _until(world: Skipper, account_no: str, on: date, clock: time) -> None:
    await world.until(account_no, world.policy.calendar.at(on, clock) + timedelta(seconds=1))
