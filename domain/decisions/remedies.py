"""Handing a debt on, and what is written down on the way: agency, court, set-off, property, settlement."""

from datetime import date, timedelta
from typing import get_args

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.account import OpenBill, Service, balance
from domain.agencies import choose
from domain.authority import forgives_alone, may_be_forgiven, may_give_leave
from domain.calendar import DAY, years_after
from domain.decisions.desk import Answer, Bodies, Desk, ask, drop_approvals, gated, handles, no, unlawful
from domain.decisions.following import granted
from domain.decisions.lien_interest import granted_up
from domain.liens import unsettled
from domain.money import ZERO, Money, percent, total
from domain.remedy import Mark, Remedy, RemedyKind, RemedyState, Settlement
from domain.rules.question import Question
from domain.rules.transfer import free_bills, handed_on
from domain.states import ClosedReason, Stage, Trigger, may_move
from domain.take.remedies import named
from domain.tracks.remedies import expiry
from domain.verdict import Action, Refusal

Proposal = c.ReferToAgency | c.ReferToCourt | c.FileSetoff | c.CertifyToTax | c.FileLien

_ACTS: dict[type[Proposal], tuple[Action, RemedyKind, str]] = {
    c.ReferToAgency: (Action.PLACE_WITH_AGENCY, RemedyKind.PLACEMENT, "p"),
    c.ReferToCourt: (Action.FILE_CLAIM, RemedyKind.CLAIM, "c"),
    c.FileSetoff: (Action.FILE_SETOFF, RemedyKind.SETOFF, "s"),
    c.CertifyToTax: (Action.CERTIFY_TO_TAX, RemedyKind.CERTIFICATION, "t"),
    c.FileLien: (Action.FILE_LIEN, RemedyKind.LIEN, "n"),
}
_ENDED_SERVICE = (Stage.FINAL_BILLED, Stage.WITH_AGENCY, Stage.IN_COURT, Stage.JUDGMENT, Stage.WRITTEN_OFF)


def _propose(desk: Desk, command: Proposal) -> Answer:
    """Return the remedy that *command* decides on, or the question to a second person where the pack wants one."""
    remedy = proposed_remedy(desk, command)
    if isinstance(remedy, Refusal):
        return remedy
    excess = isinstance(command, c.ReferToCourt) and command.waive_excess
    if excess or command.type in desk.policy.at(p.APPROVAL_REMEDIES, desk.on):
        return ask(desk, command.type, remedy.amount, proposal=command)
    return (ev.RemedyDecided(remedy=remedy, because=_why(desk, command)),)


def _why(desk: Desk, command: Proposal) -> str:
    """Return why the debt goes to this agency and no other: the desk's own words, else the pack's rule."""
    if not isinstance(command, c.ReferToAgency):
        return ""
    return command.because or ("" if command.agency else choose(desk.policy, desk.on)[1])


for _kind in get_args(Proposal):  # one way to ask for any of them
    handles(_kind)(_propose)


def proposed_remedy(desk: Desk, command: Proposal, *, after: int = 0) -> Remedy | Refusal:
    """Return the remedy that *command* would begin, with the bills it would hold, or why there can be none."""
    action, kind, letter = _ACTS[type(command)]
    property_alone = kind is RemedyKind.CERTIFICATION or kind is RemedyKind.LIEN
    if not property_alone and desk.case.stage not in _ENDED_SERVICE:
        trigger = Trigger.PLACE if kind is RemedyKind.PLACEMENT else Trigger.FILE_CLAIM
        refusal = unlawful(desk, trigger, "Only a debt whose service has ended is handed on.")
        assert refusal is not None, "no move of that kind is lawful before the final bill"
        return refusal
    refusal = _given_up(desk) or _unknown_agency(desk, command) or _hearing_over(desk, command)
    refusal = refusal or gated(desk, action, "The debt may not be handed on")
    if refusal:
        return refusal
    bills = _bills(desk, command, action)
    if isinstance(bills, Refusal):
        return bills
    amount = total(bill.open for bill in bills)
    limited = _within_limit(desk, command, amount) if isinstance(command, c.ReferToCourt) else amount
    if isinstance(limited, Refusal):
        return limited
    return Remedy(
        remedy_id=desk.next_id(letter, after=after),
        kind=kind,
        state=RemedyState.DECIDED,
        bills=named(bills),
        amount=limited,
        told=amount,
        since=desk.on,
        with_whom=_with_whom(desk, command),
        due_on=command.hearing_on if isinstance(command, c.ReferToCourt) else None,
    )


