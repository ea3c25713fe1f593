"""Do the lines of one case agree with each other?"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.case import Case
from domain.money import total
from domain.states import ServiceStatus, Stage
from formats.opening.layout import CASES

MAILED_WITHIN = timedelta(days=7)  # a letter handed over before a holiday is mailed, and served, after it
Fault = tuple[str, str]
"""The rule that a case breaks, and how it does."""


def faults_of(case: Case, as_of: datetime) -> Iterator[Fault]:
    """Yield what cannot be true of *case*, whatever billing says of its account."""
    today = as_of.date()
    if case.opened_on > today:
        yield "in_the_future", f"the case was opened on {case.opened_on}, after the folder's day"
    if (case.closed is None) != (case.closed_on is None) or (case.stage is Stage.CLOSED) != (case.closed is not None):
        yield (
            "half_closed",
            f"a case that is over states closed and closed_on in {CASES.name}.csv, one that is not neither",
        )
    if len({each.service for each in case.services}) < len(case.services):
        yield "duplicate_service", "one service has two lines in services.csv"
    yield from _letters(case, as_of)
    yield from _agreement(case)
    yield from _remedies(case)
    yield from _orders(case)


def _letters(case: Case, as_of: datetime) -> Iterator[Fault]:
    for letter in (case.reminder, case.notice):
        if letter is None:
            continue
        if letter.served_on > as_of.date() + MAILED_WITHIN:
            yield "in_the_future", f"the {letter.kind} of {letter.served_on} was served after the folder's day"
        if not letter.bills:
            yield "no_bills", f"the {letter.kind} of {letter.served_on} names no bill"
        elif letter.amount > (named := total(bill.amount for bill in letter.bills)):
            yield "amount_above_bills", f"the {letter.kind} asks for {letter.amount} and names bills of {named}"


def _agreement(case: Case) -> Iterator[Fault]:
    agreement = case.arrangement
    if agreement is None:
        return
    if (dated := total(part.amount for part in agreement.schedule)) != agreement.amount:
        yield "schedule_sum", f"the agreement's schedule comes to {dated}, the bills in it to {agreement.amount}"
    if not 0 <= agreement.met <= len(agreement.schedule):
        yield "met_beyond_schedule", f"{agreement.met} of {len(agreement.schedule)} parts are said to be paid"
    if case.arrangements_made < agreement.number:
        yield "count", f"agreement {agreement.number} is told of, arrangements_made is {case.arrangements_made}"


def _remedies(case: Case) -> Iterator[Fault]:
    held = Counter(ref for remedy in case.remedies if remedy.open for ref in remedy.refs)
    for ref, times in held.items():
        if times > 1:
            yield "two_remedies", f"{times} remedies stand on bill {ref}; on one cent never stands more than one"


def _orders(case: Case) -> Iterator[Fault]:
    out = Counter((order.purpose, order.service) for order in case.orders if order.open)
    for (purpose, service), times in out.items():
        if times > 1:
            yield "two_orders", f"{times} orders to {purpose.replace('_', ' ')} {service} are out"
    if case.orders_made < len(case.orders):
        yield "count", f"{len(case.orders)} orders are told of, orders_made is {case.orders_made}"
    for state in case.services:
        if state.status is not ServiceStatus.ON and state.since is None:
            yield "no_day", f"since when {state.service} is {state.status.replace('_', ' ')} is not said"
