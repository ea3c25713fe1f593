"""What is set in motion when money goes back, in the transaction that records it?

The money itself is billing's to take back. Here the rest follows: fee, instrument, autopay, cash only, the estate path,
another presentment, a person's task. All of it once per payment, whatever is sent or delivered again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlmodel import Session

from domain import parameters as p
from domain.account import Service
from domain.account_letters import returned_payment
from domain.arrangement import add_months
from domain.behaviour import Behaviour
from domain.calendar import DAY
from domain.facts import Fact, FactKind, standing
from domain.ledger import LedgerAccount, Posting, PostingKind
from domain.money import Money
from domain.policy import Policy
from domain.returned import INSTRUMENT_KINDS, Consequences, Hold, Past, Rate, Reason, ReturnedItem, consequences, rates
from formats.returned import DRAFT, REVERSAL, VOID, is_check, reason_of_item
from gateways.money_out import InstrumentState
from models.account_letters import may_be_dunned, prepare
from models.accounts import account_of
from models.behaviour import note
from models.effects import ask_billing
from models.facts import facts_of, record_fact
from models.ledger import post
from models.payments import PUT_RIGHT
from models.policies import active_digest, policy_with
from models.returned import drafts_sent, fee_charged, presented_before, returned_drafts, strikes_of
from models.tables import PaymentRow, ReturnedItemRow
from models.tasks import raise_task
from models.upsert import insert_new

MISTAKES = frozenset(
    {REVERSAL, VOID, *PUT_RIGHT}
)  # put right as if they had never come: no strike, fee or task follows


@dataclass(frozen=True, slots=True, kw_only=True)
class WentBack:
    """A payment and why it went back. *called*: what the return calls the item: the check of several stubs."""

    payment: PaymentRow
    code: str
    called: str
    on: date
    at: datetime


def note_return(session: Session, went: WentBack) -> ReturnedItemRow | None:
    """Write what follows from a return; the caller has recorded the return itself and holds the account's lock.

    Return the row, none for a mistake put right and for a payment that was noted before.
    """
    payment = went.payment
    if went.code in MISTAKES:
        return None
    policy = policy_with(session, active_digest(session))
    before = presented_before(session, payment)
    item_id = before.item_id if before else f"{payment.source}-{went.called}"
    reason = reason_of_item(item_id, payment.source, went.code)
    item = ReturnedItem(
        amount=Money(payment.amount_cents),
        reason=reason,
        presented_on=before.presented_on if before else payment.effective_on,
        returned_on=went.on,
        presentment=before.presentment + 1 if before else 1,
    )
    found = consequences(item, _past(session, payment, item_id, went, policy), policy)
    values = _columns(went, item, found, item_id)
    if not insert_new(session, ReturnedItemRow, values):
        return None
    _ask_billing(session, went, found, item_id, policy)
    _record_facts(session, went, reason, found, policy)
    if reason.strike and item.presentment == 1:
        told = f"returned/{item_id}/{payment.account_no}"
        note(session, payment.account_no, Behaviour.RETURNED_ITEM, ref=told, policy=policy, at=went.at)
    _write_to_customer(session, went, found, policy)
    for kind in found.tasks:
        _task(session, went, kind, urgent=reason.urgent)
    if reason.rate is not Rate.NONE:
        warn_of_rates(session, policy, on=went.on, at=went.at)
    return session.get_one(ReturnedItemRow, payment.payment_id)


def _past(session: Session, payment: PaymentRow, item_id: str, went: WentBack, policy: Policy) -> Past:
    months = policy.at(p.CASH_ONLY_MONTHS, went.on)
    strikes = strikes_of(session, payment.account_no, since=add_months(went.on, -months), but=item_id)
    facts = facts_of(session, account_of(session, payment.account_no))
    return Past(
        strikes=strikes,
        fee_charged=fee_charged(session, item_id),
        cash_only=bool(standing(facts, FactKind.CASH_ONLY, went.at)),
    )


def _columns(went: WentBack, item: ReturnedItem, found: Consequences, item_id: str) -> dict[str, Any]:
    payment, reason = went.payment, item.reason
    return {
        "payment_id": payment.payment_id,
        "account_no": payment.account_no,
        "source": payment.source,
        "code": reason.code,
        "meaning": reason.meaning,
        "cents": payment.amount_cents,
        "item_id": item_id,
        "presentment": item.presentment,
        "presented_on": item.presented_on,
        "returned_on": item.returned_on,
        "at": went.at,
        "rate": str(reason.rate),
        "strike": reason.strike,
        "fee_cents": found.fee.cents,
        "fee_why": found.fee_why,
        "instrument": str(found.instrument),
        "autopay": str(found.autopay),
        "retry_on": found.retry_on,
        "retry_why": found.retry_why,
        # Only drafts are ours to present again; a check its bank presents, or we do once a person has looked at it.
        "retry_state": "due" if found.retry_on and payment.source == DRAFT and not is_check(item_id) else "",
        "retry_payment_id": "",
    }


def _ask_billing(session: Session, went: WentBack, found: Consequences, item_id: str, policy: Policy) -> None:
    payment, on = went.payment, went.on.isoformat()

    def ask(key: str, name: str, content: dict[str, Any], *, cents: int = 0) -> None:
        body = {"account_no": payment.account_no, **content}
        ask_billing(
            session,
            key=key,
            name=name,
            account_no=payment.account_no,
            body=body,
            about=payment.payment_id,
            cents=cents,
            at=went.at,
        )

    if found.fee:
        service = fee_service(session, payment.account_no, policy)
        content = {"service": str(service), "kind": "nsf", "amount": {"cents": found.fee.cents}, "on": on}
        ask(f"nsf/{item_id}", "charge", content, cents=found.fee.cents)
        charged = Posting(
            key=f"nsf/{item_id}",
            kind=PostingKind.FEE,
            debit=LedgerAccount.RECEIVABLE,
            credit=LedgerAccount.FEES,
            amount=found.fee,
            effective_on=went.on,
            account_no=payment.account_no,
            service=str(service),
            ref=payment.payment_id,
            reason=went.code,
            asked_by="system",
        )
        post(session, [charged], at=went.at)
    _stop_instrument(ask, payment, found, on=on, code=went.code)


def _stop_instrument(ask: Callable[..., None], payment: PaymentRow, found: Consequences, *, on: str, code: str) -> None:
    kind = INSTRUMENT_KINDS.get(payment.source)
    if kind is None:
        return
    about = f"{payment.source}/{payment.trace}"
    if found.instrument is Hold.END or Hold.HOLD in {found.instrument, found.autopay}:
        state = InstrumentState.DISABLED if found.instrument is Hold.END else InstrumentState.HELD
        ask(f"instrument/{about}", "set_instrument", {"kind": kind, "state": str(state), "because": code, "on": on})
    if found.autopay is Hold.END:
        ask(f"autopay/{about}", "end_autopay", {"kind": kind, "because": code, "on": on})


def fee_service(session: Session, account_no: str, policy: Policy) -> Service:
    """Return the service under which a fee is billed: the first of the pack's that the account has."""
    owned = account_of(session, account_no).services
    return next((Service(name) for name in policy.services if Service(name) in owned), owned[0])


