"""Where do recorded histories lie, and how are they written and read?"""

import json
from pathlib import Path

from temporalio.client import WorkflowHistory

from domain.policy import Policy
from formats.pack import read_policy

HISTORIES = Path(__file__).parents[2] / "workflows" / "histories"
PACKS = HISTORIES / "packs"
"""The packs that the recorded cases decided by, word for word: those under ``policies/`` move on."""


def write(name: str, history: WorkflowHistory) -> Path:
    """Write *history* under *name* and return where."""
    path = HISTORIES / f"{name}.json"
    told = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
    path.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")
    return path


def read(name: str) -> WorkflowHistory:
    """Return the history recorded under *name*."""
    told = json.loads((HISTORIES / f"{name}.json").read_text(encoding="utf-8"))
    return WorkflowHistory.from_json(told["workflow_id"], json.dumps(told["history"]))


def names() -> list[str]:
    """Return the names of all recorded histories."""
    return sorted(path.stem for path in HISTORIES.glob("*.json"))


def packs() -> list[Policy]:
    """Return the packs that the recorded cases decided by."""
    return [read_policy(path.read_text(encoding="utf-8")) for path in sorted(PACKS.glob("*.json"))]
