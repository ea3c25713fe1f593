"""What no lawful body may ever do, told in a few plain lines that share no code with the rules."""

from datetime import timedelta

from domain import events as ev
from domain.account import CustomerClass, Service
from domain.arrangement import ArrangementStatus
from domain.case import ApprovalState, Case
from domain.facts import Fact, FactKind
from tests.builders import CALENDAR

ENDED = {
    ArrangementStatus.COMPLETED,
    ArrangementStatus.LAPSED,
    ArrangementStatus.DEFAULTED,
    ArrangementStatus.CANCELLED,
    ArrangementStatus.REPLACED,
}
STOPS_ALL = {
    FactKind.HOLD,
    FactKind.DISPUTE,
    FactKind.LIFE_SUPPORT,
    FactKind.MEDICAL_CERTIFICATE,
    FactKind.DECEASED,
}


def wrongs(case: Case, event: ev.Event) -> list[str]:
    """Return why *event* must not have happened to *case*; empty if nothing speaks against it."""
    match event.body:
        case ev.OrderDispatched(service=service) | ev.OrderAcknowledged(service=service, proceed=True):
            return [*_notice(case, event), *_people(case, event, service), *_moment(event), *_leave(case)]
        case ev.CaseClosed() if event.by.startswith("rule:"):
            owed = [b for b in case.known.bills if b.due_on < event.on]
            return ["closed by itself while something is past due"] if owed else []
        case _:
            return []


def _notice(case: Case, event: ev.Event) -> list[str]:
    notice = case.notice
    if notice is None:
        return ["no notice is served"]
    run_out = notice.served_on + timedelta(days=10) <= event.on
    fresh = event.on <= notice.served_on + timedelta(days=60)
    named = {bill.ref for bill in notice.bills}
    left = sum(b.open.cents for b in case.known.bills if b.ref in named) - case.known.credit.cents
    wrong = []
    if not run_out:
        wrong.append("the notice has not run out")
    if not fresh:
        wrong.append("the notice is stale")
    if left < 5_000:
        wrong.append("less than $50 of what the notice names is left")
    return wrong


def _people(case: Case, event: ev.Event, service: Service) -> list[str]:
    standing = {fact.kind for fact in case.known.facts if fact.holds(event.at) and not _lapsed(fact, event)}
    petitions = [f for f in case.known.facts if f.kind is FactKind.BANKRUPTCY and f.holds(event.at)]
    named = {bill.ref for bill in case.notice.bills} if case.notice else set()
    older = [b.bill_on for b in case.known.bills if b.ref in named]
    residential = case.known.account.customer_class is CustomerClass.RESIDENTIAL
    wrong = [f"{kind} stands" for kind in sorted(standing & STOPS_ALL)]
    if any(on.isoformat() <= petition.details["petition_on"] for on in older for petition in petitions):
        wrong.append("the notice names debt from before a bankruptcy")
    if FactKind.HEAT_PRODUCT in standing and residential:
        wrong.append("heat")
    if case.arrangement and case.arrangement.status not in ENDED:
        wrong.append("an agreement binds")
    if case.extension and event.on <= case.extension.until:
        wrong.append("an extension runs")
    winter = event.on.month in {10, 11, 12, 1, 2, 3, 4}
    above = case.known.account.income_band == "gt50smi"
    if winter and residential and service is Service.ELECTRIC and not above and FactKind.REFERRAL_GIVEN not in standing:
        wrong.append("winter, and no referral was given")
    if not case.known.billing_read:
        wrong.append("billing could not be read")
    return wrong


def _lapsed(fact: Fact, event: ev.Event) -> bool:
    """Say whether *fact* is a word by telephone that nobody wrote down within five open days, a week at least."""
    return fact.details.get("form") == "phone" and event.at - fact.starts > timedelta(days=7)


def _moment(event: ev.Event) -> list[str]:
    clock = CALENDAR.clock(event.at)
    tomorrow = event.on + timedelta(days=1)
    closed = CALENDAR.legal_holidays
    if event.on.weekday() >= 4 or event.on in closed or tomorrow in closed or not 8 <= clock.hour < 15:
        return [f"{event.on} {clock} is no time to cut"]
    return []


def _leave(case: Case) -> list[str]:
    leaves = [a for a in case.approvals if a.state in {ApprovalState.GRANTED, ApprovalState.USED}]
    if not leaves:
        return ["nobody approved it"]
    return [] if leaves[-1].asked_by != leaves[-1].decided_by else ["it was approved by who asked for it"]
