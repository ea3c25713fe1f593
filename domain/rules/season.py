"""Is it winter in the sense of the pack's winter law, and does the law concern this account?"""

from datetime import date
from typing import cast

from domain import parameters as par
from domain.account import Service
from domain.calendar import DAY, in_season
from domain.policy import Policy
from domain.rules.question import Question

COLD_WEATHER = "cold_weather"  # Minnesota: agreement, referrals, income; a duty to reconnect
MORATORIUM = "moratorium"  # New Mexico: qualification for energy assistance
NONE = "none"


def in_winter(policy: Policy, day: date) -> bool:
    """Say whether *day* lies in the protected season; never where the pack knows no winter law."""
    if policy.at(par.WINTER_RULE, day) == NONE:
        return False
    start, end = _season(policy, day)
    return in_season(day, start=start, end=end)


def winter_service(policy: Policy, day: date, *, residential: bool, service: Service | None) -> bool:
    """Say whether losing *service* on *day* is a matter of the winter law; a service not known counts as one."""
    if not residential or not in_winter(policy, day):
        return False
    return service is None or service in policy.at(par.WINTER_SERVICES, day)


def concerned(ask: Question, rule: str) -> bool:
    """Say whether the winter law is *rule* and concerns the service to be cut today."""
    return ask.value(par.WINTER_RULE) == rule and winter_service(
        ask.policy, ask.on, residential=ask.residential, service=ask.service
    )


def season_began(policy: Policy, day: date) -> date:
    """Return the first day of the season in which *day* lies, or of the last one before it."""
    start, _ = _season(policy, day)
    this_year = date(day.year, *start)
    return this_year if this_year <= day else date(day.year - 1, *start)


def season_over(policy: Policy, day: date) -> date:
    """Return the first day after the season in which *day* lies, or after the next one."""
    _, end = _season(policy, day)
    this_year = date(day.year, *end)
    return (this_year if day <= this_year else date(day.year + 1, *end)) + DAY


def season_before(policy: Policy, day: date) -> date:
    """Return the last day of the season before the one in which *day* lies."""
    _, end = _season(policy, day)
    began = season_began(policy, day)
    this_year = date(began.year, *end)
    return this_year if this_year < began else date(began.year - 1, *end)


def _season(policy: Policy, day: date) -> par.Season:
    return cast("par.Season", policy.at(par.WINTER_SEASON, day))
