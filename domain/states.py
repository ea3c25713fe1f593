"""Where a case stands, and which moves are lawful: the two axes and the one table of moves."""

from enum import StrEnum

from transitions import Machine


class Stage(StrEnum):
    """How far collection has come. Holds are facts, not stages; service has its own axis."""

    PAST_DUE = "past_due"
    REMINDED = "reminded"
    NOTICED = "noticed"
    DISCONNECTION_PENDING = "disconnection_pending"
    ON_ARRANGEMENT = "on_arrangement"
    IN_BREACH = "in_breach"
    FINAL_BILLED = "final_billed"
    WITH_AGENCY = "with_agency"
    IN_COURT = "in_court"
    JUDGMENT = "judgment"
    WRITTEN_OFF = "written_off"
    CLOSED = "closed"


class ServiceStatus(StrEnum):
    ON = "on"
    ORDER_PENDING = "order_pending"
    OFF = "off"
    REACTIVATION_PENDING = "reactivation_pending"


class ClosedReason(StrEnum):
    PAID = "paid"
    SETTLED = "settled"
    DISCHARGED = "discharged"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"


class Trigger(StrEnum):
    REMIND = "remind"
    SERVE_NOTICE = "serve_notice"
    START_AGAIN = "start_again"
    RECOMMEND = "recommend"
    STAND_DOWN = "stand_down"
    ARRANGE = "arrange"
    BREACH = "breach"
    CURE = "cure"
    DEFAULT = "default"
    RESUME = "resume"
    FINAL_BILL = "final_bill"
    PLACE = "place"
    RECALL = "recall"
    FILE_CLAIM = "file_claim"
    END_CLAIM = "end_claim"
    ENTER_JUDGMENT = "enter_judgment"
    VACATE = "vacate"
    WRITE_OFF = "write_off"
    REINSTATE = "reinstate"
    CLOSE = "close"


PATH = (Stage.PAST_DUE, Stage.REMINDED, Stage.NOTICED, Stage.DISCONNECTION_PENDING)
_INACTIVE = (Stage.FINAL_BILLED, Stage.WITH_AGENCY, Stage.IN_COURT, Stage.JUDGMENT)
_OPEN = tuple(stage for stage in Stage if stage is not Stage.CLOSED)

MOVES: tuple[tuple[Trigger, tuple[Stage, ...], Stage], ...] = (
    (Trigger.REMIND, (Stage.PAST_DUE,), Stage.REMINDED),
    (Trigger.SERVE_NOTICE, (Stage.PAST_DUE, Stage.REMINDED, Stage.NOTICED), Stage.NOTICED),
    # The oldest bill was paid, or a notice went stale: the path starts again from what is left.
    (Trigger.START_AGAIN, PATH, Stage.PAST_DUE),
    (Trigger.RECOMMEND, (Stage.NOTICED,), Stage.DISCONNECTION_PENDING),
    (Trigger.STAND_DOWN, (Stage.DISCONNECTION_PENDING,), Stage.NOTICED),
    (Trigger.ARRANGE, (*PATH, Stage.ON_ARRANGEMENT, Stage.IN_BREACH, Stage.FINAL_BILLED), Stage.ON_ARRANGEMENT),
    (Trigger.BREACH, (Stage.ON_ARRANGEMENT,), Stage.IN_BREACH),
    (Trigger.CURE, (Stage.IN_BREACH,), Stage.ON_ARRANGEMENT),
    # A default resumes at the point of suspension with a new notice clock: the next step is a fresh notice.
    (Trigger.DEFAULT, (Stage.ON_ARRANGEMENT, Stage.IN_BREACH), Stage.REMINDED),
    (Trigger.RESUME, (Stage.ON_ARRANGEMENT, Stage.IN_BREACH), Stage.PAST_DUE),
    (Trigger.FINAL_BILL, (*PATH, Stage.ON_ARRANGEMENT, Stage.IN_BREACH), Stage.FINAL_BILLED),
    (Trigger.PLACE, (Stage.FINAL_BILLED,), Stage.WITH_AGENCY),
    (Trigger.RECALL, (Stage.WITH_AGENCY,), Stage.FINAL_BILLED),
    (Trigger.FILE_CLAIM, (Stage.FINAL_BILLED,), Stage.IN_COURT),
    (Trigger.END_CLAIM, (Stage.IN_COURT,), Stage.FINAL_BILLED),
    (Trigger.ENTER_JUDGMENT, (Stage.IN_COURT,), Stage.JUDGMENT),
    # A judgment that was vacated or satisfied in part leaves what its remedy did not hold.
    (Trigger.VACATE, (Stage.JUDGMENT,), Stage.FINAL_BILLED),
    (Trigger.WRITE_OFF, _INACTIVE, Stage.WRITTEN_OFF),
    (Trigger.REINSTATE, (Stage.WRITTEN_OFF,), Stage.FINAL_BILLED),
    (Trigger.CLOSE, _OPEN, Stage.CLOSED),
)

# One machine for all cases, bound to none: a bare model is fired through it (`transitions` costs 0.2 us and nothing is
# registered, against 1,320 us and 118 KiB for a machine per case).
MACHINE = Machine(
    model=None,
    states=list(Stage),
    transitions=[
        {"trigger": trigger.value, "source": list(sources), "dest": target} for trigger, sources, target in MOVES
    ],
    initial=Stage.PAST_DUE,
    auto_transitions=False,
    send_event=True,
)


class UnlawfulMove(RuntimeError):
    """An event asked for a move that the table does not hold: a bug, never a person's mistake."""


class _Bare:
    __slots__ = ("state",)

    def __init__(self, state: Stage) -> None:
        self.state = state


def may_move(stage: Stage, trigger: Trigger) -> bool:
    """Say whether the table holds *trigger* from *stage*."""
    return bool(MACHINE.events[trigger.value].transitions.get(stage.name))


def sources(trigger: Trigger) -> tuple[Stage, ...]:
    """Return the stages from which the table holds *trigger*."""
    return tuple(stage for stage in Stage if may_move(stage, trigger))


def move(stage: Stage, trigger: Trigger) -> Stage:
    """Return the stage to which *trigger* leads from *stage*.

    Raises:
        UnlawfulMove: the table holds no such move.
    """
    if not may_move(stage, trigger):
        raise UnlawfulMove(f"{trigger} is not lawful from {stage}")
    model = _Bare(stage)
    MACHINE.events[trigger.value].trigger(model)
    return model.state
