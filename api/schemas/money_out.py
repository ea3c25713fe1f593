"""How are returned items, adjustments, refunds, deposits and the files handed out shown?"""

from datetime import date, datetime
from typing import Self

from api.schemas.base import Shown
from casework.adjustments import AdjustmentSeen
from casework.refunds import RefundSeen
from casework.returned import PresentedAgain
from casework.send_back import SentBack


class ReturnedItemShown(Shown):
    """Money that went back, and what followed. *retry_state*: blank, due, sent or dropped."""

    payment_id: str
    account_no: str
    source: str
    code: str
    meaning: str
    cents: int
    item_id: str
    presentment: int
    presented_on: date
    returned_on: date
    rate: str
    strike: bool
    fee_cents: int
    fee_why: str
    instrument: str
    autopay: str
    retry_on: date | None
    retry_why: str
    retry_state: str
    retry_payment_id: str


class ReturnedItemList(Shown):
    returned_items: list[ReturnedItemShown]


class RateShown(Shown):
    """One of the bank network's limits on drafts returned; *limit_pct* is per cent of *sent*."""

    rate: str
    returned: int
    sent: int
    limit_pct: str
    warn: bool
    over: bool


class RateList(Shown):
    rates: list[RateShown]


class ExportShown(Shown):
    """A file handed out; its bytes are at `exports/{export_id}/file`, for who may send it."""

    export_id: str
    kind: str
    file_name: str
    sha256: str
    entries: int
    total_cents: int
    on: date
    at: datetime
    by: str


class ExportList(Shown):
    exports: list[ExportShown]


class PresentedShown(Shown):
    """What was sent to the bank; *left_out*: what could not be, by payment or sum in suspense, with the reason."""

    export: ExportShown | None
    left_out: dict[str, str]

    @classmethod
    def of(cls, made: PresentedAgain | SentBack) -> Self:
        export = ExportShown.model_validate(made.export) if made.export else None
        return cls(export=export, left_out=dict(made.left_out))


class AdjustmentShown(Shown):
    """A correction; *ended_because*: why it was not let, for who asked and who may read notes."""

    adjustment_id: str
    account_no: str
    case_id: str
    service: str
    amount_cents: int
    reason: str
    fund: str
    about_on: date
    state: str
    alone: bool
    asked_by: str
    asked_at: datetime
    approved_by: str
    rejected_by: str
    decided_at: datetime | None
    ended_because: str
    mine_to_decide: bool

    @classmethod
    def of(cls, seen: AdjustmentSeen) -> Self:
        ours = {"mine_to_decide", "ended_because"}
        named = {name: getattr(seen.row, name) for name in cls.model_fields if name not in ours}
        return cls(**named, mine_to_decide=seen.mine_to_decide, ended_because=seen.ended_because)


class AdjustmentList(Shown):
    adjustments: list[AdjustmentShown]


class RefundShown(Shown):
    """A refund; *stale*: handed out and not cashed in time; *escheats_on*: from then on it is the state's.

    *ended_why*: why it was not let, or how it ended, for who asked and who may read notes.
    """

    refund_id: str
    account_no: str
    amount_cents: int
    payee: str
    state: str
    asked_by: str
    asked_at: datetime
    approved_by: str
    rejected_by: str
    decided_at: datetime | None
    export_id: str
    exported_on: date | None
    ended_on: date | None
    ended_why: str
    escheats_on: date | None
    stale: bool
    mine_to_decide: bool

    @classmethod
    def of(cls, seen: RefundSeen) -> Self:
        ours = {"stale", "mine_to_decide", "ended_why"}
        named = {name: getattr(seen.row, name) for name in cls.model_fields if name not in ours}
        return cls(**named, stale=seen.stale, mine_to_decide=seen.mine_to_decide, ended_why=seen.ended_why)


class RefundList(Shown):
    refunds: list[RefundShown]


class DepositShown(Shown):
    """A deposit applied to an account; what is left of it is given back by *refund_by*."""

    account_no: str
    final_on: date
    amount_cents: int
    interest_cents: int
    interest_says: str
    refund_by: date
    applied_at: datetime


class ReceiptSent(Shown):
    """The number of the letter that goes out."""

    letter_id: str


class DepositList(Shown):
    deposits: list[DepositShown]


class HeldShown(Shown):
    """A deposit that billing holds, with the interest it has earned by today."""

    account_no: str
    deposit_cents: int
    since: date
    interest_cents: int
    interest_says: str
