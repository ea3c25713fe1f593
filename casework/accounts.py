"""What is known of an account, and of its customer as far as this person may see?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from activities.case import read_account
from casework.context import Desk
from casework.errors import missing
from casework.permissions import Permission
from domain.account import Snapshot, aging
from domain.money import Money
from models.accounts import AccountUnknown, Personal, account_of, personal_of
from models.tables import CaseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSeen:
    """An account with its open bills, facts and cases. *personal* is none for a role that may not see it."""

    snapshot: Snapshot
    aging: dict[str, Money]
    personal: Personal | None
    case_ids: Sequence[str]


async def account(desk: Desk, account_no: str) -> AccountSeen:
    """Return the account as SQL and billing know it now. What billing cannot be asked reads `billing_read` false."""
    desk.need(Permission.SEE_CASES)
    personal, case_ids = await desk.read(lambda session: _in_sql(desk, session, account_no))
    snapshot = await read_account(desk.at.engine, desk.at.clock, desk.at.systems.billing, account_no)
    today = await desk.read(lambda _session: desk.today())
    return AccountSeen(snapshot=snapshot, aging=aging(snapshot.bills, today), personal=personal, case_ids=case_ids)


def _in_sql(desk: Desk, session: Session, account_no: str) -> tuple[Personal | None, Sequence[str]]:
    try:
        account_of(session, account_no)
    except AccountUnknown:
        raise missing("account", account_no) from None
    query = select(CaseRow.case_id).where(CaseRow.account_no == account_no).order_by(col(CaseRow.case_id))
    personal = personal_of(session, account_no) if desk.may(Permission.SEE_PERSONAL) else None
    return personal, session.exec(query).all()
