"""How is an inquiry shown?"""

from datetime import date, datetime
from typing import Self

from api.schemas.base import Shown
from casework.inquiries import Asked


class InquiryShown(Shown):
    """What was asked and answered. Words are none once the customer's key has been destroyed."""

    inquiry_id: str
    account_no: str
    asker: str
    who: str | None
    channel: str
    topic: str
    question: str | None
    authority: str | None
    language: str
    asked_on: date
    reply_by: date
    late: bool
    owner: str
    state: str
    logged_by: str
    logged_at: datetime
    reply_to: list[str]
    answer: str | None
    answered_on: date | None
    answered_by: str
    answered_through: str
    letter_id: str

    @classmethod
    def of(cls, asked: Asked) -> Self:
        row, words = asked.row, asked.words
        told = {"who", "question", "authority", "answer"}
        stored = {name: getattr(row, name) for name in cls.model_fields if name not in {*told, "late", "reply_to"}}
        return cls(
            **stored,
            **{name: getattr(words, name) for name in told},
            late=asked.late,
            reply_to=[asked.to.name, *asked.to.lines] if asked.to else [],
        )


class Inquiries(Shown):
    inquiries: list[InquiryShown]
