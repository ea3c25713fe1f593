"""A debt that is handed on: when does which other side hear what, and when does it come back?"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from domain import parameters as p
from domain.account import balance
from domain.bankruptcy import pending
from domain.calendar import DAY, years_after
from domain.facts import Fact, FactKind, standing
from domain.gate import gate
from domain.liens import unsettled
from domain.money import ZERO, Money
from domain.policy import Policy
from domain.remedy import Mark, Remedy, RemedyKind, RemedyState
from domain.states import Stage
from domain.step import Next, Step, StepKind, Wait, Who
from domain.tracks.track import INACTIVE_STAGES, Look, adding, blocked
from domain.verdict import Action, certify

ACTION = {
    RemedyKind.PLACEMENT: Action.PLACE_WITH_AGENCY,
    RemedyKind.CLAIM: Action.FILE_CLAIM,
    RemedyKind.SETOFF: Action.FILE_SETOFF,
    RemedyKind.CERTIFICATION: Action.CERTIFY_TO_TAX,
    RemedyKind.LIEN: Action.FILE_LIEN,
}
_RENEWAL_DAYS = 365  # a new suit takes months: it is thought of in the judgment's last year
# What takes a debt back from an agency at once, whatever else it is (T11).
RECALLING = (
    FactKind.DISPUTE,
    FactKind.APPEAL,
    FactKind.BANKRUPTCY,
    FactKind.DECEASED,
    FactKind.IDENTITY_THEFT,
    FactKind.REPRESENTED,
)


def remedies(look: Look) -> Iterator[Next]:
    """Follow each remedy from its decision to its end; move a debt that is to follow its customer."""
    if look.case.moves_to:
        says = f"The debt goes to its customer's account {look.case.moves_to}."
        yield Step(kind=StepKind.MOVE_DEBT, at=look.now, rule="T10", says=says)
        return
    for remedy in look.case.remedies:
        if remedy.state is RemedyState.DECIDED:
            yield _hand_on(look, remedy)
        elif remedy.state is RemedyState.STANDING:
            yield from _standing(look, remedy)


def _hand_on(look: Look, remedy: Remedy) -> Next:
    """Hand the debt to the other side, unless a fact that came since forbids it."""
    verdict = gate(ACTION[remedy.kind], look.case.without(remedy), look.policy, look.now)
    if not verdict.allows:
        if verdict.until is not None:
            return blocked(verdict, who=Who.CALENDAR)
        first = verdict.blocking[0]
        return Step(
            kind=StepKind.DROP_REMEDY,
            at=look.now,
            ref=remedy.remedy_id,
            rule=first.rule,
            citation=first.citation,
            says=f"The {remedy.kind} is not handed on. {first.rule}: {first.says}",
            certificate=certify(verdict, look.policy.pack),
        )
    return Step(
        kind=StepKind.HAND_ON,
        at=look.office_slot(look.on, about=remedy.remedy_id),
        ref=remedy.remedy_id,
        rule=f"remedy.{remedy.kind}",
        amount=remedy.amount,
        says=f"{remedy.amount} is handed on: {_WORDS[remedy.kind]}.",
        certificate=certify(verdict, look.policy.pack),
    )


def _standing(look: Look, remedy: Remedy) -> Iterator[Next]:
    left = remedy.left(look.case.known.bills)
    if remedy.to_bill:
        yield _bill_interest(look, remedy)
        return
    unseen = remedy.life[-1].interest if remedy.kind is RemedyKind.LIEN else ZERO  # billed, and not yet read back
    if look.case.known.billing_read and left + unseen <= ZERO and remedy.bills:
        yield _interest(look, remedy) or _take_back(look, remedy, rule="remedy.paid", because="it is paid")
        return
    stops = _recalling(look, remedy)
    if stops:
        because = f"a {stops[0].kind.replace('_', ' ')} is known"
        yield _take_back(look, remedy, rule="T11", because=because)
        return
    if left != remedy.told and _reportable(look, remedy, left):
        yield Step(
            kind=StepKind.TELL_HOLDER,
            at=look.now,
            ref=remedy.remedy_id,
            amount=left,
            rule="T07" if remedy.kind is RemedyKind.SETOFF else "T09",
            says=f"{_SIDE[remedy.kind]} hears today that {left} is left of {remedy.told}.",
        )
        return
    yield from _BY_KIND[remedy.kind](look, remedy, left)


def _interest(look: Look, remedy: Remedy) -> Wait | None:
    """Return the wait for a person where a lien's charges are paid and its interest is not settled."""
    if remedy.kind is not RemedyKind.LIEN:
        return None
    bore = unsettled(remedy.life, remedy.settled, look.policy, through=look.on)
    if bore <= ZERO:
        return None
    says = f"The charges under the lien of {remedy.since} are paid; it bore {bore} of interest. "
    says += "It is released once that is billed and paid, or given up."
    return Wait(says=says, who=Who.REPRESENTATIVE, task="lien_interest")


