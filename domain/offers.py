"""Which lawful plans can be put to this household, best first, and what may help it besides?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain import commands as c
from domain import parameters as p
from domain.arrangement import Arrangement
from domain.case import Case, within_a_year
from domain.facts import FactKind, standing
from domain.money import ZERO, Money
from domain.policy import Policy
from domain.refusals import no
from domain.rules.season import in_winter
from domain.states import Trigger, may_move
from domain.terms import MONTHS_MAX, Judged, View, first_ask, guideline, judge, longest, winter_end
from domain.verdict import Outcome, Refusal

USUAL_MONTHS = (1, 2, 3, 4, 6, 9, 12, 18, 24, 36)
WHOLE = 100  # a score's most


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One lawful plan. *command* is what takes it, *approval* the act a second person is asked for, if any.

    *affordability* and *completion* are scores from 0 to 100 by the reasons given, for ranking and nothing else.
    """

    command: c.AgreeArrangement
    arrangement: Arrangement
    instalment: Money
    approval: str
    exceptions: tuple[Outcome, ...]
    passed: tuple[Outcome, ...]
    affordability: int
    completion: int
    reasons: tuple[str, ...]
    stops: tuple[str, ...]
    breaks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program the household may qualify for. *likely*: what is known speaks for it; else it is to be asked about."""

    program: str
    title: str
    likely: bool
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What can be put to the customer. *allowance*: the most an instalment may be, none where income is not known.

    *refusal*: why there is no plan at all. *extension*: the command that moves the due date instead, if one may be had.
    """

    amount: Money
    allowance: Money | None
    plans: tuple[Offer, ...]
    extension: c.GrantExtension | None
    programs: tuple[Program, ...]
    notes: tuple[str, ...]
    refusal: Refusal | None = None


def offers(case: Case, policy: Policy, now: datetime, *, renegotiates: bool = False) -> Offers:
    """Return every lawful plan of the pack's guideline for *case*, best first: first those that need no approval."""
    view = View(case, policy, now)
    amount = view.here.past_due
    plain = _nothing_at_this_stage(case) or judge(
        case, c.AgreeArrangement(months=1, renegotiates=renegotiates), policy, now
    )
    if isinstance(plain, Refusal):
        return Offers(
            amount=amount,
            allowance=view.allowance,
            plans=(),
            extension=_extension(view),
            programs=programs(view),
            notes=(plain.detail,),
            refusal=plain,
        )
    found = {}
    collision = _collision(view, renegotiates=renegotiates)
    for command in _candidates(view, renegotiates=renegotiates):
        judged = judge(case, command, policy, now)
        if isinstance(judged, Refusal) or any(outcome.rule == "A02" for outcome in judged.exceptions):
            continue  # a plan that the household cannot pay is not put to it
        found[judged.arrangement.schedule] = _offer(view, command, judged, collision)
    plans = tuple(sorted(found.values(), key=_rank))
    return Offers(
        amount=amount,
        allowance=view.allowance,
        plans=plans,
        extension=_extension(view),
        programs=programs(view),
        notes=tuple(_notes(view, plans)),
    )


def _nothing_at_this_stage(case: Case) -> Refusal | None:
    if case.closed is None and may_move(case.stage, Trigger.ARRANGE):
        return None
    says = f"Nothing is arranged in a case that is {case.stage.replace('_', ' ')}."
    return no("not-at-this-stage", says, "Recall the debt first, or pay it.", rule="stage")


def _rank(offer: Offer) -> tuple[int, int, int, int]:
    needs = {"": 0, "arrangement": 1}.get(offer.approval, 2)
    return (
        needs,
        -(offer.affordability + offer.completion),
        offer.command.months,
        -offer.arrangement.schedule[0].amount.cents,
    )


