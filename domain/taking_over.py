"""What of a case goes on in another installation, and at which stage may it open there?"""

from dataclasses import replace

from domain import events as ev
from domain.ability import household_text, without_household
from domain.account import Snapshot
from domain.case import DISCONNECTION, ApprovalState, Case, OrderPurpose
from domain.remedy import RemedyKind
from domain.states import ServiceStatus, Stage

TAKEN_OVER = "opening"
"""The key under which a case is taken over."""
EARLIER = "asked for before this record began"
_GIVEN = frozenset({ApprovalState.GRANTED, ApprovalState.USED})
_REMEDY = {
    Stage.WITH_AGENCY: RemedyKind.PLACEMENT,
    Stage.IN_COURT: RemedyKind.CLAIM,
    Stage.JUDGMENT: RemedyKind.JUDGMENT,
}


def carried_over(case: Case) -> Case:
    """Return what of *case* an opening folder holds.

    Not what is known of the account, which is looked up anew, nor the keys of decisions answered by the old
    installation, nor leave for an act, which a second person gives anew: but for that of a crew already on its way.
    """
    wanted = tuple(replace(each, because=EARLIER) for each in case.wanted)
    out = case.open_order(OrderPurpose.DISCONNECT) is not None
    leave = tuple(each for each in case.approvals if out and each.act == DISCONNECTION and each.state in _GIVEN)
    nothing = Snapshot.unread(case.account_no)
    return replace(case, seq=0, known=nothing, approvals=leave, seen=(), wanted=wanted)


def taken_over(case: Case) -> ev.CaseTakenOver:
    """Return the event by which *case*, as a folder tells it, is taken over at a stage that its evidence bears out."""
    stands, because = evidenced(case)
    agreement = stands.arrangement
    return ev.CaseTakenOver(
        case=replace(
            carried_over(stands),
            arrangement=agreement and replace(agreement, third_party="", authority=""),
            assessment=without_household(stands.assessment),
            follow_up_about="",
            referral="",
        ),
        set_back=because,
        third_party=agreement.third_party if agreement else "",
        authority=agreement.authority if agreement else "",
        household=household_text(stands.assessment.household) if stands.assessment else "",
        about=stands.follow_up_about,
        question=stands.referral,
    )


def evidenced(case: Case) -> tuple[Case, tuple[str, ...]]:
    """Return *case* at a stage for which it holds evidence, with what was missing; nothing is missing of most.

    A stage without evidence goes back to the reminder, one after the end of service to the final bill: nobody is cut,
    sued or placed on the strength of a word in a list.
    """
    missing: list[str] = []
    while (lacks := _lacks(case)) is not None:
        missing.append(f"{case.stage.replace('_', ' ')}: {lacks}")
        case = replace(case, stage=_before(case))
    return _services(case), tuple(missing)


def _lacks(case: Case) -> str | None:
    """Return what evidence of its stage the case lacks; none if it has it."""
    match case.stage:
        case Stage.REMINDED if case.reminder is None and case.notice is None and case.arrangement is None:
            return "no reminder is told of"
        case Stage.NOTICED if case.notice is None:
            return "no notice is told of"
        case Stage.DISCONNECTION_PENDING if case.notice is None:
            return "no notice is told of"
        case Stage.DISCONNECTION_PENDING if case.open_order(OrderPurpose.DISCONNECT) is None:
            return "no order is out, and leave is given anew"
        case Stage.ON_ARRANGEMENT | Stage.IN_BREACH if case.arrangement is None or not case.arrangement.active:
            return "no agreement that binds is told of"
        case Stage.WITH_AGENCY | Stage.IN_COURT | Stage.JUDGMENT if case.remedy(_REMEDY[case.stage]) is None:
            return f"no {_REMEDY[case.stage]} is told of"
        case Stage.WRITTEN_OFF if case.written_off is None:
            return "no sum is told of"
        case _:
            return None


def _before(case: Case) -> Stage:
    if case.stage is Stage.DISCONNECTION_PENDING and case.notice is not None:
        return Stage.NOTICED
    if case.stage in {Stage.WITH_AGENCY, Stage.IN_COURT, Stage.JUDGMENT, Stage.WRITTEN_OFF}:
        return Stage.FINAL_BILLED
    return Stage.PAST_DUE


def _services(case: Case) -> Case:
    """Return *case* with services that wait for an order only where one is out."""
    out = {order.service: order for order in case.orders if order.open}
    services = tuple(
        replace(each, status=ServiceStatus.ON)
        if each.status is ServiceStatus.ORDER_PENDING and each.service not in out
        else replace(each, status=ServiceStatus.OFF)
        if each.status is ServiceStatus.REACTIVATION_PENDING and each.service not in out
        else each
        for each in case.services
    )
    return replace(case, services=services)
