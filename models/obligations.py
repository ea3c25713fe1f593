"""What does the record know that the utility owes something for, and what has been said about each of these debts?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from domain import parameters as p
from domain.account import AccountStatus, CustomerClass
from domain.arrangement import ArrangementStatus
from domain.case import OrderPurpose, OrderState
from domain.facts import Fact, FactKind
from domain.obligations import (
    FROM_FACTS,
    Agreed,
    Incident,
    Inquiry,
    Mailed,
    Obligation,
    Owing,
    State,
    Unapplied,
    Unplaced,
    owed_to,
    owed_to_all,
)
from domain.perform_facts import WRONG_CUT_LETTER
from domain.policy import Policy, PolicyGap
from domain.rules.season import in_winter
from models.accounts import account_of
from models.codec import write_words
from models.effects import changes_waiting
from models.payment_files import SuspenseState
from models.tables import (
    AccountRow,
    ArrangementRow,
    BillingEffectRow,
    CaseRow,
    FactRow,
    IncidentRow,
    InquiryRow,
    LetterRow,
    ObligationRow,
    PolicyRow,
    SuspenseRow,
    TaskRow,
    TimelineRow,
    WorkOrderRow,
)
from models.upsert import insert_new, upsert
from models.vault import seal

WARNED, BREACHED = "obligation_warned", "obligation_breached"
LOOKED_BACK = timedelta(days=400)  # what is older and still not met stands on record, but is not derived anew
TELLING = (
    FactKind.DISPUTE,
    FactKind.APPEAL,
    FactKind.MEDICAL_CERTIFICATE,
    FactKind.AGREEMENT_OFFERED,
    FactKind.AGREEMENT_DECLINED,
    FactKind.THIRD_PARTY_DESIGNEE,
    FactKind.THIRD_PARTY_COPY,
    FactKind.BANKRUPTCY,
    FactKind.REVOCATION,
)
"""The kinds of facts from which something owed follows."""

NOTICE = "disconnection notice"


class ObligationUnknown(LookupError):
    """Nothing of this key is owed."""


class MetByItself(ValueError):
    """What meets this obligation is an event, not somebody's word."""


def obligations(session: Session, policy: Policy, now: datetime, *, account_no: str = "") -> tuple[Obligation, ...]:
    """Return everything owed now or in the last year, with what was said about it; of one account, or of all."""
    found = [each for owing in _owing(session, policy, now, account_no) for each in owed_to(owing, policy, now)]
    if not account_no:
        found += _general(session, policy, now)
    marks = _marks(session, account_no)
    return tuple(sorted((_marked(each, marks) for each in found), key=lambda each: (each.due_on, each.key)))


def keep(session: Session, policy: Policy, now: datetime) -> int:
    """Bring the table up to date; tell a person of what is pressing or late, once each. Return how many were told."""
    today = policy.calendar.day(now)
    derived = obligations(session, policy, now)
    stored = {row.key: row for row in session.exec(select(ObligationRow))}
    told = 0
    for each in derived:
        row = stored.pop(each.key, None)
        state = each.state(today)
        warned = row.warned_on if row else None
        breached = row.breached_on if row else None
        if state is State.BREACHED and breached is None:
            breached, told = today, told + 1
            _raise(session, each, BREACHED, urgent=True, at=now)
        elif state is State.WARNED and warned is None:
            warned, told = today, told + 1
            _raise(session, each, WARNED, urgent=False, at=now)
        values = _columns(each) | {"warned_on": warned, "breached_on": breached, "dropped_on": None}
        if row is None or any(getattr(row, name) != value for name, value in values.items()):
            upsert(session, ObligationRow, values)
        if each.met_on is not None and row is not None and row.met_on is None:
            _finish(session, each.key, at=now)
    for row in stored.values():
        if row.met_on is None and row.dropped_on is None and row.due_on >= today - LOOKED_BACK:
            row.dropped_on = today
            _finish(session, row.key, at=now)
    session.flush()
    return told


def mark(session: Session, policy: Policy, now: datetime, *, key: str, on: date, by: str, evidence: str) -> Obligation:
    """Write that what is owed under *key* was done on *on*; the first word stands.

    Raises:
        ObligationUnknown: nothing of this key is owed.
        MetByItself: nobody's word meets it.
    """
    found = _found(session, policy, now, key)
    if found is None:
        raise ObligationUnknown(key)
    if found.duty in FROM_FACTS:
        raise MetByItself(key)
    if found.met_on is not None:
        return found
    met = replace(found, met_on=on, met_by=by, evidence=evidence)
    row = session.get(ObligationRow, key)
    kept = {"warned_on": None, "breached_on": None, "dropped_on": None}
    upsert(session, ObligationRow, _columns(met) | {name: getattr(row, name, None) for name in kept})
    _finish(session, key, at=now)
    return met


