"""Do the papers say what the code does, and does nothing in the tree speak of one machine?"""

import re
import subprocess
from pathlib import Path

import pytest

from docs.generate import hint, stale
from docs.glossary import terms
from docs.problems import problems
from docs.tree import ROOT, rooms
from domain.states import ServiceStatus, Stage
from gateways.packs import load_policy

PACKS = sorted((ROOT / "policies").glob("*.toml"))
VARIABLE = re.compile(r"\bARREARS_[A-Z][A-Z_]*[A-Z]\b")
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
TEXTS = {".cfg", ".css", ".html", ".ini", ".js", ".json", ".md", ".mmd", ".py", ".sh", ".toml", ".yaml", ".yml", ""}
# Written in parts, so that this page does not speak of a machine either.
MACHINE = re.compile("|".join((r"(?<![\w.])/(work|root|home|Users|m" + "nt)/", r"\bC:" + r"\\Users")))
REGISTRIES = re.compile(
    "|".join((r"pypi\." + "org", "pythonhosted" + r"\.org", r"registry\." + r"npmjs", r"\bindex-" + "url"))
)


def files() -> list[Path]:
    """Return every text file of the tree, whether or not it is committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git work tree: which files are ours is not known")
    paths = (ROOT / name for name in listed.stdout.splitlines())
    ours = (path for path in paths if "vendor" not in path.parts)  # what others wrote is held by its sums
    return [path for path in ours if path.suffix in TEXTS and path.is_file()]


def test_what_is_drawn_from_the_code_is_fresh() -> None:
    assert {str(path): hint(path, text) for path, text in stale().items()} == {}, "run `make docs`"


def test_every_variable_that_is_read_is_explained() -> None:
    page = (ROOT / "docs" / "environment.md").read_text("utf-8")
    code = [path for path in files() if path.suffix in {".py", ""} and "docs" not in path.parts]
    named = {name for path in code for name in VARIABLE.findall(path.read_text("utf-8"))}
    assert named - set(VARIABLE.findall(page)) == set()


def test_every_setting_says_what_it_is() -> None:
    rows = [line for line in (ROOT / "docs" / "environment.md").read_text("utf-8").splitlines() if "`ARREARS_" in line]
    assert len(rows) > 10
    assert [row for row in rows if row.rstrip(" |").endswith("`") or row.endswith("|  |")] == []


def test_every_stage_and_service_status_has_its_word_in_the_glossary() -> None:
    words = {word for chapter in terms().values() for word in chapter}
    assert {*Stage, *ServiceStatus} - words == set()


def test_every_problem_tells_a_sentence() -> None:
    assert [problem.slug for problem in problems() if not re.search(r"\w.*[.?]$", problem.says)] == []


def test_every_room_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [room for room in rooms() if f"| `{room}/` |" not in readme] == []


def test_the_readme_names_the_two_commands_first() -> None:
    commands = re.findall(r"^\$ (\S+ \S+)", (ROOT / "README.md").read_text("utf-8"), flags=re.MULTILINE)
    assert commands == ["make demo", "make test"]


def test_links_lead_somewhere() -> None:
    pages = [path for path in files() if path.suffix == ".md"]
    links = [(page, link) for page in pages for link in LINK.findall(page.read_text("utf-8"))]
    assert links
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_every_page_of_design_says_why_and_what_else_was_weighed() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for page in pages:
        heads = re.findall(r"^## (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
        assert heads == ["Context", "Decision", "Consequences", "Alternatives"], page.name


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.stem)
def test_every_value_of_a_pack_says_where_it_is_written_and_no_day_is_stated_twice(pack: Path) -> None:
    values = load_policy(pack).values
    assert values
    for key, dated in values.items():
        assert all(each.source.citation.strip() for each in dated), key
        days = [each.since for each in dated]
        assert days == sorted(set(days)), key


def test_nothing_speaks_of_one_machine_or_of_a_registry() -> None:
    found = []
    for path in files():
        if path.name == "uv.lock":  # names where each package was published, as every lock file does
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if MACHINE.search(line) or REGISTRIES.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert found == []
