"""Whose account does a payer mean by what was written in the account field?"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

LENGTH = 10
"""Digits of an account number: a city prefix of two, seven of its own, one check digit."""

_NOT_A_DIGIT = re.compile(r"[^0-9]")


class Unread(StrEnum):
    """Why money with this account number goes to suspense; the order is the order of trial."""

    NO_ACCOUNT = "no_account"
    WRONG_LENGTH = "wrong_length"
    BAD_CHECK_DIGIT = "bad_check_digit"
    UNKNOWN_ACCOUNT = "unknown_account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was written, and either the account number it means or the reason why it means none."""

    written: str
    account_no: str | None
    reason: Unread | None


def check_digit(stem: str) -> str:
    """Return the Luhn digit (mod 10, ISO/IEC 7812-1 annex B) that goes behind *stem*."""
    total = 0
    for place, char in enumerate(reversed(stem)):
        weighted = int(char) * (2 if place % 2 == 0 else 1)
        total += sum(divmod(weighted, 10))
    return str(-total % 10)


def has_right_check_digit(account_no: str) -> bool:
    """Return whether *account_no* is ten ASCII digits and its last is the Luhn digit of the nine before."""
    if len(account_no) != LENGTH or _NOT_A_DIGIT.search(account_no):
        return False
    return check_digit(account_no[:-1]) == account_no[-1]


def read_account_no(written: str, *, known: Callable[[str], bool]) -> Reading:
    """Return the account that a payer's *written* number means.

    Blanks, dashes and anything else that is not a digit are dropped, then leading zeros. A number of nothing
    but zeros says no account. `known` answers whether the utility has such an account.

    Source: the hand-over notes of both cities, "Account numbers".
    """
    digits = _NOT_A_DIGIT.sub("", written).lstrip("0")
    reason = _why_unread(digits, known=known)
    return Reading(written=written, account_no=digits if reason is None else None, reason=reason)


def _why_unread(digits: str, *, known: Callable[[str], bool]) -> Unread | None:
    if not digits:
        return Unread.NO_ACCOUNT
    if len(digits) != LENGTH:
        return Unread.WRONG_LENGTH
    if not has_right_check_digit(digits):
        return Unread.BAD_CHECK_DIGIT
    return None if known(digits) else Unread.UNKNOWN_ACCOUNT
