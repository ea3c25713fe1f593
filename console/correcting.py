"""How is a fact corrected: asked with what it says filled in, and with what nobody typed left as it stands?"""

from dataclasses import replace
from datetime import datetime

from console.fact_forms import BY_ITSELF, DETAIL, typed_of
from console.words import dollars
from domain import commands as c
from domain.calendar import CityCalendar
from domain.facts import Fact


def typed_as(fact: Fact, calendar: CityCalendar) -> dict[str, str]:
    """Return what the form of *fact* would hold had it been typed there."""
    found = {
        "starts": calendar.day(fact.starts).isoformat(),
        "until": calendar.day(fact.until).isoformat() if fact.until else "",
        "amount": dollars(fact.amount) if fact.amount else "",
        "source": fact.source,
        "evidence": fact.evidence,
    }
    return found | {f"{DETAIL}{key}": typed_of(key, value) for key, value in fact.details.items()}


def as_it_stood(command: c.CorrectFact, fact: Fact, calendar: CityCalendar) -> c.CorrectFact:
    """Return *command* with the instants of *fact* on the days that were left, and the details that nobody types."""
    kept = tuple((key, value) for key, value in fact.details.items() if key in BY_ITSELF)
    return replace(
        command,
        starts=_on_its_day(command.starts, fact.starts, calendar),
        until=_on_its_day(command.until, fact.until, calendar),
        details=(*command.details, *kept),
    )


def _on_its_day(typed: datetime | None, stood: datetime | None, calendar: CityCalendar) -> datetime | None:
    """Return the instant that stood where the day was left: a form asks for days alone."""
    if typed is None or stood is None:
        return typed
    return stood if calendar.day(typed) == calendar.day(stood) else typed