def _given_up(desk: Desk) -> Refusal | None:
    if not desk.case.given_up:
        return None
    return no(
        "given-up",
        "The debt was written off as no longer to be collected.",
        "Reverse the write-off first, with the reason why it may be collected after all.",
        rule="T12",
    )


def _unknown_agency(desk: Desk, command: Proposal) -> Refusal | None:
    names = tuple(str(name) for name in desk.policy.at(p.AGENCY_NAMES, desk.on))
    if not isinstance(command, c.ReferToAgency) or command.agency in {"", *names}:
        return None
    return no(
        "no-such-agency",
        "No agency of that name is under contract.",
        f"Name one of {', '.join(names)}, or none: then the pack's rule chooses.",
        rule=p.AGENCY_NAMES.key,
        citation=desk.policy.source(p.AGENCY_NAMES, desk.on).citation,
    )


def _hearing_over(desk: Desk, command: Proposal) -> Refusal | None:
    if not isinstance(command, c.ReferToCourt) or command.hearing_on is None or command.hearing_on > desk.on:
        return None
    return no("hearing-over", f"Today is {desk.on}.", "Name the day for which the court has set the hearing, or none.")


def _with_whom(desk: Desk, command: Proposal) -> str:
    """Return the agency or court that *command* names, else the pack's.

    The desk asks the pack's rule with what agencies hold and brought in, and names the one that it chooses; the case
    knows no other account's debt, and without the desk's word takes the agencies as equals.
    """
    match command:
        case c.ReferToAgency(agency=agency):
            return agency or choose(desk.policy, desk.on)[0]
        case c.ReferToCourt(court=court):
            return court or desk.policy.at(p.COURT_NAME, desk.on)
        case _:
            return ""


def _bills(desk: Desk, command: Proposal, action: Action) -> tuple[OpenBill, ...] | Refusal:
    """Return the bills that *command* may hand on; a service that may not be is refused by name."""
    question = Question(action=action, case=desk.case, policy=desk.policy, now=desk.now, on=desk.on)
    free = free_bills(question) if action in {Action.CERTIFY_TO_TAX, Action.FILE_LIEN} else handed_on(question)
    lawful = tuple(Service)
    if action is Action.CERTIFY_TO_TAX:
        lawful = tuple(Service(name) for name in desk.policy.at(p.CERTIFY_SERVICES, desk.on))
        refused = [service for service in command.services if service not in lawful]
        if refused:
            return no(
                "service-not-certified",
                f"{', '.join(refused)} may not be certified to property tax.",
                f"Certify {', '.join(lawful)} alone; place the rest with an agency or file a claim.",
                rule="T05",
                citation=desk.policy.source(p.CERTIFY_SERVICES, desk.on).citation,
            )
        free = tuple(bill for bill in free if bill.due_on < desk.on)  # what is not due yet is not delinquent
    wanted = command.services or lawful
    bills = tuple(bill for bill in free if bill.service in lawful and bill.service in wanted)
    if not bills:
        way_out = "Look at what other remedies hold."
        return no("nothing-to-hand-on", "Nothing of it is unpaid and free.", way_out, rule="T15")
    return bills


def _within_limit(desk: Desk, command: c.ReferToCourt, amount: Money) -> Money | Refusal:
    """Return what may be claimed: all of it, or the court's limit if the excess is waived."""
    limit = Money(desk.policy.at(p.COURT_LIMIT, desk.on))
    if amount <= limit or command.waive_excess:
        return min(amount, limit)
    return no(
        "over-the-court-limit",
        f"{amount} is above the court's limit of {limit}.",
        "A waiver of the excess must be signed off by a second person; one debt is never split into two claims.",
        rule="T04",
        citation=desk.policy.source(p.COURT_LIMIT, desk.on).citation,
    )