def _bill_interest(look: Look, remedy: Remedy) -> Next:
    if pending(look.case.known.facts, look.now) is not None:
        says = f"The interest on the lien of {remedy.since} is not billed while a petition is pending."
        return Wait(says=says, who=Who.SUPERVISOR)
    part = remedy.to_bill[0]
    return Step(
        kind=StepKind.BILL_INTEREST,
        at=look.now,
        ref=remedy.remedy_id,
        service=part.service,
        amount=part.amount,
        rule=p.LIEN_INTEREST_PCT.key,
        citation=look.cite(p.LIEN_INTEREST_PCT),
        says=f"{part.amount} of interest on the lien of {remedy.since} is charged to {part.service}.",
    )


def _recalling(look: Look, remedy: Remedy) -> tuple[Fact, ...]:
    if remedy.kind is not RemedyKind.PLACEMENT:
        return ()
    return tuple(fact for kind in RECALLING for fact in standing(look.case.known.facts, kind, look.now))


def _reportable(look: Look, remedy: Remedy, left: Money) -> bool:
    """Say whether a change is to be told: every one, but to the State only such as reach the pack's sum."""
    if remedy.kind is RemedyKind.SETOFF:
        return abs((remedy.told - left).cents) >= look.policy.at(p.RECAPTURE_UPDATE_DELTA, look.on)
    return remedy.kind in {RemedyKind.PLACEMENT, RemedyKind.CLAIM, RemedyKind.JUDGMENT}


def _take_back(look: Look, remedy: Remedy, *, rule: str, because: str) -> Step:
    return Step(
        kind=StepKind.TAKE_BACK,
        at=look.now,
        ref=remedy.remedy_id,
        rule=rule,
        says=f"{_BACK[remedy.kind]}: {because}.",
    )


def _placement(look: Look, remedy: Remedy, left: Money) -> Iterator[Next]:
    asked = remedy.marked(Mark.RECALL_ASKED)
    if asked is not None:
        yield _take_back(look, remedy, rule="desk.recall", because=f"recalled by the desk on {asked}")
        return
    sums = adding(p.AGENCY_RECALL_DAYS.unit, remedy.since, look.days(p.AGENCY_RECALL_DAYS))
    yield Step(
        kind=StepKind.TAKE_BACK,
        at=look.office_slot(sums.result, about=f"recall {remedy.remedy_id}"),
        ref=remedy.remedy_id,
        rule=p.AGENCY_RECALL_DAYS.key,
        citation=look.cite(p.AGENCY_RECALL_DAYS),
        arithmetic=(sums,),
        amount=left,
        says=f"An agency collects {left}; on {sums.result} it comes back as uncollected.",
    )


def _claim(look: Look, remedy: Remedy, left: Money) -> Iterator[Next]:
    served, hearing = remedy.marked(Mark.SERVED), remedy.due_on
    if hearing is None:
        yield Wait(says=f"A court decides on {left}.", who=Who.OUTSIDE)
    elif served is None:
        by = hearing - timedelta(days=look.days(p.COURT_SERVICE_DAYS))
        due, late = look.on >= by, look.on > by
        says = f"The claim for {left} is to be served, with proof on file by {by}; it is heard on {hearing}."
        over = f"Proof that the claim for {left} was served was due by {by}; it is heard on {hearing}."
        yield Wait(
            says=over if late else says,
            who=Who.REPRESENTATIVE,
            until=None if due else look.policy.calendar.at(by, time(0)),
            task="prove_service",
        )
    elif look.on > hearing:
        yield Wait(
            says=f"The claim was heard on {hearing}: what the court did is to be recorded.",
            who=Who.REPRESENTATIVE,
            task="record_hearing",
        )
    else:
        at = look.policy.calendar.at(hearing + DAY, time(0))
        yield Wait(says=f"A court hears the claim for {left} on {hearing}.", who=Who.OUTSIDE, until=at)


