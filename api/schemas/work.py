"""How are accounts, payments, files, work orders and letters shown?"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from api.schemas.base import Json, Shown
from api.wire import wire
from casework.accounts import AccountSeen
from models.payments import Payment
from models.tables import ImportProblemRow, ImportRow, RemedyRow


class AccountShown(Shown):
    """An account as it is known now. *personal* is none for a role that may not see it."""

    account: Json
    bills: list[Json]
    credit_cents: int
    unposted_cents: int
    aging_cents: dict[str, int]
    facts: list[Json]
    billing_read: bool
    as_of: datetime
    personal: Json | None
    cases: list[str]

    @classmethod
    def of(cls, seen: AccountSeen) -> Self:
        known = seen.snapshot
        return cls(
            account=wire(known.account),
            bills=[wire(bill) for bill in known.bills],
            credit_cents=known.credit.cents,
            unposted_cents=known.unposted.cents,
            aging_cents={bucket: amount.cents for bucket, amount in seen.aging.items()},
            facts=[wire(fact) for fact in known.facts],
            billing_read=known.billing_read,
            as_of=known.at,
            personal=wire(seen.personal) if seen.personal else None,
            cases=list(seen.case_ids),
        )


class PaymentShown(Shown):
    """*rejected*: billing's word for why it will never post the payment; the money is in hand all the same."""

    payment_id: str
    source: str
    trace: str
    account_no: str
    amount_cents: int
    received_at: datetime
    effective_on: date
    tender: str
    state: str
    billing_ref: str
    returned_on: date | None
    return_reason: str
    rejected: str

    @classmethod
    def of(cls, payment: Payment) -> Self:
        shown = {name: getattr(payment, name) for name in cls.model_fields if name != "amount_cents"}
        return cls(**shown, amount_cents=payment.amount.cents)


class ImportShown(Shown):
    """A file taken in, or why it was not. *state*: accepted, superseded, refused or done."""

    import_id: str
    kind: str
    file_name: str
    sha256: str
    as_of: date | None
    rows: int
    accepted: int
    rejected: int
    opened: int
    state: str
    reason: str
    at: datetime
    problems: list[Json]

    @classmethod
    def of(cls, row: ImportRow, problems: Sequence[ImportProblemRow]) -> Self:
        shown = {name: getattr(row, name) for name in cls.model_fields if name != "problems"}
        bad = [
            {"line": each.line, "column": each.column, "value": each.value, "reason": each.rule} for each in problems
        ]
        return cls(**shown, problems=bad)


class WorkOrderShown(Shown):
    """A field order. *ours* is false for one that the outside did without us; *verdict* is the gate's last answer."""

    order_id: str
    case_id: str
    account_no: str
    purpose: str
    service: str
    kind: str
    remote: bool
    contractor: bool
    state: str
    requested_at: datetime
    dispatched_at: datetime | None
    acknowledged_at: datetime | None
    done_at: datetime | None
    accepted_at: datetime | None
    field_ref: str
    reason: str
    meter_read: int | None
    minutes_off: int | None
    ours: bool
    verdict: Json | None


class WorkOrders(Shown):
    work_orders: list[WorkOrderShown]
    cursor: str | None


class LetterShown(Shown):
    letter_id: str
    case_id: str
    account_no: str
    kind: str
    service: str | None
    amount_cents: int
    prepared_at: datetime
    mailed_on: date | None
    receipt: str
    state: str


class Letters(Shown):
    letters: list[LetterShown]
    cursor: str | None


class RemedyShown(Shown):
    """A debt handed on. *told_cents*: what the other side was last told is left; *due_on*: its next date, if any."""

    remedy_id: str
    case_id: str
    account_no: str
    kind: str
    state: str
    services: list[str]
    amount_cents: int
    told_cents: int
    since: date
    with_whom: str
    ref: str
    due_on: date | None
    ended_on: date | None

    @classmethod
    def of(cls, row: RemedyRow) -> Self:
        return cls(**row.model_dump(exclude={"services"}), services=row.services.split("|"))


class Remedies(Shown):
    remedies: list[RemedyShown]
    cursor: str | None
