"""Which refusals can a caller meet, and which rules speak in them? Read from the code that makes them."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docs.tree import ROOT, sources
from domain.rules.registry import RULES
from domain.verdict import DISCONNECTION_ACTIONS, Action

ROOMS = ("domain", "letters", "casework", "api")
CONFLICT = "409"
OPEN = "…"  # what is only known when it is said
# What each maker of a refusal takes, by position; named arguments say it themselves.
MAKERS: dict[str, tuple[str, ...]] = {
    "Refusal": (),
    "no": ("slug", "detail", "way_out"),
    "Flaw": ("slug", "detail", "way_out"),
    "not_now": ("slug", "title", "detail"),
    "unfit": ("slug", "title", "detail"),
    "plain": ("status", "slug", "detail"),
    "missing": ("what", "which"),
    "gated": ("desk", "action", "title"),
}
STATUS = {"unfit": "422", "missing": "404"}
# Slugs put together at run time, by the text that makes them: what stands for all of them in the list.
FAMILIES = {
    "forbidden-{verdict.action.replace('_', '-')}": None,  # `gated` names each
    "no-such-{what}": None,  # `missing` names each
    "file-{fault.rule.replace('_', '-')}": "file-…",
    "file-{reason.replace('_', '-')}": "file-…",
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One way to be refused: the stable end of its `type`, its HTTP status, and what it tells."""

    slug: str
    status: str
    says: str


class Unreadable(Exception):
    """A refusal is made in a way that this page cannot read; the message says where."""


def page() -> str:
    """Return the list of problems, then that of the rules."""
    return "\n".join([_INTRODUCTION, *_problem_rows(), _BETWEEN, *_rule_rows(), ""])


def problems() -> tuple[Problem, ...]:
    """Return every refusal that the code can make, by slug."""
    found = {problem for room in ROOMS for path, tree in sources(room) for problem in _in_module(path, tree)}
    return tuple(sorted(found))


def _in_module(path: Path, tree: ast.Module) -> Iterator[Problem]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MAKERS:
                    texts = _assigned(function, before=call.lineno)
                    yield from _made(call, call.func.id, texts, f"{path.relative_to(ROOT)}:{call.lineno}")


def _made(call: ast.Call, maker: str, texts: dict[str, ast.expr], where: str) -> Iterator[Problem]:
    """Yield the problem that *call* makes; nothing where a maker hands on what it was given."""
    given = dict(zip(MAKERS[maker], call.args, strict=False))
    given |= {each.arg: each.value for each in call.keywords if each.arg}
    if maker == "missing":
        what = _text(given["what"], texts)
        yield Problem(f"no-such-{what}", STATUS[maker], f"There is no such {what.replace('-', ' ')}.")
        return
    if maker == "gated":
        if isinstance(given["action"], ast.Attribute):
            action = Action[given["action"].attr]
            says = f"{_text(given['title'], texts)}: each rule that forbids it is named, with its citation."
            yield Problem(f"forbidden-{action.replace('_', '-')}", CONFLICT, says)
        return
    if isinstance(given["slug"], ast.Name) and given["slug"].id not in texts:
        return
    for slug in _slugs(given["slug"], texts, where):
        yield Problem(slug, _status(given.get("status"), maker), _sentence(given, texts))


def _slugs(node: ast.expr, texts: dict[str, ast.expr], where: str) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(slug)):
            yield slug
        case ast.IfExp():
            yield from _slugs(node.body, texts, where)
            yield from _slugs(node.orelse, texts, where)
        case ast.Name() if node.id in texts:
            yield from _slugs(texts[node.id], texts, where)
        case ast.JoinedStr() if (made := ast.unparse(node)[2:-1]) in FAMILIES:
            if family := FAMILIES[made]:
                yield family
        case _:
            raise Unreadable(f"{where}: a slug is {ast.unparse(node)}; let docs/problems.py know of it")


def _status(node: ast.expr | None, maker: str) -> str:
    if node is None:
        return STATUS.get(maker, CONFLICT)
    return str(node.value) if isinstance(node, ast.Constant) else "HTTP's own"


def _sentence(given: dict[str, ast.expr], texts: dict[str, ast.expr]) -> str:
    """Return detail and way out; the title where the detail is made elsewhere."""
    says = {part: _text(given[part], texts) for part in ("title", "detail", "way_out") if part in given}
    detail = says.get("detail", "")
    if not detail.strip(f"{OPEN}. "):
        title = says.get("title", "HTTP's own word for its status")
        detail = title if title.endswith("?") else f"{title}."
    return " ".join(filter(None, (detail, says.get("way_out", "").strip(OPEN))))


def _text(node: ast.expr, texts: dict[str, ast.expr]) -> str:
    """Return what *node* says, as far as the code tells."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr():
            return "".join(_text(part, texts) if isinstance(part, ast.Constant) else OPEN for part in node.values)
        case ast.Name() if node.id in texts:
            return _text(texts[node.id], texts)
        case ast.BinOp():
            return _text(node.left, texts) + _text(node.right, texts)
        case _:
            return OPEN


def _assigned(function: ast.FunctionDef | ast.AsyncFunctionDef, *, before: int) -> dict[str, ast.expr]:
    """Return what *function* assigned last to each plain name, above line *before*."""
    assignments = [node for node in ast.walk(function) if isinstance(node, ast.Assign) and node.lineno < before]
    return {
        target.id: node.value
        for node in sorted(assignments, key=lambda node: node.lineno)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _problem_rows() -> Iterator[str]:
    by_slug: dict[str, list[Problem]] = {}
    for problem in problems():
        by_slug.setdefault(problem.slug, []).append(problem)
    for slug, same in by_slug.items():
        statuses = ", ".join(sorted({problem.status for problem in same}))
        says = "<br>".join(dict.fromkeys(problem.says for problem in same))
        yield f"| `{slug}` | {statuses} | {says} |"


def _rule_rows() -> Iterator[str]:
    for rule in RULES:
        says = (inspect.getdoc(rule.find) or "").partition("\n\n")[0].replace("\n", " ")
        yield f"| {rule.rule_id} | {says} | {_acts(rule.actions)} |"


def _acts(actions: tuple[Action, ...]) -> str:
    """Return *actions* in words; all four steps of a disconnection are one word."""
    cuts = set(DISCONNECTION_ACTIONS) <= set(actions)
    rest = [action.replace("_", " ") for action in actions if not (cuts and action in DISCONNECTION_ACTIONS)]
    return ", ".join([*(["every step of a disconnection"] if cuts else []), *rest])


_INTRODUCTION = """\
# Problems

Every error of the API is a problem document (RFC 9457) whose `type` is `/problems/` and one of these words. The words
are stable; the sentences are for people and may change, and … stands for what only the moment knows. A rule's refusal
also carries the `rules` that forbid, their `citations` and a `way_out`.

| Type | Status | Says |
| --- | --- | --- |"""
_BETWEEN = """
# Rules

What a gate asks before an act. A policy pack gives the numbers and the citation; `domain/rules/` holds the rule, and
`policies/worked_examples/` shows it on households that a lawyer can read.

| Rule | Asks | Before |
| --- | --- | --- |"""
