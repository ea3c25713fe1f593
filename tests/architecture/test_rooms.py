"""Do the rooms keep to their floors, their sizes and their manners?"""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from docs.tree import ROOT, floors, rooms, sources

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
MODULE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
CODE = [(path.relative_to(ROOT), tree) for room in ("worker", *rooms(), "docs") for path, tree in sources(room)]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def test_the_import_contracts_are_kept() -> None:
    checked = subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_room_stands_on_a_floor() -> None:
    assert set(rooms()) == {room for floor in floors() for room in floor}


@pytest.mark.parametrize("room", rooms())
def test_a_room_is_ours_and_no_installed_package_of_the_same_name(room: str) -> None:
    found = import_module(room).__file__
    assert found is not None
    assert Path(found).is_relative_to(ROOT)
    assert ".venv" not in Path(found).parts


def test_every_module_begins_with_what_it_answers() -> None:
    assert [str(path) for path, tree in CODE if not (ast.get_docstring(tree) or "").partition("\n")[0]] == []


def test_no_module_is_longer_than_may_be_read_in_one_go() -> None:
    lengths = {str(path): (ROOT / path).read_text("utf-8").count("\n") for path, _ in CODE}
    assert {path: lines for path, lines in lengths.items() if lines > MODULE_LINES_MAX} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{path}:{node.name}": node.end_lineno - node.lineno + 1
        for path, tree in CODE
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS) and node.end_lineno is not None
    }
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES_MAX} == {}


def test_nobody_imports_the_composition_root() -> None:
    importers = [path for path, tree in CODE if "worker" in _imported(tree)]
    assert importers == []


def _imported(tree: ast.AST) -> set[str]:
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return named | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
