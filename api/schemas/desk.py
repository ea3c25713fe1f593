"""How are decisions shown, open, closed, taken, and waiting for a second person?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from api.schemas.base import Json, Shown
from api.schemas.case import EventShown
from api.wire import event_wire, next_wire, wire
from casework.approvals import Pending
from casework.at_once import Effect
from casework.choices import Choice
from casework.decisions import Ruling
from domain.verdict import Verdict


class ChoiceShown(Shown):
    type: str
    open: bool
    because: Json | None = None

    @classmethod
    def of(cls, choice: Choice) -> Self:
        return cls(
            type=choice.type, open=choice.refusal is None, because=wire(choice.refusal) if choice.refusal else None
        )


class Choices(Shown):
    case_id: str
    decisions: list[ChoiceShown]


class RulingShown(Shown):
    """What a decision led to, or with *preview* would lead to: its events and, for a preview, what comes next."""

    case_id: str
    stage: str
    preview: bool
    events: list[EventShown]
    next: list[Json]

    @classmethod
    def of(cls, ruling: Ruling) -> Self:
        return cls(
            case_id=ruling.case_id,
            stage=ruling.stage,
            preview=ruling.preview,
            events=[EventShown(**event_wire(event)) for event in ruling.events],
            next=[next_wire(item) for item in ruling.agenda],
        )


class EffectShown(Shown):
    """What came, or would come, of a decision in one case; or the refusal."""

    case_id: str
    ruling: RulingShown | None
    refusal: Json | None


class EffectsShown(Shown):
    preview: bool
    effects: list[EffectShown]

    @classmethod
    def of(cls, effects: Sequence[Effect], *, preview: bool) -> Self:
        return cls(
            preview=preview,
            effects=[
                EffectShown(
                    case_id=each.case_id,
                    ruling=RulingShown.of(each.ruling) if each.ruling else None,
                    refusal=wire(each.refusal) if each.refusal else None,
                )
                for each in effects
            ],
        )


class ApprovalShown(Shown):
    """A request for a second person's leave, with the evidence it was made on."""

    approval_id: str
    case_id: str
    act: str
    service: str | None
    amount_cents: int
    asked_by: str
    asked_at: datetime
    mine_to_decide: bool
    past_due_cents: int
    stage: str
    certificate: Json | None

    @classmethod
    def of(cls, pending: Pending) -> Self:
        row = pending.row
        return cls(
            approval_id=row.approval_id,
            case_id=row.case_id,
            act=row.act,
            service=row.service,
            amount_cents=row.amount_cents,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            mine_to_decide=pending.mine_to_decide,
            past_due_cents=pending.case.past_due.cents,
            stage=pending.case.stage,
            certificate=wire(pending.certificate) if pending.certificate else None,
        )


class Approvals(Shown):
    approvals: list[ApprovalShown]


class VerdictShown(Shown):
    """What every rule about an action says of some facts; it allows if none forbids."""

    action: str
    at: datetime
    policy: str
    allows: bool
    until: datetime | None
    outcomes: list[Json]

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        return cls(
            action=verdict.action,
            at=verdict.at,
            policy=verdict.policy,
            allows=verdict.allows,
            until=verdict.until,
            outcomes=[wire(outcome) for outcome in verdict.outcomes],
        )
