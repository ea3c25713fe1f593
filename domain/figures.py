"""Which sum and which service is an event about?"""

from domain.account import Service
from domain.events import (
    AccountRead,
    ArrangementAgreed,
    ArrangementBreached,
    ArrangementCompleted,
    ArrangementDefaulted,
    Body,
    NoticeServed,
    OrderPlaced,
    PromiseRecorded,
    ReminderSent,
)
from domain.money import Money


def event_cents(body: Body) -> int | None:
    """Return the amount an event is about, in cents; none if it is about none."""
    match body:
        case ReminderSent(notice=notice) | NoticeServed(notice=notice):
            return notice.amount.cents
        case AccountRead(change=change):
            return change.cents
        case ArrangementAgreed(arrangement=arrangement):
            return arrangement.amount.cents
        case PromiseRecorded(promise=promise):
            return promise.amount.cents
        case ArrangementBreached(owing=amount) | ArrangementDefaulted(owing=amount) | ArrangementCompleted(paid=amount):
            return amount.cents
        case _:
            named = getattr(body, "amount", None)
            return named.cents if isinstance(named, Money) else None


def event_service(body: Body) -> Service | None:
    """Return the service an event is about; none if it is about no single one."""
    if isinstance(body, OrderPlaced):
        return body.order.service
    service = getattr(body, "service", None)
    return service if isinstance(service, Service) else None