def _found(session: Session, policy: Policy, now: datetime, key: str) -> Obligation | None:
    """Return what is owed under *key*; its second part names the account, if it is owed to one."""
    about = key.split(".")[1] if "." in key else ""
    account = session.get(AccountRow, about) if about else None
    if account is not None:
        derived = obligations(session, policy, now, account_no=about)
    else:
        marks = _marks(session, "")
        derived = tuple(_marked(each, marks) for each in _general(session, policy, now))
    return next((each for each in derived if each.key == key), None)


# --- what is known ----------------------------------------------------------------------------------------------------


def _owing(session: Session, policy: Policy, now: datetime, account_no: str) -> Iterator[Owing]:
    facts = _facts(session, account_no)
    notices = _notices(session, account_no, now)
    incidents = _incidents(session, policy, account_no)
    ended = _ended(session, account_no)
    asked = _inquiries(session, account_no, now)
    concerned = sorted({*facts, *notices, *incidents, *ended, *asked})
    cases = _cases(session, concerned)
    agreed = _agreed(session, concerned)
    for each in concerned:
        case = cases.get(each)
        ended_on, deposit = ended.get(each, (None, 0))
        yield Owing(
            account_no=each,
            case_id=case.case_id if case else "",
            facts=tuple(sorted(facts.get(each, ()), key=lambda fact: (fact.starts, fact.fact_id))),
            in_arrears=case is not None and case.closed is None and case.past_due_cents > 0,
            notice=notices.get(each),
            agreed=agreed.get(each),
            ended_on=ended_on,
            deposit_cents=deposit,
            incidents=tuple(incidents.get(each, ())),
            inquiries=tuple(asked.get(each, ())),
        )


def _facts(session: Session, account_no: str) -> dict[str, list[Fact]]:
    query = select(FactRow).where(
        col(FactRow.kind).in_([kind.value for kind in TELLING]),
        col(FactRow.withdrawn_at).is_(None),
        col(FactRow.account_no).is_not(None),
    )
    if account_no:
        query = query.where(FactRow.account_no == account_no)
    found: dict[str, list[Fact]] = {}
    for row in session.exec(query):
        assert row.account_no is not None, "the question asked for facts of accounts"
        found.setdefault(row.account_no, []).append(row.to_domain())
    # A designee alone makes nothing owed: that takes a notice.
    return found


def _notices(session: Session, account_no: str, now: datetime) -> dict[str, Mailed]:
    """Return the latest disconnection notice of each account, of those mailed in the last year."""
    since = (now - LOOKED_BACK).date()
    query = select(LetterRow).where(LetterRow.kind == NOTICE, col(LetterRow.mailed_on) >= since)
    if account_no:
        query = query.where(LetterRow.account_no == account_no)
    found: dict[str, Mailed] = {}
    for row in session.exec(query.order_by(col(LetterRow.mailed_on), col(LetterRow.letter_id))):
        if row.mailed_on is not None:
            found[row.account_no] = Mailed(letter_id=row.letter_id, on=row.mailed_on, receipt=row.receipt)
    return found


def _incidents(session: Session, policy: Policy, account_no: str) -> dict[str, list[Incident]]:
    query = select(IncidentRow)
    if account_no:
        query = query.where(IncidentRow.account_no == account_no)
    found: dict[str, list[Incident]] = {}
    for row in session.exec(query.order_by(col(IncidentRow.incident_id))):
        incident = Incident(
            order_id=row.order_id,
            service=row.service,
            found_on=row.found_on,
            restored_on=_restored_on(session, policy, row),
            letter_on=_apologized_on(session, row),
            fees_on=_fees_gone_on(session, policy, row),
            ended=account_of(session, row.account_no).status is not AccountStatus.ACTIVE,
        )
        found.setdefault(row.account_no, []).append(incident)
    return found


def _inquiries(session: Session, account_no: str, now: datetime) -> dict[str, list[Inquiry]]:
    query = select(InquiryRow).where(col(InquiryRow.asked_on) >= (now - LOOKED_BACK).date())
    if account_no:
        query = query.where(InquiryRow.account_no == account_no)
    found: dict[str, list[Inquiry]] = {}
    for row in session.exec(query.order_by(col(InquiryRow.inquiry_id))):
        inquiry = Inquiry(
            inquiry_id=row.inquiry_id,
            asked_on=row.asked_on,
            reply_by=row.reply_by,
            answered_on=row.answered_on,
            answered_by=row.answered_by,
        )
        found.setdefault(row.account_no, []).append(inquiry)
    return found


