"""What else does an event change: facts, letters, orders, approvals, arrangements, tasks, documents?

Each event is projected once, in the transaction that records it, as `domain.take` takes it.
"""

from datetime import date

from sqlalchemy import or_, update
from sqlmodel import Session, col

from domain import events as ev
from domain.account import AccountStatus
from domain.case import Notice
from domain.facts import FactKind
from domain.perform_facts import WRONG_CUT_LETTER
from domain.remedy import Mark, RemedyKind
from models.account_letters import prepare_for_fact
from models.accounts import note_ended, premise_of
from models.agreements import project_agreement
from models.behaviour import project_behaviour
from models.contacts import write_contact
from models.facts import end_fact, record_fact
from models.incidents import write_incident
from models.look_back import look_back
from models.pledges import follow
from models.proposals import project_proposal
from models.recorded import Recorded
from models.remedies import project_remedy
from models.tables import DocumentRow, LetterRow, TaskRow
from models.taken_over import project_taken_over
from models.upsert import insert_new
from models.work import project_approval, project_order

# These move nothing and go out with the day's batch: nobody is told of them beforehand.
_TO_PRINT: dict[str, object] = {"mailed_on": None, "state": "to_print"}
REFERRAL, SUPERVISOR = "referral", "supervisor"


_ELSEWHERE = (
    project_approval,
    project_order,
    project_agreement,
    project_remedy,
    project_proposal,
    project_behaviour,
    project_taken_over,
)


def project(session: Session, recorded: Recorded) -> None:
    """Write what *recorded* means for every other table."""
    for part in (_account, _facts, _letters, _letter_on_its_way, _contacts, _incidents, _tasks, *_ELSEWHERE):
        part(session, recorded)


def _account(session: Session, recorded: Recorded) -> None:
    """Write that the account has ended once its case reads so in billing: the mirror is renewed only now and then.

    What is learned later of its cuts then goes to a person, who sees who lives there now.
    """
    body = recorded.event.body
    if isinstance(body, ev.AccountRead) and body.known.account.status is not AccountStatus.ACTIVE:
        note_ended(session, recorded.account_no, body.known.account.status)


def _facts(session: Session, recorded: Recorded) -> None:
    match recorded.event.body:
        case ev.FactRecorded(fact=fact, replaces=replaces):
            # A dog bites whoever lives there: what a crew must know is kept of the place.
            place = premise_of(session, recorded.account_no) if fact.kind is FactKind.SAFETY_NOTE else ""
            record_fact(
                session,
                fact=fact,
                known_at=fact.known_at,
                account_no=None if place else recorded.account_no,
                premise_id=place or None,
                replaces=replaces,
                case_id=recorded.case_id,
                seq=recorded.event.seq,
            )
            if replaces:
                follow(session, fact, replaces)
            if fact.starts < recorded.event.at:
                look_back(session, recorded.account_no, recorded.event.at)
        case ev.FactEnded(fact_id=fact_id, until=until, withdrawn=withdrawn):
            end_fact(session, fact_id=fact_id, known_at=recorded.event.at, until=until, withdrawn=withdrawn)
            if withdrawn:
                follow(session, None, fact_id)


def _letters(session: Session, recorded: Recorded) -> None:
    match recorded.event.body:
        case ev.ReminderSent(notice=notice) | ev.NoticeServed(notice=notice):
            _letter(session, recorded, notice)
        case ev.ReconnectionOffered(service=service, mailed_on=mailed_on, letter=letter, awaited=awaited):
            values: dict[str, object] = {"kind": "reconnection offer", "service": service, "receipt": letter}
            _insert_letter(session, recorded, values | _mailing(mailed_on, awaited=awaited))
        case ev.ArrangementBreached(owing=owing, letter=letter, awaited=awaited):
            values = {"kind": "breach", "amount_cents": owing.cents, "receipt": letter}
            way = _mailing(recorded.event.on, awaited=awaited) if letter else _TO_PRINT
            _insert_letter(session, recorded, values | way)
        case ev.PlacementNoticeSent(amount=amount, letter=letter, mailed_on=mailed_on, awaited=awaited):
            values = {"kind": "placement notice", "receipt": letter, "amount_cents": amount.cents}
            _insert_letter(session, recorded, values | _mailing(mailed_on, awaited=awaited))
        case ev.ArrangementAgreed(arrangement=arrangement):
            _insert_letter(
                session, recorded, {"kind": "agreement", "amount_cents": arrangement.amount.cents, **_TO_PRINT}
            )
        case ev.ServiceRestored(service=service):
            _insert_letter(session, recorded, {"kind": "reconnection", "service": str(service), **_TO_PRINT})
        case ev.BreachCured(undone=False):
            _insert_letter(session, recorded, {"kind": "breach cured", **_TO_PRINT})
        case ev.RemedyDecided(remedy=remedy) if remedy.kind is RemedyKind.CLAIM:
            _insert_letter(
                session, recorded, {"kind": "court demand", "amount_cents": remedy.amount.cents, **_TO_PRINT}
            )
        case ev.FactRecorded(fact=fact, replaces="") if fact.kind is FactKind.BANKRUPTCY:
            _insert_letter(session, recorded, {"kind": "bankruptcy acknowledgement", **_TO_PRINT})
        case ev.FactRecorded(fact=fact) if fact.kind is FactKind.DEPOSIT_ASKED:
            prepare_for_fact(session, recorded.account_no, fact, at=recorded.event.at)
        case ev.RemedyMarked(mark=Mark.NOTICE_SENT, on=on, ref=ref, awaited=awaited):
            values = {"kind": "set-off notice", "receipt": ref}
            _insert_letter(session, recorded, values | _mailing(on, awaited=awaited))


