"""Whose may money be that has no place: which accounts does what was written, by whom and how much, come near to?

Only suggested: a person decides. A slip of the pen is one of a few: a digit wrong, two turned about, one left out or
written twice. The check digit says that a number is wrong, never which digit; whether an account exists says more.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST: Final = 5  # suggestions for one sum: more is no help
SHARED: Final = 3  # an amount or a name that more accounts have in common says nothing


class Near(StrEnum):
    """Why an account is suggested."""

    CHECK_DIGIT = "check_digit"  # the number is right but for its check digit
    TRANSPOSED = "transposed"  # two neighbouring digits are turned about
    ONE_DIGIT = "one_digit"  # one digit is another
    DIGIT_MISSING = "digit_missing"
    DIGIT_EXTRA = "digit_extra"
    NAME = "name"  # the payer is called as the customer is
    HOUSEHOLD = "household"  # an assistance program paid for the same household to it before
    AMOUNT = "amount"  # it is what a bill, or the whole account, stands open for


POINTS: Final[Mapping[Near, int]] = {
    Near.CHECK_DIGIT: 3,
    Near.TRANSPOSED: 3,
    Near.ONE_DIGIT: 2,
    Near.DIGIT_MISSING: 2,
    Near.DIGIT_EXTRA: 2,
    Near.NAME: 3,
    Near.HOUSEHOLD: 4,
    Near.AMOUNT: 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Money without a place: the account as it was written, who paid, how much."""

    written: str
    payer: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An account that money may be for, and why; the likelier, the more *points*."""

    account_no: str
    near: tuple[Near, ...]

    @property
    def points(self) -> int:
        return sum(POINTS[each] for each in self.near)


def near_numbers(written: str, *, valid: Callable[[str], bool], length: int) -> dict[str, Near]:
    """Return the valid account numbers that one slip of the pen makes *written*, and which slip; likeliest first."""
    digits = re.sub("[^0-9]", "", written).lstrip("0")
    found: dict[str, Near] = {}
    for number, near in _slips(digits, length):
        if number != digits and valid(number):
            found.setdefault(number, near)
    return found


def _slips(digits: str, length: int) -> Iterator[tuple[str, Near]]:
    if len(digits) == length:
        yield from ((digits[:-1] + last, Near.CHECK_DIGIT) for last in "0123456789")
        for at in range(length - 1):
            yield digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :], Near.TRANSPOSED
        yield from ((digits[:at] + each + digits[at + 1 :], Near.ONE_DIGIT) for at in range(length) for each in _TEN)
    elif len(digits) == length - 1:
        yield from ((digits[:at] + each + digits[at:], Near.DIGIT_MISSING) for at in range(length) for each in _TEN)
    elif len(digits) == length + 1:
        yield from ((digits[:at] + digits[at + 1 :], Near.DIGIT_EXTRA) for at in range(length + 1))


_TEN: Final = "0123456789"


def name_key(name: str) -> tuple[str, ...]:
    """Return what two spellings of one name have in common: its words in capitals, in any order, without signs."""
    return tuple(sorted(re.sub(r"[^\w ]", " ", name).upper().split()))


def suggest(
    lost: Lost,
    *,
    numbers: Mapping[str, Near],
    named: Collection[str],
    housed: Collection[str] = (),
    open_cents: Mapping[str, Collection[int]],
) -> tuple[Suggestion, ...]:
    """Return whose *lost* may be, likeliest first.

    *numbers*: accounts whose number is near; *named*: accounts of the payer's name; *housed*: accounts to which money
    for the same household went before; *open_cents*: by account, the sums that it stands open for. An amount alone
    suggests an account only if hardly another has it.
    """
    by_amount = {account_no for account_no, sums in open_cents.items() if lost.cents in sums}
    alone = by_amount if len(by_amount) <= SHARED else set()
    by_name = set(named) if len(named) <= SHARED else set()
    found = []
    for account_no in {*numbers, *by_name, *housed, *alone}:
        near = [numbers[account_no]] if account_no in numbers else []
        near += [Near.HOUSEHOLD] if account_no in set(housed) else []
        near += [Near.NAME] if account_no in set(named) else []
        near += [Near.AMOUNT] if account_no in by_amount else []
        found.append(Suggestion(account_no=account_no, near=tuple(near)))
    return tuple(sorted(found, key=lambda each: (-each.points, each.account_no))[:MOST])
