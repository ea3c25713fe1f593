"""Which sentences do the rules and the functions of the desk say? Read from their source, for the catalogue.

Their words are English for good: certificates and recorded histories hold them as they were said. A sentence with
values in it is found as a template with numbered gaps, ``{0} is past due.``; `console/sentences.py` looks it up so.
"""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from domain.check.walk import PATH
from domain.parameters import PARAMETERS
from formats import nacha
from formats.codes import CARDS, CHECKS, MERCHANT_ADVICE

ROOT = Path(__file__).parent.parent
ROOMS = ("domain", "casework")
_SILENT_FILES = frozenset({"casework/mail_file.py", "casework/packets.py", "casework/counter_papers.py"})
"""Papers that are printed in English: no page quotes them, but for their refusals."""
_SILENT_CALLS = frozenset(
    {"Source", "Detail", "Shape", "Parameter", "ValueError", "TypeError", "RuntimeError", "KeyError", "AssertionError"}
    | {"strftime", "AuditEntry", "compile", "text", "Malformed", "wrong", "N_", "cast"}
)
"""Calls whose words nobody at the desk reads: citations stay as the law writes them, faults are for engineers."""
_REFUSING = frozenset({"Refusal", "unfit"})
_LABELLED = frozenset({"adding", "days_after", "open_days", "days", "spanning", "Arithmetic"})
"""Calls whose first word names a sum of days."""
_TITLED = frozenset({"no", "Flaw"})
"""Calls whose slug is read as a title, once its dashes are blanks."""
_WORD = re.compile(r"[A-Za-z']+")
_NO_PROSE = re.compile(r"[/=|%]\S|_\w|U\.S\.C|Stat\. |SELECT|^\||^[^ ]*\{0\}$")
"""What tells a path, a name, a citation or a query from a sentence."""
_GAP = re.compile(r"\{\w*\}")


def harvest() -> dict[str, str]:
    """Return every template with the file that says it, in the order of the source."""
    found: dict[str, str] = {}
    for name, texts in (*_of_code(), *_of_tables()):
        for text in texts:
            found.setdefault(text, name)
    return found


def _of_code() -> Iterator[tuple[str, Iterable[str]]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name, tree = str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))
            yield name, _refusals(tree) if name in _SILENT_FILES else _said(tree)
    for path in sorted((ROOT / "console").rglob("*.py")):
        yield str(path.relative_to(ROOT)), _refusals(ast.parse(path.read_text("utf-8")))


def _refusals(tree: ast.Module) -> list[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [text for call in calls if _name(call.func) in {*_REFUSING, "missing"} for text in _said(call)]


def _of_tables() -> Iterator[tuple[str, Iterable[str]]]:
    """Yield what banks and card networks mean by their codes, and what the packs say of programs of help."""
    yield "domain/check/walk.py", [str(each) for each in PATH]
    yield "domain/parameters.py", [each.unit for each in PARAMETERS.values()]
    yield "formats", [each.meaning for each in (*nacha.RETURNS.values(), *nacha.CHANGES.values())]
    yield "formats", [each.meaning for each in CARDS.values()]
    yield "formats", [each.meaning for each in CHECKS.values()]
    yield "formats", [each.meaning for each in MERCHANT_ADVICE.values()]
    for path in sorted((ROOT / "policies").glob("*.toml")):
        yield path.name, _programs(tomllib.loads(path.read_text("utf-8")))


def _programs(pack: dict[str, Any]) -> Iterator[str]:
    """Yield the titles of a pack's programs of help, and what each does, as an offer says it."""
    for dated in pack.get("programs", {}).get("catalog", {}).get("values", ()):
        for _, title, _, _, why in dated["value"]:
            yield title
            yield f"{why[:1].upper()}{why[1:]}."


def _said(node: ast.AST, *, within: bool = False) -> Iterator[str]:
    """Yield what *node* says. *within*: it chooses a word inside a sentence, where one word alone counts."""
    match node:
        case ast.Assert() | ast.Expr(value=ast.Constant()) | ast.Compare() | ast.Subscript() | ast.Dict(keys=[]):
            return
        case ast.Call(func=func) if _name(func) in _SILENT_CALLS:
            return
        case ast.Call(func=func, args=[ast.Constant(value=str(what)), _]) if _name(func) == "missing":
            yield from (f"No such {what}", f"There is no {what} {{0}}.")
        case ast.Call(func=func, args=[ast.Constant(value=str(slug)), *_]) if _name(func) in _TITLED:
            yield slug.replace("-", " ").capitalize()
        case ast.Call(func=func, args=[ast.Constant(value=str(label)), *_]) if _name(func) in _LABELLED:
            yield label
        case ast.Constant(value=str(text)):
            numbers = iter(range(len(text)))
            yield from _spoken(_GAP.sub(lambda _: f"{{{next(numbers)}}}", text), within=within)
            return
        case ast.JoinedStr(values=parts):
            yield from _spoken(_template(parts))
            for part in parts:
                if isinstance(part, ast.FormattedValue):
                    yield from _said(part.value, within=isinstance(part.value, ast.IfExp))
            return
        case ast.IfExp(body=body, orelse=orelse):
            yield from _said(body, within=within)
            yield from _said(orelse, within=within)
            return
    for child in ast.iter_child_nodes(node):
        yield from _said(child)


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _template(parts: list[ast.expr]) -> str:
    """Return the text of an f-string, its values numbered in the order in which they stand."""
    text, number = "", 0
    for part in parts:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        else:
            text += f"{{{number}}}"
            number += 1
    return text


def _spoken(text: str, *, within: bool = False) -> Iterator[str]:
    """Yield *text* if it reads as words: two of them, or one between values."""
    text = text.strip("; ")
    words = _WORD.findall(_GAP.sub("", text))
    prose = " " in text and (len(words) > 1 or (words and "{0}" in text)) and not _NO_PROSE.search(text)
    if prose or (within and len(words) == 1 and len(text) > 1):
        yield text