@handles(c.RecallFromAgency)
def _recall_from_agency(desk: Desk, command: c.RecallFromAgency) -> Answer:
    remedy = desk.case.remedy(RemedyKind.PLACEMENT)
    if remedy is None:
        return _none(desk, "placement")
    if remedy.state is RemedyState.DECIDED:
        return (ev.RemedyDropped(remedy_id=remedy.remedy_id, because=command.because),)
    if remedy.marked(Mark.RECALL_ASKED) is not None:
        return no("recall-asked", "The agency has been asked for it already.", "Wait for it to come back.")
    return (ev.RecallAsked(remedy_id=remedy.remedy_id, because=command.because),)


@handles(c.RecordFiling)
def _record_filing(desk: Desk, command: c.RecordFiling) -> Answer:
    before = command.what in {"served", "non_military"}
    remedy = desk.case.remedy(RemedyKind.CLAIM if before else RemedyKind.JUDGMENT)
    if remedy is None or remedy.state is not RemedyState.STANDING:
        return _none(desk, "claim" if before else "judgment")
    if command.on > desk.on:
        return no("filing-in-the-future", f"Today is {desk.on}.", "Record it on the day it is done.")
    mark = Mark(command.what)
    if remedy.marked(mark) == command.on:
        return no("paper-on-record", f"It is on record as of {command.on}.", "Record it with another day, if it was.")
    untimely = None if before else _untimely(desk, remedy, command)
    if untimely is not None:
        return untimely
    return (ev.RemedyMarked(remedy_id=remedy.remedy_id, mark=mark, on=command.on, ref=command.ref),)


def _untimely(desk: Desk, judgment: Remedy, command: c.RecordFiling) -> Refusal | None:
    """Return why a paper of *judgment* cannot be of that day: the stay, the docket or the judgment's end."""
    if command.what == "docketed" and judgment.due_on and command.on <= judgment.due_on:
        return no(
            "stay-not-over",
            f"The judgment is stayed through {judgment.due_on}.",
            f"Docket it from {judgment.due_on + DAY} on.",
            rule="T08",
            citation=desk.policy.source(p.COURT_STAY_DAYS, desk.on).citation,
        )
    if command.what == "disclosure" and judgment.marked(Mark.DOCKETED) is None:
        return no(
            "not-docketed", "An order for disclosure follows a docketed judgment.", "Docket it first.", rule="T08"
        )
    ends = expiry(desk.policy, judgment, desk.on)
    if command.on >= ends:
        return no(
            "judgment-expired",
            f"The judgment ended on {ends}.",
            "Withdraw it; what is left may be proposed to be written off.",
            rule="T08",
            citation=desk.policy.source(p.COURT_JUDGMENT_YEARS, desk.on).citation,
        )
    return None


@handles(c.RecordHearing)
def _record_hearing(desk: Desk, command: c.RecordHearing) -> Answer:
    kind = RemedyKind.JUDGMENT if command.result == "vacated" else RemedyKind.CLAIM
    remedy = desk.case.remedy(kind)
    if remedy is None or remedy.state is not RemedyState.STANDING:
        return _none(desk, kind)
    if command.on > desk.on:
        return no("hearing-in-the-future", f"Today is {desk.on}.", "Record what came of it when it was held.")
    if command.result == "continued" and (command.next_on is None or command.next_on <= command.on):
        return no("no-next-hearing", "A continued hearing has a later day.", "Name the day it is continued to.")
    if command.result == "default" and remedy.marked(Mark.SERVED) is None:
        return no("not-served", "No proof of service is on file.", "Record the proof of service.", rule="T08")
    if command.result == "default" and remedy.marked(Mark.NON_MILITARY) is None:
        return no(
            "no-military-affidavit",
            "No affidavit of non-military status is on file.",
            "Check the status and record the affidavit before a default.",
            rule="T08",
            citation="50 U.S.C. 3931",
        )
    held = ev.HearingHeld(remedy_id=remedy.remedy_id, result=command.result, next_on=command.next_on)
    if command.result in {"dismissed", "vacated"}:
        return (held, _ended(remedy, because=command.result))
    return (held,)


