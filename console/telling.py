"""What happened, said in one plain sentence that can be read to a caller?"""

from collections.abc import Callable
from typing import Any, Final

from console.labels import label
from console.sentences import in_spanish
from console.words import N_, Speech, plain_days
from domain import events as ev
from domain.case import OrderPurpose

Told = tuple[str, dict[str, object]]
Tell = Callable[["Teller", Any], Told]  # each function takes the one body that it is filed under


class Teller:
    """Says events in one language."""

    def __init__(self, speech: Speech) -> None:
        self.speech = speech
        self.money, self.day = speech.money, speech.day

    def tell(self, body: ev.Body) -> str:
        """Return what *body* means; an event that nobody wrote a sentence for reads as its type."""
        told = SENTENCES.get(body.type)
        if told is None:
            return f"{body.type.replace('_', ' ').capitalize()}."
        msgid, values = told(self, body)
        return " ".join(self.speech.say(msgid, **values).split())

    def spoken(self, text: str) -> str:
        """Return what a rule or a person gave as a reason: a rule's in this language, a person's as it was typed."""
        return (in_spanish(text) if self.speech.language == "es" else None) or plain_days(text)

    def label(self, book: str, name: object) -> str:
        return self.speech.say(label(book, name))

    def low(self, book: str, name: object) -> str:
        """Return the label as it stands within a sentence."""
        words = self.label(book, name)
        return words[:1].lower() + words[1:]


def _opened(t: Teller, b: ev.CaseOpened) -> Told:
    if b.linked_to:
        return N_("The case opened, going on from %(case)s."), {"case": b.linked_to}
    return N_("The case opened: %(stage)s."), {"stage": t.low("stage", b.stage)}


def _taken_over(t: Teller, b: ev.CaseTakenOver) -> Told:
    values: dict[str, object] = {"stage": t.low("stage", b.case.stage), "day": t.day(b.case.opened_on)}
    if b.set_back:
        msgid = N_("Taken over at an earlier stage, %(stage)s, for want of evidence: %(because)s. Open since %(day)s.")
        return msgid, values | {"because": "; ".join(map(t.spoken, b.set_back))}
    return N_("Taken over as it stood: %(stage)s. Open since %(day)s."), values


def _read(t: Teller, b: ev.AccountRead) -> Told:
    if not b.known.billing_read:
        return N_("Billing could not be read."), {}
    values: dict[str, object] = {"past_due": t.money(b.past_due), "balance": t.money(b.balance)}
    if b.change.cents < 0:
        msgid = N_("Billing has %(change)s less: %(past_due)s past due, %(balance)s in all.")
        return msgid, values | {"change": t.money(-b.change)}
    if b.change.cents > 0:
        msgid = N_("Billing has %(change)s more: %(past_due)s past due, %(balance)s in all.")
        return msgid, values | {"change": t.money(b.change)}
    return N_("Something about the account changed; %(past_due)s past due, %(balance)s in all."), values


def _notice(t: Teller, b: ev.NoticeServed) -> Told:
    values: dict[str, object] = {"amount": t.money(b.notice.amount)}
    if b.notice.awaited:
        return N_(
            "A disconnection notice for %(amount)s was handed over to be mailed; its days count once that is confirmed."
        ), values
    if b.notice.earliest_cut_on is None:
        return N_("A disconnection notice for %(amount)s was mailed."), values
    msgid = N_("A disconnection notice for %(amount)s was mailed. No cut before %(day)s.")
    return msgid, values | {"day": t.day(b.notice.earliest_cut_on)}


def _mailed(t: Teller, b: ev.MailingConfirmed) -> Told:
    msgid = N_("%(kind)s: confirmed as mailed on %(day)s; its days count from there.")
    return msgid, {"kind": t.label("letter", b.kind), "day": t.day(b.mailed_on)}


def _came_back(t: Teller, b: ev.LetterReturned) -> Told:
    msgid = N_("%(kind)s: came back undelivered on %(day)s. %(why)s.")
    why = t.label("mail_return", b.because or "other")
    return msgid, {"kind": t.label("letter", b.kind), "day": t.day(b.returned_on), "why": why}


