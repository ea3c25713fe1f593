"""Is one entry what its hash says, do its date sums come out, and does an automated act carry its evidence?"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from audit.entries import Entry, Pack

BY_RULE = "rule:"  # how an act that no person asked for names its author
ALWAYS_CERTIFIED = frozenset({"disconnection_recommended", "decision_refused"})  # by a person, under every rule
SATURDAY = 5
DAY = timedelta(days=1)
YEAR_OF_DAYS = 400  # no city closes its offices for longer


def link(prev_hash: str, covered: Mapping[str, Any]) -> str:
    """Return the hash of an entry after *prev_hash*, by the layout published in docs/audit.md."""
    plain = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_written)
    return sha256(f"{prev_hash}\n{plain}".encode()).hexdigest()


def _written(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    assert isinstance(value, datetime | date), "columns hold text, numbers, JSON, dates and bytes"
    return value.isoformat()


def certificate_faults(entry: Entry, packs: Mapping[str, Pack]) -> Iterator[str]:
    """Yield what is wrong with the evidence of *entry*: missing, incomplete, or sums that do not come out."""
    certificate, covered = entry.covered["certificate"], entry.covered
    # One act may leave several entries, numbered at the end of its key; the evidence stands with the first.
    first = str(covered["key"]).endswith("/1")
    automated = str(covered["by"]).startswith(BY_RULE) or covered["type"] in ALWAYS_CERTIFIED
    if certificate is None:
        if automated and first:
            yield f"the {covered['type']} by {covered['by']} carries no certificate"
        return
    try:
        pack = packs.get(certificate["policy"])
        yield from _whole(certificate, pack)
        yield from sum_faults(certificate["outcomes"], [pack] if pack else [])
    except (KeyError, TypeError, ValueError, OverflowError) as fault:
        yield f"its certificate cannot be read: {type(fault).__name__} {fault}"


def _whole(certificate: Mapping[str, Any], pack: Pack | None) -> Iterator[str]:
    if pack is None:
        yield f"its certificate rests on the pack {certificate['policy']}, which is not on file"
    elif pack.name != certificate["pack"]:
        yield f"its certificate names the pack {certificate['pack']}, but {certificate['policy']} is {pack.name}"
    outcomes = certificate["outcomes"]
    if not outcomes:
        yield "its certificate names no rule"
    yield from (f"{each['rule'] or 'a rule'} is cited from nowhere" for each in outcomes if not each["citation"])
    forbids = any(each["finding"] == "blocks" for each in outcomes)
    if certificate["allowed"] is forbids:
        yield f"its certificate says allowed={certificate['allowed']}, its outcomes say the opposite"


def refusal_faults(entry: Entry, packs: Mapping[str, Pack]) -> Iterator[str]:
    """Yield what is wrong with the evidence of a refusal: missing, saying that it was allowed, or not coming out."""
    certificate, told = entry.covered["certificate"], entry.covered["body"]
    if certificate is None:
        yield "the refusal carries no certificate"
        return
    try:
        pack = packs.get(certificate["policy"])
        yield from _whole(certificate, pack)
        yield from sum_faults(certificate["outcomes"], [pack] if pack else [])
        if certificate["allowed"]:
            yield "the certificate of the refusal says that it was allowed"
        ruled = {each["rule"] for each in certificate["outcomes"]}
        yield from (f"{rule} was told and is not in the certificate" for rule in told["rules"] if rule not in ruled)
    except (KeyError, TypeError, ValueError, OverflowError) as fault:
        yield f"the refusal cannot be read: {type(fault).__name__} {fault}"


def sum_faults(outcomes: list[Mapping[str, Any]], packs: list[Pack]) -> Iterator[str]:
    """Yield the date sums that do not come out: calendar days by adding, open days by the pack's closed days."""
    for outcome in outcomes:
        for stated in outcome["arithmetic"]:
            start, result = date.fromisoformat(stated["start"]), date.fromisoformat(stated["result"])
            if stated["calendar"] == "calendar":
                possible = {start + timedelta(days=stated["days"])}
            else:
                possible = {_open_days_after(start, stated["days"], pack.closed) for pack in packs}
            if result not in possible:
                counted = f"{stated['days']} {stated['calendar']} days"
                yield f"{outcome['rule']} ({stated['label']}): {start} and {counted} is not {result}"


def _open_days_after(start: date, days: int, closed: frozenset[date]) -> date:
    """Return the *days*-th day after *start* on which offices are open; with zero, *start* or the next such day."""
    if days < 0 or days > YEAR_OF_DAYS:
        raise ValueError(f"{days} open days is not a count")
    day, left = (start, days) if days else (start - DAY, 1)
    while left:
        day += DAY
        left -= day.weekday() < SATURDAY and day not in closed
    return day
