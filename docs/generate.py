"""Are the pages that are drawn from the code as the code is now? `python -m docs.generate [--check]`."""

import argparse
import difflib
import re
import sys
from collections.abc import Callable
from pathlib import Path

from docs import diagrams, glossary, opening, problems, reference
from docs.tree import ROOT, first_line, rooms
from domain import evidence

DOCS = Path("docs")
HINT_LINES = 12
NOTE = "<!-- Drawn from the code by `make docs`. -->\n\n"


def room_table() -> str:
    """Return the rooms from the top of the house down, each with what it says of itself."""
    rows = [f"| `{room}{'.py' if room == 'worker' else '/'}` | {first_line(room)} |" for room in ("worker", *rooms())]
    return "\n".join(["| Room | What for |", "| --- | --- |", *rows, ""])


def _fenced(drawing: str) -> str:
    return f"```mermaid\n{drawing}```\n"


PAGES: dict[Path, Callable[[], str]] = {
    DOCS / "diagrams" / "lifecycle.mmd": diagrams.lifecycle,
    DOCS / "diagrams" / "rooms.mmd": diagrams.room_graph,
    DOCS / "glossary.md": lambda: NOTE + glossary.page(),
    DOCS / "problems.md": lambda: NOTE + problems.page(),
    DOCS / "decisions.md": lambda: NOTE + reference.decisions(),
    DOCS / "gate-facts.schema.json": reference.gate_facts,
    DOCS / "formats" / "opening.md": lambda: NOTE + opening.page(),
    DOCS / "environment.md": lambda: NOTE + reference.environment(),
}
# Drawn between marks in pages that are otherwise written by hand.
PARTS: dict[str, Callable[[], str]] = {
    "rooms": room_table,
    "lifecycle": lambda: _fenced(diagrams.lifecycle()),
    "kinds of facts": evidence.table,
    "room graph": lambda: _fenced(diagrams.room_graph()),
}
WRITTEN = (Path("README.md"), Path("ARCHITECTURE.md"), DOCS / "facts.md")


def drawn() -> dict[Path, str]:
    """Return every page as it should stand, by its path from the root."""
    pages = {path: draw() for path, draw in PAGES.items()}
    return pages | {path: _filled(_present(path)) for path in WRITTEN}


def _filled(text: str) -> str:
    """Return *text* with every marked part drawn anew."""
    return re.sub(
        r"(<!-- drawn: ([a-z ]+) -->\n).*?(<!-- /drawn -->)",
        lambda found: f"{found[1]}{PARTS[found[2]]()}{found[3]}",
        text,
        flags=re.DOTALL,
    )


def stale() -> dict[Path, str]:
    """Return the pages that are not as they should stand, as they should."""
    return {path: text for path, text in drawn().items() if _present(path) != text}


def _present(path: Path) -> str:
    return (ROOT / path).read_text("utf-8") if (ROOT / path).is_file() else ""


def hint(path: Path, text: str) -> str:
    """Return the first lines by which the page at *path* differs from *text*."""
    lines = difflib.unified_diff(
        _present(path).splitlines(), text.splitlines(), "as it stands", "as the code is", n=0, lineterm=""
    )
    return "\n".join(list(lines)[:HINT_LINES])


def main() -> int:
    """Write what is stale; with --check only say so, with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if a page is stale")
    check = parser.parse_args().check
    found = stale()
    for path, text in found.items():
        if check:
            print(f"{path} is stale; `make docs` draws it anew.\n{hint(path, text)}")
        else:
            (ROOT / path).parent.mkdir(exist_ok=True)
            (ROOT / path).write_text(text, "utf-8")
            print(f"wrote {path}")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
