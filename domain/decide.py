"""What a person's decision leads to: events, or a refusal that names rule, fact and way out."""

from datetime import datetime

from domain import commands as c
from domain import events as ev
from domain.case import Case
from domain.decisions import HANDLERS, Bodies, Desk
from domain.decisions.desk import no
from domain.gate import gate
from domain.policy import Policy
from domain.terms import Judged, judge
from domain.verdict import Action, Certificate, Refusal, certify, certify_refusal

GATED: dict[type, Action] = {
    c.RecommendDisconnection: Action.RECOMMEND_DISCONNECTION,
    c.ReferToAgency: Action.PLACE_WITH_AGENCY,
    c.ReferToCourt: Action.FILE_CLAIM,
    c.FileSetoff: Action.FILE_SETOFF,
    c.CertifyToTax: Action.CERTIFY_TO_TAX,
    c.FileLien: Action.FILE_LIEN,
    c.ProposeWriteOff: Action.WRITE_OFF,
}


def decide(case: Case, decision: c.Decision, policy: Policy, now: datetime) -> tuple[ev.Event, ...] | Refusal:
    """Return the events that *decision* leads to in *case* at *now*, or the refusal.

    Pure: nothing is done and nothing is stored. Asked twice, by the validator and again after looking, it may answer
    differently because the case knows more by then.
    """
    if case.closed is not None:
        return no("case-closed", "The case is closed.", "An event on a closed case opens the account's next case.")
    answer = HANDLERS[type(decision.command)](Desk(case, decision, policy, now), decision.command)
    if isinstance(answer, Refusal):
        return answer
    certificate = _certificate(case, answer, decision.command, policy, now)
    return stamp(case, answer, key=decision.key, at=now, by=decision.by, policy=policy, certificate=certificate)


def refused(case: Case, decision: c.Decision, refusal: Refusal, policy: Policy, now: datetime) -> tuple[ev.Event, ...]:
    """Return what is recorded of a decision that *refusal* met on a second look, with its evidence."""
    body = ev.DecisionRefused(decision=decision.command.type, refusal=refusal)
    certificate = evidence(decision, refusal, policy, now)
    return stamp(case, (body,), key=decision.key, at=now, by=decision.by, policy=policy, certificate=certificate)


def evidence(decision: c.Decision, refusal: Refusal, policy: Policy, now: datetime) -> Certificate:
    """Return the evidence of *refusal*: pack, rules, citations, facts, date sums."""
    return certify_refusal(refusal, decision=decision.command.type, at=now, pack=policy.pack, policy=policy.digest)


def _certificate(case: Case, bodies: Bodies, command: c.Command, policy: Policy, now: datetime) -> Certificate | None:
    """Return the evidence of a decision that a gate allowed; none where no gate was asked."""
    judged = _terms(case, _meant(case, command), policy, now)
    if judged is not None:
        return judged.certificate(policy, now, granted=isinstance(command, c.Approve))
    cut = any(isinstance(body, ev.ApprovalGranted) and body.act == "disconnection" for body in bodies)
    action = Action.APPROVE_DISCONNECTION if cut else GATED.get(type(command))
    return certify(gate(action, case, policy, now), policy.pack) if action else None


def _meant(case: Case, command: c.Command) -> c.Command:
    """Return what *command* is about: for leave that is given, what had been asked for."""
    if isinstance(command, c.Approve):
        asked = next((a for a in case.approvals if a.approval_id == command.approval_id), None)
        return asked.proposal if asked and asked.proposal else command
    return command


def _terms(case: Case, command: c.Command, policy: Policy, now: datetime) -> Judged | None:
    """Return what the rules say of the terms that *command* names; none where it names none."""
    judged = judge(case, command, policy, now) if isinstance(command, c.AgreeArrangement) else None
    return None if isinstance(judged, Refusal) else judged


def stamp(
    case: Case,
    bodies: Bodies,
    *,
    key: str,
    at: datetime,
    by: str,
    policy: Policy,
    certificate: Certificate | None = None,
) -> tuple[ev.Event, ...]:
    """Number *bodies* as the next events of *case*; the certificate stays with the first."""
    on = policy.calendar.day(at)
    return tuple(
        ev.Event(
            seq=case.seq + number,
            key=f"{key}/{number}",
            at=at,
            on=on,
            by=by,
            body=body,
            certificate=certificate if number == 1 else None,
        )
        for number, body in enumerate(bodies, start=1)
    )