def _contact(t: Teller, b: ev.ContactRecorded) -> Told:
    values: dict[str, object] = {
        "channel": t.label("channel", b.channel),
        "outcome": t.low("outcome", b.outcome),
        "checked": t.speech.say(N_("Identity checked: %(by)s."), by=", ".join(t.low("identity", i) for i in b.identity))
        if b.identity
        else "",
        "summary": b.summary,
    }
    if b.who not in {"customer", "nobody"}:
        values["who"] = t.low("with_whom", b.who)
        if b.direction == "in":
            return N_("%(channel)s to us, %(who)s: %(outcome)s. %(checked)s %(summary)s"), values
        return N_("%(channel)s from us, %(who)s: %(outcome)s. %(checked)s %(summary)s"), values
    if b.direction == "in":
        return N_("%(channel)s from the customer: %(outcome)s. %(checked)s %(summary)s"), values
    return N_("%(channel)s to the customer: %(outcome)s. %(checked)s %(summary)s"), values


def _agreed(t: Teller, b: ev.ArrangementAgreed) -> Told:
    parts = b.arrangement.schedule
    return N_("An arrangement was agreed: %(amount)s in %(n)s parts, the last on %(day)s."), {
        "amount": t.money(b.arrangement.amount),
        "n": len(parts),
        "day": t.day(parts[-1].due_on if parts else b.arrangement.agreed_on),
    }


def _fact(t: Teller, b: ev.FactRecorded) -> Told:
    values: dict[str, object] = {"fact": t.low("fact", b.fact.kind)}
    if b.fact.until is None:
        return N_("Recorded: %(fact)s, until further notice."), values
    return N_("Recorded: %(fact)s, until %(until)s."), values | {"until": t.speech.when(b.fact.until)}


def _fact_ended(t: Teller, b: ev.FactEnded) -> Told:
    values: dict[str, object] = {"fact": t.low("fact", b.kind), "because": t.spoken(b.because)}
    return (N_("Withdrawn: %(fact)s. %(because)s") if b.withdrawn else N_("Ended: %(fact)s. %(because)s")), values


def _order_placed(t: Teller, b: ev.OrderPlaced) -> Told:
    values: dict[str, object] = {"service": t.low("service", b.order.service)}
    if b.order.purpose is OrderPurpose.RECONNECT:
        return N_("A work order to reconnect %(service)s was placed."), values
    if b.order.purpose is OrderPurpose.DISCONNECT:
        return N_("A work order to disconnect %(service)s was placed."), values
    what = {"what": t.label("purpose", b.order.purpose)}
    return N_("%(what)s ordered, of %(service)s."), values | what


def _acknowledged(t: Teller, b: ev.OrderAcknowledged) -> Told:
    values: dict[str, object] = {"service": t.low("service", b.service)}
    if b.proceed:
        return N_("The crew was about to cut %(service)s; the gate said: proceed."), values
    return N_("The crew was about to cut %(service)s; the gate said: stop."), values


def _withdrawn(t: Teller, b: ev.OrderWithdrawn) -> Told:
    values: dict[str, object] = {"service": t.low("service", b.service), "because": t.spoken(b.because)}
    if b.recalled:
        return N_("The order for %(service)s was recalled from the crew. %(because)s"), values
    return N_("The order for %(service)s was cancelled. %(because)s"), values


def _assigned(_t: Teller, b: ev.Assigned) -> Told:
    return (N_("Given to %(who)s."), {"who": b.to}) if b.to else (N_("Given back: the case is nobody's."), {})


