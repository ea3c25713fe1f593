"""What does SQL know of an account at this instant, apart from its bills?"""

from dataclasses import dataclass

from sqlmodel import Session

from domain.account import Account
from domain.facts import Fact
from domain.money import Money
from models.accounts import AccountUnknown, Versions, account_of, versions_of, write_account
from models.facts import facts_of
from models.payments import unposted

__all__ = ["AccountUnknown", "Known", "Versions", "account_of", "facts_of", "known_of", "unposted", "write_account"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """SQL's part of a snapshot. Read it before and after billing: equal *versions* mean that nothing moved between."""

    account: Account
    facts: tuple[Fact, ...]
    unposted: Money
    versions: Versions


def known_of(session: Session, account_no: str) -> Known:
    """Return what SQL knows of the account.

    Raises:
        AccountUnknown: billing's master has not told us of it.
    """
    versions = versions_of(session, account_no)
    account = account_of(session, account_no)
    return Known(
        account=account, facts=facts_of(session, account), unposted=unposted(session, account_no), versions=versions
    )
