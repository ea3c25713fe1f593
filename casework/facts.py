"""What is known of an account, whether or not it has a case: recorded, corrected, and looked back on?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.decisions import decide
from casework.errors import Refused, missing, unfit
from casework.permissions import FOR_COMMAND, Permission, is_senior
from domain import commands as c
from domain.account import Account
from domain.decisions.facts import Setting, counting_extensions, unfit_correction, unfit_fact
from domain.evidence import Subject
from domain.facts import Fact, FactKind
from domain.hear import Tells, Told
from domain.verdict import Refusal
from models.account_letters import prepare_for_fact
from models.accounts import AccountUnknown, account_of, premise_of
from models.cases import open_case_of
from models.facts import ACCOUNT, end_fact, facts_of, history_of, record_fact
from models.look_back import look_back
from models.outbox import tell
from models.pledges import follow
from models.policies import active_digest, policy_with
from models.tables import CaseRow, FactRow

TIMED = "account-fact"
NO_TEMPORAL = "no-temporal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A fact on record. *corrected_by*: the fact that replaced it; none for one that stands or was only withdrawn."""

    fact: Fact
    about: str
    case_id: str
    replaces: str
    corrected_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What recording or correcting left. *fact* none: it was withdrawn. *cases*: open ones that look again."""

    fact: Fact | None
    case_id: str | None
    cases: int


def facts(desk: Desk, account_no: str, *, kind: FactKind | None = None, history: bool = False) -> Sequence[Kept]:
    """Return what stands on record of the account, its place, county and area; with *history* all that ever did."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Sequence[Kept]:
        account = _account(session, account_no)
        rows = history_of(session, account)
        by = {row.replaces: row.fact_id for row in rows if row.replaces}
        return [
            Kept(
                fact=row.to_domain(),
                about=row.scope,
                case_id=row.case_id,
                replaces=row.replaces,
                corrected_by=by.get(row.fact_id, ""),
            )
            for row in rows
            if (history or row.withdrawn_at is None) and (kind is None or row.kind == kind)
        ]

    return desk.read_now(ask)


async def record(
    desk: Desk, account_no: str, command: c.RecordFact, *, about: Subject = Subject.ACCOUNT, key: str
) -> Entered:
    """Put a fact on record from this commit on. With an open case it is a decision in that case, and refused likewise.

    About the premises it concerns every account that is served there, today's and tomorrow's.
    """
    desk.need(FOR_COMMAND[c.RecordFact])
    case_id = await desk.read(lambda session: _open_case(session, account_no))
    if case_id is not None and about is Subject.ACCOUNT:
        entered = await _in_case(desk, case_id, command, key=key)
        if entered is not None:
            return entered
    return await desk.write(lambda session: _record(session, desk, account_no, command, about=about, key=key))


async def correct(desk: Desk, account_no: str, command: c.CorrectFact, *, key: str) -> Entered:
    """Replace a fact by a corrected one, or withdraw it. The old one stays on record as no longer believed."""
    desk.need(FOR_COMMAND[c.CorrectFact])
    case_id = await desk.read(lambda session: _open_case(session, account_no))
    of_account = await desk.read(lambda session: _is_of_account(session, command.fact_id))
    if case_id is not None and of_account:
        entered = await _in_case(desk, case_id, command, key=key)
        if entered is not None:
            return entered
    return await desk.write(lambda session: _correct(session, desk, account_no, command, key=key))


async def _in_case(desk: Desk, case_id: str, command: c.RecordFact | c.CorrectFact, *, key: str) -> Entered | None:
    """Return what the case made of it; none if Temporal is away.

    A protection that was told at the counter counts from then on, whether or not a case can be asked just now: it goes
    straight to the record, and the case finds it there.
    """
    try:
        ruling = await decide(desk, case_id, command, key=key)
    except Refused as refused:
        if refused.refusal.slug != NO_TEMPORAL:
            raise
        return None
    found = next((fact for event in ruling.events if (fact := getattr(event.body, "fact", None))), None)
    return Entered(fact=found, case_id=case_id, cases=1)


def _record(
    session: Session, desk: Desk, account_no: str, command: c.RecordFact, *, about: Subject, key: str
) -> Entered:
    now = desk.now
    known = facts_of(session, _account(session, account_no))
    _refuse(unfit_fact(command, command.kind, _setting(session, desk, known)))
    fact = _fact(desk, account_no, command, command.kind, key=key, now=now)
    return _write(session, account_no, fact, about=about, replaces="", now=now)


