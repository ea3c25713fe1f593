"""May this person let what another asked for, what was said about it, and what if someone else was quicker?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from casework.context import Desk
from casework.errors import Refused, unfit
from casework.permissions import Permission
from domain.verdict import Refusal
from models.codec import read_words, write_words
from models.tables import AdjustmentRow, RefundRow
from models.tasks import raise_task
from models.users import user_named
from models.vault import seal, unseal

BECAUSE = "because"
NOT_APPROVED = "not_approved"

Asked = AdjustmentRow | RefundRow


class Barred(StrEnum):
    """Why someone does not decide on what was asked for."""

    ROLE = "role"
    ASKED = "asked"  # they asked for it themselves
    TOOK = "took"  # they took money of the account


@dataclass(frozen=True, slots=True)
class Said:
    """Why it was asked for, and why it was not let or how it ended; none where that may not be read, or is redacted."""

    because: str | None
    ended: str | None


def barred(desk: Desk, row: Asked, *, took: bool = False) -> Barred | None:
    """Return why this person does not decide on *row*; none if they may. *took*: they took money of its account."""
    if not desk.may(Permission.APPROVE_MONEY):
        return Barred.ROLE
    if row.asked_by == desk.person.username:
        return Barred.ASKED
    return Barred.TOOK if took else None


def said(desk: Desk, session: Session, row: Asked) -> Said:
    """Return what was said about *row*, for who may read notes, and for who asked for it."""
    if not (desk.may(Permission.SEE_NOTES) or row.asked_by == desk.person.username):
        return Said(None, None)
    return Said(*(_opened(session, row.account_no, sealed) for sealed in (row.because, row.ended_because)))


def _opened(session: Session, account_no: str, sealed: bytes | None) -> str | None:
    plain = unseal(session, account_no, sealed) if sealed else b""
    if plain is None:
        return None
    try:
        return read_words(plain).get(BECAUSE, "") if plain else ""
    except ValueError:  # another system's words, which came with its records as they were
        return plain.decode()


def sealed_because(session: Session, account_no: str, because: str) -> bytes | None:
    """Return a reason as it is kept: under the customer's own key; none where nothing was said."""
    return seal(session, account_no, write_words({BECAUSE: because})) if because else None


def need_reason(because: str) -> None:
    """Refuse to say no without saying why: who asked for it learns it from there.

    Raises:
        Refused: nothing was said.
    """
    if not because.strip():
        says = "Who asked for it is told why it is not approved."
        raise unfit("no-reason", "A reason is needed", says, way_out="Say why it is not approved.")


def need_another(row: Asked, who: str) -> None:
    """Refuse the person who asked for it.

    Raises:
        Refused: it was *who*.
    """
    if row.asked_by == who:
        raise Refused(
            Refusal(
                slug="second-person",
                title="A second person is needed",
                detail=f"{who} asked for it; another person decides.",
                way_out="Ask someone else who may.",
            )
        )


def tell_who_asked(session: Session, row: Asked, because: str, *, at: datetime) -> None:
    """Leave who asked for it a task of the account: it is not approved, and the customer may have been told else."""
    number = row.adjustment_id if isinstance(row, AdjustmentRow) else row.refund_id
    user = user_named(session, row.asked_by)
    raise_task(
        session,
        task_id=f"{NOT_APPROVED}-{number}",
        kind=NOT_APPROVED,
        at=at,
        account_no=row.account_no,
        for_role=str(user.role) if user else "",
        about=because,
    )


def how_decided(row: Asked) -> str:
    """Return who was quicker, and how they decided."""
    if row.approved_by:
        return f"It was approved by {row.approved_by}."
    return f"It was rejected by {row.rejected_by}." if row.rejected_by else "It was not approved."