def _restored_on(session: Session, policy: Policy, incident: IncidentRow) -> date | None:
    query = select(WorkOrderRow).where(
        WorkOrderRow.account_no == incident.account_no,
        WorkOrderRow.service == incident.service,
        WorkOrderRow.purpose == OrderPurpose.RECONNECT.value,
        WorkOrderRow.state == OrderState.COMPLETED.value,
        col(WorkOrderRow.done_at) >= incident.cut_at,
    )
    done = session.exec(query.order_by(col(WorkOrderRow.done_at)).limit(1)).one_or_none()
    # What was back on before anyone knew that the cut was wrong was back in time.
    return max(incident.found_on, policy.calendar.day(done.done_at)) if done and done.done_at else None


def _apologized_on(session: Session, incident: IncidentRow) -> date | None:
    query = select(LetterRow).where(
        LetterRow.account_no == incident.account_no,
        LetterRow.kind == WRONG_CUT_LETTER,
        col(LetterRow.mailed_on) >= incident.found_on,
    )
    letter = session.exec(query.order_by(col(LetterRow.mailed_on)).limit(1)).one_or_none()
    return letter.mailed_on if letter else None


def _fees_gone_on(session: Session, policy: Policy, incident: IncidentRow) -> date | None:
    """Return since when no fee of the wrong cut stands; none while one does."""
    query = select(TimelineRow).where(
        TimelineRow.case_id == incident.case_id, col(TimelineRow.type).in_(("fee_charged", "fee_removed"))
    )
    rows = [row for row in session.exec(query) if row.public["fee"]["order_id"] == incident.order_id]
    removed = [row.on for row in rows if row.type == "fee_removed"]
    charged, effect = len(rows) - len(removed), BillingEffectRow
    asked = session.exec(select(effect).where(effect.about == incident.incident_id, col(effect.done_at).is_not(None)))
    removed += [policy.calendar.day(row.asked_at) for row in asked]  # a closed case: billing was asked without it
    if len(removed) < charged:
        return None
    return max((incident.found_on, *removed))


def _ended(session: Session, account_no: str) -> dict[str, tuple[date | None, int]]:
    query = select(AccountRow).where(col(AccountRow.deposit_cents) > 0, col(AccountRow.ended_on).is_not(None))
    if account_no:
        query = query.where(AccountRow.account_no == account_no)
    return {row.account_no: (row.ended_on, row.deposit_cents) for row in session.exec(query)}


def _cases(session: Session, account_nos: Sequence[str]) -> dict[str, CaseRow]:
    """Return the latest case of each account."""
    found: dict[str, CaseRow] = {}
    for part in _parts(account_nos):
        query = select(CaseRow).where(col(CaseRow.account_no).in_(part))
        ordered = query.order_by(func.length(CaseRow.case_id), col(CaseRow.case_id))
        found |= {row.account_no: row for row in session.exec(ordered)}
    return found


def _agreed(session: Session, account_nos: Sequence[str]) -> dict[str, Agreed]:
    broken = {ArrangementStatus.BREACHED.value, ArrangementStatus.DEFAULTED.value}
    found: dict[str, Agreed] = {}
    for part in _parts(account_nos):
        query = select(ArrangementRow).where(col(ArrangementRow.account_no).in_(part))
        for row in session.exec(query.order_by(col(ArrangementRow.agreed_on), col(ArrangementRow.number))):
            broken_on = (row.breach_noticed_on or row.agreed_on) if row.status in broken else None
            found[row.account_no] = Agreed(on=row.agreed_on, broken_on=broken_on)
    return found


