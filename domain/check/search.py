"""Which faults has a pack, and by which shortest example does each show?"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from domain import parameters as par
from domain.account import CustomerClass
from domain.check.finding import Finding, Kind, Moment
from domain.check.law import Law, below_the_law
from domain.check.values import contradictions, gaps, unreadable
from domain.check.walk import PATH, Household, Walk, tiers, walk
from domain.policy import Dated, Policy

DECEMBER = 12
NEEDED = (par.DNP_SERVICE_ORDER.key, par.DNP_MIN_BALANCE.key, par.MIN_BALANCE.key, par.WINTER_BANDS.key)
"""Without these no household can be drawn up whose path could be walked."""


def check(policy: Policy, law: Law) -> tuple[Finding, ...]:
    """Return what is wrong with *policy*, each fault with the shortest example timeline that shows it.

    Values that cannot be read stop the search: nothing can be walked on them. Asked twice of one pack it answers once.
    """
    return _checked(policy.digest, _Hidden(policy, law))


class _Hidden:
    """What a digest stands for: equal to everything, so that the digest alone is the key."""

    def __init__(self, policy: Policy, law: Law) -> None:
        self.policy, self.law = policy, law

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden) and other.law == self.law

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _checked(digest: str, hidden: _Hidden) -> tuple[Finding, ...]:
    del digest
    policy, law = hidden.policy, hidden.law
    broken = tuple(unreadable(policy))
    if broken:
        return tuple(_at_one_moment(finding) for finding in broken)
    search = _Search(policy)
    found = tuple(
        search.exampled(each) for each in (*gaps(policy), *contradictions(policy), *below_the_law(policy, law))
    )
    # A fault of the values explains a path that does not lead through; the path is walked where there is none.
    return found if any(not finding.doubt for finding in found) else (*found, *search.stuck())


class _Search:
    """The paths walked under one pack; each is walked once, however many faults are looked for on it."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._walks: dict[Household, Walk] = {}

    def walk(self, household: Household) -> Walk:
        if household not in self._walks:
            self._walks[household] = walk(household, self.policy)
        return self._walks[household]

    def stuck(self) -> Iterator[Finding]:
        """Yield the first step of the path that no household comes to, else a household stuck though others are not.

        A household whose income is low or unknown may be held all winter, and should be: only the others are asked.
        """
        everyone = (each for tier in tiers(self.policy, dues=_dues(self.policy)) for each in tier)
        walks = [self.walk(each) for each in everyone if each.unprotected]
        reached = {step for each in walks for step in each.reached}
        never = next((step for step in PATH if step not in reached), None)
        short = [each for each in walks if (never in each.missing if never else each.missing)]
        if not short:
            return
        shown = min(short, key=_length)
        where = (
            f"No household ever comes to the step {never}" if never else f"A case is stuck before {shown.missing[0]}"
        )
        yield Finding(
            kind=Kind.UNREACHABLE if never else Kind.DEAD_END,
            keys=(),
            since=shown.moments[0].on,
            says=f"{where}, because of this: {shown.stopped.rstrip('.')}.",
            way_out="Change what stops it.",
            timeline=tuple(shown.moments),
        )

    def exampled(self, finding: Finding) -> Finding:
        """Return *finding* with the shortest timeline on which the fault shows, widening the search until one does."""
        since = finding.since
        if since is None or not _drawn_up(self.policy, since):
            return _at_one_moment(finding)
        shows = self._parting(finding) if finding.mend else self._stopping(finding)
        for tier in tiers(self.policy, dues=tuple(_months_from(since))):
            examples = [example for household in tier if (example := shows(household))]
            if examples:
                shortest = min(examples, key=lambda each: (len(each), each[-1].on - each[0].on))
                return replace(finding, timeline=shortest)
        return _at_one_moment(finding)

    def _parting(self, finding: Finding) -> "Shows":
        """Return what finds the timeline up to where the pack first does otherwise than with *finding* mended."""
        mended = _with(self.policy, finding)

        def shows(household: Household) -> tuple[Moment, ...]:
            one = self.walk(household)
            if not one.read & finding.mend.keys():
                return ()
            other = walk(household, mended)
            parted = next((step for step in PATH if one.reached.get(step) != other.reached.get(step)), None)
            if parted is None:
                return ()
            lines = one.through(parted)
            day = other.reached.get(parted)
            rather = f"with {_put(finding)} it would {f'be {day}' if day else 'not come'}"
            return (*lines, Moment(on=lines[-1].on, says=f"{parted}; {rather}."))

        return shows

    def _stopping(self, finding: Finding) -> "Shows":
        """Return what finds the timeline that stops at a value which is not stated."""

        def shows(household: Household) -> tuple[Moment, ...]:
            found = self.walk(household)
            return tuple(found.moments) if any(key in found.stopped for key in finding.keys) else ()

        return shows


Shows = Callable[[Household], tuple[Moment, ...]]


def _stated(policy: Policy, key: str, on: date) -> bool:
    return any(dated.since <= on for dated in policy.values.get(key, ()))


def _drawn_up(policy: Policy, on: date) -> bool:
    return all(_stated(policy, key, on) for key in NEEDED)


def _with(policy: Policy, finding: Finding) -> Policy:
    """Return *policy* with what mends *finding* in force from its day on."""
    assert finding.since is not None, "a fault of values has its day"
    values = dict(policy.values)
    for key, value in finding.mend.items():
        source = policy.values[key][-1].source
        earlier = tuple(dated for dated in policy.values[key] if dated.since < finding.since)
        values[key] = (*earlier, Dated(finding.since, value, source))
    return replace(policy, values=values)


def _put(finding: Finding) -> str:
    return " and ".join(f"{key} = {value}" for key, value in finding.mend.items())


def _at_one_moment(finding: Finding) -> Finding:
    """Return *finding* with its own day as the example: no step of any household's path turns on it."""
    on = finding.since
    return replace(finding, timeline=(Moment(on=on, says=finding.says),)) if on else finding


def _dues(policy: Policy) -> tuple[date, ...]:
    """Return the due dates whose paths are walked: each month of a year under the latest values, and each change."""
    days = sorted({dated.since for values in policy.values.values() for dated in values})
    changes = [day for day in days if _drawn_up(policy, day)]
    return (*changes, *_months_from(changes[-1]))


def _months_from(since: date) -> Iterator[date]:
    yield since
    year, month = since.year, since.month
    for _ in range(DECEMBER):
        year, month = (year + 1, 1) if month == DECEMBER else (year, month + 1)
        yield date(year, month, 1) + timedelta(days=3)


def _length(found: Walk) -> tuple[int, bool, int]:
    """Return how long the timeline of *found* is; the plainest household comes first among equals."""
    business = found.household.customer_class is CustomerClass.COMMERCIAL
    return len(found.moments), business, (found.moments[-1].on - found.moments[0].on).days
