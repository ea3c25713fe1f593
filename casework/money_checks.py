"""What must be known beside the case before a proposal about money is sent to it?"""

from casework.context import Desk
from casework.credit import credit_of
from casework.errors import Refused, unfit
from domain import commands as c
from domain import parameters as p
from domain.arrangement import add_months
from domain.refunds import may_refund
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
    if isinstance(command, c.ProposeRefund):
        known = await credit_of(desk, account_no)
        refusal = may_refund(known, amount=command.amount, payee=command.payee, by=who, policy=policy, on=today)
        if refusal is not None:
            raise Refused(refusal)
