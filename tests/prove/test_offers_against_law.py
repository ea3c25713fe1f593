"""Is any offer unlawful, over every mix of city, balance, income, history, fact and date that we can name?

The law is written a second time here, from its sources, and shares no code with the core.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest

from domain import commands as c
from domain.ability import Income
from domain.account import Service
from domain.case import Case, Counters
from domain.case import ServiceState as Off
from domain.decide import decide
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.offers import Offer, offers
from domain.states import ServiceStatus
from domain.take import take
from domain.verdict import Refusal
from tests.builders import a_bill, a_case, an_account
from tests.prove.conftest import Tell
from tests.rules.worked import instant, policy

CITIES = (
    "rochester-mn",
    "las-cruces-nm",
    "south-bend",
    "water-district-7",
    "cedar-hill",
    "whitworth",
    "northern-kentucky",
)
BALANCES = (1, 5_000, 9_999, 10_001, 15_000, 20_001, 25_000, 30_001, 250_000)
INCOMES = (None, 0, 40_000, 150_000, 900_000)
HISTORIES = ("clean", "broken", "made", "chronic", "chronic and ill")
DATES = (
    date(2026, 7, 8),
    date(2026, 10, 1),
    date(2026, 11, 18),
    date(2027, 1, 29),
    date(2027, 4, 30),
    date(2027, 5, 3),
)
GONE = (False, True)
UNDERCHARGED = (0, 18)
QUICK = 211  # of how many states one is tried outside `make prove`: a prime, so that no axis is missed

MONTHS = {"rochester-mn": 12, "las-cruces-nm": 6, "whitworth": 6, "cedar-hill": 12}
SENIOR = {"rochester-mn": 24, "las-cruces-nm": 12, "south-bend": 12, "water-district-7": 6}
NONE_AFTER_LOCK = {"las-cruces-nm", "whitworth", "northern-kentucky"}
ONCE_A_YEAR = {"cedar-hill"}
MINNESOTA_HALF = 143_976  # dollars a year for four, from October 2025; 68 per cent of it for two
GUIDELINE = 15_650 + 5_500  # dollars a year for two


@dataclass(frozen=True)
class State:
    city: str
    cents: int
    monthly: int | None
    history: str
    on: date
    gone: bool
    undercharged: int

    @property
    def now(self) -> datetime:
        return instant(datetime(self.on.year, self.on.month, self.on.day, 10), self.city)


def states() -> Iterator[State]:
    return itertools.starmap(State, itertools.product(CITIES, BALANCES, INCOMES, HISTORIES, DATES, GONE, UNDERCHARGED))


def case_of(state: State) -> Case:
    service = Service.ELECTRIC if state.city == "rochester-mn" else Service.WATER
    due = date.fromordinal(state.on.toordinal() - 40)
    late = 3 if state.history.startswith("chronic") else 0
    error = Fact(
        fact_id="F1",
        kind=FactKind.BILLING_ERROR,
        starts=state.now,
        known_at=state.now,
        details={"what": "undercharge", "months": str(state.undercharged)},
    )
    case = a_case(a_bill(due.isoformat(), state.cents, service=service))
    account = an_account(services=(service,), income_band="", late_12m=late)
    facts = (error,) if state.undercharged else ()
    known = replace(case.known, at=state.now, account=account, facts=facts)
    case = replace(
        case,
        known=known,
        services=(Off(service=service, status=ServiceStatus.OFF if state.gone else ServiceStatus.ON),),
        counters=Counters(
            broken_on=(state.on,) if state.history == "broken" else (),
            arranged_on=(state.on,) if state.history == "made" else (),
        ),
    )
    return case if state.monthly is None else assessed(case, state)


def assessed(case: Case, state: State) -> Case:
    assert state.monthly is not None, "asked only where an income is known"
    command = c.AssessAbilityToPay(
        household_size=2,
        incomes=(Income(source="wages", monthly=Money(state.monthly)),),
        circumstances=("illness",) if state.history == "chronic and ill" else (),
    )
    events = decide(case, c.Decision(key="a", at=state.now, by="rosa", command=command), policy(state.city), state.now)
    assert not isinstance(events, Refusal)
    for event in events:
        case = take(case, event)
    return case


def wrong(state: State, offer: Offer) -> Iterator[str]:
    """Name what is unlawful in *offer*."""
    parts, schedule = offer.arrangement.schedule, offer.arrangement.schedule
    months = offer.command.months
    down = sum(part.amount.cents for part in parts if part.number == 0)
    if sum(part.amount.cents for part in parts) != state.cents or any(part.amount.cents <= 0 for part in parts):
        yield "it does not sum to the cent"
    if any(not policy(state.city).calendar.is_open(part.due_on) for part in parts) or parts[0].due_on < state.on:
        yield "a payment falls on a closed or past day"
    if state.gone and state.city in NONE_AFTER_LOCK:
        yield "no agreement is made after a cut"
    if state.monthly is not None and max(part.amount.cents for part in parts) * 10 > state.monthly:
        yield "it asks more than a tenth of the income"
    if over_winter(state, schedule[-1].due_on) and offer.approval != "arrangement_exception":
        yield "it ends after April 30 without a supervisor"
    if months > longest(state) and not offer.approval:
        yield "it is longer than the guideline without approval"
    if months > max(SENIOR.get(state.city, 24), longest(state)) and offer.approval != "arrangement_exception":
        yield "it is longer than a senior may agree"
    if down < floor(state) and offer.approval != "arrangement_exception":
        yield "it is below the floor without a supervisor"
    if chronic(state) and offer.approval != "arrangement_exception":
        yield "nobody owes it to the chronically late"
    if state.history == "broken" and not offer.approval:
        yield "a senior looks after a broken agreement"
    if state.history == "made" and state.city in ONCE_A_YEAR and not offer.approval:
        yield "it is the second in a year"


def over_winter(state: State, last: date) -> bool:
    """Say whether a household that Minnesota protects would be current only after the season; all packs but one do."""
    if state.city == "las-cruces-nm" or state.monthly is None:
        return False
    if state.monthly * 12 > MINNESOTA_HALF * 68 // 100 * 100 // 2:
        return False
    winter = state.on.month >= 10 or state.on <= date(state.on.year, 4, 30)
    end = date(state.on.year + (state.on.month >= 10), 4, 30)
    return winter and last > end


def longest(state: State) -> int:
    return max(state.undercharged, plain(state))


def plain(state: State) -> int:
    cents = state.cents
    if state.city == "south-bend":
        return 3 if cents <= 10_000 else 6 if cents <= 20_000 else 9 if cents <= 30_000 else 12
    if state.city == "water-district-7":
        before = 2 if cents < 10_000 else 4 if cents < 25_000 else 6
        after = 1 if cents < 10_000 else 2 if cents < 25_000 else 4
        return after if state.gone else before
    if state.city == "northern-kentucky":
        return 1 if cents <= 15_000 else 6
    return MONTHS[state.city]


def floor(state: State) -> int:
    """Return the least down payment in cents of a city that knows one, rounded up."""
    cents = state.cents
    if state.city == "south-bend":
        return min(-(-cents // 4), 25_000) if state.gone else 0
    if state.city == "water-district-7":
        half, fifth = -(-cents // 2), -(-cents // 5)
        before, after = (half, cents) if cents < 10_000 else (fifth, half)
        return after if state.gone else before
    if state.city == "northern-kentucky":
        return -(-cents * 3334 // 10_000)
    return -(-cents // 2) if state.city == "cedar-hill" else 0


def chronic(state: State) -> bool:
    return state.city == "las-cruces-nm" and state.history.startswith("chronic")


def speaks_for(state: State) -> bool:
    """Say whether something speaks for a chronically late household: assistance by its income, or illness."""
    if state.monthly is None:
        return False
    return state.history == "chronic and ill" or state.monthly * 12 <= GUIDELINE * 150


def offered(state: State) -> tuple[Offer, ...]:
    return offers(case_of(state), policy(state.city), state.now).plans


def try_all(every: int) -> tuple[int, int, Counter[str], list[str]]:
    tried, plans, faults, none = 0, 0, Counter[str](), []
    for state in itertools.islice(states(), 0, None, every):
        found = offered(state)
        tried, plans = tried + 1, plans + len(found)
        faults.update(f"{state.city}: {fault}" for offer in found for fault in wrong(state, offer))
        may = not (state.gone and state.city in NONE_AFTER_LOCK) and (not chronic(state) or speaks_for(state))
        payable = state.monthly is None or state.monthly >= state.cents
        if may and payable and not found:
            none.append(str(state))
        if not may and found:
            faults["offered what need not and may not be"] += 1
    return tried, plans, faults, none


def test_no_offer_is_unlawful_and_none_is_withheld_in_a_slice_of_all_states() -> None:
    tried, plans, faults, none = try_all(QUICK)
    assert (faults, none[:5]) == (Counter(), [])
    assert (tried > 150, plans > 500) == (True, True)


@pytest.mark.prove
@pytest.mark.timeout(0)
def test_no_offer_is_unlawful_and_none_is_withheld_in_any_state(tell: Tell) -> None:
    tried, plans, faults, none = try_all(1)
    assert (faults, none[:5]) == (Counter(), [])
    tell(f"{plans:,} offers in {tried:,} states of seven cities, none of them unlawful, none withheld")
