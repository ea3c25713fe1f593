"""Which check that bounced is presented again as an entry (RCK), once a person has looked at it?

A check's own bank presents it on paper. An entry instead may be sent only for a consumer's check of a certain age and
size, in a city that says so before it takes checks (`domain.returned.present_check`). Date and kind of account are in
no file: a person reads them on the check's image.
"""

from datetime import date

from sqlmodel import Session

from casework.context import Desk
from casework.errors import missing, unfit
from casework.permissions import Permission
from domain.money import Money
from domain.policy import Policy
from domain.returned import Check, ReturnedItem, present_check
from formats.check_returns import can_be_drawn
from formats.nacha import RCK, Draft
from formats.returned import reason_of_item
from models.accounts import personal_of
from models.checks import check_of, drawn_on
from models.returned import stubs_of
from models.tables import ReturnedCheckRow, ReturnedItemRow

CHECKING_DEBIT = "27"  # a check is drawn on a checking account


def let_check(desk: Desk, payment_id: str, *, dated_on: date, consumer: bool) -> ReturnedItemRow:
    """Let a check that bounced be presented again as an entry (RCK); *dated_on* and *consumer* are read on its image.

    Raises:
        Refused: it did not go back, or may not be presented so: the reason names the rule.

    Until it has gone out, another date or kind of account puts right what was read wrongly; a check that may not be
    presented by it is taken out again.
    """
    desk.need(Permission.SEND_MONEY)
    policy, today = desk.policy(), desk.today()

    def write(session: Session) -> ReturnedItemRow:
        row = session.get(ReturnedItemRow, payment_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise missing("payment", payment_id)
        if row.retry_state == "sent":
            return row
        kept, due, who = check_of(session, row.item_id), row.retry_state == "due", desk.person.username
        if kept is None:
            raise unfit("no-check", "It is not presented again", "Its return did not come as a check.", status=409)
        day, why = check_again(session, row, kept, policy, dated_on=dated_on, consumer=consumer, on=today)
        if day is None and due:
            kept.dated_on, row.retry_on, row.retry_state, row.retry_why = None, None, "", f"{why} Taken out by {who}."
            return row
        if day is None or row.retry_state == "dropped":
            way_out = "Ask for another way to pay, or have the bank present it on paper if it may."
            raise unfit("not-presented-again", "It is not presented again", why, way_out=way_out, status=409)
        kept.dated_on = dated_on
        row.retry_on, row.retry_state, row.retry_why = day, "due", f"{why} Let by {who}."
        session.flush()
        return row

    return desk.write_now(write)


def check_again(
    session: Session,
    row: ReturnedItemRow,
    kept: ReturnedCheckRow,
    policy: Policy,
    *,
    dated_on: date,
    consumer: bool,
    on: date,
) -> tuple[date | None, str]:
    """Return the bank day on which the check goes out as an entry, none with why not."""
    item = ReturnedItem(
        amount=Money(row.cents),
        reason=reason_of_item(row.item_id, row.source, row.code),
        presented_on=row.presented_on,
        returned_on=row.returned_on,
        presentment=row.presentment,
    )
    whole = row.cents == kept.cents
    check = Check(
        dated_on=dated_on,
        consumer=consumer,
        readable=can_be_drawn(*drawn_on(session, kept)),
        presented=2 if kept.represented else 1,
        of_accounts=stubs_of(session, row.item_id) if whole else 2,
    )
    return present_check(item, check, policy, on=on)


def draft_of_check(
    session: Session, row: ReturnedItemRow, policy: Policy, *, on: date, sequence: int
) -> tuple[Draft | None, str]:
    """Return the entry by which a check that was let is presented again; none, with why, if it no longer may be."""
    kept = check_of(session, row.item_id)
    if kept is None or kept.dated_on is None:
        return None, "no_check"
    day, _why = check_again(session, row, kept, policy, dated_on=kept.dated_on, consumer=True, on=on)
    if day is None:
        return None, "no_longer_presentable"
    routing, account, check_no = drawn_on(session, kept)
    draft = Draft(
        sec=RCK,
        transaction_code=CHECKING_DEBIT,
        routing=routing,
        account=account,
        amount_cents=row.cents,
        individual_id=check_no,
        name=personal_of(session, row.account_no).name,
        sequence=sequence,
    )
    return draft, ""
