"""How is the log of contacts shown?"""

from datetime import date, datetime
from typing import Self

from api.schemas.base import Json, Shown
from casework.contacts import Logged


class ContactShown(Shown):
    """One entry; it is never edited. *corrects*: the earlier entry it puts right. *exceptions*: rules against it."""

    contact_id: str
    account_no: str
    case_id: str
    at: datetime
    on: date
    by: str
    channel: str
    direction: str
    purpose: str
    who: str
    identity: list[str]
    outcome: str
    right_party: bool
    language: str
    interpreter: str
    rights: list[Json]
    exceptions: list[str]
    corrects: str
    summary: str

    @classmethod
    def of(cls, logged: Logged) -> Self:
        shown = {name: getattr(logged.row, name) for name in cls.model_fields if name != "summary"}
        return cls(**shown, summary=logged.summary)


class Contacts(Shown):
    account_no: str
    contacts: list[ContactShown]


class LoggedShown(Shown):
    contact_id: str


class MayContactShown(Shown):
    """Whether a contact may go out now: one plain sentence, the rules against it, those that do not stop it."""

    allows: bool
    says: str
    against: list[str]
    excused: list[str]
    speak_with: str