def _correct(session: Session, desk: Desk, account_no: str, command: c.CorrectFact, *, key: str) -> Entered:
    account, now = _account(session, account_no), desk.now
    known = facts_of(session, account)
    old = next((fact for fact in known if fact.fact_id == command.fact_id), None)
    if old is None:
        done = session.get(FactRow, _fact_id(desk, account_no, key))
        if done is not None and done.replaces == command.fact_id:
            return Entered(fact=done.to_domain(), case_id=None, cases=0)
        raise missing("fact", command.fact_id)
    _refuse(unfit_correction(command, old, _setting(session, desk, known)))
    row = session.get_one(FactRow, old.fact_id)
    if command.kind is None:
        concerned = end_fact(session, fact_id=old.fact_id, known_at=now, until=now, withdrawn=True)
        follow(session, None, old.fact_id)
        cases = look_again(session, concerned, about=f"{TIMED}/{old.fact_id}/withdrawn", now=now)
        return Entered(fact=None, case_id=None, cases=cases)
    counted = counting_extensions(command, old)
    fact = _fact(desk, account_no, counted, command.kind, key=key, now=now)
    return _write(session, account_no, fact, about=Subject(row.scope), replaces=old.fact_id, now=now)


def _setting(session: Session, desk: Desk, known: tuple[Fact, ...]) -> Setting:
    policy = policy_with(session, active_digest(session))
    return Setting(facts=known, policy=policy, now=desk.now, senior=is_senior(desk.person.role))


def _write(session: Session, account_no: str, fact: Fact, *, about: Subject, replaces: str, now: datetime) -> Entered:
    account = _account(session, account_no)
    named: dict[Subject, dict[str, str]] = {
        Subject.ACCOUNT: {"account_no": account_no},
        Subject.PREMISES: {"premise_id": premise_of(session, account_no)},
        Subject.COUNTY: {"county": account.county},
        Subject.AREA: {},
    }
    concerned = record_fact(session, fact=fact, known_at=now, replaces=replaces, **named[about])  # type: ignore[arg-type]
    if about is Subject.ACCOUNT:
        prepare_for_fact(session, account_no, fact, at=now)
    if replaces:
        follow(session, fact, replaces)
    cases = look_again(session, concerned, about=f"{TIMED}/{fact.fact_id}", now=now)
    if fact.starts < now:
        for each in concerned if about in {Subject.ACCOUNT, Subject.PREMISES} else ():
            look_back(session, each, now)
    return Entered(fact=fact, case_id=None, cases=cases)


def look_again(session: Session, account_nos: Sequence[str], *, about: str, now: datetime) -> int:
    """Tell the open cases of these accounts to look again, which recalls orders out; return how many there are."""
    concerned = frozenset(account_nos)
    query = select(CaseRow.account_no).where(col(CaseRow.closed).is_(None)).order_by(col(CaseRow.account_no))
    found = [account_no for account_no in session.exec(query) if account_no in concerned]
    for account_no in found:
        tell(session, account_no=account_no, told=Told(key=about, at=now, what=Tells.LOOK_AGAIN), at=now)
    return len(found)


def _fact(
    desk: Desk, account_no: str, command: c.RecordFact | c.CorrectFact, kind: FactKind, *, key: str, now: datetime
) -> Fact:
    return Fact(
        fact_id=_fact_id(desk, account_no, key),
        kind=kind,
        starts=command.starts or now,
        until=command.until,
        known_at=now,
        amount=command.amount,
        source=command.source,
        evidence=command.evidence,
        entered_by=desk.person.username,
        details=dict(command.details),
    )


def _fact_id(desk: Desk, account_no: str, key: str) -> str:
    """Return an id that the same request has again: the same fact is written once."""
    return f"{account_no}-f-{sha256(f'{desk.person.username}/{key}'.encode()).hexdigest()[:12]}"


def _open_case(session: Session, account_no: str) -> str | None:
    _account(session, account_no)
    row = open_case_of(session, account_no)
    return row.case_id if row else None


def _is_of_account(session: Session, fact_id: str) -> bool:
    row = session.get(FactRow, fact_id)
    return row is not None and row.scope == ACCOUNT


def _account(session: Session, account_no: str) -> Account:
    try:
        return account_of(session, account_no)
    except AccountUnknown:
        raise missing("account", account_no) from None


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal)


def another_fact(said: str, addressed: str) -> Refused:
    """Return that a correction was sent to the address of another fact than it names."""
    return unfit("another-fact", "Another fact is named", f"The body names {said}, the address {addressed}.")
