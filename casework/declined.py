"""Which cards were refused, what does the refusal mean, and when may each lawfully be tried again?"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.permissions import Permission
from models.tables import CardDeclineRow

LISTED_MAX = 200


def declines(desk: Desk, *, account_no: str = "", limit: int = LISTED_MAX) -> Sequence[CardDeclineRow]:
    """Return the cards refused, latest first; of one account, or of all."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Sequence[CardDeclineRow]:
        query = select(CardDeclineRow)
        if account_no:
            query = query.where(CardDeclineRow.account_no == account_no)
        return session.exec(query.order_by(col(CardDeclineRow.on).desc(), CardDeclineRow.ref).limit(limit)).all()

    return desk.read_now(ask)
