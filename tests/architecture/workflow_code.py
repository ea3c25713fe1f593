"""What does the code of our workflows do to Temporal, and what does it import? Read from its syntax tree."""

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docs.tree import ROOT, imported, rooms, sources

FINGERPRINTS = ROOT / "workflows" / "fingerprints.json"
# Calls that leave a command in the history, or decide which ones do: their order is what a replay compares.
COMMANDS = frozenset(
    {
        "execute_activity",
        "execute_activity_method",
        "start_activity",
        "start_activity_method",
        "execute_local_activity",
        "execute_local_activity_method",
        "start_local_activity",
        "start_local_activity_method",
        "execute_child_workflow",
        "start_child_workflow",
        "sleep",
        "wait_condition",
        "patched",
        "deprecate_patch",
        "continue_as_new",
        "upsert_search_attributes",
        "upsert_memo",
    }
)


@dataclass(frozen=True)
class WorkflowModule:
    """A module that defines workflows."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    def classes(self) -> Iterator[ast.ClassDef]:
        """Yield the classes that are workflows."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and any("workflow.defn" in ast.unparse(d) for d in node.decorator_list):
                yield node

    def calls(self, *names: str) -> list[ast.Call]:
        """Return the calls of Temporal's functions of these names, in the order of the source."""
        return _calls(self.tree, frozenset(names))

    def passed_through(self) -> set[str]:
        """Return the modules imported within ``imports_passed_through``."""
        blocks = [node for node in self.tree.body if isinstance(node, ast.With)]
        return {name for block in blocks for name in imported(block)}

    def imported_plainly(self) -> set[str]:
        """Return the modules that each run's sandbox imports anew."""
        return set(imported(self.tree)) - self.passed_through()


def workflow_modules() -> list[WorkflowModule]:
    """Return every module of ours that defines a workflow."""
    found = (WorkflowModule(path, tree) for path, tree in sources("workflows"))
    return [module for module in found if any(module.classes())]


def fingerprints() -> dict[str, dict[str, list[str]]]:
    """Return, for each workflow and each method that leads to commands, those commands and methods in source order."""
    return {workflow.name: _fingerprint(workflow) for module in workflow_modules() for workflow in module.classes()}


def _fingerprint(workflow: ast.ClassDef) -> dict[str, list[str]]:
    methods = {each.name: each for each in workflow.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    leading: set[str] = set()
    while True:  # until no further method turns out to lead to a command
        said = {name: [*_said(method, leading)] for name, method in methods.items()}
        found = {name for name, commands in said.items() if commands}
        if found == leading:
            return {name: commands for name, commands in said.items() if commands}
        leading = found


def reached(modules: set[str]) -> set[str]:
    """Return *modules* with every module of ours that importing them imports, and every foreign one."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name.partition(".")[0] in rooms():
            waiting.extend(_imports_of(name))
            waiting.extend(_parents(name))
    return found


def _imports_of(name: str) -> Iterator[str]:
    stem = ROOT / Path(*name.split("."))
    path = stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            # `from domain import commands` imports the module as well as the package.
            package = ROOT / Path(*node.module.split("."))
            for alias in node.names:
                if (package / f"{alias.name}.py").is_file() or (package / alias.name).is_dir():
                    yield f"{node.module}.{alias.name}"


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _calls(tree: ast.AST, names: frozenset[str], of: str = "workflow") -> list[ast.Call]:
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
        and ast.unparse(node.func.value) == of
    ]
    return sorted(found, key=_place)


def _place(call: ast.Call) -> tuple[int, int]:
    return call.lineno, call.col_offset


def _said(method: ast.AST, leading: set[str]) -> Iterator[str]:
    """Yield what *method* does, in a word each, with the name of activity, patch or child where it is written out."""
    calls = [*_calls(method, COMMANDS), *_calls(method, frozenset(leading), of="self")]
    for call in sorted(calls, key=_place):
        assert isinstance(call.func, ast.Attribute), "found by its attribute"
        first = call.args[0] if call.args else None
        if call.func.attr in leading:
            yield f"self.{call.func.attr}"
        elif isinstance(first, ast.Constant):
            yield f"{call.func.attr} {first.value}"
        else:
            yield call.func.attr


if __name__ == "__main__":
    FINGERPRINTS.write_text(json.dumps(fingerprints(), indent=2) + "\n")
    sys.stdout.write(f"wrote {FINGERPRINTS.name}\n")
