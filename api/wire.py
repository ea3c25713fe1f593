"""How does a value of the domain look in JSON: cents as whole numbers, dates ISO, words about a person on request?"""

from typing import Any

from pydantic_core import to_jsonable_python

from domain.case import Case
from domain.events import Event
from domain.step import Next, Step

REDACTED = "[redacted]"
_PERSONAL_IN_CASE = ("referral", "follow_up_about")


def wire(value: object) -> dict[str, Any]:
    """Return a domain dataclass as JSON; an amount named *x* is there as *x_cents*."""
    written: dict[str, Any] = _in_cents(to_jsonable_python(value))
    return written


def _in_cents(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, list):
        return [_in_cents(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = {}
    for name, item in value.items():
        if isinstance(item, dict) and item.keys() == {"cents"}:
            named[f"{name}_cents"] = item["cents"]
        else:
            named[name] = _in_cents(item)
    return named


def event_wire(event: Event) -> dict[str, Any]:
    """Return an event. The snapshot that some carry is left out: it is what the account's own page shows."""
    body = wire(event.body)
    body.pop("known", None)
    return {
        "seq": event.seq,
        "key": event.key,
        "at": event.at,
        "on": event.on,
        "by": event.by,
        "type": body.pop("type"),
        "body": body,
        "certificate": wire(event.certificate) if event.certificate else None,
    }


def next_wire(item: Next) -> dict[str, Any]:
    """Return a step or a wait of the agenda; *is* tells which."""
    return {"is": "step" if isinstance(item, Step) else "wait", **wire(item)}


def case_wire(case: Case, *, notes: bool) -> dict[str, Any]:
    """Return a whole case; words about a person are redacted unless *notes*."""
    written = wire(case)
    written.pop("seen")
    for name in _PERSONAL_IN_CASE:
        if written[name] and not notes:
            written[name] = REDACTED
    return written
