"""How did a letter read that went out, or that can be handed over, as the case stood when it did?"""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlmodel import Session

from casework.context import Desk
from casework.errors import Refused, missing
from casework.permissions import Permission
from casework.story import retold
from domain import events as ev
from domain.account_letters import AccountLetter
from domain.calendar import DAY
from domain.case import Case, OrderPurpose
from domain.facts import FactKind
from domain.policy import Policy
from domain.remedy import Mark, RemedyKind
from domain.verdict import Refusal
from letters.book import load_book
from letters.compose import About, compose
from letters.letter import Addressee, Letter, LetterKind
from letters.of_account import compose_own
from letters.render import render
from models.account_letters import said_of
from models.accounts import Personal, personal_of
from models.cases import case_row, decode, timeline_of
from models.inquiries import answer_sent
from models.mail import To, printed_to
from models.policies import policy_with

_ID: Final = re.compile(r"(?P<case_id>.+)-l(?P<seq>[1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Occasion:
    """The letter that an event gives occasion for, and the day it bears."""

    kind: LetterKind
    on: date
    about: About = About()


def letter_pdf(desk: Desk, letter_id: str) -> bytes:
    """Return the letter as a PDF: from the case as its events through this one leave it, under the pack it knew then.

    Once printed in a batch it goes to whom it was printed for; until then to the name and address that SQL has now. The
    same letter is the same bytes for as long as these stay. Refused: what a letter may not say (`letters.compose`).
    """
    desk.need(Permission.SEE_PERSONAL)
    letter = desk.read_now(lambda session: composed(session, letter_id))
    if isinstance(letter, Refusal):
        raise Refused(letter)
    return render(letter)


def composed(session: Session, letter_id: str, *, copy_for: str = "", to: To | None = None) -> Letter | Refusal:
    """Return the letter as it was printed, else as it would be now; *to* somebody else if it is a copy for them."""
    of_account = said_of(session, letter_id)
    if of_account is not None:
        return _own(session, *of_account, to=to or printed_to(session, letter_id, copy_for))
    case, event = _at_event(session, letter_id)
    occasion = _occasion(case, event)
    if occasion is None:
        raise missing("letter", letter_id)
    policy = policy_with(session, case.known.policy)
    personal = addressee_of(personal_of(session, case.account_no), policy)
    to = to or printed_to(session, letter_id, copy_for)
    letter = compose(
        occasion.kind,
        case,
        policy=policy,
        personal=replace(personal, name=to.name, lines=to.lines) if to else personal,
        on=occasion.on,
        about=occasion.about,
    )
    return letter if isinstance(letter, Refusal) else replace(letter, copy_for=copy_for)


def _own(session: Session, account_no: str, said: AccountLetter, *, to: To | None) -> Letter | Refusal:
    """Return the letter of an account's own: what it tells was kept when it was called for."""
    policy = policy_with(session, said.policy)
    personal = addressee_of(personal_of(session, account_no), policy)
    answer, asker = answer_sent(session, said.inquiry_id) if said.inquiry_id else ("", None)
    to = to or asker
    return compose_own(
        said,
        account_no,
        policy=policy,
        personal=replace(personal, name=to.name, lines=to.lines) if to else personal,
        answer=answer,
    )


def _at_event(session: Session, letter_id: str) -> tuple[Case, ev.Event]:
    """Return the event that the letter goes with, and the case as it stood after it."""
    named = _ID.fullmatch(letter_id)
    row = case_row(session, named["case_id"]) if named else None
    if named is None or row is None:
        raise missing("letter", letter_id)
    seq = int(named["seq"])
    entries = timeline_of(session, row.case_id, after=seq - 1, limit=1)
    case = retold(session, row, last=seq)
    if not entries or case is None:
        raise missing("letter", letter_id)
    return case, decode(session, entries[0])


def _occasion(case: Case, event: ev.Event) -> _Occasion | None:
    match event.body:
        case ev.ReminderSent(notice=notice):
            return _Occasion(kind=LetterKind.REMINDER, on=notice.served_on)
        case ev.NoticeServed(notice=notice):
            return _Occasion(kind=LetterKind.DISCONNECTION_NOTICE, on=notice.served_on)
        case ev.ArrangementBreached():
            return _Occasion(kind=LetterKind.BREACH_NOTICE, on=event.on)
        case ev.ArrangementAgreed():
            return _Occasion(kind=LetterKind.AGREEMENT, on=event.on)
        case ev.PlacementNoticeSent(mailed_on=mailed_on, places_from=places_from):
            return _Occasion(kind=LetterKind.PLACEMENT_NOTICE, on=mailed_on, about=About(by=places_from - DAY))
        case ev.RemedyMarked(mark=Mark.NOTICE_SENT, on=on):
            return _Occasion(kind=LetterKind.SETOFF_NOTICE, on=on)
        case ev.CutFoundWrong():
            return _Occasion(kind=LetterKind.WRONGFUL_DISCONNECTION, on=event.on)
        case ev.ReconnectionOffered(service=service, mailed_on=mailed_on):
            return _Occasion(kind=LetterKind.RECONNECTION_OFFER, on=mailed_on, about=About(service=service))
        case ev.ServiceRestored(service=service):
            return _Occasion(kind=LetterKind.RECONNECTION, on=event.on, about=About(service=service))
        case ev.OrderDispatched(order_id=order_id, service=service) if _cuts(case, order_id):
            return _Occasion(kind=LetterKind.DOOR_HANGER, on=event.on, about=About(service=service))
        case _:
            return _to_print(event)


def _to_print(event: ev.Event) -> _Occasion | None:
    """Return the letter of an event that tells the customer of something decided or learned."""
    match event.body:
        case ev.BreachCured(undone=False):
            return _Occasion(kind=LetterKind.BREACH_CURED, on=event.on)
        case ev.RemedyDecided(remedy=remedy) if remedy.kind is RemedyKind.CLAIM:
            return _Occasion(kind=LetterKind.COURT_DEMAND, on=event.on)
        case ev.FactRecorded(fact=fact) if fact.kind is FactKind.BANKRUPTCY:
            petition = About(petition_on=date.fromisoformat(fact.details.get("petition_on") or event.on.isoformat()))
            return _Occasion(kind=LetterKind.BANKRUPTCY_ACKNOWLEDGEMENT, on=event.on, about=petition)
        case _:
            return None


def _cuts(case: Case, order_id: str) -> bool:
    return any(order.order_id == order_id and order.purpose is OrderPurpose.DISCONNECT for order in case.orders)


def at_the_service(personal: Personal, policy: Policy) -> To | None:
    """Return where a copy goes because the letter itself goes elsewhere; none where both are the same place."""
    mailing, premises = personal.mailing_address.strip(), personal.premise_address.strip()
    if not mailing or not premises or mailing.lower().startswith(premises.lower()):
        return None
    here = addressee_of(replace(personal, mailing_address=""), policy)
    return To(name=here.name, lines=here.lines)


def addressee_of(personal: Personal, policy: Policy) -> Addressee:
    """Return who is written to: at the mailing address if there is one, else where the service is."""
    office = load_book().offices.get(policy.pack)
    place = office.place if office else ""
    mailing = personal.mailing_address
    street, found, rest = mailing.rpartition(place) if place else (mailing, "", "")
    if mailing:
        lines = (street.strip(" ,"), f"{found}{rest}") if found else (mailing,)
    else:
        lines = (personal.premise_address, f"{place} {personal.zip_code}".strip())
    return Addressee(name=personal.name, lines=tuple(line for line in lines if line), premises=personal.premise_address)
