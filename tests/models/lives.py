"""Accounts, views and events to put on record in tests; every name and number is invented."""

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from domain import events as ev
from domain.account import Account, AccountStatus, CustomerClass, Service, Snapshot
from domain.case import ServiceState
from domain.events import Body, Event
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.states import ServiceStatus, Stage
from domain.view import CaseView
from models.accounts import Personal, write_account
from models.session import transaction

NO = "4100000001"
CASE = f"{NO}-1"
NOON = datetime(2026, 9, 1, 17, 0, tzinfo=UTC)
DAY = date(2026, 9, 1)


def account(account_no: str = NO, *, county: str = "Olmsted") -> Account:
    return Account(
        account_no=account_no,
        customer_class=CustomerClass.RESIDENTIAL,
        status=AccountStatus.ACTIVE,
        services=(Service.ELECTRIC, Service.WATER),
        county=county,
    )


def known_account(engine: Engine, account_no: str = NO, *, county: str = "Olmsted", name: str = "Ada Quill") -> str:
    """Let billing's master have told us of the account; return its number."""
    with transaction(engine) as session:
        write_account(session, account(account_no, county=county), Personal(name=name, phone="507-555-0100"))
    return account_no


def view(seq: int, **changes: object) -> CaseView:
    base = CaseView(
        case_id=CASE,
        account_no=NO,
        seq=seq,
        as_of=NOON,
        stage=Stage.PAST_DUE,
        status=ServiceStatus.ON,
        services=(ServiceState(service=Service.ELECTRIC, since=DAY),),
        balance=Money(12_000),
        past_due=Money(9_000),
        oldest_due_on=date(2026, 8, 12),
        next_step="send_reminder",
        next_at=NOON,
        next_says="A reminder goes out.",
        waiting_for="calendar",
        task="",
        assigned_to="",
        follow_up_on=None,
        holds=(),
        policy="0123456789abcdef",
        closed=None,
    )
    return replace(base, **changes)


def event(seq: int, body: Body, *, key: str = "", by: str = "rule:P01") -> Event:
    return Event(seq=seq, key=key or f"key/{seq}", at=NOON, on=DAY, by=by, body=body)


def opened() -> Event:
    return event(1, ev.CaseOpened(known=Snapshot(at=NOON, version="1", account=account()), stage=Stage.PAST_DUE))


def noted(seq: int, words: str = "Ada will call back on Friday.") -> Event:
    return event(seq, ev.NoteAdded(note=words), by="maria")


def fact(fact_id: str = "f1", kind: FactKind = FactKind.MEDICAL_CERTIFICATE) -> Fact:
    return Fact(fact_id=fact_id, kind=kind, starts=NOON, known_at=NOON, source="clinic", details={"form": "first"})
