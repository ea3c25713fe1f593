"""A few cases on paper that have something to show on every page; every name and number is invented."""

from datetime import date, timedelta

from domain import events as ev
from domain.account import Service
from domain.arrangement import ArrangedBill, Arrangement, ArrangementStatus, schedule
from domain.case import Case, NamedBill, Notice, Promise
from domain.facts import Fact, FactKind
from domain.money import Money, total
from domain.parameters import NOTICE_ELEMENTS, NOTICE_WINTER_ELEMENTS
from models.session import transaction
from models.tables import AccountRow
from tests.casework.paper import Paper
from tests.workflows.world import SHOPS

LONG_NAME = "Wilhelmina Featherstonehaugh-Castellanos de la Encarnación y Brambleworth Sons LLC"


def notice_of(case: Case, paper: Paper) -> Notice:
    today = paper.policy.calendar.day(paper.clock.now())
    bills = tuple(
        NamedBill(ref=bill.ref, amount=bill.open, due_on=bill.due_on)
        for bill in case.known.bills
        if bill.due_on < today
    )
    return Notice(
        kind="disconnection notice",
        served_on=today,
        method="mailed",
        bills=bills,
        amount=total(bill.amount for bill in bills),
        earliest_cut_on=today + timedelta(days=12),
        stale_on=today + timedelta(days=60),
        elements=(*paper.policy.at(NOTICE_ELEMENTS, today), *paper.policy.at(NOTICE_WINTER_ELEMENTS, today)),
        letter=f"{case.case_id}-l{case.seq + 1}",
    )


def plan_of(case: Case, paper: Paper, *, months: int = 40) -> Arrangement:
    today = paper.policy.calendar.day(paper.clock.now())
    bills = tuple(ArrangedBill(ref=bill.ref, open=bill.open) for bill in case.known.bills if bill.due_on < today)
    amount = total(bill.open for bill in bills)
    parts = schedule(
        amount, down=Money(5_000), months=months, start=today, calendar=paper.policy.calendar, down_due=today
    )
    return Arrangement(
        number=1, agreed_on=today, bills=bills, schedule=parts, status=ArrangementStatus.IN_FORCE, signed=True
    )


async def settle(paper: Paper) -> dict[str, Case]:
    """Open a case for each shop and let each come somewhere else."""
    cases = {}
    for number, account_no in enumerate(SHOPS):
        case = await paper.open(account_no)
        case = paper.happen(case, ev.Assigned(to="rosa" if number % 2 == 0 else ""), by="sven")
        cases[account_no] = case
    noticed, planned, held, asked, promised, urgent, cut, _ = SHOPS
    now = paper.clock.now()
    cases[noticed] = paper.happen(cases[noticed], ev.NoticeServed(notice=notice_of(cases[noticed], paper)))
    cases[noticed] = paper.happen(
        cases[noticed],
        ev.ContactRecorded(
            channel="phone", direction="in", outcome="reached", right_party=True, summary="Asked for the balance."
        ),
        by="rosa",
    )
    cases[planned] = paper.happen(
        cases[planned], ev.ArrangementAgreed(arrangement=plan_of(cases[planned], paper)), by="rosa"
    )
    certificate = Fact(
        fact_id=f"{held}-medical",
        kind=FactKind.MEDICAL_CERTIFICATE,
        starts=now,
        until=now + timedelta(days=60),
        known_at=now,
        source="clinic",
        entered_by="rosa",
        details={"form": "written"},
    )
    cases[held] = paper.happen(cases[held], ev.FactRecorded(fact=certificate), by="rosa")
    case = paper.happen(cases[asked], ev.NoticeServed(notice=notice_of(cases[asked], paper)))
    case = paper.happen(
        case,
        ev.DisconnectionRecommended(service=Service.ELECTRIC, amount=Money(43_200)),
        ev.ApprovalAsked(
            approval_id=f"{case.case_id}-a1",
            act="disconnection",
            amount=Money(43_200),
            decision="rosa/cut",
            service=Service.ELECTRIC,
        ),
        by="rosa",
        key="rosa/cut",
    )
    cases[asked] = case
    promise = Promise(amount=Money(10_000), by=date(2026, 9, 8), made_on=date(2026, 9, 1), bills=())
    cases[promised] = paper.happen(cases[promised], ev.PromiseRecorded(promise=promise), by="rosa")
    cases[urgent] = paper.happen(
        cases[urgent], ev.TaskRaised(kind="recall_failed", about="Nothing is past due.", urgent=True)
    )
    case, order_id = paper.order(paper.happen(cases[cut], ev.NoticeServed(notice=notice_of(cases[cut], paper))))
    cases[cut] = paper.happen(case, ev.ServiceDisconnected(order_id=order_id, service=Service.ELECTRIC))
    with transaction(paper.engine) as session:
        session.get_one(AccountRow, held).name = LONG_NAME
    return cases
