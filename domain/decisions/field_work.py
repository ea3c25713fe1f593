"""Asking for service back, for someone to go and look, and for service to end."""

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.account import AccountStatus
from domain.case import OrderPurpose
from domain.decisions.desk import Answer, Desk, handles, no
from domain.money import ZERO
from domain.rules.restoring import plan_reopens, price
from domain.states import ServiceStatus


@handles(c.RequestReactivation)
def _request_reactivation(desk: Desk, command: c.RequestReactivation) -> Answer:
    """Take the wish for service back: failed visits before it count no more, and after hours it waits for no opening.

    The order itself follows by the calendar, by the same rule as without the wish.
    """
    off = [state for state in desk.case.off if state.status is ServiceStatus.OFF]
    off = [state for state in off if command.service in {None, state.service}]
    if not off and any(command.service in {None, state.service} for state in desk.case.off):
        return no("being-restored", "It is being restored already.", "Wait for the crew or the meter.")
    if not off:
        return no("nothing-is-off", "No such service of this account is off.", "There is nothing to reconnect.")
    due = price(desk.case, desk.here)
    if due.total > ZERO and not plan_reopens(desk.case, desk.policy, desk.now):
        return no(
            "not-paid",
            f"{due.total} is still to be paid: {due.past_due} past due and {due.fees} of fees.",
            f"Pay {due.total}; or a signed agreement with its down payment, where the pack or a supervisor lets one.",
            rule=p.RECONNECT_PLAN_ALLOWED.key,
            citation=desk.policy.source(p.RECONNECT_PLAN_ALLOWED, desk.on).citation,
        )
    if command.after_hours and not desk.policy.at(p.RECONNECT_AFTER_HOURS, desk.on):
        return no(
            "no-crew-after-hours",
            "No crew restores service after hours.",
            "Ask for it without after hours: it goes out at the next opening.",
            rule=p.RECONNECT_AFTER_HOURS.key,
            citation=desk.policy.source(p.RECONNECT_AFTER_HOURS, desk.on).citation,
        )
    return tuple(
        ev.ReactivationRequested(service=s.service, after_hours=command.after_hours, because=command.because)
        for s in off
    )


@handles(c.RequestVisit)
def _request_visit(desk: Desk, command: c.RequestVisit) -> Answer:
    services = desk.case.known.account.services
    service = command.service or (services[0] if services else None)
    if service is None or service not in services:
        return no("no-such-service", "The account has no such service.", "Name one that it has.")
    purpose = OrderPurpose(command.purpose)
    wanted = any((v.purpose, v.service) == (purpose, service) for v in desk.case.wanted)
    out = any(o.open and (o.purpose, o.service) == (purpose, service) for o in desk.case.orders)
    if wanted or out:
        what = purpose.replace("_", " ")
        return no("visit-under-way", f"A {what} of {service} is under way.", "Wait for what it finds.")
    return (ev.VisitWanted(purpose=purpose, service=service, because=command.because),)


@handles(c.EndService)
def _end_service(desk: Desk, command: c.EndService) -> Answer:
    """Take the end of service; open orders are withdrawn, then billing makes the final bill, by the calendar."""
    if desk.case.ending or desk.case.known.account.status is not AccountStatus.ACTIVE:
        return no("service-ends-already", "The account's service has ended or is ending.", "Record its final bill.")
    return (ev.ServiceEnding(why=command.why),)