# How the fields of a body read within a sentence; whatever is not listed reads as it is stored.
_READS: Final[dict[str, Callable[[Teller, Any], object]]] = {
    "amount": lambda t, value: t.money(value),
    "paid": lambda t, value: t.money(value),
    "owing": lambda t, value: t.money(value),
    "left": lambda t, value: t.money(value),
    "places_from": lambda t, value: t.day(value),
    "until": lambda t, value: t.day(value),
    "cure_by": lambda t, value: t.day(value),
    "due_on": lambda t, value: t.day(value),
    "final_on": lambda t, value: t.day(value),
    "petition_on": lambda t, value: t.day(value),
    "on": lambda t, value: t.day(value),
    "service": lambda t, value: t.low("service", value),
    "act": lambda t, value: t.low("act", value),
    "kind": lambda t, value: t.low("task", value),
    "decision": lambda t, value: t.low("decision", value),
    "reason": lambda t, value: t.low("closed", value),
    "what": lambda t, value: t.spoken(str(value).replace("_", " ")),
    "because": lambda t, value: t.spoken(value),
    "about": lambda t, value: t.spoken(value),
    "refusal": lambda t, value: t.spoken(value.title),
}


def _with(msgid: str, *names: str) -> Tell:
    """Return a sentence in which the fields *names* of the body stand."""

    def tell(t: Teller, body: Any) -> Told:  # noqa: ANN401  # any body that has these fields
        found = {name: getattr(body, name) for name in names}
        return msgid, {name: _READS[name](t, value) if name in _READS else value for name, value in found.items()}

    return tell


def _remedy(msgid: str) -> Tell:
    """Return a sentence about the remedy of the body: its kind, amount and holder."""
    return lambda t, b: (
        msgid,
        {"kind": t.low("remedy", b.remedy.kind), "amount": t.money(b.remedy.amount), "whom": b.remedy.with_whom},
    )


def _reminded(t: Teller, b: ev.PaymentReminded) -> Told:
    values: dict[str, object] = {
        "amount": t.money(b.amount),
        "day": t.day(b.due_on),
        "channel": t.low("channel", b.channel),
    }
    if not b.sent:
        return N_(
            "The customer could not be told of the %(amount)s due on %(day)s: %(channel)s reaches nobody."
        ), values
    return N_("The customer was told of the %(amount)s due on %(day)s: %(channel)s."), values


