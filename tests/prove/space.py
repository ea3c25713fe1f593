"""Which states are there to try, and in which order?"""

import itertools
from collections.abc import Callable, Iterable, Iterator
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


States = Iterator[Callable[[], State]]
"""States yet to be built: a slice is taken without building what it leaves out."""
ALIKE = (Stage.REMINDED, Stage.NOTICED, Stage.DISCONNECTION_PENDING, Stage.ON_ARRANGEMENT, Stage.IN_BREACH)
"""One stage of each kind of case: later stages hold the values of a noticed case, and nothing else."""


def of_stages() -> States:
    """Yield the whole product stage x service x leave x calendar class, with at most one fact."""
    singles = ((), *((name,) for name in FACTS))
    yield from _stages(itertools.product(CITIES, CLASSES, Stage, SERVICES, LEAVES), singles)


def of_pairs() -> States:
    """Yield every set of at most two facts: at all stages on an open day, at one of each kind on the other days."""
    for moment in CLASSES:
        stages = tuple(Stage) if moment == "open day" else ALIKE
        places = itertools.product(CITIES, (moment,), stages, SERVICES, LEAVES)
        yield from _stages((each for each in places if reachable(*each[2:])), SETS)


def _stages(places: Iterable[tuple[str, str, Stage, str, str]], sets: tuple[tuple[str, ...], ...]) -> States:
    for city, moment, stage, service, leave in places:
        place = Place(city, moment)
        case = standing(place, stage, service, leave)
        name = f"{city}, {moment}, {stage}, {service}, leave {leave}"
        for names in sets:
            yield lambda c=case, p=place, n=names, w=name: _state(w, p, c, n)


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
    for city, moment, household in itertools.product(CITIES, MOMENTS, households):
        place = Place(city, moment)
        case = HOUSEHOLDS[household](place)
        for names in sets:
            yield lambda c=case, p=place, n=names, h=household: _state(f"{p.city}, {p.moment}, {h}", p, c, n)


def by_chance(seed: int, count: int) -> States:
    """Yield *count* states with three to eight facts each, drawn from *seed*."""
    chance = Random(seed)
    everything = (*FACTS, *EDGES)
    for _ in range(count):
        place = Place(chance.choice(CITIES), chance.choice(tuple(MOMENTS)))
        household = chance.choice(tuple(HOUSEHOLDS))
        names = tuple(chance.sample(everything, chance.randint(3, 8)))
        yield lambda p=place, h=household, n=names: _state(f"{p.city}, {p.moment}, {h}", p, HOUSEHOLDS[h](p), n)
