"""What of a case's events must be equal, whichever body lived it?"""

from collections.abc import Iterable
from datetime import date

from domain import events as ev
from domain.figures import event_cents, event_service

Line = tuple[int, str, date, tuple[str, ...], int | None, str | None]


def trace(events: Iterable[ev.Event]) -> tuple[Line, ...]:
    """Return (seq, event type, business date, rule ids, cents, service) of each event.

    Rule ids: the rule an automated act stands under, then every rule its certificate or refusal names.
    """
    return tuple(
        (event.seq, event.body.type, event.on, _rules(event), event_cents(event.body), event_service(event.body))
        for event in events
    )


def _rules(event: ev.Event) -> tuple[str, ...]:
    _, _, rule = event.by.partition("rule:")
    named = (rule,) if rule else ()
    if isinstance(event.body, ev.DecisionRefused):
        return (*named, *event.body.refusal.rules)
    certified = event.certificate.outcomes if event.certificate else ()
    return tuple(dict.fromkeys((*named, *(outcome.rule for outcome in certified))))