SENTENCES: Final[dict[str, Tell]] = {
    "payment_reminded": _reminded,
    "mailing_confirmed": _mailed,
    "letter_returned": _came_back,
    "case_opened": _opened,
    "case_taken_over": _taken_over,
    "account_read": _read,
    "reminder_sent": lambda t, b: (N_("A reminder of %(amount)s was mailed."), {"amount": t.money(b.notice.amount)}),
    "notice_served": _notice,
    "path_resumed": _with(N_("Owed again: %(because)s."), "because"),
    "notice_withdrawn": _with(N_("A letter no longer stands: %(because)s."), "because"),
    "contact_recorded": _contact,
    "promise_recorded": lambda t, b: (
        N_("%(amount)s was promised by %(day)s."),
        {"amount": t.money(b.promise.amount), "day": t.day(b.promise.by)},
    ),
    "promise_kept": _with(N_("The promise of %(amount)s was kept."), "amount"),
    "promise_broken": _with(N_("The promise was not kept: %(paid)s of %(amount)s came in."), "paid", "amount"),
    "extension_granted": _with(N_("More time was given, until %(until)s."), "until"),
    "extension_ended": _with(N_("The extension until %(until)s ended."), "until"),
    "arrangement_agreed": _agreed,
    "instalments_met": _with(N_("%(met)s of %(of)s parts are covered by %(paid)s."), "met", "of", "paid"),
    "arrangement_breached": _with(
        N_("The arrangement is in breach: %(owing)s is missing. It can be cured through %(cure_by)s."),
        *("owing", "cure_by"),
    ),
    "breach_cured": _with(N_("The breach was cured.")),
    "arrangement_defaulted": _with(N_("The arrangement fell; %(owing)s was missing."), "owing"),
    "ability_assessed": lambda t, b: (
        N_("The household's ability to pay was assessed; it holds through %(day)s."),
        {"day": t.day(b.assessment.expires_on)},
    ),
    "arrangement_offered": lambda t, b: (
        N_("%(count)s plans were offered for %(amount)s."),
        {"count": len(b.terms), "amount": t.money(b.amount)},
    ),
    "arrangement_signed": _with(N_("The agreement was signed.")),
    "signature_missed": _with(N_("The agreement is not signed yet.")),
    "arrangement_lapsed": lambda t, b: (
        N_("The agreement fell: its first payment of %(down)s did not come by %(day)s."),
        {"down": t.money(b.down), "day": t.day(b.due_on)},
    ),
    "breach_undone": _with(N_("The breach was a mistake and is undone. %(because)s"), "because"),
    "arrangement_reopened": _with(
        N_("A payment came back: the agreement is open again, %(owing)s is missing."), "owing"
    ),
    "arrangement_completed": _with(N_("The arrangement is paid: %(paid)s."), "paid"),
    "arrangement_cancelled": _with(N_("The arrangement was cancelled. %(because)s"), "because"),
    "fact_recorded": _fact,
    "fact_ended": _fact_ended,
    "approval_asked": _with(N_("A second person is asked to approve: %(act)s."), "act"),
    "approval_granted": _with(N_("Approved: %(act)s."), "act"),
    "approval_rejected": _with(N_("Not approved: %(act)s. %(because)s"), "act", "because"),
    "approval_lapsed": _with(N_("The approval lapsed: %(act)s. %(because)s"), "act", "because"),
    "disconnection_recommended": _with(
        N_("A disconnection of %(service)s was recommended, for %(amount)s."), "service", "amount"
    ),
    "order_placed": _order_placed,
    "order_dispatched": _with(N_("The order for %(service)s went to a crew."), "service"),
    "order_acknowledged": _acknowledged,
    "order_withdrawn": _withdrawn,
    "recall_failed": _with(N_("The recall for %(service)s came too late. %(because)s"), "service", "because"),
    "order_not_completed": lambda t, b: (
        N_("The order for %(service)s could not be done: %(reason)s."),
        {"service": t.low("service", b.service), "reason": t.low("order_reason", b.reason)},
    ),
    "service_disconnected": _with(N_("Disconnected: %(service)s."), "service"),
    "service_restored": _with(N_("On again: %(service)s."), "service"),
    "outside_act_noted": _with(N_("From outside: %(what)s. %(because)s"), "what", "because"),
    "final_billed": _with(N_("Final bill of %(amount)s, due on %(due_on)s."), "amount", "due_on"),
    "placement_notice_sent": _with(
        N_("The customer was told that %(amount)s goes to an agency from %(places_from)s on."), "amount", "places_from"
    ),
    "remedy_decided": _remedy(N_("Decided: %(kind)s, for %(amount)s.")),
    "remedy_dropped": _with(N_("A remedy came to nothing. %(because)s"), "because"),
    "remedy_stands": _remedy(N_("It stands: %(kind)s, for %(amount)s.")),
    "remedy_told": _with(N_("Whoever collects was told that %(left)s is left."), "left"),
    "remedy_marked": lambda t, b: (
        N_("On %(on)s: %(mark)s. %(ref)s"),
        {"on": t.day(b.on), "mark": t.low("mark", b.mark), "ref": b.ref},
    ),
    "remedy_ended": _with(N_("A remedy is released. %(because)s"), "because"),
    "lien_interest_asked": _with(N_("%(amount)s of interest on the lien is to be billed."), "amount"),
    "lien_interest_billed": _with(
        N_("%(amount)s of interest on the lien was billed: %(service)s."), "amount", "service"
    ),
    "lien_interest_given_up": _with(
        N_("%(amount)s of interest on the lien was given up. %(because)s"), "amount", "because"
    ),
    "settlement_agreed": lambda t, b: (
        N_("%(amount)s is taken as the whole if it comes by %(day)s."),
        {"amount": t.money(b.settlement.amount), "day": t.day(b.settlement.by)},
    ),
    "settlement_paid": _with(N_("The settlement of %(amount)s is paid; %(left)s is given up."), "amount", "left"),
    "settlement_broken": _with(N_("The settlement was not kept: %(paid)s of %(amount)s came."), "paid", "amount"),
    "adjustment_proposed": _with(N_("Proposed: an adjustment of %(amount)s. %(because)s"), "amount", "because"),
    "refund_proposed": _with(N_("Proposed: a refund of %(amount)s. %(because)s"), "amount", "because"),
    "recovery_received": _with(
        N_("%(amount)s came in on a debt that was written off; %(left)s is left."), "amount", "left"
    ),
    "placed_with_agency": _remedy(N_("%(amount)s was placed with %(whom)s.")),
    "recall_asked": _with(N_("The debt is being taken back from the agency. %(because)s"), "because"),
    "hearing_held": lambda t, b: (N_("Hearing: %(result)s."), {"result": t.low("result", b.result)}),
    "recalled_from_agency": _with(N_("The debt was recalled from the agency. %(because)s"), "because"),
    "claim_filed": _remedy(N_("A claim of %(amount)s was filed: %(whom)s.")),
    "claim_ended": _with(N_("The claim ended. %(because)s"), "because"),
    "judgment_entered": _with(N_("Judgment for %(amount)s; final on %(final_on)s."), "amount", "final_on"),
    "debt_follows": _with(
        N_("%(amount)s is to follow its customer to account %(to_account)s."), "amount", "to_account"
    ),
    "debt_moved": _with(N_("%(amount)s is on account %(to_account)s now."), "amount", "to_account"),
    "petition_split": _with(
        N_("%(amount)s from before the petition of %(petition_on)s was set aside."), "amount", "petition_on"
    ),
    "plan_payment_noted": _with(N_("The trustee paid %(amount)s. %(ref)s"), "amount", "ref"),
    "plan_payment_applied": _with(
        N_("%(amount)s of the trustee's money was applied; %(left)s is still claimed."), "amount", "left"
    ),
    "debt_revived": _with(N_("The petition was dismissed: %(amount)s is owed again."), "amount"),
    "debt_discharged": _with(N_("%(amount)s was discharged and is never collected."), "amount"),
    "written_off": _with(N_("%(amount)s was written off. %(because)s"), "amount", "because"),
    "write_off_reversed": _with(N_("The write-off was reversed. %(because)s"), "because"),
    "assigned": _assigned,
    "note_added": _with(N_("Note: %(note)s"), "note"),
    "document_attached": _with(N_("Document attached: %(title)s"), "title"),
    "follow_up_set": _with(N_("Follow-up on %(on)s: %(about)s"), "on", "about"),
    "task_raised": _with(N_("To be looked at: %(kind)s. %(about)s"), "kind", "about"),
    "referred": _with(N_("A supervisor is asked: %(question)s"), "question"),
    "referral_answered": _with(N_("The supervisor answered: %(answer)s"), "answer"),
    "decision_refused": _with(N_("Refused on a second look: %(decision)s. %(refusal)s"), "decision", "refusal"),
    "cut_found_wrong": _with(N_("The cut of %(service)s should not have been made. %(because)s"), "service", "because"),
    "strike_removed": _with(N_("Cut %(order_id)s of an earlier case was wrong: it no longer counts."), "order_id"),
    "fee_removed": _with(N_("The fee for %(service)s is taken back: the cut was wrong."), "service"),
    "fee_charged": _with(N_("A fee is charged for bringing %(service)s back."), "service"),
    "order_accepted": _with(N_("The contractor accepted the order for %(service)s."), "service"),
    "order_deferred": _with(N_("The order for %(service)s waits for a later day. %(because)s"), "service", "because"),
    "order_escalated": _with(N_("Nobody acknowledged the order for %(service)s: a person was told."), "service"),
    "order_reminded": _with(N_("The contractor was told again of the order for %(service)s."), "service"),
    "reactivation_requested": _with(N_("Asked for: bringing %(service)s back. %(because)s"), "service", "because"),
    "recall_sent": _with(N_("The order for %(service)s is being recalled. %(because)s"), "service", "because"),
    "reconnection_offered": _with(N_("An offer to bring %(service)s back was mailed."), "service"),
    "service_ending": lambda _t, _b: (N_("Service ends here: the final bill is asked for."), {}),
    "visit_completed": lambda _t, _b: (N_("A visit was made."), {}),
    "visit_wanted": _with(N_("A visit is wanted. %(because)s"), "because"),
    "case_closed": _with(N_("The case closed: %(reason)s. %(because)s"), "reason", "because"),
}
