"""What is kept back while everything is: after an opening nothing goes out until a supervisor releases it."""

from datetime import datetime

from domain.facts import FactKind, standing
from domain.rules.switches import EVERYTHING
from domain.step import Next, Step, StepKind, Wait, Who
from domain.tracks.track import Look

GOING_OUT = frozenset(
    {
        StepKind.SEND_REMINDER,
        StepKind.SERVE_NOTICE,
        StepKind.PLACE_ORDER,
        StepKind.DISPATCH_ORDER,
        StepKind.WITHDRAW_ORDER,
        StepKind.REQUEST_REACTIVATION,
        StepKind.REQUEST_VISIT,
        StepKind.REMIND_CONTRACTOR,
        StepKind.CHARGE_FEE,
        StepKind.REMOVE_FEE,
        StepKind.END_ACCOUNT,
        StepKind.OFFER_RECONNECTION,
        StepKind.NOTE_BREACH,
        StepKind.NOTE_WRONG_CUT,
        StepKind.REMIND_PAYMENT,
        StepKind.SEND_PLACEMENT_NOTICE,
        StepKind.HAND_ON,
        StepKind.TELL_HOLDER,
        StepKind.TAKE_BACK,
        StepKind.BILL_INTEREST,
        StepKind.SEND_SETOFF_NOTICE,
        StepKind.SET_ASIDE,
        StepKind.APPLY_PLAN_MONEY,
        StepKind.REVIVE_DEBT,
        StepKind.MOVE_DEBT,
    }
)
"""The steps that ask something of another system: those for which `domain.perform.effect_of` names an effect."""


def holding(look: Look) -> bool:
    """Say whether a supervisor has yet to release what goes out."""
    thrown = standing(look.case.known.facts, FactKind.STOP_SWITCH, look.now)
    return any(EVERYTHING in fact.details.get("scope", "").split() for fact in thrown)


def kept_back(item: Next, look: Look) -> Next:
    """Return the wait that stands for a step that would go out by now; anything else as it is."""
    if not would_go_out(item, look.now):
        return item
    says = f"Kept back until a supervisor releases what goes out. {item.says}"
    return Wait(says=says, who=Who.SUPERVISOR, task="kept_back")


def would_go_out(item: Next, now: datetime) -> bool:
    """Say whether *item* is a step that is due by *now* and asks something of another system."""
    return isinstance(item, Step) and item.at <= now and item.kind in GOING_OUT