def _ended(remedy: Remedy, *, because: str) -> ev.ClaimEnded | ev.RemedyEnded:
    if remedy.kind is RemedyKind.CLAIM:
        return ev.ClaimEnded(remedy_id=remedy.remedy_id, ref=remedy.ref, because=because)
    return ev.RemedyEnded(remedy_id=remedy.remedy_id, because=because)


@handles(c.RecordJudgment)
def _record_judgment(desk: Desk, command: c.RecordJudgment) -> Answer:
    remedy = desk.case.remedy(RemedyKind.CLAIM)
    if remedy is None or not may_move(desk.case.stage, Trigger.ENTER_JUDGMENT):
        if desk.case.remedy(RemedyKind.JUDGMENT):
            return no(
                "judgment-stands", "A judgment on this debt stands already.", "Refer it to the supervisor.", rule="T08"
            )
        return unlawful(desk, Trigger.ENTER_JUDGMENT) or _none(desk, "claim")
    if command.amount > remedy.amount:
        return no(
            "more-than-claimed",
            f"{command.amount} is more than the {remedy.amount} that was claimed.",
            "State costs apart from the judgment.",
            rule="T08",
        )
    if command.amount <= ZERO or command.costs < ZERO:
        return no("no-such-judgment", "A judgment is for a sum.", "A claim that was lost is dismissed at its hearing.")
    if not remedy.since <= command.entered_on <= desk.on:
        return no(
            "judgment-day-out-of-range",
            f"It was entered between {remedy.since}, when the claim was decided on, and {desk.on}.",
            "Look at the court's record, and name the day that stands there.",
            rule="T08",
        )
    final = command.entered_on + timedelta(days=desk.policy.at(p.COURT_STAY_DAYS, desk.on))
    entered = ev.JudgmentEntered(
        remedy_id=remedy.remedy_id,
        ref=remedy.ref,
        amount=command.amount,
        costs=command.costs,
        final_on=final,
        expires_on=years_after(command.entered_on, desk.policy.at(p.COURT_JUDGMENT_YEARS, desk.on)),
    )
    return (entered,)


@handles(c.RecordSatisfaction)
def _record_satisfaction(desk: Desk, command: c.RecordSatisfaction) -> Answer:
    remedy = desk.case.remedy(RemedyKind.JUDGMENT)
    if remedy is None:
        return no("no-judgment", "No judgment stands.", "Satisfaction follows a judgment.", rule="T08")
    left = remedy.left(desk.case.known.bills)
    if left > ZERO:
        return no("not-satisfied", f"{left} is unpaid.", "Post the payment first.", rule="T08")
    ended = ev.RemedyEnded(remedy_id=remedy.remedy_id, because=command.because or "judgment satisfied")
    if balance(desk.case.known.bills) > ZERO:
        return (ended,)
    closes = ev.CaseClosed(reason=ClosedReason.PAID, because="judgment satisfied")
    return (*drop_approvals(desk, "the judgment is satisfied"), ended, closes)


@handles(c.WithdrawRemedy)
def _withdraw(desk: Desk, command: c.WithdrawRemedy) -> Answer:
    remedy = next((r for r in desk.case.remedies if r.remedy_id == command.remedy_id and r.open), None)
    if remedy is None:
        return no("no-such-remedy", f"No remedy {command.remedy_id} stands.", "Look at the case's remedies.")
    if remedy.state is RemedyState.DECIDED:
        return (ev.RemedyDropped(remedy_id=remedy.remedy_id, because=command.because),)
    if remedy.kind is RemedyKind.PLACEMENT:
        return no("placement-is-recalled", "A placement is recalled from its agency.", "Recall it from the agency.")
    if remedy.kind is RemedyKind.LIEN and remedy.left(desk.case.known.bills) <= ZERO:
        # Whoever may take a lien back may not for that forgive what it bore.
        bore = unsettled(remedy.life, remedy.settled, desk.policy, through=desk.on)
        if remedy.to_bill or bore > ZERO:
            says = "The charges under the lien are paid, and its interest is not settled."
            return no("interest-open", says, "Bill the interest, or give it up: then the lien is released.", rule="T06")
    return (_ended(remedy, because=command.because),)