def _general(session: Session, policy: Policy, now: datetime) -> tuple[Obligation, ...]:
    today = policy.calendar.day(now)
    since = max(_began_on(session, policy), today - LOOKED_BACK)
    query = select(col(LetterRow.mailed_on)).where(LetterRow.kind == NOTICE, col(LetterRow.mailed_on) >= since)
    days = [day for day in session.exec(query.distinct()) if day is not None and _in_winter(policy, day)]
    money = select(SuspenseRow).where(SuspenseRow.state == SuspenseState.OPEN, col(SuspenseRow.debit).is_(False))
    unplaced = [
        Unplaced(name=f"suspense-{row.entry_id}", since=policy.calendar.day(row.raised_at), cents=row.cents)
        for row in session.exec(money)
    ]
    credit = select(AccountRow).where(col(AccountRow.credit_cents) > 0, col(AccountRow.credit_since).is_not(None))
    unplaced += [
        Unplaced(name=f"credit-{row.account_no}", since=row.credit_since, cents=row.credit_cents)
        for row in session.exec(credit.order_by(col(AccountRow.account_no)))
        if row.credit_since is not None
    ]
    off_on = _off_on(session, policy, since)
    return owed_to_all(
        policy,
        now,
        since=since,
        notices_on=days,
        off_on=off_on,
        unplaced=unplaced,
        unapplied=_unapplied(session, policy),
    )


def _off_on(session: Session, policy: Policy, since: date) -> set[date]:
    """Return the days from *since* on at which homes lost a service, by our order or without one."""
    query = (
        select(WorkOrderRow.done_at)
        .join(AccountRow, col(AccountRow.account_no) == col(WorkOrderRow.account_no))
        .where(
            WorkOrderRow.purpose == OrderPurpose.DISCONNECT.value,
            WorkOrderRow.state == OrderState.COMPLETED.value,
            col(WorkOrderRow.done_at) >= policy.calendar.at(since, time(0)),
            AccountRow.customer_class == CustomerClass.RESIDENTIAL.value,
        )
    )
    return {policy.calendar.day(done_at) for done_at in session.exec(query) if done_at is not None}


def _unapplied(session: Session, policy: Policy) -> list[Unapplied]:
    """Return the notices of change that billing has been asked to apply and has not applied."""
    return [
        Unapplied(
            name=each.about.replace("/", "-"),
            code=each.about.rpartition("/")[2],
            since=policy.calendar.day(each.asked_at),
        )
        for each in changes_waiting(session)
    ]


def _in_winter(policy: Policy, mailed_on: date) -> bool:
    """Say whether a notice of that day is one of the winter season: mailed in it, or still good in it."""
    try:
        last = mailed_on + timedelta(days=policy.at(p.NOTICE_VALID_DAYS, mailed_on))
        return in_winter(policy, mailed_on) or in_winter(policy, last)
    except PolicyGap:
        return False


def _began_on(session: Session, policy: Policy) -> date:
    """Return the day on which this installation began: what fell due before was not owed by it."""
    first = session.exec(select(func.min(PolicyRow.activated_at))).one()
    return policy.calendar.day(first) if first is not None else date.min


# --- what is said about it --------------------------------------------------------------------------------------------


def _marks(session: Session, account_no: str) -> Mapping[str, ObligationRow]:
    query = select(ObligationRow).where(col(ObligationRow.met_on).is_not(None))
    if account_no:
        query = query.where(ObligationRow.account_no == account_no)
    return {row.key: row for row in session.exec(query)}


def _marked(derived: Obligation, marks: Mapping[str, ObligationRow]) -> Obligation:
    row = marks.get(derived.key)
    if row is None or derived.met_on is not None or derived.duty in FROM_FACTS:
        return derived
    return replace(derived, met_on=row.met_on, met_by=row.met_by, evidence=row.evidence)


_STORED = [field.name for field in fields(Obligation) if field.name in ObligationRow.model_fields]


def _columns(each: Obligation) -> dict[str, object]:
    values = {name: getattr(each, name) for name in _STORED}
    return values | {"duty": each.duty.value}


def _raise(session: Session, each: Obligation, kind: str, *, urgent: bool, at: datetime) -> None:
    words = write_words({"about": each.says})
    values = {
        "task_id": f"{each.key}/{kind}",
        "case_id": each.case_id,
        "account_no": each.account_no,
        "kind": kind,
        # What is owed to everyone names nobody, and is read from the obligation itself.
        "about": seal(session, each.account_no, words) if each.account_no else None,
        "urgent": urgent,
        "raised_at": at,
        "for_role": "supervisor" if urgent else each.owner,
    }
    insert_new(session, TaskRow, values)


def _finish(session: Session, key: str, *, at: datetime) -> None:
    named = [f"{key}/{WARNED}", f"{key}/{BREACHED}"]
    query = select(TaskRow).where(col(TaskRow.task_id).in_(named), col(TaskRow.done_at).is_(None))
    for task in session.exec(query):
        task.done_at = at


def _parts(account_nos: Sequence[str]) -> Iterable[Sequence[str]]:
    size = 500
    return (account_nos[start : start + size] for start in range(0, len(account_nos), size))
