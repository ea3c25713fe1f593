"""Is the code of our workflows fit to be replayed: pure imports, bounded calls, commands in the order of before?"""

import json
import sys

import pytest

from docs.tree import rooms
from tests.architecture.workflow_code import FINGERPRINTS, WorkflowModule, fingerprints, reached, workflow_modules

MODULES = workflow_modules()
EFFECTS = ("execute_activity", "start_activity")
ACTIVITIES = (*EFFECTS, "execute_local_activity", "start_local_activity")
PURE = {"domain", "activities", "workflows"}  # of activities, the messages alone
FOREIGN = {"transitions", "pydantic"}  # what the pure modules themselves stand on

CHANGED = """
The commands of a workflow, or their order, are not what they were. A case in flight replays its history against
them and stands still if they differ. So:

* Put the change behind `workflow.patched("what-changed")`, keep the old way in the other branch, and add a recorded
  history of the old way to the replay tests. Only then write the new order down:
  `python -m tests.architecture.workflow_code`
* If only a method was renamed, or no history of before is kept anywhere, write it down at once.
"""


def modules() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)


def test_there_are_workflows_to_look_at() -> None:
    assert {workflow.name for module in MODULES for workflow in module.classes()} >= {"CollectionsCase", "Sweep"}


@modules()
def test_every_activity_has_an_end(module: WorkflowModule) -> None:
    endless = [
        f"{module.name}:{call.lineno}"
        for call in module.calls(*ACTIVITIES)
        if "start_to_close_timeout" not in {keyword.arg for keyword in call.keywords}
    ]
    assert endless == []


@modules()
def test_every_effect_says_in_temporals_web_ui_what_it_is(module: WorkflowModule) -> None:
    silent = [
        f"{module.name}:{call.lineno}"
        for call in module.calls(*EFFECTS, "sleep")
        if "summary" not in {keyword.arg for keyword in call.keywords}
    ]
    assert silent == []


@modules()
def test_what_a_workflow_imports_of_ours_is_passed_through_the_sandbox(module: WorkflowModule) -> None:
    plainly = {name.partition(".")[0] for name in module.imported_plainly()}
    assert plainly & set(rooms()) == set()
    assert plainly - set(sys.stdlib_module_names) <= {"temporalio"}


@modules()
def test_what_is_passed_through_is_pure_as_far_as_its_imports_reach(module: WorkflowModule) -> None:
    names = reached(module.passed_through())
    ours = {name for name in names if name.partition(".")[0] in rooms()}
    assert {name.partition(".")[0] for name in ours} <= PURE
    assert {name for name in ours if name.startswith("activities")} <= {"activities", "activities.messages"}
    foreign = {name.partition(".")[0] for name in names - ours} - set(sys.stdlib_module_names)
    assert foreign <= FOREIGN
    assert foreign >= {"transitions"}, "the walk over the imports reached the move table"


def test_workflows_give_their_commands_in_the_order_of_before() -> None:
    assert fingerprints() == json.loads(FINGERPRINTS.read_text("utf-8")), CHANGED
