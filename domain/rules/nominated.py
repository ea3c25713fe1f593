"""Which one service may be cut for the debt that a notice names?"""

from collections.abc import Iterable
from datetime import date

from domain import parameters as par
from domain.account import OpenBill, Service, past_due_bills
from domain.case import Case, OrderPurpose
from domain.policy import Policy
from domain.states import ServiceStatus


def service_to_cut(case: Case, policy: Policy, on: date) -> Service | None:
    """Return the service that an open order is to cut, else the one that the policy nominates."""
    order = case.open_order(OrderPurpose.DISCONNECT)
    return order.service if order else nominated_service(case, policy, on)


def nominated_service(case: Case, policy: Policy, on: date) -> Service | None:
    """Return the first service, in the policy's order, that is on and has past-due debt of its own, if any.

    Under a notice the debt is what the notice names: a service whose bill fell due later is not cut for another's.

    Raises:
        PolicyGap: the pack states no order for that day.
    """
    held = case.held  # never two remedies on one cent
    late = tuple(bill for bill in past_due_bills(case.known.bills, on) if bill.ref not in held)
    return first_on(case, policy, on, bills=case.notice.named(late) if case.notice else late)


def first_on(case: Case, policy: Policy, on: date, *, bills: Iterable[OpenBill]) -> Service | None:
    """Return the first service, in the policy's order, that is on and of which *bills* holds one; none otherwise."""
    indebted = {bill.service for bill in bills}
    for name in policy.at(par.DNP_SERVICE_ORDER, on):
        service = Service(name)
        if service in indebted and case.service(service).status is ServiceStatus.ON:
            return service
    return None
