"""Facts of every kind: recorded, corrected, ended; holds, disputes and bankruptcy petitions among them."""

from dataclasses import replace
from datetime import time

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.calendar import DAY
from domain.decisions.desk import Answer, Desk, drop_approvals, handles, new_fact, no
from domain.facts import Fact, FactKind, on_file
from domain.verdict import Refusal


@handles(c.RecordFact)
def _recordnew_fact(desk: Desk, command: c.RecordFact) -> Answer:
    if command.until is not None and command.until <= (command.starts or desk.now):
        return no("fact-ends-before-it-starts", "The fact would end before it starts.", "Correct its dates.")
    return (ev.FactRecorded(fact=new_fact(desk, command, command.kind)),)


@handles(c.CorrectFact)
def _correctnew_fact(desk: Desk, command: c.CorrectFact) -> Answer:
    old = _standingnew_fact(desk, command.fact_id)
    if isinstance(old, Refusal):
        return old
    if command.kind is None:
        return (_end(desk, old, withdrawn=True, because=command.because),)
    return (ev.FactRecorded(fact=new_fact(desk, command, command.kind), replaces=old.fact_id),)


def _standingnew_fact(desk: Desk, fact_id: str, kind: FactKind | None = None) -> Fact | Refusal:
    found = next((f for f in desk.case.known.facts if f.fact_id == fact_id and f.withdrawn_at is None), None)
    if found is None or (kind and found.kind is not kind):
        what = kind.value if kind else "fact"
        return no("no-such-fact", f"No {what} {fact_id} stands on this account.", "Look at the account's facts.")
    return found


def _end(desk: Desk, fact: Fact, *, withdrawn: bool, because: str) -> ev.FactEnded:
    return ev.FactEnded(fact_id=fact.fact_id, kind=fact.kind, until=desk.now, withdrawn=withdrawn, because=because)


@handles(c.PlaceHold)
def _place_hold(desk: Desk, command: c.PlaceHold) -> Answer:
    until = desk.calendar.at(command.until + DAY, time(0)) if command.until else None
    fact = c.RecordFact(kind=FactKind.HOLD, until=until, details=(("because", command.because),))
    return (ev.FactRecorded(fact=new_fact(desk, fact, FactKind.HOLD)),)


@handles(c.ReleaseHold)
def _release_hold(desk: Desk, command: c.ReleaseHold) -> Answer:
    hold = _standingnew_fact(desk, command.fact_id, FactKind.HOLD)
    return hold if isinstance(hold, Refusal) else (_end(desk, hold, withdrawn=False, because=command.because),)


@handles(c.OpenDispute)
def _open_dispute(desk: Desk, command: c.OpenDispute) -> Answer:
    fact = c.RecordFact(kind=FactKind.DISPUTE, amount=command.amount)
    return (
        ev.FactRecorded(fact=new_fact(desk, fact, FactKind.DISPUTE)),
        ev.TaskRaised(kind="review_dispute", about=command.about),
    )


@handles(c.ResolveDispute)
def _resolve_dispute(desk: Desk, command: c.ResolveDispute) -> Answer:
    dispute = _standingnew_fact(desk, command.fact_id, FactKind.DISPUTE)
    if isinstance(dispute, Refusal):
        return dispute
    if dispute.entered_by == desk.decision.by and command.outcome != "withdrawn":
        return no(
            "reviewer-must-be-another",
            "A dispute is decided by someone other than the person who took it.",
            "Pass it to the reviewer.",
            rule="D04",
            citation=desk.policy.source(p.DISPUTE_REVIEWER, desk.on).citation,
        )
    return (_end(desk, dispute, withdrawn=False, because=f"{command.outcome}: {command.because}"),)


@handles(c.FileBankruptcy)
def _file_bankruptcy(desk: Desk, command: c.FileBankruptcy) -> Answer:
    petition = desk.calendar.at(command.petition_on, time(0))
    details = (("chapter", command.chapter), ("petition_on", command.petition_on.isoformat()))
    fact = c.RecordFact(kind=FactKind.BANKRUPTCY, starts=petition, evidence=command.docket, details=details)
    return (
        *drop_approvals(desk, "a bankruptcy petition is known"),
        ev.FactRecorded(fact=new_fact(desk, fact, FactKind.BANKRUPTCY)),
        ev.TaskRaised(kind="check_docket", about="Check the docket within two business days."),
    )


@handles(c.ResolveBankruptcy)
def _resolve_bankruptcy(desk: Desk, command: c.ResolveBankruptcy) -> Answer:
    petitions = on_file(desk.case.known.facts, FactKind.BANKRUPTCY)
    if not petitions:
        return no("no-petition", "No bankruptcy petition is on file.", "Record the petition first.")
    if command.outcome == "dismissed":
        because = f"dismissed: {command.because}"
        return tuple(_end(desk, petition, withdrawn=False, because=because) for petition in petitions)
    # A discharge forbids for ever to collect what it covers (11 USC 524): the petition goes on standing, resolved.
    return tuple(
        ev.FactRecorded(
            fact=replace(
                petition,
                fact_id=desk.next_id("f", after=number),
                known_at=desk.now,
                entered_by=desk.decision.by,
                details={**petition.details, "outcome": command.outcome},
            ),
            replaces=petition.fact_id,
        )
        for number, petition in enumerate(petitions)
    )
