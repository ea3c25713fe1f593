"""How are payment files and money in suspense shown?"""

from datetime import date, datetime

from api.schemas.base import Shown


class PaymentFileShown(Shown):
    """A file of money. *total_cents* is always the sum of the five below it. *state*: posting, done or refused."""

    file_id: str
    kind: str
    file_name: str
    sha256: str
    received_on: date
    at: datetime
    state: str
    reason: str
    detail: str
    entries: int
    total_cents: int
    posted_cents: int
    suspense_cents: int
    returned_cents: int
    clearing_cents: int
    refused_cents: int


class FileReversalShown(Shown):
    """A file that someone wants taken back whole. *reversal_id*: the file of compensations, once it was approved."""

    file_id: str
    because: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    reversal_id: str


class FileReversalList(Shown):
    reversals: list[FileReversalShown]


class SuspenseShown(Shown):
    """Money that has no place yet; *debit*: the bank took it. The number is what a match names.

    *can_go_back*: the bank that sent it can be sent it back; *code*: why someone wants that.
    """

    entry_id: int
    file_id: str
    debit: bool
    cents: int
    reason: str
    written: str
    state: str
    raised_at: datetime
    account_no: str
    by: str
    done_at: datetime | None
    can_go_back: bool
    code: str
    export_id: str


class SuspenseList(Shown):
    suspense: list[SuspenseShown]


class SuggestionShown(Shown):
    """An account that money in suspense may be for. *near*: in what it comes near; the likelier, the more points."""

    account_no: str
    near: list[str]
    points: int


class SuggestionList(Shown):
    suggestions: list[SuggestionShown]
