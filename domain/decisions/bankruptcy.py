"""Petitions: said, borne out by the docket, converted, paid under a plan, dismissed, discharged."""

from dataclasses import replace
from datetime import time
from typing import Final

from domain import commands as c
from domain import events as ev
from domain.bankruptcy import pending, petition_day
from domain.decisions.desk import Answer, Bodies, Desk, cleared, handles, new_fact, no
from domain.facts import Fact, FactKind, on_file
from domain.money import ZERO
from domain.take.bankruptcy import DISCHARGED, DISMISSED

UNKNOWN: Final = "unknown"
"""The chapter of a petition until its docket was read."""


@handles(c.FileBankruptcy)
def _file_bankruptcy(desk: Desk, command: c.FileBankruptcy) -> Answer:
    """Freeze at anyone's word; the docket's number lets the debt be split."""
    if command.petition_on > desk.on:
        return no("petition-in-the-future", f"Today is {desk.on}.", "Record the day on which it was filed.")
    known = pending(desk.case.known.facts, desk.now)
    on_day = known is not None and petition_day(known, desk.calendar) == command.petition_on
    same = known if known and (on_day or not known.evidence) else None
    if command.chapter == UNKNOWN and command.docket:
        return no("chapter-not-said", "The docket says in which chapter the petition is.", "Name the chapter too.")
    if same is not None and on_day and _says_nothing_new(same, command):
        return no("petition-on-file", "This petition is on file.", "Add its docket number, or what has changed.")
    fact = _petition(desk, command, same)
    bodies: list[ev.Body] = [ev.FactRecorded(fact=fact, replaces=same.fact_id if same else "")]
    if same is None:
        because = "a bankruptcy petition is known"
        bodies = [*cleared(desk.case, because), *bodies]
        about = "Check the docket within two business days; a deposit waits for chapter and counsel."
        bodies.append(ev.TaskRaised(kind="check_docket", about=about))
    if _covers_co_debtor(fact) and not (same and _covers_co_debtor(same)):
        about = "A joint customer: the stay of chapter 13 covers the co-debtor too (11 U.S.C. 1301)."
        bodies.append(ev.TaskRaised(kind="co_debtor_stay", about=about))
    return tuple(bodies)


def _covers_co_debtor(petition: Fact) -> bool:
    """Say whether the stay may cover another person who owes the debt: in chapter 13, and until it is known."""
    return bool(petition.details.get("joint")) and petition.details.get("chapter") in {"13", UNKNOWN}


def _says_nothing_new(known: Fact, command: c.FileBankruptcy) -> bool:
    return (
        command.docket in {"", known.evidence}
        and command.chapter in {UNKNOWN, known.details.get("chapter")}
        and (not command.joint or bool(known.details.get("joint")))
    )


def _petition(desk: Desk, command: c.FileBankruptcy, same: Fact | None) -> Fact:
    """Return the petition as it stands now; a conversion begins the time for a proof of claim anew."""
    before = dict(same.details) if same else {}
    chapter = before.get("chapter", UNKNOWN) if command.chapter == UNKNOWN else command.chapter
    details = before | {"chapter": chapter, "petition_on": command.petition_on.isoformat()}
    if command.joint:
        details["joint"] = "yes"
    if command.paid_since is not None:
        details["paid_since"] = str(command.paid_since.cents)
    if same is not None and same.evidence and before.get("chapter") != chapter:
        details |= {"converted_on": desk.on.isoformat()}
        details.pop("claim_filed_on", None)
    asked = c.RecordFact(
        kind=FactKind.BANKRUPTCY,
        starts=desk.calendar.at(command.petition_on, time(0)),
        evidence=command.docket or (same.evidence if same else ""),
        details=tuple(sorted(details.items())),
    )
    return new_fact(desk, asked, FactKind.BANKRUPTCY)


@handles(c.RecordPlanPayment)
def _record_plan_payment(desk: Desk, command: c.RecordPlanPayment) -> Answer:
    known = desk.case.bankruptcy
    if known is None or known.ended:
        return no("no-stayed-debt", "No debt was set aside at a petition.", "Post it as any other payment.")
    if command.ref in known.vouchers:
        says = f"Voucher {command.ref} of the trustee is on record."
        return no("voucher-on-record", says, "Look at the timeline; another voucher has another number.")
    left = known.claim - known.noted
    if not ZERO < command.amount <= left:
        return no(
            "more-than-is-claimed",
            f"{left} is still claimed.",
            "Record what is within the claim; return the rest to the trustee.",
        )
    return (ev.PlanPaymentNoted(amount=command.amount, ref=command.ref),)


@handles(c.ResolveBankruptcy)
def _resolve_bankruptcy(desk: Desk, command: c.ResolveBankruptcy) -> Answer:
    petitions = on_file(desk.case.known.facts, FactKind.BANKRUPTCY)
    if not petitions:
        return no("no-petition", "No bankruptcy petition is on file.", "Record the petition first.")
    # What was discharged stays so for ever. One that was closed without it may still be said to have ended otherwise.
    ended = {DISCHARGED, command.outcome}
    petitions = tuple(each for each in petitions if each.holds(desk.now) and each.details.get("outcome") not in ended)
    if not petitions:
        says = "Every petition on file has ended already."
        return no("petition-ended", says, "Correct the petition's entry if its end was written down wrongly.")
    if command.outcome == DISMISSED:
        because = f"dismissed: {command.because}"
        return tuple(_end(desk, petition, because) for petition in petitions)
    # A discharge forbids for ever to collect what it covers (11 USC 524): the petition goes on standing, resolved.
    resolved: Bodies = tuple(
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
    known = desk.case.bankruptcy
    if command.outcome == DISCHARGED and known is not None and not known.ended:
        return (*resolved, ev.DebtDischarged(amount=known.claim))
    return resolved


def _end(desk: Desk, petition: Fact, because: str) -> ev.FactEnded:
    return ev.FactEnded(fact_id=petition.fact_id, kind=petition.kind, until=desk.now, withdrawn=False, because=because)
