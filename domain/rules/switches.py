"""Has a person stopped everything, and is what we know fresh and worth a letter?"""

from datetime import date, timedelta

from domain import parameters as par
from domain.facts import FactKind
from domain.money import Money, total
from domain.policy import Parameter, Policy, Source, Standing
from domain.position import position
from domain.rules.nominated import first_on
from domain.rules.question import EXECUTIONS, Question, blocks, ids, last_end, passes, silent
from domain.verdict import DISCONNECTION_ACTIONS, Action, Outcome

EVERYTHING = "everything"
"""The scope of the switch that an opening throws: beyond cuts, letters and calls nothing at all goes out."""
LETTERS = (Action.SEND_REMINDER, Action.SERVE_NOTICE)
HOUSE = Source("house rule: nothing is done on what is not known", Standing.POLICY)
SWITCH = Source("house rule: a supervisor's stop switch", Standing.POLICY)
HELD = Source("house rule: a hold placed by a person", Standing.POLICY)


def g01_reading(ask: Question) -> Outcome:
    """Forbid cuts and letters while billing cannot be read, and to execute on a reading that is not fresh."""
    known = ask.case.known
    if not known.billing_read:
        return blocks("G01", "Billing could not be read.", HOUSE, way_out="It ends when billing answers again.")
    if ask.action in EXECUTIONS:
        minutes = ask.value(par.READING_VALID_MINUTES)
        if ask.now - known.at > timedelta(minutes=minutes):
            says = f"The account was last read at {known.at:%Y-%m-%d %H:%M} UTC, more than {minutes} minutes ago."
            return blocks("G01", says, ask.source(par.READING_VALID_MINUTES), way_out="Read the account again.")
    return passes("G01", f"The account was read at {known.at:%Y-%m-%d %H:%M} UTC.", HOUSE)


def g02_stop_switch(ask: Question) -> Outcome:
    """Forbid what a supervisor's stop switch covers: cuts, letters, calls, or all of them."""
    scope = _scope(ask.action)
    thrown = tuple(fact for fact in ask.facts(FactKind.STOP_SWITCH) if _covers(ask, fact.details, scope))
    if not thrown:
        return silent("G02", "No stop switch is thrown.", SWITCH)
    until = last_end(thrown)
    if until is not None and all("lifts" in fact.details for fact in thrown):
        turn = ask.policy.calendar.day(until)
        says = f"What was held is let go in batches that crews can work off; the turn of this account is {turn}."
        basis = ask.source(par.RELEASE_BATCH)
        return blocks("G02", says, basis, way_out=f"Wait until {turn}.", facts=ids(thrown), until=until)
    says = f"A supervisor has stopped all {scope} here."
    way_out = "A supervisor lifts it with a second person."
    return blocks("G02", says, SWITCH, way_out=way_out, facts=ids(thrown), until=until)


def _scope(action: Action) -> str:
    if action in DISCONNECTION_ACTIONS:
        return "cuts"
    return "calls" if action is Action.CALL_CUSTOMER else "letters"


def _covers(ask: Question, details: dict[str, str], scope: str) -> bool:
    """Say whether a switch with *details* covers *scope*; what it leaves open, it covers."""
    scopes, service = set(details.get("scope", "all").split()), details.get("service", "")
    covered = not scopes.isdisjoint({scope, "all", EVERYTHING})
    return covered and (not service or ask.service is None or service == ask.service)


def g03_hold(ask: Question) -> Outcome:
    """Forbid cuts, letters and what would hand the debt on while a person's hold stands."""
    holds = ask.facts(FactKind.HOLD)
    if not holds:
        return silent("G03", "No hold stands.", HELD)
    says = "A hold stands on the account."
    until = last_end(holds)
    way_out = (
        "Release the hold." if until is None else f"Release the hold, or wait until {ask.policy.calendar.day(until)}."
    )
    return blocks("G03", says, HELD, way_out=way_out, facts=ids(holds), until=until)


def g04_letter_floor(ask: Question) -> Outcome:
    """Forbid a letter about less than the pack's floor, and a notice that threatens a cut nobody could make.

    Nobody is cut for less than the least sum of a cut, nor for the debt of a service that is never cut or already off:
    a disconnection notice of such a debt would threaten what may not be done.
    """
    threatens = ask.action is Action.SERVE_NOTICE
    parameter = notice_floor(ask.policy, ask.on) if threatens else par.MIN_BALANCE
    basis, floor = ask.source(parameter), ask.value(parameter)
    pursued = position(ask.case, ask.policy, ask.now).pursued
    owed, refs = total(bill.open for bill in pursued) - ask.received, tuple(bill.ref for bill in pursued)
    if owed.cents < floor:
        less = "nobody is cut or warned of a cut for" if parameter is par.DNP_MIN_BALANCE else "no letter is sent about"
        says = f"{max(owed, Money(0))} is past due; {less} less than {Money(floor)}."
        return blocks("G04", says, basis, way_out="None is needed until more falls due.", facts=refs)
    if threatens and first_on(ask.case, ask.policy, ask.on, bills=pursued) is None:
        says = "No service that is on may be cut for these bills, so no notice warns of it."
        way_out = "Speak with the customer; what else is done about this debt is a representative's decision."
        return blocks("G04", says, ask.source(par.DNP_SERVICE_ORDER), way_out=way_out, facts=refs)
    return passes("G04", f"{owed} is past due.", basis, facts=refs)


def notice_floor(policy: Policy, on: date) -> Parameter[int]:
    """Return which least sum holds for a disconnection notice: that of any letter, or the higher one of a cut."""
    cut = policy.at(par.DNP_MIN_BALANCE, on) > policy.at(par.MIN_BALANCE, on)
    return par.DNP_MIN_BALANCE if cut else par.MIN_BALANCE
