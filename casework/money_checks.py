"""What must be known beside the case before a proposal about money is sent to it?"""

import unicodedata

from sqlmodel import Session

from casework.adjustments import need_waivable
from casework.context import Desk
from casework.credit import credit_of
from casework.errors import Refused, unfit
from domain import commands as c
from domain import parameters as p
from domain.account import AccountStatus
from domain.arrangement import add_months
from domain.refunds import may_refund
from models.accounts import AccountUnknown, account_of, personal_of
from models.money_out import took_money


async def check_money(desk: Desk, account_no: str, command: c.Command) -> None:
    """Refuse a proposal that the account's payments forbid: a case does not know who paid, or who took it.

    Raises:
        Refused: by the rules of `domain.refunds`, or because the one who asks took the money.
    """
    policy, today, who = desk.policy(), desk.today(), desk.person.username
    if isinstance(command, c.ProposeAdjustment):
        since = add_months(today, -policy.at(p.ADJUSTMENT_MONTHS_BACK, today))
        if await desk.read(lambda session: took_money(session, account_no, who, since=since)):
            detail = "Who took the account's money does not adjust it."
            raise unfit("took-the-money", "Took the money", detail, way_out="Someone else does it.", status=409)
        await desk.read(lambda session: need_waivable(session, account_no, command.reason, policy=policy, at=desk.now))
    if isinstance(command, c.FollowDebt) and command.to_account != account_no:  # the case itself says no to that
        await desk.read(lambda session: _same_person(session, account_no, command.to_account))
    if isinstance(command, c.ProposeRefund):
        known = await credit_of(desk, account_no)
        refusal = may_refund(known, amount=command.amount, payee=command.payee, by=who, policy=policy, on=today)
        if refusal is not None:
            raise Refused(refusal)


def _same_person(session: Session, account_no: str, to_account: str) -> None:
    """Refuse to put a debt on an account that is unknown, takes none, or is another person's (Minn. Stat. 325E.025)."""
    try:
        other, status = personal_of(session, to_account), account_of(session, to_account).status
    except AccountUnknown:
        detail = f"There is no account {to_account}."
        raise unfit("unknown-account", "No such account", detail, way_out="Check the number.") from None
    if status is not AccountStatus.ACTIVE:
        detail = f"Account {to_account} has no service in use, and a debt follows to one that has."
        way_out = "Name the account at which the customer has service now, or place the debt with an agency."
        raise unfit("account-not-active", "The account is not active", detail, way_out=way_out)
    name = _plain(personal_of(session, account_no).name)
    if not name:
        detail = f"Who the customer of account {account_no} was is not on record any more."
        raise unfit(
            "nobody-known", "The customer is not known", detail, way_out="Leave the debt where it is.", status=409
        )
    if _plain(other.name) != name:
        raise unfit(
            "another-customer",
            "The other account is another person's",
            "The names of the two accounts differ.",
            way_out="A debt follows its own customer alone. Correct the name in billing if it is the same person.",
            status=409,
        )


def _plain(name: str) -> str:
    """Return *name* without what one billing system writes and another leaves out: accents, points, case, blanks."""
    letters = (each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return " ".join("".join(each if each.isalnum() else " " for each in letters).casefold().split())
