"""What does SQL know of an account at this instant, apart from its bills?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from domain.account import Account
from domain.facts import Fact
from domain.money import Money
from models.accounts import AccountUnknown, Versions, account_of, versions_of, write_account
from models.clock import THE_CLOCK
from models.facts import facts_of
from models.payments import unposted, unposted_cents
from models.tables import AccountRow, ClockRow, PolicyRow, TimelineRow
from models.upsert import rows_of, table_of

__all__ = [
    "AccountUnknown",
    "Known",
    "Versions",
    "account_of",
    "facts_of",
    "known_of",
    "moment_of",
    "unposted",
    "versions_of",
    "write_account",
]

# A case looks some times each day, so a look is two statements before billing is asked and one after. They are built
# once: to build one costs more than to run it.
_ACCOUNTS, _CLOCKS = table_of(AccountRow), table_of(ClockRow).c
_POLICIES, _TIMELINE = table_of(PolicyRow).c, table_of(TimelineRow).c
_THIS = _ACCOUNTS.c.account_no == bindparam("of_account")
_IN_FORCE = select(_POLICIES.digest).order_by(_POLICIES.activated_at.desc(), _POLICIES.digest).limit(1)
_KNOWN = select(
    _ACCOUNTS,
    unposted_cents(_ACCOUNTS.c.account_no).label("unposted"),
    _IN_FORCE.scalar_subquery().label("in_force"),
).where(_THIS)
_NOW = select(_CLOCKS.business_now).where(_CLOCKS.clock_id == THE_CLOCK)
_LAST = select(func.coalesce(func.max(_TIMELINE.seq), 0)).where(_TIMELINE.case_id == bindparam("of_case"))
_MOMENT = select(
    _ACCOUNTS.c.money_version,
    _ACCOUNTS.c.facts_version,
    _NOW.scalar_subquery().label("business_now"),
    _LAST.scalar_subquery().label("last"),
).where(_THIS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """SQL's part of a snapshot. Read it before and after billing: equal *versions* mean that nothing moved between.

    *policy* is the digest of the pack in force, empty when none was ever activated.
    """

    account: Account
    facts: tuple[Fact, ...]
    unposted: Money
    versions: Versions
    policy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What is read last, after billing: *versions* say whether anything moved meanwhile.

    *business_now* is none on the wall's clock; *last* is the number of the case's last event on record, 0 before any.
    """

    versions: Versions
    business_now: datetime | None
    last: int


def known_of(session: Session, account_no: str) -> Known:
    """Return what SQL knows of the account.

    Raises:
        AccountUnknown: billing's master has not told us of it.
    """
    row = rows_of(session, _KNOWN, {"of_account": account_no}).one_or_none()
    if row is None:
        raise AccountUnknown(f"account {account_no} is not known")
    account = AccountRow.to_domain(row)  # type: ignore[arg-type]  # a bare row has the same columns
    return Known(
        account=account,
        facts=facts_of(session, account),
        unposted=Money(int(row.unposted)),
        versions=Versions(money=row.money_version, facts=row.facts_version),
        policy=row.in_force or "",
    )


def moment_of(session: Session, account_no: str, case_id: str = "") -> Moment:
    """Return whether anything known of the account moved, what time it is, and how far the case's record goes.

    Raises:
        AccountUnknown: billing's master has not told us of it.
    """
    row = rows_of(session, _MOMENT, {"of_account": account_no, "of_case": case_id}).one_or_none()
    if row is None:
        raise AccountUnknown(f"account {account_no} is not known")
    versions = Versions(money=row.money_version, facts=row.facts_version)
    return Moment(versions=versions, business_now=row.business_now, last=row.last)
