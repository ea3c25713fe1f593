"""Where would a changed policy pack have led a stored case elsewhere for the first time, and under which rule?

A case is asked along its own record with the same core that lived it. After the first difference the record tells of
a life that would not have come, so only the first is told of. People and customers are taken as they acted: what they
would have done otherwise nobody knows, a year drawn by chance answers that (`a year of a city`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import groupby

from domain import commands as c
from domain import events as ev
from domain.account import Snapshot
from domain.agenda import instant_of, next_step
from domain.arrangement import Arrangement
from domain.case import Case
from domain.effects import NOTHING
from domain.gate import gate
from domain.money import total
from domain.perform import LETTERS, performed
from domain.policy import Policy
from domain.step import Next, Step, spoken
from domain.take import take
from domain.terms import Judged, judge
from domain.verdict import Action, Refusal

WALK_MAX = 400  # looks between two events; a wait that renews itself for longer is not followed

AGREED = "agree_arrangement"
ACTS = frozenset(Action)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where two packs first part in one case: on which day, about what, and what each of them says.

    *after* is the number of the event up to which both go the same way.
    """

    case_id: str
    on: date
    after: int
    act: str
    then: str
    changed: str
    rules: tuple[str, ...] = ()


Packs = Callable[[str], Policy]
"""The pack of a digest: each stretch of a record names the one that was in force."""


def first_difference(
    case_id: str,
    account_no: str,
    events: Sequence[ev.Event],
    *,
    packs: Packs,
    changed: Policy,
    until: datetime,
) -> Difference | None:
    """Return where *changed* first parts from what is on record in *events*, by *until*; none where it never does."""
    if not events:
        return None
    known = Snapshot.unread(account_no)
    case = Case(case_id=case_id, account_no=account_no, opened_on=events[0].on, known=known)
    acts = _acts(events)
    for n, act in enumerate(acts):
        then = packs(case.known.policy) if case.seq else changed
        found = _decided(case, act, then, changed) if case.seq else None
        if found is not None:
            return found
        for event in act:
            case = take(case, event)
        if case.closed is not None:
            return None
        stretch = _stretch(act, acts[n + 1] if n + 1 < len(acts) else None, until)
        found = _walked(case, stretch, packs(case.known.policy), changed) if stretch else None
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The time in which a case stood as it did; *closed*: its last instant belongs to it."""

    since: datetime
    upto: datetime
    closed: bool

    def holds(self, at: datetime) -> bool:
        return at <= self.upto if self.closed else at < self.upto


def _stretch(act: Sequence[ev.Event], following: Sequence[ev.Event] | None, until: datetime) -> _Stretch | None:
    """Return the stretch after *act*; none where more came in before anyone asked for the next step."""
    if following is None:
        return _Stretch(act[0].at, until, closed=True)
    calendar = following[0].by.startswith("rule:")
    if following[0].at == act[0].at and not calendar:
        return None
    return _Stretch(act[0].at, following[0].at, closed=calendar)


def _acts(events: Iterable[ev.Event]) -> list[list[ev.Event]]:
    """Return *events* by the act that left them: those of one act share their key but for the number."""
    return [list(group) for _, group in groupby(events, key=lambda event: event.key.rpartition("/")[0])]


def _decided(case: Case, act: Sequence[ev.Event], then: Policy, changed: Policy) -> Difference | None:
    """Return what the packs say otherwise of an act that is on record: its gate, or the terms that were agreed."""
    event, certificate = act[0], act[0].certificate
    command = next(filter(None, (_asked_for(each.body) for each in act)), None)
    if command is not None:
        return _agreed(case, event, command, then, changed)
    if certificate is None or certificate.action not in ACTS:
        return None
    action = Action(certificate.action)
    seen = _looking(case, event.at)
    before, after = gate(action, seen, then, event.at), gate(action, seen, changed, event.at)
    if before.allows == after.allows:
        return None
    blocking = before.blocking or after.blocking
    says = tuple("allowed" if each.allows else each.blocking[0].says for each in (before, after))
    return _parted(case, event.on, action, says, tuple(outcome.rule for outcome in blocking))


def _agreed(
    case: Case, event: ev.Event, command: c.AgreeArrangement, then: Policy, changed: Policy
) -> Difference | None:
    """Return whether the terms could not be had, or need another's leave, or for other reasons."""
    before, after = (judge(case, command, pack, event.at) for pack in (then, changed))
    says = (_leave(before), _leave(after))
    return _parted(case, event.on, AGREED, says, _spoken_against(after)) if says[0] != says[1] else None


