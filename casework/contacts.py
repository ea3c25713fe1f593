"""What was said with whom on an account, with or without a case; and may it be called now?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlmodel import Session

from casework.context import Desk
from casework.decisions import decide, plain_decision
from casework.errors import Refused, missing
from casework.facts import look_again
from casework.outlook import Looked
from casework.permissions import FOR_COMMAND, Permission
from casework.reasons import looked_at
from domain import commands as c
from domain import events as ev
from domain.decide import decide as rule_on
from domain.decisions.contacts import exceptions
from domain.decisions.desk import Desk as Rules
from domain.events import Event
from domain.verdict import Refusal
from models.accounts import AccountUnknown, account_of
from models.cases import words_of
from models.codec import REDACTED, write_words
from models.contacts import contacts_of, write_contact
from models.facts import record_fact
from models.tables import ContactRow, TaskRow
from models.upsert import insert_new
from models.vault import seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """An entry of the log with its summary, redacted for who may not read notes."""

    row: ContactRow
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MayContact:
    """Whether a contact of ours may go out now. *says* is one sentence; *excused*: rules that do not stop this one.

    *speak_with*: with whom the account may be spoken of.
    """

    allows: bool
    says: str
    against: tuple[str, ...]
    excused: tuple[str, ...]
    speak_with: str


def contacts(desk: Desk, account_no: str, *, limit: int = 200) -> Sequence[Logged]:
    """Return the account's log, latest first."""
    desk.need(Permission.SEE_CASES)
    notes = desk.may(Permission.SEE_NOTES)

    def ask(session: Session) -> Sequence[Logged]:
        _known(session, account_no)
        return [_logged(session, row, notes=notes) for row in contacts_of(session, account_no, limit=limit)]

    return desk.read_now(ask)


def _logged(session: Session, row: ContactRow, *, notes: bool) -> Logged:
    if row.summary is None:
        return Logged(row=row, summary="")
    words = words_of(session, row.account_no, row.summary) if notes else None
    return Logged(row=row, summary=REDACTED if words is None else words.get("summary", ""))


async def log(desk: Desk, account_no: str, command: c.RecordContact, *, key: str) -> str:
    """Add an entry and all that follows from it; return its id. With an open case it is an event of that case."""
    desk.need(FOR_COMMAND[c.RecordContact])
    case_id, looked = await looked_at(desk, account_no)
    if case_id is not None:
        ruling = await decide(desk, case_id, command, key=key)
        seq = next(event.seq for event in ruling.events if isinstance(event.body, ev.ContactRecorded))
        return f"{case_id}-c{seq}"
    outcome = rule_on(looked.case, plain_decision(desk, command, key=key), looked.policy, looked.now)
    if isinstance(outcome, Refusal):
        raise Refused(outcome)
    stem = sha256(f"{desk.person.username}/{key}".encode()).hexdigest()[:12]
    return await desk.write(lambda session: _write(session, account_no, outcome, stem))


async def may_contact(desk: Desk, account_no: str, command: c.RecordContact) -> MayContact:
    """Return whether such a contact may go out now, before it does; nothing is stored."""
    desk.need(Permission.SEE_CASES)
    _, looked = await looked_at(desk, account_no)
    excused, against = exceptions(_rules(desk, looked, command), command)
    says = f"It may go out: {excused[0]}." if excused else "It may go out."
    if against:
        says = f"Not now. {against[0].partition(': ')[2]}"
    return MayContact(allows=not against, says=says, against=against, excused=excused, speak_with=speak_with(looked))


def _rules(desk: Desk, looked: Looked, command: c.RecordContact) -> Rules:
    return Rules(looked.case, plain_decision(desk, command, key="may"), looked.policy, looked.now)


def speak_with(looked: Looked) -> str:
    """Return with whom the account may be spoken of, by what stands on record."""
    kinds = {fact.kind.value for fact in looked.case.known.facts if fact.holds(looked.now)}
    if "deceased" in kinds:
        return "the estate, in writing"
    if "represented" in kinds:
        return "the customer's lawyer alone"
    if "violence_victim" in kinds:
        return "the customer alone, by the safe channel on file; leave no message and name no address"
    return "the customer, or the third party named on file" if "third_party_designee" in kinds else "the customer alone"


def _write(session: Session, account_no: str, events: tuple[Event, ...], stem: str) -> str:
    """Write what *events* say although there is no case whose timeline could hold them."""
    contact_id = f"{account_no}-0-c{stem}"
    for number, event in enumerate(events):
        match event.body:
            case ev.ContactRecorded() as contact:
                words = {"summary": contact.summary} if contact.summary else {}
                sealed = seal(session, account_no, write_words(words)) if words else None
                write_contact(
                    session,
                    contact,
                    contact_id=contact_id,
                    account_no=account_no,
                    case_id="",
                    event=event,
                    sealed=sealed,
                )
            case ev.FactRecorded(fact=fact):
                fact = replace(fact, fact_id=f"{contact_id}-f{number}")
                concerned = record_fact(session, fact=fact, known_at=event.at, account_no=account_no)
                look_again(session, concerned, about=f"contact/{fact.fact_id}", now=event.at)
            case ev.TaskRaised(kind=kind, about=about, urgent=urgent):
                values = {
                    "task_id": f"{contact_id}-t{number}",
                    "case_id": "",
                    "account_no": account_no,
                    "kind": kind,
                    "about": seal(session, account_no, write_words({"about": about})),
                    "urgent": urgent,
                    "raised_at": event.at,
                }
                insert_new(session, TaskRow, values)
    return contact_id


def _known(session: Session, account_no: str) -> None:
    try:
        account_of(session, account_no)
    except AccountUnknown:
        raise missing("account", account_no) from None
