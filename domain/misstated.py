"""Which letter stated a sum that a mistake had changed, and does a notice that stated too much still carry a cut?

A mistake put right is a fact: from when until when money stood where it did not belong, or was missing where it did. A
letter written in between counted it wrongly. What it named is not touched by that; the sum that it told is.

Source: Memphis Light, Gas & Water Div. v. Craft, 436 U.S. 1 (1978); the pack's `notice.overstated_anew`.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from domain import parameters as p
from domain.case import Case, Notice
from domain.facts import Fact, FactKind, on_file
from domain.money import ZERO, Money, total
from domain.policy import Policy

CAME, LEFT = "came", "left"
"""The words of the fact: money came that should have been here before; money left that never should have been."""


def misstated_by(letter: Notice, facts: Iterable[Fact]) -> Money:
    """Return how much more *letter* stated than was owed, for mistakes put right since; below zero, how much less."""
    stated_at = letter.stated_at
    if stated_at is None:
        return ZERO
    wrong = [fact for fact in on_file(facts, FactKind.PUT_RIGHT) if fact.starts <= stated_at < fact.known_at]
    return total(_signed(fact) for fact in wrong)


def overstated(notice: Notice, facts: Iterable[Fact], policy: Policy, on: date) -> Money:
    """Return how much too much *notice* stated, where the pack lets no cut rest on such a one; else nothing."""
    by = misstated_by(notice, facts)
    return by if by > ZERO and policy.at(p.NOTICE_OVERSTATED, on) else ZERO


def found_misstated(case: Case, facts: Iterable[Fact]) -> Iterator[str]:
    """Yield what to tell a person of the letters that *facts*, new to *case*, show to have stated a wrong sum."""
    for letter in _letters(case):
        by = misstated_by(letter, facts)
        if by != ZERO:
            yield to_be_told(letter, by)


def to_be_told(letter: Notice, by: Money) -> str:
    """Return what to tell a person of a letter that stated *by* too much, or too little if below zero."""
    says = letter.amount - min(by, letter.amount)
    return (
        f"The {letter.kind} of {letter.served_on} stated {letter.amount}. A mistake has been put right since: the "
        f"record says {says}. Tell the customer."
    )


def _letters(case: Case) -> Iterator[Notice]:
    lifted = case.lifted
    ended = (lifted.reminder, lifted.notice) if lifted else ()
    for letter in (case.reminder, case.notice, *ended):
        if letter is not None:
            yield letter


def _signed(fact: Fact) -> Money:
    amount = fact.amount or ZERO
    return amount if fact.details.get("change") == CAME else ZERO - amount