def _letter(session: Session, recorded: Recorded, notice: Notice) -> None:
    services = sorted({bill.ref.rpartition("/")[2] for bill in notice.bills})
    _insert_letter(
        session,
        recorded,
        {
            "kind": notice.kind,
            "service": services[0] if len(services) == 1 else None,
            "amount_cents": notice.amount.cents,
            "receipt": notice.letter,
            **_mailing(notice.served_on, awaited=notice.awaited),
        },
    )


def _mailing(on: date, *, awaited: bool) -> dict[str, object]:
    return {"mailed_on": None, "state": "handed_over"} if awaited else {"mailed_on": on}


def _letter_on_its_way(session: Session, recorded: Recorded) -> None:
    match recorded.event.body:
        case ev.MailingConfirmed(letter=letter, mailed_on=mailed_on):
            values: dict[str, object] = {"mailed_on": mailed_on, "state": "mailed"}
        case ev.LetterReturned(letter=letter, returned_on=returned_on, because=because):
            values = {"returned_on": returned_on, "returned_because": because, "state": "returned"}
        case _:
            return
    # What goes out with the day's batch has no receipt of a mail house: its own number names it.
    query = update(LetterRow).where(
        col(LetterRow.account_no) == recorded.account_no,
        or_(col(LetterRow.letter_id) == letter, (col(LetterRow.receipt) == letter) & (col(LetterRow.receipt) != "")),
    )
    session.exec(query.values(**values))


def _insert_letter(session: Session, recorded: Recorded, values: dict[str, object]) -> None:
    common = {
        "letter_id": f"{recorded.case_id}-l{recorded.event.seq}",
        "case_id": recorded.case_id,
        "account_no": recorded.account_no,
        "prepared_at": recorded.event.at,
        "state": "mailed",
    }
    insert_new(session, LetterRow, common | values)


def _contacts(session: Session, recorded: Recorded) -> None:
    match recorded.event.body:
        case ev.ContactRecorded() as contact:
            write_contact(
                session,
                contact,
                contact_id=f"{recorded.case_id}-c{recorded.event.seq}",
                account_no=recorded.account_no,
                case_id=recorded.case_id,
                event=recorded.event,
                sealed=recorded.private,
            )


def _incidents(session: Session, recorded: Recorded) -> None:
    match recorded.event.body:
        case ev.CutFoundWrong() as wrong:
            write_incident(
                session,
                wrong,
                case_id=recorded.case_id,
                account_no=recorded.account_no,
                at=recorded.event.at,
                on=recorded.event.on,
            )
            if wrong.letter:
                values: dict[str, object] = {
                    "kind": WRONG_CUT_LETTER,
                    "service": wrong.service.value,
                    "receipt": wrong.letter,
                    **_mailing(recorded.event.on, awaited=wrong.awaited),
                }
                _insert_letter(session, recorded, values)


def _tasks(session: Session, recorded: Recorded) -> None:
    match recorded.event.body:
        case ev.TaskRaised(kind=kind, urgent=urgent):
            _raise_task(session, recorded, kind=kind, urgent=urgent)
        case ev.Referred():
            _raise_task(session, recorded, kind=REFERRAL, for_role=SUPERVISOR)
        case ev.OutsideActNoted(urgent=True):
            _raise_task(session, recorded, kind="outside_act", urgent=True)
        case ev.ReferralAnswered():
            _finish_tasks(session, recorded, kind=REFERRAL)
        case ev.FactRecorded(fact=fact) if fact.kind is FactKind.BANKRUPTCY and fact.evidence:
            _finish_tasks(session, recorded, kind="check_docket")
        case ev.CaseClosed():
            _finish_tasks(session, recorded)
        case ev.DocumentAttached() as attached:
            values = {
                "sha256": attached.sha256,
                "case_id": recorded.case_id,
                "account_no": recorded.account_no,
                "title": recorded.private,
                "media_type": attached.media_type,
                "scanned": attached.scanned,
                "attached_at": recorded.event.at,
                "attached_by": recorded.event.by,
            }
            insert_new(session, DocumentRow, values)


def _raise_task(session: Session, recorded: Recorded, *, kind: str, urgent: bool = False, for_role: str = "") -> None:
    values = {
        "task_id": recorded.id,
        "case_id": recorded.case_id,
        "account_no": recorded.account_no,
        "kind": kind,
        "about": recorded.private,
        "urgent": urgent,
        "raised_at": recorded.event.at,
        "for_role": for_role,
    }
    insert_new(session, TaskRow, values)


def _finish_tasks(session: Session, recorded: Recorded, *, kind: str | None = None) -> None:
    query = update(TaskRow).where(col(TaskRow.case_id) == recorded.case_id, col(TaskRow.done_at).is_(None))
    if kind:
        query = query.where(col(TaskRow.kind) == kind)
    session.exec(query.values(done_at=recorded.event.at))