def _record_facts(session: Session, went: WentBack, reason: Reason, found: Consequences, policy: Policy) -> None:
    payment = went.payment
    details = {"code": reason.code, "source": payment.source}
    _fact(session, went, FactKind.RETURNED_PAYMENT, until=None, details=details, amount=Money(payment.amount_cents))
    if found.cash_only_until is not None:
        until = policy.calendar.at(found.cash_only_until + DAY, time(0))
        _fact(session, went, FactKind.CASH_ONLY, until=until, details={"because": "returned_items"})
    if found.deceased:
        _fact(session, went, FactKind.DECEASED, until=None, details={"code": reason.code, "source": payment.source})


def _write_to_customer(session: Session, went: WentBack, found: Consequences, policy: Policy) -> None:
    """Have the customer told: not an estate, which a person writes to, nor a debtor whom a petition protects."""
    account_no = went.payment.account_no
    if found.deceased or not may_be_dunned(session, account_no, went.at):
        return
    letter = returned_payment(
        found,
        amount=Money(went.payment.amount_cents),
        returned_on=went.on,
        on=policy.calendar.day(went.at),
        policy=policy,
        language=account_of(session, account_no).language,
    )
    prepare(session, account_no, letter, about=f"returned/{went.payment.payment_id}", at=went.at)


def _fact(
    session: Session,
    went: WentBack,
    kind: FactKind,
    *,
    until: datetime | None,
    details: dict[str, str],
    amount: Money | None = None,
) -> None:
    fact = Fact(
        fact_id=f"{went.payment.payment_id}-{kind}",
        kind=kind,
        starts=went.at,
        until=until,
        known_at=went.at,
        amount=amount,
        source="returned item",
        evidence=went.payment.payment_id,
        entered_by="system",
        details=details,
    )
    record_fact(session, fact=fact, known_at=went.at, account_no=went.payment.account_no)


def _task(session: Session, went: WentBack, kind: str, *, urgent: bool) -> None:
    raise_task(
        session,
        task_id=f"{kind}-{went.payment.payment_id}",
        kind=kind,
        at=went.at,
        account_no=went.payment.account_no,
        urgent=urgent,
    )


def warn_of_rates(session: Session, policy: Policy, *, on: date, at: datetime) -> None:
    """Tell people, once a month for each limit, that the drafts returned come near one of the network's limits."""
    days = policy.at(p.RATE_DAYS, on)
    counted = returned_drafts(session, on=on, days=days)
    for line in rates(counted, drafts_sent(session, on=on, days=days), policy, on=on):
        if line.warn or line.over:
            which = "over" if line.over else "near"
            raise_task(
                session,
                task_id=f"return_rate-{which}-{line.rate}-{on:%Y-%m}",
                kind=f"return_rate_{which}_limit",
                at=at,
                urgent=line.over,
                for_role="accountant",
            )