def _asked_for(body: ev.Body) -> c.AgreeArrangement | None:
    """Return the terms that someone asked for, or agreed to; none where *body* is about something else."""
    match body:
        case ev.ArrangementAgreed(arrangement=made):
            return _terms(made)
        case ev.ApprovalAsked(proposal=c.AgreeArrangement() as proposal):
            return proposal
        case _:
            return None


def _terms(made: Arrangement) -> c.AgreeArrangement:
    """Return what was asked for when *made* was agreed."""
    later = [part for part in made.schedule if part.number > 0]
    return c.AgreeArrangement(
        months=len(later),
        down=total(part.amount for part in made.schedule if part.number == 0),
        first_due_on=later[0].due_on if later else None,
        current_bills=made.current_bills_required,
        renegotiates=made.replaces is not None,
    )


def _leave(judged: Judged | Refusal) -> str:
    """Return in words whether terms may be made."""
    if isinstance(judged, Refusal):
        return f"refused: {judged.detail}"
    if not judged.approval:
        return "allowed"
    return f"allowed by a second person's leave: {' '.join(_spoken_against(judged))}"


def _spoken_against(judged: Judged | Refusal) -> tuple[str, ...]:
    return judged.rules if isinstance(judged, Refusal) else tuple(outcome.rule for outcome in judged.exceptions)


def _walked(case: Case, stretch: _Stretch, then: Policy, changed: Policy) -> Difference | None:
    """Return the first step that the two packs do not share while the case stands as it does."""
    at = stretch.since
    for _ in range(WALK_MAX):
        seen = _looking(case, at)
        items = next_step(seen, then, at), next_step(seen, changed, at)
        if any(_due(item, at) for item in items):
            return _compared(seen, items, at, (then, changed))
        later = min(instant_of(item) for item in items)
        if later <= at or not stretch.holds(later):
            return None
        at = later
    return None


def _compared(case: Case, items: tuple[Next, Next], at: datetime, packs: tuple[Policy, Policy]) -> Difference | None:
    """Return how the two first steps differ; none where they are one act of one day, and letters say the same."""
    before, after = items
    rules = (after.rule,) if isinstance(after, Step) else tuple(outcome.rule for outcome in after.blocking)
    act = next(item.kind for item in items if isinstance(item, Step) and _due(item, at))
    if not (isinstance(before, Step) and isinstance(after, Step) and _same(before, after, packs[0])):
        return _parted(case, packs[0].calendar.day(at), act, tuple(map(spoken, items)), rules)
    if before.kind not in LETTERS:
        return None
    letters = (_letter(case, before, packs[0], at), _letter(case, after, packs[1], at))
    says = tuple(_told_apart(one, other) for one, other in (letters, letters[::-1]))
    return _parted(case, packs[0].calendar.day(at), act, says, rules) if says[0] != says[1] else None


def _letter(case: Case, step: Step, policy: Policy, at: datetime) -> dict[str, object]:
    """Return what the record would keep of the letter of *step*, by the path of each field."""
    body = performed(case, step, NOTHING, policy, at)[0].body
    return dict(_flat(asdict(body), ""))


def _flat(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, key)
    elif path != "policy":
        yield path.replace("_", " "), value


def _told_apart(one: dict[str, object], other: dict[str, object]) -> str:
    """Return those fields of *one* that are not as in *other*, in words."""
    return ", ".join(f"{path} {value}" for path, value in one.items() if other.get(path) != value)


def _same(one: Step, other: Step, policy: Policy) -> bool:
    acts = ((step.kind, step.ref, step.service, policy.calendar.day(step.at)) for step in (one, other))
    return len(set(acts)) == 1


def _due(item: Next, at: datetime) -> bool:
    return isinstance(item, Step) and item.at <= at


def _looking(case: Case, at: datetime) -> Case:
    """Return the case as if it had looked at *at* and found all as it knew it: the gate asks how old a reading is."""
    return case.looking(replace(case.known, at=max(at, case.known.at)))


def _parted(case: Case, on: date, act: str, says: Sequence[str], rules: tuple[str, ...]) -> Difference:
    then, changed = says
    return Difference(case_id=case.case_id, on=on, after=case.seq, act=act, then=then, changed=changed, rules=rules)
