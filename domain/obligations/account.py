"""What is owed because of one account: its facts, its notice, its agreement, its end, a wrong cut?"""

from collections.abc import Callable, Iterator
from datetime import date

from domain import parameters as p
from domain.facts import FactKind, on_file
from domain.obligations.asked import Asked, spanning, written
from domain.obligations.owing import Duty, Obligation
from domain.verdict import Arithmetic


def _disputes(ask: Asked) -> Iterator[Obligation]:
    """A dispute or appeal is answered by its reviewer; the end of the fact is the answer."""
    for kind in (FactKind.DISPUTE, FactKind.APPEAL):
        for fact in on_file(ask.known.facts, kind):
            due = ask.open_days("answer due", ask.day(fact.starts), p.DISPUTE_ANSWER_DAYS)
            ended = ask.day(fact.until) if fact.until is not None and fact.until <= ask.now else None
            yield ask.owe(
                Duty.DISPUTE_ANSWER,
                fact.fact_id,
                owner="reviewer",
                owed_to="customer",
                due=due,
                says=f"The {kind} of {due.start} is answered in writing by {due.result}.",
                under=p.DISPUTE_ANSWER_DAYS,
                facts=(fact.fact_id,),
                met_on=ended,
                met_by="reviewer" if ended else "",
            )


def _certificates(ask: Asked) -> Iterator[Obligation]:
    """A medical certificate on an account in arrears creates the duty to offer an agreement; it releases nothing."""
    certificates = on_file(ask.known.facts, FactKind.MEDICAL_CERTIFICATE)
    for fact in certificates:
        since = ask.day(fact.starts)
        met = _offered(ask, since)
        if not ask.known.in_arrears and met is None:
            continue
        due = ask.open_days("agreement offered by", since, p.MEDICAL_OFFER_DAYS)
        yield ask.owe(
            Duty.AGREEMENT_OFFER,
            fact.fact_id,
            owner="representative",
            owed_to="customer",
            due=due,
            says=f"An agreement is offered by {due.result}: a medical certificate came on {since} while money is owed.",
            under=p.MEDICAL_OFFER_DAYS,
            facts=(fact.fact_id,),
            met_on=met,
        )
    broken = ask.known.agreed.broken_on if ask.known.agreed else None
    if broken is not None and any(fact.holds(ask.now) for fact in certificates):
        due = ask.open_days("a supervisor looks by", broken, p.MEDICAL_OFFER_DAYS)
        yield ask.owe(
            Duty.AGREEMENT_BROKEN,
            f"{broken}",
            owner="supervisor",
            owed_to="customer",
            due=due,
            says=f"The agreement of a household with a medical certificate broke: a supervisor looks by {due.result}.",
            under=p.MEDICAL_OFFER_DAYS,
            facts=tuple(fact.fact_id for fact in certificates),
        )


def _offered(ask: Asked, since: date) -> date | None:
    offers = [
        ask.day(fact.starts)
        for kind in (FactKind.AGREEMENT_OFFERED, FactKind.AGREEMENT_DECLINED)
        for fact in on_file(ask.known.facts, kind)
    ]
    agreed = ask.known.agreed
    offers += [agreed.on] if agreed else []
    standing = agreed is not None and agreed.broken_on is None
    return min((day for day in offers if day >= since), default=since if standing else None)


def _designee(ask: Asked) -> Iterator[Obligation]:
    """Whoever the customer named receives a copy of the notice."""
    notice = ask.known.notice
    named = on_file(ask.known.facts, FactKind.THIRD_PARTY_DESIGNEE)
    if notice is None or not named or not ask.value(p.THIRD_PARTY_COPY):
        return
    sent = [ask.day(f.starts) for f in on_file(ask.known.facts, FactKind.THIRD_PARTY_COPY)]
    due = ask.open_days("copy due", notice.on, p.NOTICE_COPY_DAYS)
    yield ask.owe(
        Duty.DESIGNEE_COPY,
        notice.letter_id,
        owner="representative",
        owed_to="third party designee",
        due=due,
        says=f"The person whom the customer named is sent a copy of the notice of {notice.on} by {due.result}.",
        under=p.NOTICE_COPY_DAYS,
        facts=(notice.letter_id,),
        met_on=min((day for day in sent if day >= notice.on), default=None),
    )


def _service_proved(ask: Asked) -> Iterator[Obligation]:
    """That a disconnection notice was served is proved by the mail house's receipt."""
    notice = ask.known.notice
    if notice is None:
        return
    due = ask.open_days("proof of service due", notice.on, p.NOTICE_COPY_DAYS)
    yield ask.owe(
        Duty.PROOF_OF_SERVICE,
        notice.letter_id,
        owner="representative",
        owed_to="customer",
        due=due,
        says=f"That the notice of {notice.on} was mailed is proved by {due.result}.",
        under=p.NOTICE_COPY_DAYS,
        facts=(notice.letter_id,),
        met_on=notice.on if notice.receipt else None,
        met_by="mail house" if notice.receipt else "",
    )


