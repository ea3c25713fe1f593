"""Do the tables say the same of a case as the case itself, taken event by event?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from domain import events as ev
from domain.account import NamedBill, Service, Snapshot
from domain.arrangement import ArrangedBill, Arrangement, Instalment
from domain.case import Case, Notice, Order, OrderPurpose, OrderState
from domain.events import Body
from domain.money import Money
from domain.remedy import Mark, Remedy, RemedyKind, RemedyState
from domain.states import ClosedReason, ServiceStatus
from domain.take import take
from models import vault
from models.cases import words_of
from models.record import record
from models.session import transaction
from models.snapshot import known_of
from models.tables import ApprovalRow, ArrangementRow, DocumentRow, InstalmentRow, LetterRow, TaskRow, WorkOrderRow
from tests.models.lives import CASE, NO, NOON, account, event, fact, known_account, opened, view

ELECTRIC = Service.ELECTRIC
LATER = NOON + timedelta(days=1)
BILLS = (NamedBill(ref="B1/electric", amount=Money(9_000), due_on=date(2026, 8, 12)),)
NOTICE = Notice(
    kind="disconnection notice", served_on=date(2026, 9, 1), method="mail", bills=BILLS, amount=Money(9_000)
)
TO_NOTICE: tuple[Body, ...] = (ev.NoticeServed(notice=NOTICE),)
ASKED = ev.ApprovalAsked(approval_id="a1", act="disconnection", amount=Money(9_000), decision="{}", service=ELECTRIC)
GRANTED = ev.ApprovalGranted(approval_id="a1", act="disconnection", lapses_at=LATER)
RECOMMENDED = ev.DisconnectionRecommended(service=ELECTRIC, amount=Money(9_000))


def an_order(order_id: str = "o1", purpose: OrderPurpose = OrderPurpose.DISCONNECT) -> ev.OrderPlaced:
    order = Order(
        order_id=order_id,
        purpose=purpose,
        service=ELECTRIC,
        state=OrderState.REQUESTED,
        requested_at=NOON,
        field_ref="F9",
    )
    return ev.OrderPlaced(order=order)


TO_ORDER = (*TO_NOTICE, ASKED, RECOMMENDED, GRANTED, an_order())
DISPATCHED = ev.OrderDispatched(order_id="o1", service=ELECTRIC)
AT_THE_DOOR = ev.OrderAcknowledged(order_id="o1", service=ELECTRIC, proceed=True)
CUT = ev.ServiceDisconnected(order_id="o1", service=ELECTRIC)
AGREED = ev.ArrangementAgreed(
    arrangement=Arrangement(
        number=1,
        agreed_on=date(2026, 9, 1),
        bills=(ArrangedBill(ref="B1/electric", open=Money(9_000)),),
        schedule=(
            Instalment(0, date(2026, 9, 2), Money(3_000)),
            Instalment(1, date(2026, 10, 1), Money(3_000)),
            Instalment(2, date(2026, 11, 2), Money(3_000)),
        ),
    )
)
MET_ONE = ev.InstalmentsMet(met=1, of=3, paid=Money(3_000))
BREACHED = ev.ArrangementBreached(
    missed_on=date(2026, 10, 1), owing=Money(3_000), cure_by=date(2026, 10, 12), letter="m7"
)

LIVES: dict[str, Sequence[Body]] = {
    "asked": (*TO_NOTICE, ASKED),
    "rejected": (*TO_NOTICE, ASKED, ev.ApprovalRejected(approval_id="a1", act="disconnection", because="no")),
    "lapsed": (*TO_NOTICE, ASKED, GRANTED, ev.ApprovalLapsed(approval_id="a1", act="disconnection", because="late")),
    "ordered": TO_ORDER,
    "dispatched": (*TO_ORDER, DISPATCHED),
    "cancelled before a crew had it": (
        *TO_ORDER,
        ev.OrderWithdrawn(order_id="o1", service=ELECTRIC, recalled=False, because="paid"),
    ),
    "recalled": (
        *TO_ORDER,
        DISPATCHED,
        ev.OrderWithdrawn(order_id="o1", service=ELECTRIC, recalled=True, because="paid"),
    ),
    "stopped at the door": (
        *TO_ORDER,
        DISPATCHED,
        ev.OrderAcknowledged(order_id="o1", service=ELECTRIC, proceed=False),
    ),
    "not completed": (*TO_ORDER, DISPATCHED, ev.OrderNotCompleted(order_id="o1", service=ELECTRIC, reason="dog")),
    "cut": (*TO_ORDER, DISPATCHED, AT_THE_DOOR, CUT),
    "recalled too late": (
        *TO_ORDER,
        DISPATCHED,
        AT_THE_DOOR,
        ev.RecallFailed(order_id="o1", service=ELECTRIC, because="paid"),
        CUT,
    ),
    "cut and restored": (
        *TO_ORDER,
        DISPATCHED,
        AT_THE_DOOR,
        CUT,
        an_order("o2", OrderPurpose.RECONNECT),
        ev.ServiceRestored(order_id="o2", service=ELECTRIC),
    ),
    "down payment met": (*TO_NOTICE, AGREED, MET_ONE),
    "down payment met and returned": (*TO_NOTICE, AGREED, MET_ONE, ev.InstalmentsMet(met=0, of=3, paid=Money(0))),
    "breached": (*TO_NOTICE, AGREED, MET_ONE, BREACHED),
    "cured": (*TO_NOTICE, AGREED, MET_ONE, BREACHED, ev.BreachCured()),
    "cured as a mistake": (*TO_NOTICE, AGREED, MET_ONE, BREACHED, ev.BreachCured(undone=True)),
    "defaulted": (*TO_NOTICE, AGREED, BREACHED, ev.ArrangementDefaulted(owing=Money(9_000))),
    "kept": (*TO_NOTICE, AGREED, MET_ONE, ev.ArrangementCompleted(paid=Money(9_000))),
    "cancelled": (*TO_NOTICE, AGREED, ev.ArrangementCancelled(because="asked")),
    "a fact": (ev.FactRecorded(fact=fact("f1")),),
    "a fact corrected": (ev.FactRecorded(fact=fact("f1")), ev.FactRecorded(fact=fact("f0"), replaces="f1")),
    "a fact ended": (
        ev.FactRecorded(fact=fact("f1")),
        ev.FactEnded(fact_id="f1", kind="hold", until=LATER, withdrawn=False, because="over"),
    ),
    "a fact withdrawn": (
        ev.FactRecorded(fact=fact("f1")),
        ev.FactEnded(fact_id="f1", kind="hold", until=LATER, withdrawn=True, because="wrong"),
    ),
}


def live(engine: Engine, bodies: Sequence[Body]) -> Case:
    """Record a case's life, one event at a time, and return the case as `take` has it."""
    known_account(engine)
    case = Case(
        case_id=CASE, account_no=NO, opened_on=date(2026, 9, 1), known=Snapshot(at=NOON, version="1", account=account())
    )
    events = (opened(), *(event(seq, body, by="maria") for seq, body in enumerate(bodies, start=2)))
    for each in events:
        case = take(case, each)
        with transaction(engine) as session:
            record(session, case=view(each.seq), events=(each,))
    return case


