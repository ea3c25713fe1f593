"""What has been asked about accounts, by whom, and what were they answered?"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select

from domain.inquiries import InquiryState
from models.codec import read_words
from models.mail import To
from models.tables import InquiryRow
from models.vault import seal, unseal


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Who asked, what, and what shows that they may be told; and the answer. None once the key is destroyed."""

    who: str | None = field(default=None, repr=False)
    question: str | None = field(default=None, repr=False)
    authority: str | None = field(default=None, repr=False)
    answer: str | None = field(default=None, repr=False)


def inquiry(session: Session, inquiry_id: str, *, lock: bool = False) -> InquiryRow | None:
    """Return the inquiry; none if there is none of that number."""
    return session.get(InquiryRow, inquiry_id, with_for_update=lock or None, populate_existing=True)


def inquiries_of(
    session: Session, *, state: InquiryState | None, owner: str = "", account_no: str = "", limit: int
) -> Sequence[InquiryRow]:
    """Return inquiries: open ones by the day on which they are to be answered, answered ones the latest first."""
    query = select(InquiryRow)
    if state is not None:
        query = query.where(InquiryRow.state == state)
    if owner:
        query = query.where(InquiryRow.owner == owner)
    if account_no:
        query = query.where(InquiryRow.account_no == account_no)
    by_day = (col(InquiryRow.answered_on).desc(), col(InquiryRow.reply_by), col(InquiryRow.inquiry_id))
    return session.exec(query.order_by(col(InquiryRow.state).desc(), *by_day).limit(limit)).all()


def words_of(session: Session, row: InquiryRow) -> Words:
    """Return what was said, opened."""
    asked = unseal(session, row.account_no, row.words)
    answered = unseal(session, row.account_no, row.answer) if row.answer else b""
    given = read_words(asked) if asked is not None else {}
    return Words(
        who=given.get("who"),
        question=given.get("question"),
        authority=given.get("authority"),
        answer=None if answered is None else answered.decode(),
    )


def answer_sent(session: Session, inquiry_id: str) -> tuple[str, To | None]:
    """Return the words that somebody wrote for the reply, and where it goes if not to the customer."""
    row = session.get_one(InquiryRow, inquiry_id)
    return words_of(session, row).answer or "", reply_to(session, row)


def reply_to(session: Session, row: InquiryRow) -> To | None:
    """Return where the answer goes if not to the customer; none too once the key is destroyed."""
    opened = unseal(session, row.account_no, row.reply_to) if row.reply_to else None
    if opened is None:
        return None
    name, *lines = json.loads(opened)
    return To(name=name, lines=tuple(lines))


def sealed_to(session: Session, account_no: str, to: To | None) -> bytes | None:
    """Return *to*, sealed under the account's key; none where the answer goes to the customer."""
    return None if to is None else seal(session, account_no, json.dumps([to.name, *to.lines]).encode())


def close_inquiry(
    session: Session, row: InquiryRow, *, answer: str, by: str, on: date, through: str, letter_id: str
) -> None:
    """Write that an inquiry was answered, and how."""
    row.state, row.answered_by, row.answered_on, row.answered_through = InquiryState.ANSWERED, by, on, through
    row.answer, row.letter_id = seal(session, row.account_no, answer.encode()) if answer else None, letter_id
