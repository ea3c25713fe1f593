"""What does the utility itself owe by a day, to whom, whose work is it, and has it been done?

Pure: obligations follow from what is known and from the pack, never from a timer. Each has a key made of facts, so that
deriving them again finds the same ones; what a person did about one (sent, filed, told) is kept under that key.
"""

from collections.abc import Iterable
from datetime import date, datetime

from domain.obligations.account import PARTS
from domain.obligations.asked import Asked, stated
from domain.obligations.general import annual_notice, changes, city_lists, copies, daily_lists, unclaimed
from domain.obligations.owing import (
    FROM_FACTS,
    Agreed,
    Duty,
    Incident,
    Inquiry,
    Mailed,
    Obligation,
    Owing,
    State,
    Unapplied,
    Unplaced,
)
from domain.policy import Policy

__all__ = [
    "FROM_FACTS",
    "Agreed",
    "Duty",
    "Incident",
    "Inquiry",
    "Mailed",
    "Obligation",
    "Owing",
    "State",
    "Unapplied",
    "Unplaced",
    "owed_to",
    "owed_to_all",
]


def owed_to(known: Owing, policy: Policy, now: datetime) -> tuple[Obligation, ...]:
    """Return what is, or was, owed because of one account, by day and key."""
    asked = Asked(policy, now, known)
    found = (each for part in PARTS for each in stated(part, asked))
    return tuple(sorted(found, key=lambda each: (each.due_on, each.key)))


def owed_to_all(
    policy: Policy,
    now: datetime,
    *,
    since: date,
    notices_on: Iterable[date] = (),
    off_on: Iterable[date] = (),
    unplaced: Iterable[Unplaced] = (),
    unapplied: Iterable[Unapplied] = (),
) -> tuple[Obligation, ...]:
    """Return what is owed to customers in general and to authorities, of what fell due from *since* on.

    *notices_on*: days on which winter notices were mailed; *off_on*: days on which homes lost their service.
    """
    asked = Asked(policy, now, Owing(account_no=""))
    parts = (
        lambda ask: annual_notice(ask, since),
        lambda ask: city_lists(ask, since),
        lambda ask: daily_lists(ask, off_on),
        lambda ask: copies(ask, notices_on),
        lambda ask: unclaimed(ask, unplaced),
        lambda ask: changes(ask, unapplied),
    )
    found = (each for part in parts for each in stated(part, asked))
    return tuple(sorted((each for each in found if each.due_on >= since), key=lambda each: (each.due_on, each.key)))
