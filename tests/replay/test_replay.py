"""Every case begun under an earlier version goes on under this one: recorded histories replay, command for command.

After release a failure here means that running cases would stop: put the change behind ``workflow.patched``, and record
the new path beside the old ones (``python -m tests.replay.record STORY``). Never record a failing history anew.
"""

import pytest
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.replay.changed import HastyCase
from tests.replay.histories import names, packs, read
from tests.workflows.world import CONVERTER
from workflows.collections_case import CollectionsCase
from workflows.policies import hold
from workflows.sweep import Sweep

CASES = [name for name in names() if name != "sweep"]


@pytest.fixture(autouse=True)
def _packs() -> None:
    hold(*packs())


def test_every_story_is_on_record() -> None:
    stories = {
        "arrangement_breached_cured_completed",
        "by_the_wall",
        "continued_as_new-1",
        "continued_as_new-2",
        "final_bill_to_agency",
        "full_cut_and_restore",
        "held_and_disputed",
        "sweep",
    }
    assert stories <= set(names())


@pytest.mark.parametrize("name", names())
async def test_a_recorded_history_replays(name: str) -> None:
    replayer = Replayer(workflows=[CollectionsCase, Sweep], data_converter=CONVERTER)
    await replayer.replay_workflow(read(name))


@pytest.mark.parametrize("name", CASES)
async def test_a_case_that_takes_another_step_is_caught(name: str) -> None:
    replayer = Replayer(workflows=[HastyCase], data_converter=CONVERTER)
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(read(name))