def _judgment(look: Look, remedy: Remedy, left: Money) -> Iterator[Next]:
    """Follow a judgment through its stay, docket and disclosure to the year in which it is renewed, or its end."""
    expires = expiry(look.policy, remedy, look.on)
    renewable, docketed = expires - timedelta(days=_RENEWAL_DAYS), remedy.marked(Mark.DOCKETED)
    if look.on >= expires:
        says = (
            f"The judgment ended on {expires} with {left} unpaid: it is withdrawn, and the rest proposed for write-off."
        )
        yield Wait(says=says, who=Who.SUPERVISOR, task="expired_judgment")
    elif remedy.due_on and look.on <= remedy.due_on:
        over = look.policy.calendar.at(remedy.due_on + DAY, time(0))
        yield Wait(says=f"The judgment for {left} is stayed through {remedy.due_on}.", who=Who.CALENDAR, until=over)
    elif look.on >= renewable:
        says = f"The judgment for {left} ends on {expires}: a new suit before that day renews it."
        yield Wait(says=says, who=Who.REPRESENTATIVE, until=_at(look, expires), task="renew_judgment")
    elif docketed is None:
        says = f"The judgment for {left} is final: it may be docketed."
        yield Wait(says=says, who=Who.REPRESENTATIVE, until=_at(look, renewable), task="docket_judgment")
    else:
        yield _docketed(look, remedy, left, expires)


def _docketed(look: Look, remedy: Remedy, left: Money, expires: date) -> Wait:
    """Ask the court for the debtor's disclosure where it gives one; then wait for money until the year of renewal."""
    says = f"A docketed judgment stands for {left}; it ends on {expires} unless it is renewed by a new suit."
    renewable = _at(look, expires - timedelta(days=_RENEWAL_DAYS))
    days, ordered = look.days(p.COURT_DISCLOSURE_DAYS), remedy.marked(Mark.DISCLOSURE)
    if days and ordered is None:
        says += " The court may be asked to order the debtor's disclosure."
        return Wait(says=says, who=Who.REPRESENTATIVE, until=renewable, task="ask_disclosure")
    if days and ordered is not None and look.on <= (due := ordered + timedelta(days=days)):
        says += f" What the debtor has is to be disclosed by {due}."
        return Wait(says=says, who=Who.CUSTOMER, until=_at(look, due + DAY))
    return Wait(says=says, who=Who.CUSTOMER, until=renewable)


def expiry(policy: Policy, judgment: Remedy, on: date) -> date:
    """Return the day from which *judgment* binds nobody: the pack's years from its entry, or from its renewal."""
    years, renewed = policy.at(p.COURT_JUDGMENT_YEARS, on), judgment.marked(Mark.RENEWED)
    if renewed is not None:
        return years_after(renewed, years)
    return judgment.expires_on or years_after(judgment.due_on or judgment.since, years)


def _setoff(look: Look, remedy: Remedy, left: Money) -> Iterator[Next]:
    if remedy.marked(Mark.NOTICE_SENT) is None:
        sums = adding(p.RECAPTURE_NOTICE_DAYS.unit, remedy.since, look.days(p.RECAPTURE_NOTICE_DAYS))
        yield Step(
            kind=StepKind.SEND_SETOFF_NOTICE,
            at=look.office_slot(look.on, about=f"notice {remedy.remedy_id}"),
            ref=remedy.remedy_id,
            rule=p.RECAPTURE_NOTICE_DAYS.key,
            citation=look.cite(p.RECAPTURE_NOTICE_DAYS),
            arithmetic=(sums,),
            amount=remedy.amount,
            says=f"The notice of the set-off claim for {remedy.amount} goes out; it is due by {sums.result}.",
        )
        return
    oldest = min(bill.due_on for bill in remedy.bills)
    last = years_after(oldest, look.policy.at(p.RECAPTURE_MAX_YEARS, look.on))
    yield Step(
        kind=StepKind.TAKE_BACK,
        at=look.office_slot(last, about=f"remove {remedy.remedy_id}"),
        ref=remedy.remedy_id,
        rule=p.RECAPTURE_MAX_YEARS.key,
        citation=look.cite(p.RECAPTURE_MAX_YEARS),
        amount=left,
        says=f"{left} is claimed against tax refunds until {last}.",
    )


def _property(_: Look, remedy: Remedy, left: Money) -> Iterator[Next]:
    what = "certified to property tax" if remedy.kind is RemedyKind.CERTIFICATION else "secured by a lien"
    yield Wait(says=f"{left} is {what} since {remedy.since}.", who=Who.OUTSIDE)


