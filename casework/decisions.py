"""What becomes of a person's decision: events in the case, or a refusal that names rule, fact and way out?"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from pydantic import TypeAdapter
from sqlmodel import Session
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.messages import Answer, Decision, case_workflow_id
from casework.agencies import with_agency
from casework.context import Desk
from casework.errors import Refused, not_now
from casework.money_checks import check_money
from casework.outlook import look
from casework.permissions import FOR_COMMAND, FOR_FACT, is_senior, is_supervisor
from casework.petitions import with_paid_since
from casework.story import the_row
from domain.agenda import agenda
from domain.commands import Command, CorrectFact, RecordFact
from domain.commands import Decision as PlainDecision
from domain.decide import decide as rule_on
from domain.decide import evidence
from domain.events import Event
from domain.hear import Tells, Told
from domain.states import Stage
from domain.step import Next
from domain.take import take
from domain.verdict import Certificate, Refusal
from models.cases import decode, timeline_of
from models.outbox import tell
from models.refusals import keep_refusal
from models.tables import CaseRow

RPC_SECONDS = 20  # a decision waits for a look at billing; longer than that, the caller asks again with the same key

CONFLICT = 409  # what a rule says no to; not being permitted, or misspelling, is no act in the case

_REFUSAL = TypeAdapter(Refusal)
_CERTIFICATE = TypeAdapter(Certificate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a decision led to. For a preview: what it would lead to, with the agenda after it; nothing was sent."""

    case_id: str
    stage: Stage
    events: Sequence[Event]
    preview: bool = False
    agenda: Sequence[Next] = field(default_factory=tuple)


async def decide(desk: Desk, case_id: str, command: Command, *, key: str, preview: bool = False) -> Ruling:
    """Take *command* in the case and return the events it left.

    *key* is the caller's: the same key again returns the first answer. The person's role is settled before anything
    is sent; a preview sends nothing and stores nothing.

    Raises:
        Refused: the role, a rule at first sight or on a second look, or the case is not to be reached just now.
    """
    desk.need(FOR_COMMAND[type(command)])
    if isinstance(command, RecordFact | CorrectFact) and command.kind is not None and command.kind in FOR_FACT:
        desk.need(FOR_FACT[command.kind])
    row = await desk.read(lambda session: the_row(session, case_id))
    command = await with_paid_since(desk, row.account_no, await with_agency(desk, command))
    if preview:
        await _check(desk, row, command)
        return await _preview(desk, case_id, command, key=key)
    decision = Decision(
        # Two people may use one key by chance; the case must not give one of them the other's answer.
        key=f"{desk.person.username}/{key}",
        at=desk.now,
        by=desk.person.username,
        command=command,
        senior=is_senior(desk.person.role),
        supervisor=is_supervisor(desk.person.role),
    )
    try:
        await _check(desk, row, command)
    except Refused as refused:
        await _keep(desk, row, decision, refused.refusal)
        raise
    answer = await _send(desk, row, decision)
    events = await desk.read(lambda session: events_between(session, case_id, answer.first, answer.last))
    return Ruling(case_id=case_id, stage=answer.stage, events=events)


async def _check(desk: Desk, row: CaseRow, command: Command) -> None:
    """Refuse what is settled without asking the case: it is closed, or the account's payments forbid it."""
    if row.closed is not None:
        raise Refused(_closed(row.case_id))
    await check_money(desk, row.account_no, command)


async def _send(desk: Desk, row: CaseRow, decision: Decision) -> Answer:
    handle = desk.client.get_workflow_handle(case_workflow_id(row.account_no))
    try:
        answer: Answer = await handle.execute_update(
            "decide", decision, id=_update_id(decision.key), result_type=Answer
        )
    except WorkflowUpdateFailedError as failure:
        found = _refusal_in(failure)
        if found is None:
            raise
        refusal, certificate = found
        await _check_still_so(desk, row, decision)
        await _keep(desk, row, decision, refusal, certificate)
        raise Refused(refusal) from failure
    except WorkflowUpdateRPCTimeoutOrCancelledError as late:
        raise not_now("no-answer-yet", "No answer yet", "The case did not answer in time.", status=503) from late
    except RPCError as error:
        raise _unreached(error, row.case_id) from error
    if answer.refusal is not None:
        raise Refused(answer.refusal)
    return answer


