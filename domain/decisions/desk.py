"""What every decision's handler is given, and the refusals and facts they share."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from domain import commands as c
from domain import events as ev
from domain.account import Service
from domain.case import DISCONNECTION, Approval, ApprovalState, Case
from domain.facts import Fact, FactKind
from domain.gate import gate
from domain.money import Money
from domain.policy import Policy
from domain.position import position
from domain.refusals import no as no  # noqa: PLC0414  # handlers take it from here
from domain.states import Trigger, may_move, sources
from domain.verdict import Action, Refusal, refuse

Bodies = tuple[ev.Body, ...]
Answer = Bodies | Refusal


class Desk:
    """The case, the decision and the instant at which it is looked at."""

    __slots__ = ("calendar", "case", "decision", "here", "now", "on", "policy")

    def __init__(self, case: Case, decision: c.Decision, policy: Policy, now: datetime) -> None:
        self.case, self.decision, self.policy, self.now = case, decision, policy, now
        self.here = position(case, policy, now)
        self.on = self.here.on
        self.calendar = policy.calendar

    def next_id(self, letter: str, *, after: int = 0) -> str:
        """Return an id for what this decision makes: the case's, with the number of the event that makes it."""
        return f"{self.case.case_id}-{letter}{self.case.seq + 1 + after}"


C = TypeVar("C", bound=c.Command)
HANDLERS: dict[type, Callable[..., Answer]] = {}


def handles(command: type[C]) -> Callable[[Callable[[Desk, C], Answer]], Callable[[Desk, C], Answer]]:
    """Register the one handler of *command*."""

    def register(handler: Callable[[Desk, C], Answer]) -> Callable[[Desk, C], Answer]:
        assert command not in HANDLERS, f"{command.__name__} has a handler already"
        HANDLERS[command] = handler
        return handler

    return register


def unlawful(desk: Desk, trigger: Trigger, way_out: str = "") -> Refusal | None:
    """Return the refusal of a move that the table does not hold from the case's stage; none if it holds it."""
    if may_move(desk.case.stage, trigger):
        return None
    what, stage = trigger.replace("_", " ").capitalize(), desk.case.stage.replace("_", " ")
    where = ", ".join(each.replace("_", " ") for each in sources(trigger))
    way_out = way_out or f"It is open to a case that is: {where}."
    return no("not-at-this-stage", f"{what} is not open to a case that is {stage}.", way_out, rule="stage")


def gated(desk: Desk, action: Action, title: str) -> Refusal | None:
    """Return the refusal that the gate's verdict on *action* amounts to; none if it allows."""
    verdict = gate(action, desk.case, desk.policy, desk.now)
    return None if verdict.allows else refuse(verdict, title=title)


def new_fact(desk: Desk, command: c.RecordFact | c.CorrectFact, kind: FactKind, *, after: int = 0) -> Fact:
    """Return the fact that *command* records, known from now on; *after* so many other events of the decision."""
    return Fact(
        fact_id=desk.next_id("f", after=after),
        kind=kind,
        starts=command.starts or desk.now,
        until=command.until,
        known_at=desk.now,
        amount=command.amount,
        source=command.source,
        evidence=command.evidence,
        entered_by=desk.decision.by,
        details=dict(command.details),
    )


def ask(
    desk: Desk,
    act: str,
    amount: Money,
    *,
    service: Service | None = None,
    proposal: c.Proposal | None = None,
    after: int = 0,
) -> Bodies:
    """Return the request for a second person's approval of *act*; *proposal*: the terms agreed to if it is granted."""
    terms = proposal if isinstance(proposal, c.AgreeArrangement) else None
    return (
        ev.ApprovalAsked(
            approval_id=desk.next_id("a", after=after),
            act=act,
            amount=amount,
            decision=desk.decision.key,
            service=service,
            proposal=replace(terms, third_party="", authority="") if terms else proposal,
            third_party=terms.third_party if terms else "",
            authority=terms.authority if terms else "",
        ),
    )


def drop_approvals(desk: Desk, because: str) -> Bodies:
    """Return the lapse of every approval still asked for or granted."""
    return tuple(lapse(approval, because) for approval in open_approvals(desk.case))


def open_approvals(case: Case) -> tuple[Approval, ...]:
    """Return the approvals still asked for, and leave for a cut that no order has used; other leave is used at once."""
    unused = (ApprovalState.GRANTED, DISCONNECTION)
    return tuple(a for a in case.approvals if a.state is ApprovalState.ASKED or (a.state, a.act) == unused)


def cleared(case: Case, because: str) -> Bodies:
    """Return the end of everything that an account in service alone can have: its agreement, its open approvals."""
    ended = case.arrangement is not None and case.arrangement.active
    agreement = (ev.ArrangementCancelled(because=because),) if ended else ()
    return (*(lapse(approval, because) for approval in open_approvals(case)), *agreement)


def lapse(approval: Approval, because: str) -> ev.ApprovalLapsed:
    """Return the lapse of *approval*."""
    return ev.ApprovalLapsed(approval_id=approval.approval_id, act=approval.act, because=because)