@pytest.mark.parametrize("name", LIVES)
def test_the_tables_say_what_the_case_says(engine: Engine, name: str) -> None:
    case = live(engine, LIVES[name])
    with transaction(engine) as session:
        orders = {row.order_id: (row.state, row.purpose, row.service) for row in session.exec(select(WorkOrderRow))}
        approvals = {
            row.approval_id: (row.state, row.decided_by, row.lapses_at) for row in session.exec(select(ApprovalRow))
        }
        agreements = [
            (row.number, row.status, row.met, row.reinstated, row.breach_noticed_on, row.cure_by, row.amount_cents)
            for row in session.exec(select(ArrangementRow))
        ]
        facts = known_of(session, NO).facts
    assert orders == {o.order_id: (o.state, o.purpose, o.service) for o in case.orders}
    assert approvals == {a.approval_id: (a.state, a.decided_by, a.lapses_at) for a in case.approvals}
    a = case.arrangement
    assert agreements == (
        [(a.number, a.status, a.met, a.reinstated, a.breach_noticed_on, a.cure_by, a.amount.cents)] if a else []
    )
    assert facts == case.known.facts


def test_a_returned_payment_takes_an_instalment_back(engine: Engine) -> None:
    live(engine, (*TO_NOTICE, AGREED, ev.InstalmentsMet(met=2, of=3, paid=Money(6_000)), MET_ONE))
    with transaction(engine) as session:
        rows = session.exec(select(InstalmentRow).order_by(InstalmentRow.number)).all()
    assert [(row.number, row.amount_cents, row.met) for row in rows] == [
        (0, 3_000, True),
        (1, 3_000, False),
        (2, 3_000, False),
    ]


