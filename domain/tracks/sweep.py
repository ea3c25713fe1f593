"""Which homes are still off as the protected season comes, and what does the utility owe each before it begins?

Reconnection is a duty: a month before the season every home that is off is written to, called or visited, and offered
the agreement; on the season's first day whoever is protected is reconnected (`domain/rules/restoring.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from domain import parameters as p
from domain.account import CustomerClass, Service
from domain.calendar import DAY
from domain.facts import FactKind, on_file
from domain.gate import gate
from domain.policy import Policy, PolicyGap
from domain.rules.season import NONE, season_began, season_over
from domain.step import Next, Step, StepKind, Wait, Who
from domain.tracks.track import INACTIVE_STAGES, Look, adding, blocked
from domain.verdict import Action, certify

TASK = "offer_reconnection"


@dataclass(frozen=True, slots=True)
class Sweep:
    """The search for homes still off: from when on, for which season, which is over on which day."""

    since: date
    season_on: date
    over: date


def sweep_of(policy: Policy, day: date) -> Sweep | None:
    """Return the sweep for the season in which *day* lies, or for the next; none where no law reconnects."""
    try:
        begins = policy.at(p.WINTER_SWEEP_FROM, day)
        restores = policy.at(p.WINTER_RULE, day) != NONE and policy.at(p.WINTER_RECONNECTS, day)
    except PolicyGap:  # a pack kept from before packs said so
        return None
    if not begins or not restores:
        return None
    over = season_over(policy, day)
    season_on = season_began(policy, over - DAY)
    since = date(season_on.year, *begins)
    return Sweep(since if since <= season_on else date(season_on.year - 1, *begins), season_on, over)


def homes_off(look: Look) -> Iterator[Next]:
    """Offer each home that is off the agreement of its season, and look at it again on the season's first day."""
    case = look.case
    if case.stage in INACTIVE_STAGES or case.known.account.customer_class is not CustomerClass.RESIDENTIAL:
        return
    sweep = sweep_of(look.policy, look.on)
    heats = look.policy.at(p.WINTER_SERVICES, look.on)
    off = next((state for state in case.off if state.service in heats), None)
    if sweep is None or off is None:
        return
    if case.offered_for != sweep.season_on:
        yield _offer(look, sweep, off.service)
        return
    season_at = look.policy.calendar.at(sweep.season_on, time(0))
    if _answered(look, sweep):
        if look.now < season_at:
            says = f"On {sweep.season_on} it is looked at whether {off.service} must be restored for the season."
            yield Wait(says=says, who=Who.CALENDAR, until=season_at)
        return
    until = season_at if look.now < season_at else look.policy.calendar.at(sweep.over, time(0))
    says = f"{off.service} is off as the season comes: call or visit, and offer the agreement that restores it."
    yield Wait(says=says, who=Who.REPRESENTATIVE, until=until, task=TASK)


def _offer(look: Look, sweep: Sweep, service: Service) -> Next:
    at = look.office_slot(max(sweep.since, look.on), about=StepKind.OFFER_RECONNECTION)
    verdict = gate(Action.OFFER_RECONNECTION, look.case, look.policy, at)
    if not verdict.allows:
        return blocked(verdict, who=Who.CALENDAR if verdict.until else Who.REPRESENTATIVE)
    return Step(
        kind=StepKind.OFFER_RECONNECTION,
        at=at,
        service=service,
        ref=sweep.season_on.isoformat(),
        rule=p.WINTER_SWEEP_FROM.key,
        citation=look.cite(p.WINTER_SWEEP_FROM),
        arithmetic=(adding("homes still off are sought out from", sweep.since, 0),),
        certificate=certify(verdict, look.policy.pack),
        says=f"{service} is still off: before the season of {sweep.season_on} the household is written to and offered "
        "the agreement that restores it.",
    )


def _answered(look: Look, sweep: Sweep) -> bool:
    """Say whether the household has agreed, or declined since the sweep began."""
    arrangement = look.case.arrangement
    if arrangement is not None and arrangement.active:
        return True
    began = look.policy.calendar.at(sweep.since, time(0))
    return any(fact.starts >= began for fact in on_file(look.case.known.facts, FactKind.AGREEMENT_DECLINED))
