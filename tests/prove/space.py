"""Which states are there to try, and in which order?"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from domain.case import (
    Case,
    OrderState,
)
from domain.states import Stage
from domain.verdict import Action
from tests.prove.facts import (
    EDGES,
    FACTS,
    SETS,
    knowing,
)
from tests.prove.households import (
    HOUSEHOLDS,
)
from tests.prove.places import (
    CITIES,
    CLASSES,
    LEAVES,
    MOMENTS,
    SERVICES,
    Place,
    reachable,
    standing,
)


@dataclass(frozen=True)
class State:
    """One question: may this cut be done, at this place, in this case, by this act? *name* says which it is."""

    name: str
    place: Place
    case: Case
    action: Action


def _act(case: Case) -> Action:
    out = any(order.state is OrderState.DISPATCHED for order in case.orders)
    return Action.ACKNOWLEDGE_DISCONNECTION if out else Action.DISPATCH_DISCONNECTION


ON_PAPER = (Action.RECOMMEND_DISCONNECTION, Action.APPROVE_DISCONNECTION)
States = Iterator[Callable[[], State]]
"""States yet to be built: a slice is taken without building what it leaves out."""


@dataclass(frozen=True)
class Standing:
    """A case at a place that no fact is known of yet, and the act that is next."""

    name: str
    place: Place
    case: Case
    action: Action


Standings = Iterator[Callable[[], Standing]]


def cases_of_stages() -> Standings:
    """Yield the whole product stage x service x leave x calendar class, what the core cannot bring about included.

    Where service is on and no order is out, the recommendation and its approval are asked about too.
    """
    for city, moment, stage, service, leave in itertools.product(CITIES, CLASSES, Stage, SERVICES, LEAVES):
        yield lambda at=(city, moment, stage, service, leave): _standing(*at)
        for act in ON_PAPER if service == "on" else ():
            yield lambda at=(city, moment, stage, service, leave), a=act: _standing(*at, act=a)


def cases_of_households() -> Standings:
    """Yield each household at each moment."""
    for city, moment, household in itertools.product(CITIES, MOMENTS, HOUSEHOLDS):
        yield lambda c=city, m=moment, h=household: _living(c, m, h)


def _standing(city: str, moment: str, stage: Stage, service: str, leave: str, *, act: Action | None = None) -> Standing:
    place = Place(city, moment)
    case, name = standing(place, stage, service, leave), f"{city}, {moment}, {stage}, {service}, leave {leave}"
    return Standing(f"{name}, {act}" if act else name, place, case, act or _act(case))


def _living(city: str, moment: str, household: str) -> Standing:
    place = Place(city, moment)
    case = HOUSEHOLDS[household](place)
    return Standing(f"{city}, {moment}, {household}", place, case, _act(case))


def of_stages() -> States:
    """Yield the whole product stage x service x leave x calendar class, with at most one fact."""
    places = itertools.product(CITIES, CLASSES, Stage, SERVICES, LEAVES)
    yield from _with((lambda at=at: _standing(*at) for at in places), ((), *((name,) for name in FACTS)))


def of_pairs() -> States:
    """Yield every set of at most two facts at each stage, service and leave that the core can bring about, each day."""
    places = itertools.product(CITIES, CLASSES, Stage, SERVICES, LEAVES)
    possible = (at for at in places if reachable(*at[2:]))
    yield from _with((lambda at=at: _standing(*at) for at in possible), SETS)


def _with(cases: Standings, sets: tuple[tuple[str, ...], ...]) -> States:
    for make in cases:
        here = make()
        for names in sets:
            yield lambda h=here, n=names: _state(h.name, h.place, h.case, n)


def _state(name: str, place: Place, case: Case, names: tuple[str, ...]) -> State:
    return State(f"{name}, {' + '.join(names) or 'no facts'}", place, knowing(case, place, names), _act(case))


def of_households() -> States:
    """Yield each household x moment x one fact, the edges of its life included."""
    yield from _of_households(((), *((name,) for name in (*FACTS, *EDGES))), tuple(HOUSEHOLDS))


def of_single_causes() -> States:
    """Yield what differs from the plain household in one value or one fact, at each moment."""
    yield from _of_households(((),), tuple(HOUSEHOLDS))
    yield from _of_households(tuple((name,) for name in (*FACTS, *EDGES)), ("plain",))
    yield from _of_households(tuple(_that_belong_together()), ("plain",))
    yield from _of_households(tuple((name,) for name in FACTS if "petition" in name), tuple(HOUSEHOLDS))


def _that_belong_together() -> Iterator[tuple[str, str]]:
    """Yield the pairs of facts of which one asks for the other."""
    asked = (
        ("tenant_occupied active", "tenant"),
        ("third_party_designee active", "copy"),
        ("vacant, seen ten days ago", "provider"),
    )
    for first, word in asked:
        yield from ((first, name) for name in FACTS if word in name and name != first)


def _of_households(sets: tuple[tuple[str, ...], ...], households: tuple[str, ...]) -> States:
    places = itertools.product(CITIES, MOMENTS, households)
    yield from _with((lambda at=at: _living(*at) for at in places), sets)


def by_chance(seed: int, count: int) -> States:
    """Yield *count* states with three to eight facts each, drawn from *seed*."""
    chance = Random(seed)
    everything = (*FACTS, *EDGES)
    for _ in range(count):
        place = Place(chance.choice(CITIES), chance.choice(tuple(MOMENTS)))
        household = chance.choice(tuple(HOUSEHOLDS))
        names = tuple(chance.sample(everything, chance.randint(3, 8)))
        yield lambda p=place, h=household, n=names: _state(f"{p.city}, {p.moment}, {h}", p, HOUSEHOLDS[h](p), n)
