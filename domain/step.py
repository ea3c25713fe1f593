"""What an agenda holds: steps the calendar asks for, and named waits."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.account import Service
from domain.money import Money
from domain.verdict import Arithmetic, Certificate, Outcome


class StepKind(StrEnum):
    """What the calendar can ask for. Each is performed by a body and comes back as events."""

    SEND_REMINDER = "send_reminder"
    SERVE_NOTICE = "serve_notice"
    WITHDRAW_NOTICE = "withdraw_notice"
    RESUME_PATH = "resume_path"
    LAPSE_APPROVAL = "lapse_approval"
    PLACE_ORDER = "place_order"
    DISPATCH_ORDER = "dispatch_order"
    WITHDRAW_ORDER = "withdraw_order"
    REQUEST_REACTIVATION = "request_reactivation"
    REQUEST_VISIT = "request_visit"
    REMIND_CONTRACTOR = "remind_contractor"
    ESCALATE_ORDER = "escalate_order"
    CHARGE_FEE = "charge_fee"
    REMOVE_FEE = "remove_fee"
    END_ACCOUNT = "end_account"
    OFFER_RECONNECTION = "offer_reconnection"
    COUNT_INSTALMENTS = "count_instalments"
    LAPSE_ARRANGEMENT = "lapse_arrangement"
    ASK_SIGNATURE = "ask_signature"
    REOPEN_ARRANGEMENT = "reopen_arrangement"
    NOTE_BREACH = "note_breach"
    NOTE_CURE = "note_cure"
    DEFAULT_ARRANGEMENT = "default_arrangement"
    COMPLETE_ARRANGEMENT = "complete_arrangement"
    CHECK_PROMISE = "check_promise"
    REMIND_PAYMENT = "remind_payment"
    END_EXTENSION = "end_extension"
    RAISE_FOLLOW_UP = "raise_follow_up"
    LAPSE_CLAIM = "lapse_claim"
    SEND_PLACEMENT_NOTICE = "send_placement_notice"
    HAND_ON = "hand_on"
    DROP_REMEDY = "drop_remedy"
    TELL_HOLDER = "tell_holder"
    TAKE_BACK = "take_back"
    BILL_INTEREST = "bill_interest"
    SEND_SETOFF_NOTICE = "send_setoff_notice"
    NOTE_RECOVERY = "note_recovery"
    END_SETTLEMENT = "end_settlement"
    NOTE_SETTLED = "note_settled"
    SET_ASIDE = "set_aside"
    APPLY_PLAN_MONEY = "apply_plan_money"
    REVIVE_DEBT = "revive_debt"
    MOVE_DEBT = "move_debt"
    NOTE_WRONG_CUT = "note_wrong_cut"
    CLOSE_CASE = "close_case"


class Who(StrEnum):
    """Who can end a wait."""

    CALENDAR = "calendar"
    CUSTOMER = "customer"
    REPRESENTATIVE = "representative"
    SUPERVISOR = "supervisor"
    FIELD = "field"
    REVIEWER = "reviewer"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something to do at *at*, under *rule*. *says* is one plain sentence that can be read to a caller."""

    kind: StepKind
    at: datetime
    says: str
    rule: str
    citation: str = ""
    arithmetic: tuple[Arithmetic, ...] = ()
    amount: Money = Money(0)
    service: Service | None = None
    ref: str = ""
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Nothing to do yet: why, who can end it, and when to look again at the latest (none: when something changes)."""

    says: str
    who: Who
    until: datetime | None = None
    blocking: tuple[Outcome, ...] = ()
    task: str = ""


Next = Step | Wait


def spoken(item: Next) -> str:
    """Return *item* as one plain sentence that can be read to a caller: what holds a step back, without numbers."""
    if isinstance(item, Wait) and item.blocking:
        return item.blocking[0].says
    return item.says