@handles(c.ProposeSettlement)
def _propose_settlement(desk: Desk, command: c.ProposeSettlement) -> Answer:
    settlement = proposed_settlement(desk, command)
    if isinstance(settlement, Refusal):
        return settlement
    owed = balance(desk.case.known.bills)
    least = percent(owed, desk.policy.at(p.SETTLEMENT_MIN_PCT, desk.on))
    alone = forgives_alone(desk.decision, desk.policy, desk.on)
    if command.amount < least or owed - command.amount > alone:
        return ask(desk, command.type, command.amount, proposal=command)
    return (ev.SettlementAgreed(settlement=settlement),)


def proposed_settlement(desk: Desk, command: c.ProposeSettlement) -> Settlement | Refusal:
    """Return what *command* would agree to take for the whole, or why it may not."""
    owed = balance(desk.case.known.bills)
    if desk.case.stage not in _ENDED_SERVICE:
        return no("service-goes-on", "Only a debt whose service has ended is settled.", "Offer an agreement instead.")
    stands = desk.case.settlement
    if stands is not None and stands.paid_on is None and desk.on <= stands.by:
        says = f"{stands.amount} by {stands.by} is agreed on already."
        return no("settlement-stands", says, f"Settle anew from {stands.by + DAY} on, if it is not paid by then.")
    if not ZERO < command.amount < owed:
        return no("not-a-settlement", f"A settlement lies between $0.00 and {owed}.", "Name less than the whole.")
    last: date = desk.on + timedelta(days=desk.policy.at(p.SETTLEMENT_MAX_DAYS, desk.on))
    if not desk.on <= command.by <= last:
        return no(
            "settlement-day-out-of-range",
            f"It is paid between {desk.on} and {last}.",
            "Name a day in between.",
            rule=p.SETTLEMENT_MAX_DAYS.key,
            citation=desk.policy.source(p.SETTLEMENT_MAX_DAYS, desk.on).citation,
        )
    forgiven, most = owed - command.amount, Money(desk.policy.at(p.SETTLEMENT_FORGIVEN_MAX, desk.on))
    way_out = f"Settle for {owed - most} or more, or record the governing body's resolution first."
    beyond = may_be_forgiven(forgiven, desk.case.known.facts, desk.policy, desk.now, way_out=way_out)
    if beyond:
        return beyond
    bills = named(desk.case.known.bills)
    return Settlement(amount=command.amount, by=command.by, agreed_on=desk.on, bills=bills)


@handles(c.ReverseWriteOff)
def _reverse_write_off(desk: Desk, command: c.ReverseWriteOff) -> Answer:
    return unlawful(desk, Trigger.REINSTATE, "It is open to a debt that is written off.") or (
        ev.WriteOffReversed(because=command.because),
    )


def followed(desk: Desk, proposal: c.Command) -> Bodies | Refusal:
    """Return what follows at once from granting *proposal*; the rules are asked again on what is known now."""
    if isinstance(proposal, c.ProposeSettlement):
        settlement = proposed_settlement(desk, proposal)
        if isinstance(settlement, Refusal):
            return settlement
        forgiven = balance(desk.case.known.bills) - settlement.amount
        beyond = may_give_leave(desk.decision, forgiven, p.SETTLEMENT_SENIOR_MAX, desk.policy, desk.on)
        return beyond or (ev.SettlementAgreed(settlement=settlement),)
    if isinstance(proposal, c.FollowDebt):
        return granted(desk, proposal)
    if isinstance(proposal, c.GiveUpLienInterest):
        return granted_up(desk, proposal)
    assert isinstance(proposal, Proposal), "a remedy that was asked for has its terms"
    remedy = proposed_remedy(desk, proposal, after=1)
    if isinstance(remedy, Refusal):
        return remedy
    return (ev.RemedyDecided(remedy=remedy, because=_why(desk, proposal)),)


def _none(desk: Desk, what: str) -> Refusal:
    stage = desk.case.stage.replace("_", " ")
    return no("not-at-this-stage", f"No {what} stands in a case that is {stage}.", "Look at the case's remedies.")