def test_each_letter_stands_once_with_its_service_and_day(engine: Engine) -> None:
    live(engine, (*TO_NOTICE, AGREED, BREACHED))
    with transaction(engine) as session:
        letters = session.exec(select(LetterRow).order_by(LetterRow.letter_id)).all()
    assert [(row.letter_id, row.kind, row.service, row.amount_cents, row.mailed_on) for row in letters] == [
        (f"{CASE}-l2", "disconnection notice", "electric", 9_000, date(2026, 9, 1)),
        (f"{CASE}-l3", "agreement", None, 9_000, None),
        (f"{CASE}-l4", "breach", None, 3_000, date(2026, 9, 1)),
    ]


@pytest.mark.parametrize(
    ("breached", "expected"),
    [
        (BREACHED, ("mailed", date(2026, 9, 1))),
        (replace(BREACHED, awaited=True), ("handed_over", None)),
        (replace(BREACHED, letter=""), ("to_print", None)),
    ],
    ids=["mailed", "the mail house has yet to confirm it", "noted by a person"],
)
def test_a_letter_about_a_breach_is_mailed_once_someone_mailed_it(
    engine: Engine, breached: ev.ArrangementBreached, expected: tuple[str, date | None]
) -> None:
    live(engine, (*TO_NOTICE, AGREED, breached))
    with transaction(engine) as session:
        row = session.get_one(LetterRow, f"{CASE}-l4")
    assert (row.state, row.mailed_on) == expected


@pytest.mark.parametrize(
    ("awaited", "expected"), [(False, ("mailed", date(2026, 9, 1))), (True, ("handed_over", None))]
)
def test_a_notice_of_a_set_off_is_mailed_once_the_mail_house_says_so(
    engine: Engine, awaited: bool, expected: tuple[str, date | None]
) -> None:
    claim = Remedy(
        remedy_id=f"{CASE}-r1",
        kind=RemedyKind.SETOFF,
        state=RemedyState.STANDING,
        bills=(),
        amount=Money(9_000),
        since=date(2026, 9, 1),
    )
    sent = ev.RemedyMarked(
        remedy_id=claim.remedy_id, mark=Mark.NOTICE_SENT, on=date(2026, 9, 1), ref="m9", awaited=awaited
    )
    live(engine, (ev.RemedyDecided(remedy=claim), sent))
    with transaction(engine) as session:
        row = session.exec(select(LetterRow).where(LetterRow.kind == "set-off notice")).one()
    assert (row.state, row.mailed_on) == expected


def test_an_answer_closes_the_referral_and_the_end_of_the_case_closes_every_task(engine: Engine) -> None:
    asked = (ev.Referred(question="May Ada pay later?"), ev.TaskRaised(kind="call", about="Call Ada", urgent=True))
    live(engine, (*asked, ev.ReferralAnswered(answer="Yes")))
    with transaction(engine) as session:
        open_tasks = session.exec(select(TaskRow).where(TaskRow.done_at == None)).all()  # noqa: E711
        assert [(row.kind, row.urgent) for row in open_tasks] == [("call", True)]
        assert words_of(session, NO, open_tasks[0].about) == {"about": "Call Ada"}
        closing = event(5, ev.CaseClosed(reason=ClosedReason.PAID))
        record(session, case=view(5, closed=ClosedReason.PAID), events=(closing,))
        assert session.exec(select(TaskRow).where(TaskRow.done_at == None)).all() == []  # noqa: E711


def test_an_outside_cut_is_on_record_as_not_ours_and_asks_for_a_person(engine: Engine) -> None:
    noted = ev.OutsideActNoted(
        what="disconnected",
        service=ELECTRIC,
        status=ServiceStatus.OFF,
        ref="WO-77",
        urgent=True,
        because="on a holiday",
    )
    live(engine, (noted,))
    with transaction(engine) as session:
        order = session.exec(select(WorkOrderRow)).one()
        assert (order.order_id, order.ours, order.purpose, order.state) == ("WO-77", False, "disconnect", "completed")
        assert session.exec(select(TaskRow.urgent)).all() == [True]


def test_the_title_of_a_document_goes_with_the_customers_key(engine: Engine) -> None:
    live(engine, (ev.DocumentAttached(sha256="ab", media_type="application/pdf", title="Ada's lease", scanned=True),))
    with transaction(engine) as session:
        row = session.exec(select(DocumentRow)).one()
        assert words_of(session, NO, row.title) == {"title": "Ada's lease"}
        vault.destroy(session, NO)
    with transaction(engine) as session:
        assert words_of(session, NO, session.exec(select(DocumentRow)).one().title) is None
