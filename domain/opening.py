"""Where does a new case stand: past due, or further along, as the account's status and the outside's record say?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from domain import events as ev
from domain.ability import household_text, without_household
from domain.account import Account, AccountStatus, Service, Snapshot, past_due_bills
from domain.case import Carried, Case
from domain.facts import Fact, FactKind, standing
from domain.hear import Tells
from domain.states import ClosedReason, ServiceStatus, Stage

# What the outside had done before there was a case, kept as facts of kind ``outside_act``: details ``what`` holds one
# of these words, ``service`` and ``status`` those of ``outside_service``, ``ref`` the outside's own number.
_STAGES: dict[str, Stage] = {
    Tells.OUTSIDE_PLACEMENT: Stage.WITH_AGENCY,
    Tells.OUTSIDE_RECALL: Stage.FINAL_BILLED,
    Tells.OUTSIDE_CLAIM: Stage.IN_COURT,
    Tells.OUTSIDE_JUDGMENT: Stage.JUDGMENT,
}


def carried_from(case: Case) -> Carried:
    """Return what goes on from *case*, which is over, to the account's next one; no agreement that still bound."""
    arrangement = case.arrangement
    return Carried(
        counters=case.counters,
        arrangement=None if arrangement is None or arrangement.active else arrangement,
        arrangements_made=case.arrangements_made,
        assessment=case.assessment,
        lifted=case.lifted if case.closed is ClosedReason.PAID else None,
        paid_on=case.closed_on if case.closed is ClosedReason.PAID else None,
    )


def came_back(opened: ev.CaseOpened, on: date) -> bool:
    """Say whether the debt of the case before stands again: a bill had fallen due before it closed as paid."""
    paid_on = opened.carried.paid_on if opened.carried else None
    return paid_on is not None and any(bill.due_on < paid_on for bill in past_due_bills(opened.known.bills, on))


def opened(
    known: Snapshot,
    *,
    stage: Stage,
    off: tuple[Service, ...],
    linked_to: str,
    because: str,
    carried: Carried | None,
    spread_by: str,
) -> ev.CaseOpened:
    """Return the first event of a case; what is private in what it carries stands apart, to be sealed."""
    arrangement = carried.arrangement if carried else None
    assessment = carried.assessment if carried else None
    plain = carried and replace(
        carried,
        arrangement=arrangement and replace(arrangement, third_party="", authority=""),
        assessment=without_household(assessment),
    )
    return ev.CaseOpened(
        known=known,
        stage=stage,
        services_off=off,
        linked_to=linked_to,
        carried=plain,
        household=household_text(assessment.household) if assessment else "",
        third_party=arrangement.third_party if arrangement else "",
        authority=arrangement.authority if arrangement else "",
        because=because,
        spread_by=spread_by,
    )


def opening_stage(account: Account, facts: Iterable[Fact], now: datetime) -> Stage:
    """Return the stage at which a case opens; out of service, the latest outside act rules."""
    if account.status is AccountStatus.ACTIVE:
        return Stage.PAST_DUE
    stage = Stage.FINAL_BILLED
    for act in standing(facts, FactKind.OUTSIDE_ACT, now):
        stage = _STAGES.get(act.details.get("what", ""), stage)
    return stage


def services_off(facts: Iterable[Fact], now: datetime) -> tuple[Service, ...]:
    """Return the services that the outside's record leaves switched off."""
    off: dict[Service, bool] = {}
    for act in standing(facts, FactKind.OUTSIDE_ACT, now):
        if act.details.get("what") == Tells.OUTSIDE_SERVICE:
            off[Service(act.details["service"])] = act.details["status"] == ServiceStatus.OFF
    return tuple(service for service, is_off in off.items() if is_off)
