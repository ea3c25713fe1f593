"""Which words does the house use, each with one meaning, and where is each defined?"""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

from docs.tree import ROOT, sources

TERMS = Path(__file__).parent / "terms.toml"
ROOM = "domain"


def page() -> str:
    """Return the words with their meanings, then what the domain's classes say of themselves."""
    return "\n".join([_INTRODUCTION, *_terms(), _BETWEEN, *_classes(), ""])


def terms() -> dict[str, dict[str, dict[str, str]]]:
    """Return the table of terms, chapter by chapter: what each word *means*, and *at* which name it stands."""
    return tomllib.loads(TERMS.read_text("utf-8"))


def _terms() -> Iterator[str]:
    for chapter, words in terms().items():
        yield from ("", f"## {chapter}", "", "| Word | Means | In the code |", "| --- | --- | --- |")
        for word, term in words.items():
            resolve_name(term["at"])  # a word whose name is gone from the code stops here
            yield f"| {word} | {term['means']} | `{term['at']}` |"


def _classes() -> Iterator[str]:
    for path, tree in sources(ROOM):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and (doc := ast.get_docstring(node)):
                says = doc.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
                yield f"| `{node.name}` | {says} | `{module}` |"


_INTRODUCTION = """\
# Glossary

One word, one meaning: at the desk, in letters, in the code and in these papers."""
_BETWEEN = """
## What the code says of its own words

| Name | Says | Module |
| --- | --- | --- |"""
