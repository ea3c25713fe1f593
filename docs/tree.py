"""Which rooms does the tree have, and which of them does each import?"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_ROOMS = frozenset({"data", "docs", "tests"})  # what ships, what is read, what checks


def rooms() -> tuple[str, ...]:
    """Return the packages at the root that hold code, from the top of the house to its ground."""
    found = {init.parent.name for init in ROOT.glob("*/__init__.py")} - NOT_ROOMS
    order = [room for floor in floors() for room in floor]
    return tuple(sorted(found, key=lambda room: (order.index(room) if room in order else -1, room)))


def floors() -> tuple[tuple[str, ...], ...]:
    """Return the layers that the import contract names, the highest first; rooms of one layer stand together."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return tuple(tuple(re.findall(r"\w+", layer)) for layer in layers)


def sources(room: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield every module of *room*, or the one module of that name at the root, with its syntax tree."""
    single = ROOT / f"{room}.py"
    for path in [single] if single.is_file() else sorted((ROOT / room).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text("utf-8"))


def first_line(room: str) -> str:
    """Return the first line of what *room* says of itself."""
    path = ROOT / f"{room}.py"
    text = (path if path.is_file() else ROOT / room / "__init__.py").read_text("utf-8")
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]


def imports(room: str) -> frozenset[str]:
    """Return the other rooms that *room* imports."""
    names = {name.partition(".")[0] for _, tree in sources(room) for name in imported(tree)}
    return frozenset(names & set(rooms())) - {room}


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the full name of every module that *tree* imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