def _bankruptcy(ask: Asked) -> Iterator[Obligation]:
    """A city is a governmental unit: its proof of claim is due 180 days after the order for relief."""
    for fact in on_file(ask.known.facts, FactKind.BANKRUPTCY):
        petition_on = written(fact, "petition_on") or ask.day(fact.starts)
        dismissed = fact.until is not None and fact.until <= ask.now
        filed_on = written(fact, "claim_filed_on")
        if filed_on is None and (dismissed or fact.details.get("outcome")):
            continue
        # A conversion begins the time anew (Fed. R. Bankr. P. 1019).
        since = written(fact, "converted_on") or petition_on
        due = ask.days("proof of claim due", since, p.BANKRUPTCY_CLAIM_DAYS)
        # A corrected petition keeps its obligation: what names it is its day, not the id of the fact.
        yield ask.owe(
            Duty.PROOF_OF_CLAIM,
            f"{petition_on}",
            owner="supervisor",
            owed_to="bankruptcy court",
            due=due,
            says=f"The proof of claim in the bankruptcy of {petition_on} is filed by {due.result}.",
            under=p.BANKRUPTCY_CLAIM_DAYS,
            facts=(fact.fact_id,),
            met_on=filed_on,
        )


def _revocations(ask: Asked) -> Iterator[Obligation]:
    """STOP is honoured here at once; agency and mail house are told within the law's days."""
    for fact in on_file(ask.known.facts, FactKind.REVOCATION):
        asked_on = written(fact, "asked_on") or ask.day(fact.starts)
        due = ask.open_days("passed on by", asked_on, p.REVOCATION_OPEN_DAYS)
        yield ask.owe(
            Duty.REVOCATION,
            f"{asked_on}.{fact.details.get('channel', 'all')}",
            owner="representative",
            owed_to="customer",
            due=due,
            says=f"Whoever writes or calls for the city hears by {due.result} that the customer asked to stop.",
            under=p.REVOCATION_OPEN_DAYS,
            facts=(fact.fact_id,),
            met_on=written(fact, "passed_on"),
        )


def _deposit(ask: Asked) -> Iterator[Obligation]:
    if ask.known.ended_on is None or ask.known.deposit_cents <= 0:
        return
    due = ask.days("deposit returned by", ask.known.ended_on, p.DEPOSIT_REFUND_DAYS)
    yield ask.owe(
        Duty.DEPOSIT_REFUND,
        f"{ask.known.ended_on}",
        owner="accountant",
        owed_to="customer",
        due=due,
        says=f"The deposit is returned, or set against what is owed, by {due.result}: service ended on {due.start}.",
        under=p.DEPOSIT_REFUND_DAYS,
    )


def _wrong_cuts(ask: Asked) -> Iterator[Obligation]:
    """A cut found wrong: back on the same day; a letter, a report, counsel told, fees and strikes removed.

    Where the account has ended, somebody looks the same day who lives there, instead.
    """
    for cut in ask.known.incidents:
        same_day = spanning("back on", cut.found_on, cut.found_on)
        soon = ask.open_days("done by", cut.found_on, p.INCIDENT_DAYS)
        back = "is looked into at the place, whose account has ended" if cut.ended else "is back on"
        told: tuple[tuple[Duty, str, str, Arithmetic, str, date | None], ...] = (
            (Duty.WRONG_CUT_RESTORED, "supervisor", "customer", same_day, back, cut.restored_on),
            (
                Duty.WRONG_CUT_LETTER,
                "supervisor",
                "customer",
                soon,
                "is explained to the customer by letter",
                cut.letter_on,
            ),
            (Duty.WRONG_CUT_REPORT, "supervisor", "the city", soon, "has its incident report", None),
            (Duty.WRONG_CUT_COUNSEL, "supervisor", "counsel", soon, "is known to counsel", None),
            (
                Duty.WRONG_CUT_FEES,
                "accountant",
                "customer",
                soon,
                "has cost the customer nothing: its fees are removed",
                cut.fees_on,
            ),
        )
        for duty, owner, to, due, what, met_on in told:
            yield ask.owe(
                duty,
                cut.order_id,
                owner=owner,
                owed_to=to,
                due=due,
                says=f"The wrong cut of {cut.service}, found on {cut.found_on}, {what} by {due.result}.",
                under=p.INCIDENT_DAYS,
                facts=(cut.order_id,),
                met_on=met_on,
            )


def _inquiries(ask: Asked) -> Iterator[Obligation]:
    """Whoever asked about the account is answered by the day that was noted when they asked."""
    for asked in ask.known.inquiries:
        due = spanning("answered by", asked.asked_on, asked.reply_by)
        yield ask.owe(
            Duty.INQUIRY_REPLY,
            asked.inquiry_id,
            owner="representative",
            owed_to="whoever asked",
            due=due,
            says=f"The inquiry of {asked.asked_on} is answered by {asked.reply_by}.",
            under=p.INQUIRY_REPLY_DAYS,
            facts=(asked.inquiry_id,),
            met_on=asked.answered_on,
            met_by=asked.answered_by,
        )


PARTS: tuple[Callable[[Asked], Iterator[Obligation]], ...] = (
    _disputes,
    _certificates,
    _designee,
    _service_proved,
    _bankruptcy,
    _revocations,
    _deposit,
    _wrong_cuts,
    _inquiries,
)
