"""Whom does a fact on record protect, and whose protection ends soon?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from casework.context import Desk
from casework.permissions import Permission
from domain.facts import FactKind
from models.protections import accounts_at, standing_by_kind, standing_facts
from models.tables import FactRow

PROTECTIONS = (
    FactKind.MEDICAL_CERTIFICATE,
    FactKind.LIFE_SUPPORT,
    FactKind.MEDICAL_EQUIPMENT,
    FactKind.MILITARY_ORDERS,
    FactKind.HEAT_PRODUCT,
    FactKind.INABILITY_TO_PAY_FORM,
    FactKind.INCOME_QUALIFICATION,
    FactKind.PUBLIC_ASSISTANCE,
    FactKind.TENANT_OCCUPIED,
    FactKind.VIOLENCE_VICTIM,
    FactKind.DECEASED,
    FactKind.BANKRUPTCY,
    FactKind.REPRESENTED,
    FactKind.IDENTITY_THEFT,
    FactKind.DISPUTE,
    FactKind.APPEAL,
    FactKind.PLEDGE,
    FactKind.CLAIMED_PAYMENT,
    FactKind.HOLD,
)
"""What forbids or narrows an act against an account or at a place, as the gate's rules have it."""

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """A fact in effect and the account that it protects. *last_on*: its last day; *soon*: it ends within a week."""

    fact: FactRow
    account_no: str
    last_on: date | None
    soon: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionPage:
    """A page of protections. *kinds*: how many there are of each in all; *after*: behind which the next page begins."""

    protections: Sequence[Protection]
    kinds: Mapping[str, int]
    after: str


def protections(desk: Desk, *, kind: str = "", after: str = "", limit: int) -> ProtectionPage:
    """Return a page of the protections in effect now, of one *kind* if it is named, those that end soonest first."""
    desk.need(Permission.SEE_CASES)
    now, calendar = desk.now, desk.policy().calendar
    wanted = [str(each) for each in PROTECTIONS if not kind or each == kind]

    def protecting(row: FactRow, living: Mapping[str, str]) -> Protection:
        account_no = row.account_no or living.get(row.premise_id or "", "")
        last_on = calendar.day(row.until - timedelta(microseconds=1)) if row.until else None
        return Protection(
            fact=row, account_no=account_no, last_on=last_on, soon=bool(row.until and row.until < now + SOON)
        )

    def ask(session: Session) -> ProtectionPage:
        rows = standing_facts(session, wanted, at=now, after=after, limit=limit + 1)
        living = accounts_at(session, [row.premise_id for row in rows if row.premise_id])
        return ProtectionPage(
            protections=[protecting(row, living) for row in rows[:limit]],
            kinds=standing_by_kind(session, [str(each) for each in PROTECTIONS], at=now),
            after=rows[limit - 1].fact_id if len(rows) > limit else "",
        )

    return desk.read_now(ask)
