"""What performing a step means: the effect it asks of the world, and the events its receipt turns into."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from domain import events as ev
from domain import parameters as p
from domain.account import CustomerClass, NamedBill
from domain.arrangement import Arrangement, ArrangementStatus, instalments_left, instalments_met, owing
from domain.calendar import DAY
from domain.case import DISCONNECTION, Case, Notice
from domain.decide import stamp
from domain.decisions.arrangements import breach
from domain.decisions.desk import lapse, open_approvals
from domain.effects import Effect, Receipt, RemindPayment, SendLetter
from domain.following import move_effect
from domain.gate import nominated_service
from domain.money import ZERO
from domain.perform_bankruptcy import BANKRUPTCY_STEPS, bankruptcy_bodies, bankruptcy_effect
from domain.perform_facts import FACT_STEPS, fact_bodies, wrong_cut_letter
from domain.perform_orders import order_bodies, order_effect
from domain.perform_remedies import REMEDY_STEPS, remedy_bodies, remedy_effect
from domain.policy import Policy
from domain.position import position
from domain.rules.notices import earliest_cut
from domain.rules.season import in_winter
from domain.states import ClosedReason
from domain.step import Step, StepKind
from domain.take.bankruptcy import DISCHARGED
from domain.tracks.resuming import resumed
from domain.verdict import Certificate, Finding, Outcome, certify

LETTERS = {
    StepKind.SEND_REMINDER: "reminder",
    StepKind.SERVE_NOTICE: "disconnection notice",
    StepKind.OFFER_RECONNECTION: "reconnection offer",
    StepKind.NOTE_BREACH: "breach notice",
}


def effect_of(case: Case, step: Step, policy: Policy, now: datetime) -> Effect | None:
    """Return what *step* asks of other systems; none if it only changes the record.

    The key comes from the fact, never from chance: the same step of the same case on the same day is one effect.
    """
    key = f"{case.case_id}/{step.kind}/{policy.calendar.day(step.at)}"
    match step.kind:
        case StepKind.NOTE_WRONG_CUT:
            return wrong_cut_letter(case, step, now)
        case kind if kind in LETTERS:
            return SendLetter(key=key, kind=LETTERS[kind])
        case StepKind.SEND_PLACEMENT_NOTICE:
            return SendLetter(key=key, kind="placement notice")
        case StepKind.SEND_SETOFF_NOTICE:
            return SendLetter(key=key, kind="set-off notice")
        case StepKind.REMIND_PAYMENT:
            about, due_on, channel = step.ref.split("/")
            day = date.fromisoformat(due_on)
            about_it = f"{case.case_id}/reminded/{about}/{due_on}"
            return RemindPayment(key=about_it, channel=channel, about=about, due_on=day, amount=step.amount)
        case StepKind.HAND_ON | StepKind.TELL_HOLDER | StepKind.TAKE_BACK | StepKind.BILL_INTEREST:
            return remedy_effect(case, step, policy.calendar.day(now))
        case StepKind.MOVE_DEBT:
            return move_effect(case, policy, now)
        case kind if kind in BANKRUPTCY_STEPS:
            return bankruptcy_effect(case, step, policy, now)
        case _:
            return order_effect(case, step, policy, now)


def performed(case: Case, step: Step, receipt: Receipt, policy: Policy, now: datetime) -> tuple[ev.Event, ...]:
    """Return the events of *step*, done at *now* with *receipt*: activity first, then these."""
    bodies = _bodies(case, step, receipt, policy, now)
    certificate = _evidence(step, receipt, policy, now)
    key = f"{step.kind}/{policy.calendar.day(now)}/{case.seq}"
    return stamp(case, bodies, key=key, at=now, by=f"rule:{step.rule}", policy=policy, certificate=certificate)


def _evidence(step: Step, receipt: Receipt, policy: Policy, now: datetime) -> Certificate:
    """Return the certificate of *step*: its own rule and date sums first, then what the gate found.

    Where the gate said no at the last moment, its verdict alone is the evidence.
    """
    asked = certify(receipt.verdict, policy.pack) if receipt.verdict else step.certificate
    if receipt.verdict and not receipt.verdict.allows:
        return certify(receipt.verdict, policy.pack)
    own = Outcome(
        rule=step.rule,
        finding=Finding.PASSES,
        says=step.says,
        citation=step.citation or f"house rule {step.rule}",
        facts=(step.ref,) if step.ref else (),
        arithmetic=step.arithmetic,
    )
    if asked is not None:
        return replace(asked, outcomes=(own, *asked.outcomes))
    return Certificate(action=step.kind, at=now, pack=policy.pack, policy=policy.digest, allowed=True, outcomes=(own,))


def _bodies(case: Case, step: Step, receipt: Receipt, policy: Policy, now: datetime) -> tuple[ev.Body, ...]:
    apart = _of_chapter(case, step, receipt, policy, now)
    if apart is not None:
        return apart
    match step.kind:
        case StepKind.SEND_REMINDER | StepKind.SERVE_NOTICE:
            notice = _letter(case, step, receipt, policy, now)
            reminds = step.kind is StepKind.SEND_REMINDER
            return (ev.ReminderSent(notice=notice) if reminds else ev.NoticeServed(notice=notice),)
        case StepKind.OFFER_RECONNECTION:
            return _offered(step, receipt, policy, now)
        case StepKind.WITHDRAW_NOTICE:
            kind = "reminder" if step.ref == "reminder" else "notice"
            over = step.rule == p.NOTICE_OVERSTATED.key
            paid = step.amount > ZERO and not over
            return (ev.NoticeWithdrawn(kind=kind, because=step.says, paid=paid, overstated=over),)
        case StepKind.RESUME_PATH:
            return (resumed(case, step, policy.calendar.day(now)),)
        case StepKind.LAPSE_APPROVAL:
            return (ev.ApprovalLapsed(approval_id=step.ref, act=DISCONNECTION, because=step.says),)
        case StepKind.RAISE_FOLLOW_UP:
            return (ev.TaskRaised(kind="follow_up", about=case.follow_up_about),)
        case StepKind.CLOSE_CASE:
            lapses = tuple(lapse(approval, "the case closes") for approval in open_approvals(case))
            return (*lapses, ev.CaseClosed(reason=_why_closed(case), because=step.says))
        case StepKind.CHECK_PROMISE:
            return (_promise(case),)
        case StepKind.END_EXTENSION:
            assert case.extension is not None, "an extension ends once"
            return (ev.ExtensionEnded(until=case.extension.until),)
        case _:
            return _promised_bodies(case, step, receipt, policy, now)


def _why_closed(case: Case) -> ClosedReason:
    """Return why nothing is past due any more: a court discharged it, it was settled for less, or it is paid."""
    if case.bankruptcy is not None and case.bankruptcy.ended == DISCHARGED:
        return ClosedReason.DISCHARGED
    settled = case.settlement is not None and case.settlement.paid_on is not None
    return ClosedReason.SETTLED if settled else ClosedReason.PAID


def _of_chapter(case: Case, step: Step, receipt: Receipt, policy: Policy, now: datetime) -> tuple[ev.Body, ...] | None:
    """Return the events of a step that a chapter of its own performs; none of any other."""
    if step.kind in REMEDY_STEPS:
        return remedy_bodies(case, step, receipt, policy, now)
    if step.kind in BANKRUPTCY_STEPS:
        return bankruptcy_bodies(case, step, policy, now)
    if step.kind in FACT_STEPS:
        return fact_bodies(case, step, receipt, policy, now)
    return order_bodies(case, step, receipt, policy, now)


def _promised_bodies(case: Case, step: Step, receipt: Receipt, policy: Policy, now: datetime) -> tuple[ev.Body, ...]:
    """Return what a step about a payment that was agreed or promised leaves."""
    if step.kind is StepKind.REMIND_PAYMENT:
        return (_reminded(step, receipt),)
    if step.kind is StepKind.ASK_SIGNATURE:
        return (ev.SignatureMissed(), ev.TaskRaised(kind="unsigned_agreement", about=step.says))
    body = _arrangement(case, step, policy, now)
    if isinstance(body, ev.ArrangementBreached):
        body = replace(body, letter=receipt.ref, awaited=receipt.pending)
    return (body,)


def _letter(case: Case, step: Step, receipt: Receipt, policy: Policy, now: datetime) -> Notice:
    """Return the letter as it stands for ever: what it names, when it was mailed, when it ripens and goes stale."""
    here = position(case, policy, now)
    mailed = receipt.on or here.on
    letter = Notice(
        kind=LETTERS[step.kind],
        served_on=mailed,
        method="mailed",
        bills=tuple(NamedBill(ref=bill.ref, amount=bill.open, due_on=bill.due_on) for bill in here.pursued),
        amount=here.pursued_amount,
        policy=policy.digest,
        letter=receipt.ref,
        awaited=receipt.pending,
        stated_at=now,
    )
    return letter if step.kind is StepKind.SEND_REMINDER else _dated(letter, case, policy)


def _dated(letter: Notice, case: Case, policy: Policy) -> Notice:
    """Return *letter* with the days and parts of a disconnection notice; the last day of its validity still counts."""
    mailed = letter.served_on
    last = mailed + timedelta(days=policy.at(p.NOTICE_VALID_DAYS, mailed))
    # A notice under which service may be cut in the winter season carries the season's parts, whenever it is mailed.
    winter = in_winter(policy, mailed) or in_winter(policy, last)
    return replace(
        letter,
        elements=(
            *policy.at(p.NOTICE_ELEMENTS, mailed),
            *(policy.at(p.NOTICE_WINTER_ELEMENTS, mailed) if winter else ()),
        ),
        earliest_cut_on=earliest_cut(
            policy,
            served_on=mailed,
            method=letter.method,
            residential=case.known.account.customer_class is CustomerClass.RESIDENTIAL,
            # What is pursued now decides, not what an earlier notice named.
            service=nominated_service(replace(case, notice=None), policy, mailed),
        ),
        stale_on=last + DAY,
    )


def _offered(step: Step, receipt: Receipt, policy: Policy, now: datetime) -> tuple[ev.Body, ...]:
    """Return that a home which is off was written to, and the task to call or visit it."""
    assert step.service is not None, "an offer names the service that is off"
    offered = ev.ReconnectionOffered(
        service=step.service,
        season_on=date.fromisoformat(step.ref),
        mailed_on=receipt.on or policy.calendar.day(now),
        letter=receipt.ref,
        awaited=receipt.pending,
    )
    about = f"{step.service} is off before the season of {step.ref}: call or visit, and offer the agreement."
    return offered, ev.TaskRaised(kind="offer_reconnection", about=about)


def _reminded(step: Step, receipt: Receipt) -> ev.Body:
    about, due_on, channel = step.ref.split("/")
    return ev.PaymentReminded(
        reminds_of=about,
        due_on=date.fromisoformat(due_on),
        amount=step.amount,
        channel=channel,
        sent=receipt.done,
    )


def _promise(case: Case) -> ev.Body:
    promise = case.promise
    assert promise is not None, "a promise is checked once"
    paid = promise.paid(case.known.bills) + case.known.unposted
    if paid >= promise.amount:
        return ev.PromiseKept(amount=promise.amount)
    return ev.PromiseBroken(amount=promise.amount, paid=paid)


def _reopened(case: Case, arrangement: Arrangement, policy: Policy, now: datetime) -> ev.ArrangementReopened:
    """Return the agreement that had been completed as it stands once its payment was returned."""
    on = policy.calendar.day(now)
    met = instalments_met(arrangement, case.known.bills, unposted=case.known.unposted)
    again = replace(
        arrangement,
        status=ArrangementStatus.IN_FORCE,
        met=met,
        completed_on=None,
        reopened_on=on,
        third_party="",
        authority="",
    )
    behind = owing(arrangement, case.known.bills, on=on, unposted=case.known.unposted)
    return ev.ArrangementReopened(arrangement=again, met=met, owing=behind)


def _arrangement(case: Case, step: Step, policy: Policy, now: datetime) -> ev.Body:
    arrangement = case.arrangement
    assert arrangement is not None, f"{step.kind} needs an agreement"
    paid = arrangement.amount - instalments_left(arrangement, case.known.bills, unposted=case.known.unposted)
    match step.kind:
        case StepKind.COUNT_INSTALMENTS:
            return ev.InstalmentsMet(
                met=instalments_met(arrangement, case.known.bills, unposted=case.known.unposted),
                of=len(arrangement.schedule),
                paid=paid,
            )
        case StepKind.COMPLETE_ARRANGEMENT:
            return ev.ArrangementCompleted(paid=paid)
        case StepKind.LAPSE_ARRANGEMENT:
            down = arrangement.schedule[0]
            return ev.ArrangementLapsed(down=down.amount, due_on=down.due_on)
        case StepKind.REOPEN_ARRANGEMENT:
            return _reopened(case, arrangement, policy, now)
        case StepKind.NOTE_CURE:
            return ev.BreachCured()
        case StepKind.NOTE_BREACH:
            return breach(case, policy, now, missed_on=date.fromisoformat(step.ref))
        case _:
            assert step.kind is StepKind.DEFAULT_ARRANGEMENT, f"no one performs {step.kind}"
            return ev.ArrangementDefaulted(owing=arrangement.amount - paid)