def _candidates(view: View, *, renegotiates: bool) -> Iterator[c.AgreeArrangement]:
    """Yield the plans worth judging: the usual terms, the pack's longest, and those that the income asks for."""
    terms, amount = guideline(view, view.here.past_due), view.here.past_due
    asked = first_ask(view, terms)
    within = terms.down if view.allowance is None else min(terms.down, view.allowance)
    # Where a floor is more than the household can pay, less down is offered for a supervisor to approve.
    downs = {terms.down, asked, within} if terms.floor else {terms.down, asked, ZERO}
    months = {*USUAL_MONTHS, terms.months, longest(view, terms), terms.senior_months}
    end = winter_end(view)
    if end is not None:
        months |= set(range(1, max(1, (end.year - view.on.year) * 12 + end.month - view.on.month) + 1))
    allowance = view.allowance
    if allowance:
        months |= {-(-(amount - down).cents // allowance.cents) for down in downs if down <= amount}
    cap = max(terms.senior_months, longest(view, terms)) if allowance is None else MONTHS_MAX
    for count in sorted(each for each in months if 1 <= each <= min(cap, MONTHS_MAX)):
        for down in sorted(downs):
            yield c.AgreeArrangement(months=count, down=down, renegotiates=renegotiates)


def _offer(
    view: View, command: c.AgreeArrangement, judged: Judged, collision: Mapping[str, tuple[Outcome, ...]]
) -> Offer:
    arrangement = judged.arrangement
    instalment = max(part.amount for part in arrangement.schedule if part.number or len(arrangement.schedule) == 1)
    affordability, why_afford = _affordability(view, instalment)
    completion, why_complete = _completion(view, arrangement)
    departs = dict.fromkeys(against for outcome in judged.exceptions for against in collision.get(outcome.rule, ()))
    exceptions = (*judged.exceptions, *departs)
    return Offer(
        command=command,
        arrangement=replace(arrangement, exceptions=tuple(dict.fromkeys(o.rule for o in judged.exceptions))),
        instalment=instalment,
        approval=judged.approval,
        exceptions=exceptions,
        passed=judged.passed,
        affordability=affordability,
        completion=completion,
        reasons=(*why_afford, *why_complete),
        stops=stops(view, arrangement),
        breaks=breaks(view, arrangement),
    )


def _collision(view: View, *, renegotiates: bool) -> Mapping[str, tuple[Outcome, ...]]:
    """Return, by the rule that a plan may depart from, why it must: keeping it would be more than can be paid.

    City policy (winter's end, a floor under the down payment) and the household's means can contradict each other.
    Then neither is silently given up: a supervisor sees both.
    """
    if view.allowance is None:
        return {}
    found: dict[str, tuple[Outcome, ...]] = {}
    terms, end = guideline(view, view.here.past_due), winter_end(view)
    if terms.floor:
        one = c.AgreeArrangement(months=max(1, terms.months), down=terms.down, renegotiates=renegotiates)
        found[p.ARRANGEMENT_DOWN_FLOOR.key] = _too_dear(view, one)
    if end is not None:
        months = max(1, (end.year - view.on.year) * 12 + end.month - view.on.month)
        longest_in_time = c.AgreeArrangement(months=months, renegotiates=renegotiates)
        found["A03"] = _too_dear(view, longest_in_time)
    return found


def _too_dear(view: View, command: c.AgreeArrangement) -> tuple[Outcome, ...]:
    judged = judge(view.case, command, view.policy, view.now)
    if isinstance(judged, Refusal):
        return ()
    return tuple(outcome for outcome in judged.exceptions if outcome.rule == "A02")


def _affordability(view: View, instalment: Money) -> tuple[int, tuple[str, ...]]:
    allowance = view.allowance
    if allowance is None:
        return WHOLE // 2, ("What the household can pay has not been assessed.",)
    burden = instalment.cents * WHOLE // allowance.cents if allowance else WHOLE
    says = f"{instalment} a month is {burden} per cent of the {allowance} that the household can be asked for."
    return max(0, WHOLE - burden // 2), (says,)


def _completion(view: View, arrangement: Arrangement) -> tuple[int, tuple[str, ...]]:
    """Return how likely it is kept, by what is known, and the reasons: shorter, after money down, unbroken before."""
    counters = view.case.counters
    broken = max(within_a_year(counters.broken_on, view.on), view.case.known.account.broken_arrangements_12m)
    length = sum(1 for part in arrangement.schedule if part.number)
    score, reasons = 80 - 2 * max(0, length - 3), [f"{length} payment(s): the fewer, the more often a plan is kept."]
    if arrangement.schedule[0].number == 0:
        score += 10
        reasons.append("It begins with a down payment.")
    if broken:
        score -= 20 * broken
        reasons.append(f"{broken} agreement(s) were broken in twelve months.")
    if counters.promises_broken:
        score -= 10
        reasons.append(f"{counters.promises_broken} promise(s) were broken.")
    return max(0, min(WHOLE, score)), tuple(reasons)


def stops(view: View, arrangement: Arrangement) -> tuple[str, ...]:
    """Return what the agreement stops while it stands."""
    down = next((part for part in arrangement.schedule if part.number == 0), None)
    said = ["No service is cut and no notice goes out for the bills in it, while it is kept."]
    if down:
        said.append(f"It holds until {down.due_on}, when {down.amount} is due; with that payment it is in force.")
    if view.case.notice is not None:
        said.append(f"The disconnection notice of {view.case.notice.served_on} falls.")
    said.append("No further deposit is asked for while it is kept.")
    return tuple(said)


def breaks(view: View, arrangement: Arrangement) -> tuple[str, ...]:
    """Return what would break it, and what then follows."""
    grace, cure = view.value(p.ARRANGEMENT_GRACE_DAYS), view.value(p.ARRANGEMENT_CURE_DAYS)
    said = [f"A payment not made in full {grace} days after its day; it can be made good in {cure} days after notice."]
    if arrangement.current_bills_required:
        said.append("A new bill not paid by its own due date counts like a missed payment, once when both are missed.")
    if arrangement.schedule[0].number == 0:
        said.append("Without the down payment on its day it never takes force.")
    said.append("After that the whole remainder is due, and a new notice with its own days comes before any cut.")
    return tuple(said)


def _extension(view: View) -> c.GrantExtension | None:
    """Return the longest extension that may be granted, if one may be."""
    used = within_a_year(view.case.counters.extended_on, view.on)
    if view.case.off or not view.here.pursued or used >= view.value(p.EXTENSION_MAX_PER_YEAR):
        return None
    return c.GrantExtension(until=view.on + timedelta(days=view.value(p.EXTENSION_DAYS)))


def _notes(view: View, plans: tuple[Offer, ...]) -> Iterator[str]:
    if view.case.assessment is None or not view.case.assessment.holds(view.on):
        yield "Income is not known: assess the household's ability to pay, and the plans follow its means."
    elif not plans:
        yield "No plan is one that the household can pay: tell it of the programs and refer the case to a supervisor."
    if plans and all(offer.approval for offer in plans):
        yield "Every plan here needs a second person: the rules that collide are named with each."
    first = "the instalment" if view.value(p.ARRANGEMENT_MONEY_FIRST) == "instalment" else "the current bill"
    yield f"Money meets what falls due first; on one day, {first} first. Tell the customer so."


def programs(view: View) -> tuple[Program, ...]:
    """Return the pack's programs with what speaks for each; those for which nothing can speak are left out."""
    return tuple(
        Program(program=program, title=title, likely=likely, because=f"{why[0].upper()}{why[1:]}. {because}")
        for program, title, condition, value, why in view.value(p.PROGRAMS)
        for likely, because in (_fits(view, condition, value),)
        if because
    )


def _fits(view: View, condition: str, value: str) -> tuple[bool, str]:
    """Return whether what is known speaks for a program, and in which words; no words where it is out of question."""
    if condition == "any":
        return True, "Open to every customer."
    if condition == "winter" and not in_winter(view.policy, view.on):
        return False, ""
    if condition in {"band", "winter"}:
        band = _band(view)
        if not band:
            return False, "Income is not known: ask, or assess it."
        return (True, f"The household's income is in the band {band}.") if band in value.split() else (False, "")
    assert condition == "circumstance", f"no program has the condition {condition}"
    shown = set(view.circumstances) & set(value.split())
    if shown:
        return True, f"The household is {' and '.join(sorted(shown))}."
    return False, f"For households that are {' or '.join(value.split())}: ask."


def _band(view: View) -> str:
    """Return the income band that is known: by the latest fact in effect, else the account's own."""
    shown = [
        fact.details.get("band", "")
        for fact in standing(view.case.known.facts, FactKind.INCOME_QUALIFICATION, view.now)
    ]
    return next((band for band in reversed(shown) if band), view.case.known.account.income_band)


def last_day(offer: Offer) -> date:
    """Return the day on which the last payment falls."""
    return offer.arrangement.schedule[-1].due_on


def tried(case: Case, command: c.AgreeArrangement, policy: Policy, now: datetime) -> Offer | Refusal:
    """Return the plan that *command* would make, with what speaks for it and who must approve it; or why there is none.

    Unlike an offer it may be more than the household can pay: then the approval that it needs says so.
    """
    judged = _nothing_at_this_stage(case) or judge(case, command, policy, now)
    if isinstance(judged, Refusal):
        return judged
    view = View(case, policy, now)
    return _offer(view, command, judged, _collision(view, renegotiates=command.renegotiates))
