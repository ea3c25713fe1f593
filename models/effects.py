"""What was billing asked to do besides taking payments, and what did it answer?"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.accounts import bump_money, lock_account
from models.codec import read_words, write_words
from models.outbox import put
from models.tables import BillingEffectRow
from models.upsert import insert_new
from models.vault import seal, unseal

EFFECT = "billing_effect"


def ask_billing(
    session: Session,
    *,
    key: str,
    name: str,
    account_no: str,
    body: dict[str, Any],
    about: str,
    cents: int,
    at: datetime,
    private: dict[str, str] | None = None,
) -> bool:
    """Let billing hear of an effect once this transaction commits; return false if *key* was asked before.

    *body* is the effect as plain JSON and holds no personal data; what does, *private*, waits sealed under the
    customer's key. *about* names what asks for it.
    """
    values = {"key": key, "account_no": account_no, "name": name, "about": about, "cents": cents, "asked_at": at}
    if not insert_new(session, BillingEffectRow, values | {"ref": "", "rejected": ""}):
        return False
    message: dict[str, Any] = {"effect": name, "key": key, "content": body}
    if private:
        message["sealed"] = b64encode(seal(session, account_no, write_words(private))).decode()
    put(session, key=key, kind=EFFECT, target=account_no, body=message, at=at)
    return True


def content_of(session: Session, account_no: str, message: dict[str, Any]) -> dict[str, Any] | None:
    """Return the effect of a message with its private part; none once the customer's key is destroyed."""
    content: dict[str, Any] = message["content"]
    if "sealed" not in message:
        return content
    opened = unseal(session, account_no, b64decode(message["sealed"]))
    return None if opened is None else {**content, **read_words(opened)}


def mark_done(session: Session, key: str, ref: str, at: datetime) -> BillingEffectRow | None:
    """Write that billing did it; return the row, none if that was known. What a gate read before is stale."""
    row = session.get_one(BillingEffectRow, key, with_for_update=True, populate_existing=True)
    if row.done_at is not None:
        return None
    row.done_at, row.ref = at, ref
    lock_account(session, row.account_no)
    bump_money(session, row.account_no)
    return row


def mark_refused(session: Session, key: str, slug: str) -> BillingEffectRow | None:
    """Write that billing never will, and why; return the row, none if that was known."""
    row = session.get_one(BillingEffectRow, key, with_for_update=True, populate_existing=True)
    if row.rejected == slug:
        return None
    row.rejected = slug
    return row


def changes_waiting(session: Session) -> Sequence[BillingEffectRow]:
    """Return the notices of change that billing has been asked to apply and has not applied."""
    row = BillingEffectRow
    query = select(row).where(row.name == "correct_instrument", col(row.done_at).is_(None))
    return session.exec(query.order_by(col(row.key))).all()


def effect_of(session: Session, key: str) -> BillingEffectRow | None:
    """Return what came of an effect; none if it was never asked for."""
    return session.exec(select(BillingEffectRow).where(BillingEffectRow.key == key)).one_or_none()
