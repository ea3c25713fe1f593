"""How does a customer pay, and what does the desk take of them?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from casework.context import Desk
from casework.errors import missing
from casework.permissions import Permission
from domain.behaviour import Score
from domain.facts import FactKind, standing
from domain.policy import Policy
from models.accounts import AccountUnknown, account_of
from models.behaviour import behaviour_of, score_of
from models.facts import facts_of
from models.tables import BehaviourRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An account's points and what they lead to; *cash_only*: why no paper is taken, blank if it is."""

    account_no: str
    score: Score
    cash_only: str
    events: Sequence[BehaviourRow]


def standing_of(desk: Desk, account_no: str) -> Standing:
    """Return how the customer of an account pays."""
    desk.need(Permission.SEE_CASES)
    policy, now = desk.policy(), desk.now
    today = policy.calendar.day(now)

    def ask(session: Session) -> Standing:
        try:
            why = cash_only(session, account_no, policy=policy, at=now)
        except AccountUnknown:
            raise missing("account", account_no) from None
        return Standing(
            account_no=account_no,
            score=score_of(session, account_no, policy=policy, on=today),
            cash_only=why,
            events=behaviour_of(session, account_no, policy=policy, on=today),
        )

    return desk.read_now(ask)


def cash_only(session: Session, account_no: str, *, policy: Policy, at: datetime) -> str:
    """Return why nothing that may come back is taken of the customer, blank if it is.

    Raises:
        AccountUnknown: there is no such account.
    """
    account = account_of(session, account_no)
    facts = standing(facts_of(session, account), FactKind.CASH_ONLY, at)
    if facts:
        until = max((fact.until for fact in facts if fact.until is not None), default=None)
        through = f" until {policy.calendar.day(until)}" if until else ""
        return f"Cash only{through}: items were returned."
    if account.cash_only:
        return "Cash only: billing's master says so."
    found = score_of(session, account_no, policy=policy, on=policy.calendar.day(at))
    return f"Cash only: {found.says}" if found.cash_only else ""
