"""NACHA as a package that others would take: it stands alone, all it offers is explained, and its examples run."""

import ast
import doctest
from pathlib import Path

import pytest

from formats import nacha

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "formats" / "nacha"
NEIGHBOURS = {"formats.columns", "formats.errors", "formats.text"}
ROOMS = (
    "activities",
    "api",
    "bench",
    "casework",
    "cli",
    "console",
    "formats",
    "gateways",
    "models",
    "stubs",
    "workflows",
)


def imported(path: Path) -> set[str]:
    """Return the modules of this project that the file imports."""
    tree = ast.parse(path.read_text())
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names]
    return {name for name in names if (ROOT / name.partition(".")[0]).is_dir()}


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.name)
def test_it_needs_its_three_neighbours_alone(path: Path) -> None:
    assert {name for name in imported(path) if not name.startswith("formats.nacha")} <= NEIGHBOURS


def test_others_import_from_the_package_and_not_from_its_modules() -> None:
    outside = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if PACKAGE not in path.parents]
    within = {path.relative_to(ROOT): imported(path) for path in outside}

    assert {path: names for path, names in within.items() if any(n.startswith("formats.nacha.") for n in names)} == {}


@pytest.mark.parametrize("name", nacha.__all__)
def test_what_it_offers_is_explained(name: str) -> None:
    offered = getattr(nacha, name)
    if isinstance(offered, type) or callable(offered):
        assert (offered.__doc__ or "").strip()
        assert not (offered.__doc__ or "").startswith(f"{name}(")  # that is what a dataclass says by itself
    else:
        assert f"\n{name}: Final" in "".join(path.read_text() for path in PACKAGE.glob("*.py"))


def test_the_examples_of_its_readme_run() -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    found = doctest.testfile(str(PACKAGE / "README.md"), module_relative=False, optionflags=flags)

    assert found.attempted > 15
    assert found.failed == 0
