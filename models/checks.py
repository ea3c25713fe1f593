"""What is a check drawn on that came back, and what did a person read on it?"""

from sqlmodel import Session

from formats.check_returns import ReturnedCheck
from models.tables import ReturnedCheckRow
from models.vault import seal, unseal


def keep_check(session: Session, check: ReturnedCheck) -> None:
    """Keep what a returned check is drawn on, sealed; told again, only that its bank presented it since is new."""
    item_id = f"{check.source}-{check.called}"
    row = session.get(ReturnedCheckRow, item_id, with_for_update=True)
    if row is not None:
        row.represented = row.represented or check.represented
        return
    drawn_on = f"{check.payer_routing}\n{check.payer_account}\n{check.check_no}"
    session.add(
        ReturnedCheckRow(
            item_id=item_id,
            deposited_on=check.deposited_on,
            cents=check.amount_cents,
            represented=check.represented,
            drawn_on=seal(session, f"check/{item_id}", drawn_on.encode()),
        )
    )
    session.flush()


def check_of(session: Session, item_id: str) -> ReturnedCheckRow | None:
    """Return the check of an item, locked; none where its return did not come as a check."""
    return session.get(ReturnedCheckRow, item_id, with_for_update=True, populate_existing=True)


def drawn_on(session: Session, row: ReturnedCheckRow) -> tuple[str, str, str]:
    """Return routing number, account and check number: private; blank once the key is destroyed."""
    found = unseal(session, f"check/{row.item_id}", row.drawn_on)
    if found is None:
        return "", "", ""
    routing, account, check_no = found.decode().split("\n")
    return routing, account, check_no
