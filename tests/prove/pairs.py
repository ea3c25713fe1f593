"""May every pair of facts be tried in every case, without putting the same question twice?

A rule reads facts by their kind, through one door. What it answers of one fact it answers of any two, if it never asked
for the kind of the second: nothing it read would be different. So each rule is asked anew only about the pairs of which
it wants to know both, and the answers for all the others follow. That no rule reads facts around the door is enforced
(`Sealed`), and that what follows is what the whole gate says is tried on a share of the states.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import NoReturn

from domain.case import Case
from domain.facts import Fact, FactKind
from domain.gate import service_to_cut
from domain.policy import Policy
from domain.rules.question import Question, Rule
from domain.verdict import Action, Finding
from tests.prove.law import Asked, law_of, table
from tests.prove.places import Place

Names = tuple[str, ...]


class Sealed(tuple[Fact, ...]):
    """The facts of a case as a rule may not read them: only through the question's own doors."""

    __slots__ = ()

    def __iter__(self) -> NoReturn:
        raise AssertionError("a rule read the facts around the question's doors")

    __len__ = __getitem__ = __contains__ = __iter__  # type: ignore[assignment]  # none of them answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening(Question):
    """A question that remembers for which kinds of fact it was asked; *behind* it is the one that knows them."""

    behind: Question
    asked: set[str] = field(default_factory=set)

    def facts(self, kind: FactKind) -> tuple[Fact, ...]:
        self.asked.add(kind)
        return self.behind.facts(kind)

    def filed(self, kind: FactKind) -> tuple[Fact, ...]:
        self.asked.add(kind)
        return self.behind.filed(kind)


class ListeningLaw(Asked):
    """The law, remembering likewise."""

    asked: set[str]

    def of(self, *kinds: str) -> list[Fact]:
        self.asked.update(kinds)
        return super().of(*kinds)


Answer = tuple[bool, frozenset[str]]
"""Whether a rule forbids, and for which kinds of fact it asked."""
Ask = Callable[[tuple[Fact, ...]], Answer]


def of_gate(place: Place, case: Case, action: Action, pack: Policy, rules: Sequence[Rule]) -> dict[str, Ask]:
    """Return, for each of *rules* that is asked about *action*, how it answers to any facts."""
    now = place.now.astimezone(UTC)
    on = pack.calendar.day(now)
    service = service_to_cut(case, pack, on)
    sealed = replace(case, known=replace(case.known, facts=Sealed()))

    def asking(rule: Rule) -> Ask:
        def ask(facts: tuple[Fact, ...]) -> Answer:
            knowing = replace(case, known=replace(case.known, facts=facts))
            behind = Question(action=action, case=knowing, policy=pack, now=now, on=on, service=service)
            question = Listening(
                action=action, case=sealed, policy=pack, now=now, on=on, service=service, behind=behind
            )
            found = rule.find(question)
            return found.finding is Finding.BLOCKS, frozenset(question.asked)

        return ask

    return {rule.rule_id: asking(rule) for rule in rules if action in rule.actions}


def of_law(place: Place, case: Case, action: Action) -> dict[str, Ask]:
    """Return the same of the law."""
    asked = ListeningLaw(law_of(place.city), case, action, place.now.astimezone(UTC))

    def asking(rule: str) -> Ask:
        forbids: Callable[[], bool] = getattr(asked, rule.lower())

        def ask(facts: tuple[Fact, ...]) -> Answer:
            asked.known, asked.asked = facts, set()
            return bool(forbids()), frozenset(asked.asked)

        return ask

    return {rule: asking(rule) for rule in table(action)}


@dataclass
class Answers:
    """What one rule answers, of one case, to every set of at most two facts. *put*: how often it had to be asked."""

    ask: Ask
    known: dict[str, Fact]
    put: int = 0

    def __post_init__(self) -> None:
        self.none = self._put()
        self.single = {name: self._of_one(fact) for name, fact in self.known.items()}
        self.wanted = self.none[1].union(*(kinds for _, kinds in self.single.values()))

    def _put(self, *facts: Fact) -> Answer:
        self.put += 1
        return self.ask(facts)

    def _of_one(self, fact: Fact) -> Answer:
        return self._put(fact) if fact.kind in self.none[1] else self.none

    def to(self, names: Names) -> bool:
        """Say whether the rule forbids where the facts of *names* are known."""
        if not names:
            return self.none[0]
        if len(names) == 1:
            return self.single[names[0]][0]
        first, second = names
        if self.known[second].kind not in self.single[first][1]:
            return self.single[first][0]
        if self.known[first].kind not in self.single[second][1]:
            return self.single[second][0]
        return self._put(self.known[first], self.known[second])[0]


@dataclass(frozen=True)
class Compared:
    """What came of one case: how many sets of facts it stands for, how many answers were needed, where the two part."""

    sets: int
    put: int
    parted: tuple[str, ...]


def compare(gate: dict[str, Ask], law: dict[str, Ask], known: dict[str, Fact]) -> Compared:
    """Compare *gate* and *law* over every set of at most two of the facts *known*, rule by rule."""
    sets, put, parted = 1 + len(known) + len(known) * (len(known) - 1) // 2, 0, list[str]()
    for rule, lawful in law.items():
        ours, theirs = Answers(gate[rule], known), Answers(lawful, known)
        for names in _worth_asking(ours.wanted | theirs.wanted, known):
            found, expected = ours.to(names), theirs.to(names)
            if found is not expected:
                parted.append(f"{' + '.join(names) or 'no facts'}: {rule} gate {found}, law {expected}")
        put += ours.put + theirs.put
    return Compared(sets, put, tuple(parted))


def _worth_asking(kinds: frozenset[str], known: dict[str, Fact]) -> Iterator[Names]:
    """Yield the sets of at most two facts of *kinds*: to any other fact neither gate nor law listens in this case."""
    heard = [name for name, fact in known.items() if fact.kind in kinds]
    yield ()
    yield from ((name,) for name in heard)
    yield from itertools.combinations(heard, 2)
