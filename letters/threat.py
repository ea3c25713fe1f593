"""Which service and which day may a notice name, and which parts must it hold?"""

from collections.abc import Iterator
from datetime import date, timedelta

from domain import parameters as par
from domain.account import CustomerClass, Service
from domain.calendar import DAY, SEARCH_DAYS_MAX
from domain.case import Case, Notice
from domain.policy import Policy
from domain.rules.notices import earliest_cut, stale_day
from domain.rules.season import in_winter
from domain.rules.slots import day_faults
from domain.verdict import Refusal


def required_parts(policy: Policy, served_on: date, last: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the parts that a notice must hold which stands from *served_on* through *last*, and who has a copy.

    A notice under which service may be cut in the winter season carries the season's parts, whenever it is mailed.
    """
    plain: tuple[str, ...] = policy.at(par.NOTICE_ELEMENTS, served_on)
    if not (in_winter(policy, served_on) or in_winter(policy, last)):
        return plain, ()
    winter: tuple[str, ...] = policy.at(par.NOTICE_WINTER_ELEMENTS, served_on)
    copies: tuple[str, ...] = policy.at(par.NOTICE_WINTER_COPIES, served_on)
    return (*plain, *winter), copies


def service_named(
    case: Case, policy: Policy, notice: Notice, *, on: date, asked: Service | None = None
) -> Service | Refusal:
    """Return the service that *notice* threatens: the one *asked* for, else the first in the pack's order.

    Refused: a service that is off, has no bill on the notice, or is never cut.
    """
    billed = {bill.ref.rpartition("/")[2] for bill in notice.bills}
    order = (Service(name) for name in policy.at(par.DNP_SERVICE_ORDER, on))
    off = {state.service for state in case.off}
    may_be_cut = [service for service in order if service in billed and service not in off]
    if asked is not None and asked not in may_be_cut:
        return _safe_service(f"The {asked} service may not be cut under this notice.")
    if not may_be_cut:
        return _safe_service("No service that is on and may be cut has a bill on this notice.")
    return asked or may_be_cut[0]


def day_named(
    case: Case, policy: Policy, notice: Notice, *, service: Service, on: date, asked: date | None = None
) -> date | Refusal:
    """Return the day that *notice* names: the one *asked* for, else the first on which *service* may be cut under it.

    Refused: a day before the notice has run or after it went stale, one too soon after its oldest bill, one on which
    the pack lets nobody be cut. What may change by then (weather, illness, money) is not asked here.
    """
    if asked is not None:
        fault = next(_faults(case, policy, notice, service=service, day=asked), None)
        return _forbidden_day(asked, fault) if fault else asked
    first = max(on, notice.served_on, notice.earliest_cut_on or notice.served_on)
    for offset in range(SEARCH_DAYS_MAX):
        day = first + timedelta(days=offset)
        if next(_faults(case, policy, notice, service=service, day=day), None) is None:
            return day
    return _forbidden_day(first, "no day before it goes stale is lawful")


def _faults(case: Case, policy: Policy, notice: Notice, *, service: Service, day: date) -> Iterator[str]:
    ripe = earliest_cut(
        policy,
        served_on=notice.served_on,
        method=notice.method,
        residential=case.known.account.customer_class is CustomerClass.RESIDENTIAL,
        service=service,
        not_before=day,
    )
    if day < max(ripe, notice.earliest_cut_on or ripe):
        yield "the notice has not run by then"
    if day >= stale_day(policy, notice):
        yield "the notice no longer stands then"
    days = policy.at(par.DNP_MIN_DAYS_WATER if service is Service.WATER else par.DNP_MIN_DAYS, day)
    if (day - min(bill.due_on for bill in notice.bills)).days <= days:
        yield f"its oldest bill is not more than {days} days past due"
    yield from (f"it is {fault}" for fault in day_faults(policy, day))


def last_day(policy: Policy, notice: Notice) -> date:
    """Return the last day on which *notice* can be acted on."""
    return stale_day(policy, notice) - DAY


def _forbidden_day(day: date, fault: str) -> Refusal:
    return Refusal(
        slug="letter-forbidden-day",
        title="The letter names a day on which nobody may be cut",
        detail=f"Nobody may be cut on {day} under this notice: {fault}.",
        way_out="Leave the day to the policy, or name a later one.",
    )


def _safe_service(says: str) -> Refusal:
    return Refusal(
        slug="letter-safe-service",
        title="The letter threatens a service that may not be cut",
        detail=says,
        way_out="Name no service that is off, has no debt of its own on this notice, or is never cut.",
    )