def final_bill(look: Look) -> Iterator[Next]:
    """Tell the customer that an unpaid final bill will be placed, then let the desk choose where it goes."""
    case = look.case
    if case.stage is not Stage.FINAL_BILLED:
        return
    held = case.held  # a roll or a set-off may hold some services; the rest goes its own way
    owed = balance(bill for bill in case.known.bills if bill.ref not in held)
    if owed <= ZERO:
        return
    due = case.final.due_on if case.final else case.opened_on
    after, notice = look.days(p.AGENCY_AFTER_DAYS), look.days(p.AGENCY_NOTICE_DAYS)
    ripe = adding(p.AGENCY_AFTER_DAYS.unit, due, after)
    noticed = case.final.noticed_on if case.final else None
    if noticed is None:
        sums = adding("calendar days after the final bill was due", due, max(1, after - notice))
        at = look.office_slot(sums.result, about="placement notice")
        yield Step(
            kind=StepKind.SEND_PLACEMENT_NOTICE,
            at=at,
            rule=p.AGENCY_NOTICE_DAYS.key,
            citation=look.cite(p.AGENCY_NOTICE_DAYS),
            arithmetic=(sums, ripe),
            amount=owed,
            says=f"On {look.policy.calendar.day(at)} the customer is told that {owed} will be placed with an agency.",
        )
        return
    if case.final is not None and case.final.awaited:
        yield Wait(says="The mailing of the notice of placement is yet to be confirmed.", who=Who.OUTSIDE)
        return
    opens = max(ripe.result, noticed + timedelta(days=notice))
    now_open = look.on >= opens
    yield Wait(
        says=f"The final bill leaves {owed} unpaid; from {opens} it may go to an agency or to court.",
        who=Who.REPRESENTATIVE if now_open else Who.CUSTOMER,
        until=None if now_open else _at(look, opens),
        task="refer_final_bill" if now_open else "",
    )


def recovery(look: Look) -> Iterator[Next]:
    """Note money that comes in on a debt that was written off."""
    case = look.case
    if case.stage is not Stage.WRITTEN_OFF or not case.known.billing_read:
        return
    left = balance(case.known.bills)
    if case.written_off is not None and left != case.written_off:
        yield Step(
            kind=StepKind.NOTE_RECOVERY,
            at=look.now,
            rule="write_off.recovery",
            amount=case.written_off - left,
            says=f"{case.written_off - left} came in on a debt that was written off.",
        )
    else:
        yield Wait(says=f"Written off but still owed: {left}.", who=Who.OUTSIDE)


def settlement(look: Look) -> Iterator[Next]:
    """Follow a settlement: to its payment and the writing down of the rest, or to the day it was not kept."""
    agreed = look.case.settlement
    if agreed is None or look.case.stage not in INACTIVE_STAGES:
        return
    paid = agreed.paid(look.case.known.bills)
    if agreed.paid_on is not None:
        left = balance(look.case.known.bills)
        says = f"The settlement was paid on {agreed.paid_on}; {left} is to be taken off the books."
        yield Wait(says=says, who=Who.SUPERVISOR, task="write_down")
    elif paid >= agreed.amount:
        says = f"The settlement of {agreed.amount} is paid."
        yield Step(kind=StepKind.NOTE_SETTLED, at=look.now, rule="settlement.paid", amount=agreed.amount, says=says)
    else:
        over = look.policy.calendar.at(agreed.by + DAY, time(0))
        says = f"{agreed.amount - paid} of the settlement of {agreed.amount} is to be paid through {agreed.by}."
        yield Step(kind=StepKind.END_SETTLEMENT, at=max(over, look.now), rule="settlement.broken", says=says)


def _at(look: Look, day: date) -> datetime:
    return look.policy.calendar.at(day, time(0))


_WORDS = {
    RemedyKind.PLACEMENT: "placed with the agency",
    RemedyKind.CLAIM: "a claim is filed with the court",
    RemedyKind.SETOFF: "claimed against tax refunds",
    RemedyKind.CERTIFICATION: "certified to property tax",
    RemedyKind.LIEN: "a lien is filed",
}
_SIDE = {
    RemedyKind.PLACEMENT: "The agency",
    RemedyKind.CLAIM: "The court",
    RemedyKind.JUDGMENT: "The court",
    RemedyKind.SETOFF: "The State",
}
_BACK = {
    RemedyKind.PLACEMENT: "The debt is recalled from the agency",
    RemedyKind.CLAIM: "The claim is dismissed",
    RemedyKind.JUDGMENT: "The judgment is satisfied",
    RemedyKind.SETOFF: "The set-off claim is removed",
    RemedyKind.CERTIFICATION: "The certification is released",
    RemedyKind.LIEN: "The lien is released",
}
_BY_KIND = {
    RemedyKind.PLACEMENT: _placement,
    RemedyKind.CLAIM: _claim,
    RemedyKind.JUDGMENT: _judgment,
    RemedyKind.SETOFF: _setoff,
    RemedyKind.CERTIFICATION: _property,
    RemedyKind.LIEN: _property,
}