async def _check_still_so(desk: Desk, row: CaseRow, decision: Decision) -> None:
    """Ask for patience, and the case to look again, where its refusal rests on less than the record knows by now.

    After a crash the record can be ahead of the workflow for a moment, and a validator does not look before it speaks.
    """
    looked = await look(desk, row.case_id)
    if isinstance(rule_on(looked.case, decision, looked.policy, looked.now), Refusal):
        return
    told = Told(key=f"look/{decision.key}", at=decision.at, what=Tells.LOOK_AGAIN)
    await desk.write(lambda session: tell(session, account_no=row.account_no, told=told, at=decision.at))
    raise not_now("case-catching-up", "The case is catching up", f"{row.case_id} has not yet seen the latest change.")


def _update_id(key: str) -> str:
    """Return *key* as an update id, which may not be arbitrarily long."""
    return sha256(key.encode()).hexdigest()[:32]


def _refusal_in(failure: WorkflowUpdateFailedError) -> tuple[Refusal, Certificate | None] | None:
    """Return the refusal that the validator raised, with its evidence; none when something else failed."""
    cause = failure.cause
    if not isinstance(cause, ApplicationError):
        return None
    if cause.type == "AcceptedUpdateCompletedWorkflow":
        return _closed("the case"), None
    if not cause.details:
        return None
    refusal, *evident = cause.details
    return _REFUSAL.validate_python(refusal), _CERTIFICATE.validate_python(evident[0]) if evident else None


def _closed(case_id: str) -> Refusal:
    return Refusal(
        slug="case-closed",
        title="Case closed",
        detail=f"{case_id} is closed.",
        rules=("case-closed",),
        way_out="An event on a closed case opens the account's next case.",
    )


def _unreached(error: RPCError, case_id: str) -> Refused:
    """Return why the workflow could not be asked: it has ended or not begun, or Temporal is out of reach."""
    if error.status is not RPCStatusCode.NOT_FOUND:
        return not_now("no-temporal", "Decisions cannot be taken now", "Temporal does not answer.", status=503)
    return not_now(
        "case-not-running", "The case cannot be decided now", f"{case_id} is being opened, or is about to close."
    )


async def _keep(
    desk: Desk, row: CaseRow, decision: Decision, refusal: Refusal, certificate: Certificate | None = None
) -> None:
    """Chain what a rule refused; *certificate*: the evidence that the case itself gave."""
    if refusal.status != CONFLICT:
        return
    shown = certificate or evidence(decision, refusal, await asyncio.to_thread(desk.policy), desk.now)
    await desk.write(lambda session: _store(session, row, decision, refusal, shown))


def _store(session: Session, row: CaseRow, decision: Decision, refusal: Refusal, certificate: Certificate) -> None:
    """Chain that it was refused, and on what evidence: in the case's own history it leaves no trace."""
    keep_refusal(
        session,
        refusal_id=_update_id(f"{row.case_id}/{decision.key}"),
        case_id=row.case_id,
        account_no=row.account_no,
        at=decision.at,
        by=decision.by,
        decision=decision.command.type,
        body=_REFUSAL.dump_python(refusal, mode="json"),
        certificate=certificate,
    )


async def _preview(desk: Desk, case_id: str, command: Command, *, key: str) -> Ruling:
    looked = await look(desk, case_id)
    case = looked.case
    outcome = rule_on(case, plain_decision(desk, command, key=key), looked.policy, looked.now)
    if isinstance(outcome, Refusal):
        raise Refused(outcome)
    for event in outcome:
        case = take(case, event)
    return Ruling(
        case_id=case_id,
        stage=case.stage,
        events=outcome,
        preview=True,
        agenda=agenda(case, looked.policy, looked.now),
    )


def plain_decision(desk: Desk, command: Command, *, key: str) -> PlainDecision:
    """Return *command* as the person at *desk* gives it, for asking the rules without sending anything."""
    return PlainDecision(
        key=key,
        at=desk.now,
        by=desk.person.username,
        command=command,
        senior=is_senior(desk.person.role),
        supervisor=is_supervisor(desk.person.role),
    )


def events_between(session: Session, case_id: str, first: int, last: int) -> tuple[Event, ...]:
    """Return the events numbered *first* through *last*, as they stand on record."""
    if last < first:
        return ()
    return tuple(decode(session, row) for row in timeline_of(session, case_id, after=first - 1, limit=last - first + 1))
