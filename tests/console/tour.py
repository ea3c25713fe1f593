"""Which addresses show every page of the console, in a town that has something to show on each?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256

from activities.deposits import APPLY
from activities.intake import Intake
from activities.messages import FilePart
from activities.payment_files import FileIntake, PaymentFileActivities
from casework import counter
from casework.adjustments import decide_adjustment, propose_adjustment
from casework.inquiries import Question, Reply, answer_inquiry, log_inquiry
from casework.mailing import make_batch
from console.fact_forms import GROUPS
from console.forms import COMMANDS
from console.playbooks import PLAYBOOKS
from domain import events as ev
from domain.account import Service
from domain.adjustments import Adjusting, AdjustmentReason
from domain.bankruptcy import StayedPart
from domain.case import Case
from domain.facts import Fact, FactKind
from domain.inquiries import Asker, Channel, Topic
from domain.money import Money, total
from domain.refunds import Payee, RefundState
from domain.remedy import Mark, Remedy, RemedyKind, RemedyState
from domain.take.remedies import named
from formats.counter import Tender
from models.mail import To
from models.session import transaction
from models.tables import CardDeclineRow, DepositRow, RefundRow
from models.tasks import raise_task
from tests.casework.paper import Paper
from tests.console.checks import a_check, a_check_back
from tests.console.town import settle
from tests.money.test_workflow import aggregator, back
from tests.workflows.world import CITY, SHOPS

NOTICED, PLANNED, HELD, ASKED, PROMISED, URGENT, CUT, PLAIN = SHOPS
GONE = "9983901886"  # its service ended: part of its debt is placed, part in court, part stayed by a petition
NOTHING_OWED = "9975268047"  # a home that billing knows and that has never had a case
TODAY = date(2026, 9, 1)
BATCH = f"{TODAY}-1"
INQUIRED, ANSWERED = (f"{NOTICED}-q{sha256(f'rosa/{key}'.encode()).hexdigest()[:12]}" for key in ("tour-1", "tour-2"))
AGING = (CITY / "cis" / "aging_2026-08-31.csv").read_bytes().replace(b",2026-08-31,", b",31-Aug-2026,", 1)
EXTRACT = sha256(AGING).hexdigest()[:16]
TILLS = ("1", "2")
RECEIPTS = ("R260901.1.1.0001", "R260901.2.1.0001", "R260901.2.1.0002")
"""The receipts of the tour: of a drawer that is closed and short, of the supervisor's own, and one that is void."""
SLIP = PLAIN[:4] + PLAIN[5] + PLAIN[4] + PLAIN[6:]

A_REVIEWER_S = "resolve_dispute"
"""The decision that a supervisor, who looks at the pages, may not take."""

FORMS = (
    *(f"/cases/{NOTICED}-1/decide/{kind}" for kind in COMMANDS if kind != A_REVIEWER_S),
    *(f"/cases/{NOTICED}-1/decide/record_fact?kind={kind}" for _, kinds in GROUPS for kind in kinds),
)

DISPUTED = PROMISED
REVIEWED = f"/cases/{DISPUTED}-1/decide/{A_REVIEWER_S}"
"""The form that the reviewer alone is shown, of a dispute that is open."""

TOUR: Mapping[str, tuple[str, ...]] = {
    "/worklist": (
        *("/worklist", "/worklist?tab=all", "/worklist?tab=open", "/worklist?tab=held", "/worklist?tab=done"),
        *("/worklist?tab=all&state=off&min=1", "/worklist?none=1"),
    ),
    "/search": ("/search",),
    "/approvals": ("/approvals",),
    "/board": ("/board",),
    "/accounts/{account_no:str}": (
        *(f"/accounts/{no}" for no in (NOTICED, PLANNED, HELD, ASKED, PROMISED, URGENT, CUT)),
        *(f"/accounts/{NOTHING_OWED}", f"/accounts/{GONE}"),
    ),
    "/accounts/{account_no:str}/contacts": (f"/accounts/{NOTICED}/contacts", f"/accounts/{NOTHING_OWED}/contacts"),
    "/accounts/{account_no:str}/copies": (f"/accounts/{NOTICED}/copies",),
    "/call/{account_no:str}": (f"/call/{HELD}", f"/call/{PLANNED}", f"/call/{CUT}", f"/call/{NOTHING_OWED}"),
    "/cases/{case_id:str}": (f"/cases/{ASKED}-1",),
    "/cases/{case_id:str}/on": (f"/cases/{ASKED}-1/on?day={TODAY}", f"/cases/{ASKED}-1/on"),
    "/cases/{case_id:str}/why": (f"/cases/{ASKED}-1/why", f"/cases/{HELD}-1/why"),
    "/cases/{case_id:str}/check": (f"/cases/{ASKED}-1/check",),
    "/cases/{case_id:str}/temporal": (f"/cases/{ASKED}-1/temporal",),
    "/cases/{case_id:str}/decide": (f"/cases/{NOTICED}-1/decide",),
    "/cases/{case_id:str}/decide/{type:str}": FORMS,
    "/cases/{case_id:str}/arrange": (f"/cases/{NOTICED}-1/arrange",),
    "/cases/{case_id:str}/documents": (f"/cases/{NOTICED}-1/documents",),
    "/agencies": ("/agencies",),
    "/handed-on": (
        "/handed-on",
        *(f"/handed-on?what={what}" for what in ("agency", "court", "property", "bankruptcy", "old")),
        "/handed-on?what=court&ended=1",
    ),
    "/opening": ("/opening",),
    "/cases/{case_id:str}/playbooks": (f"/cases/{HELD}-1/playbooks",),
    "/cases/{case_id:str}/playbooks/{name:str}": tuple(f"/cases/{HELD}-1/playbooks/{each.name}" for each in PLAYBOOKS),
    "/accounts/{account_no:str}/story": (f"/accounts/{PLANNED}/story", f"/accounts/{NOTHING_OWED}/story"),
    "/reports": ("/reports", "/reports?since=2025-09-01&through=2026-09-01"),
    "/precedents": ("/precedents",),
    "/counter": (
        "/counter",
        f"/counter?done=taken&receipt={RECEIPTS[1]}",
        f"/counter?account_no={NOTICED}&amount=84.20",
    ),
    "/counter/receipts/{receipt_no:str}": tuple(f"/counter/receipts/{each}" for each in RECEIPTS),
    "/files": ("/files",),
    "/books": ("/books", f"/books?on={TODAY}&month=1"),
    "/protections": ("/protections", "/protections?kind=dispute"),
    "/tasks": ("/tasks", "/tasks?done=1"),
    "/registers": ("/registers", "/registers?billing=1", "/registers?month=2026-08"),
    "/extracts": ("/extracts",),
    "/extracts/{import_id:str}": (f"/extracts/{EXTRACT}",),
    "/stop": ("/stop",),
    "/team": ("/team", "/team?of=rosa"),
    "/policy": ("/policy",),
    "/plans": ("/plans", "/plans?standing=broken"),
    "/exceptions": ("/exceptions", f"/exceptions?account_no={PLANNED}"),
    "/money-out": (
        *("/money-out", "/money-out?what=under_way", "/money-out?what=lately", f"/money-out?account_no={NOTICED}"),
        *("/money-out?what=lately&account_no=1", "/money-out?done=rejected"),
    ),
    "/money-out/deposits": ("/money-out/deposits", f"/money-out/deposits?account_no={NOTICED}"),
    "/money-out/credit": ("/money-out/credit",),
    "/money-out/accounts/{account_no:str}": tuple(f"/money-out/accounts/{no}" for no in (NOTHING_OWED, NOTICED)),
    "/radar": ("/radar",),
    "/crews": ("/crews", f"/crews?on={TODAY}"),
    "/many": ("/many", "/many?stage=noticed&whose=nobody"),
    "/inquiries": ("/inquiries", "/inquiries?state=answered", "/inquiries?whose=mine"),
    "/accounts/{account_no:str}/inquiries": (f"/accounts/{NOTICED}/inquiries", f"/accounts/{NOTHING_OWED}/inquiries"),
    "/inquiries/{inquiry_id:str}": (f"/inquiries/{INQUIRED}", f"/inquiries/{ANSWERED}"),
    "/mail": ("/mail", f"/mail?letter_id={NOTICED}-1-l3#m2"),
    "/mail/{batch_id:str}": (f"/mail/{BATCH}",),
}
"""For each pattern of a page the addresses at which it is looked at."""

NO_PAGES = frozenset(
    {
        "/agencies/files/{export_id:str}",
        *("/claims/{remedy_id:str}/packet.pdf", "/claims/{remedy_id:str}/affidavit.pdf", "/write-offs/packet.pdf"),
        "/cases/{case_id:str}/proof-of-claim.pdf",
        *("/counter/receipts/{receipt_no:str}/print", "/counter/slips/{slip_id:str}"),
        "/",  # leads on to the worklist
        *("/accounts/{account_no:str}/avoidance", "/accounts/{account_no:str}/timeline"),  # parts of the account's page
        *("/live/worklist", "/live/cases/{case_id:str}"),  # streams
        *("/letters/{letter_id:str}.pdf", "/mail/{batch_id:str}/certificate.pdf", "/mail/{batch_id:str}/print.zip"),
        *("/cases/{case_id:str}/documents/{digest:str}", "/reports/{name:str}.{form:str}"),
        "/registers/{name:str}.{form:str}",
        *("/extracts/{import_id:str}/errors.csv", "/exports/{export_id:str}"),
    }
)
"""What is asked for by GET and is no page of its own: parts of pages, streams and files."""

REFUSED = (
    *("/registers?month=last", "/crews?on=0001-01-01", "/counter/receipts/R0"),
    *("/no-such-page", "/books?on=yesterday", "/reports?since=2026-09-02&through=2026-09-01", "/cases/1-1"),
    "/registers?month=2027-01",
    f"/cases/{NOTICED}-1/decide/{A_REVIEWER_S}",
)
"""What is asked for in vain: it says so on a page like any other."""

ADDRESSES = tuple(address for addresses in TOUR.values() for address in addresses)


async def furnish(paper: Paper) -> dict[str, Case]:
    """Settle the town; let money come, go back and get lost, and a day's letters be printed."""
    cases = await settle(paper)
    await paper.mirrored(NOTHING_OWED)
    now = paper.clock.now()
    rows = (
        f"P,A1,{PLANNED},8420,{TODAY},web,A Payer,",
        f"P,A2,{HELD},12500,{TODAY},web,A Payer,",
        f"P,A3,{SLIP},4310,{TODAY},web,QUILL ROSALIND,",
    )
    returned = aggregator(back("A1", 8420).replace(SHOPS[0], PLANNED), file_id="F2")
    intake = FileIntake(paper.engine, paper.systems.billing, paper.policy)
    posting = PaymentFileActivities(paper.engine, paper.clock, paper.systems.billing)
    checks = (("counter-0901.csv", a_check(PLAIN)), ("checks-0901.csv", a_check_back()))
    for name, data in (("lockbox-0901.csv", aggregator(*rows)), ("returns-0901.csv", returned), *checks):
        taken = await intake.take(data, name=name, on=TODAY, at=now)
        await posting.settle_part(FilePart(file_id=taken.row.file_id, limit=100))
        await posting.finish_file(FilePart(file_id=taken.row.file_id))
    with transaction(paper.engine) as session:
        session.add(
            CardDeclineRow(
                ref="D1",
                account_no=HELD,
                instrument_id="card-1",
                amount_cents=12_500,
                response="51",
                meaning="not sufficient funds",
                advice="Ask whether another day suits better.",
                on=TODAY,
                again="wait",
                again_on=date(2026, 9, 4),
                why="Attempts in 3 days: at most 1; again from 2026-09-04.",
            )
        )
    dog = Fact(
        fact_id=f"{URGENT}-dog",
        kind=FactKind.SAFETY_NOTE,
        starts=now,
        known_at=now,
        source="crew",
        entered_by="sven",
        details={"note": "A dog in the yard."},
    )
    cases[URGENT] = paper.happen(cases[URGENT], ev.FactRecorded(fact=dog), by="sven")
    dispute = replace(
        dog,
        fact_id=f"{DISPUTED}-bill",
        kind=FactKind.DISPUTE,
        source="customer",
        entered_by="rosa",
        details={"subject": "bill"},
    )
    cases[DISPUTED] = paper.happen(cases[DISPUTED], ev.FactRecorded(fact=dispute), by="rosa")
    cases[PLAIN] = paper.happen(cases[PLAIN], ev.NoteAdded(note="The owner is away until the tenth."), by="rosa")
    asked = paper.happen(cases[PROMISED], ev.Referred(question="May the down payment be half?"), by="rosa")
    cases[PROMISED] = paper.happen(asked, ev.ReferralAnswered(answer="Yes, where income is shown."), by="sven")
    await Intake(paper.engine, paper.systems.billing, paper.policy).take(AGING, name="aging_0831.csv", at=now)
    cases[GONE] = await _hand_on(paper)
    await _inquire(paper)
    make_batch(paper.desk("sven"), TODAY)
    await _take_at_the_counter(paper)
    _raise_tasks(paper)
    _let_money_out(paper)
    return cases


async def _hand_on(paper: Paper) -> Case:
    """Let an account's service end, its electricity be placed, its water be in court, and a petition be filed since."""
    case = await paper.open(GONE)
    owed = total(bill.open for bill in case.known.bills)
    case = paper.happen(case, ev.FinalBilled(due_on=date(2026, 7, 1), amount=owed))
    placed = _held(case, RemedyKind.PLACEMENT, Service.ELECTRIC)
    claimed = _held(case, RemedyKind.CLAIM, Service.WATER)
    case = paper.happen(case, ev.PlacedWithAgency(remedy=placed), ev.ClaimFiled(remedy=claimed))
    for mark in (Mark.SERVED, Mark.NON_MILITARY):
        case = paper.happen(case, ev.RemedyMarked(remedy_id=claimed.remedy_id, mark=mark, on=TODAY))
    petition = Fact(
        fact_id=f"{GONE}-petition",
        kind=FactKind.BANKRUPTCY,
        starts=paper.clock.now(),
        known_at=paper.clock.now(),
        source="customer",
        evidence="26-30412",
        details={"chapter": "13", "petition_on": f"{TODAY}", "joint": "yes"},
    )
    parts = tuple(
        StayedPart(ref=bill.ref, service=bill.service, due_on=bill.due_on, amount=bill.open, whole=bool(place))
        for place, bill in enumerate(case.known.bills)
    )
    split = ev.PetitionSplit(petition=petition.fact_id, petition_on=TODAY, chapter="13", amount=owed, parts=parts)
    return paper.happen(case, ev.FactRecorded(fact=petition), split)


def _held(case: Case, kind: RemedyKind, service: Service) -> Remedy:
    bills = tuple(bill for bill in case.known.bills if bill.service is service)
    amount = total(bill.open for bill in bills)
    return Remedy(
        remedy_id=f"{case.case_id}-{kind[0]}1",
        kind=kind,
        state=RemedyState.STANDING,
        bills=named(bills),
        amount=amount,
        told=amount,
        since=TODAY,
        with_whom="agency" if kind is RemedyKind.PLACEMENT else "Conciliation Court",
        ref="PLC7" if kind is RemedyKind.PLACEMENT else "CL7",
        due_on=date(2026, 10, 15) if kind is RemedyKind.CLAIM else None,
    )


def _raise_tasks(paper: Paper) -> None:
    """Let something wait for a person beside the cases: one of them urgent, one about an account with a long name."""
    now = paper.clock.now()
    with transaction(paper.engine) as session:
        raise_task(session, task_id="tour-1", kind="pledge_for_no_account", at=now, urgent=True)
        case_id = f"{HELD}-0"  # one that has closed
        raise_task(session, task_id="tour-2", kind="misstated_letter", at=now, account_no=HELD, case_id=case_id)


def _let_money_out(paper: Paper) -> None:
    """Let corrections, refunds and deposits stand at every point of their way, with a long name and large sums."""
    every = ((HELD, -250_00, "misread"), (NOTICED, 1_234_567_89, "damage"), (PROMISED, -180_00, "fee_waiver"))
    for place, (account_no, cents, reason) in enumerate(every):
        asked = Adjusting(
            service=Service.ELECTRIC,
            amount=Money(cents),
            reason=AdjustmentReason(reason),
            about_on=date(2026, 8, 20),
            fund="601-4410 Water operations" if cents < 0 else "",
        )
        because = "The meter was read as 90 where it stood at 60; the customer sent a picture of it." * (place + 1)
        row = propose_adjustment(paper.desk("senta"), account_no, asked, because=because, key=f"tour-{place}").row
        if reason == "fee_waiver":
            decide_adjustment(paper.desk("sven"), row.adjustment_id, approve=False, because="Waived once this year.")
    own = Adjusting(
        service=Service.ELECTRIC, amount=Money(-300_00), reason=AdjustmentReason.LEAK, about_on=date(2026, 8, 1)
    )
    propose_adjustment(paper.desk("sven"), PLANNED, own, because="", key="tour-own")
    now = paper.clock.now()
    with transaction(paper.engine) as session:
        for place, state in enumerate(RefundState):
            let = state not in {RefundState.PROPOSED, RefundState.REJECTED}
            session.add(
                RefundRow(
                    refund_id=f"{HELD}-rtour{place}",
                    account_no=HELD,
                    amount_cents=42_50 + place,
                    payee=Payee.FUND if state is RefundState.PAID else Payee.PAYER,
                    state=state,
                    asked_by="senta",
                    asked_at=now,
                    approved_by="sven" if let else "",
                    rejected_by="sven" if state is RefundState.REJECTED else "",
                    decided_at=now,
                    exported_on=date(2026, 1, 5) if state is RefundState.EXPORTED else None,
                    escheats_on=date(2029, 1, 5) if let else None,
                    ended_on=TODAY,
                )
            )
        session.flush()
        raise_task(session, task_id=f"{APPLY}-{HELD}-{TODAY}", kind=APPLY, at=now, account_no=HELD)
        session.add(
            DepositRow(
                account_no=HELD,
                final_on=date(2026, 7, 1),
                amount_cents=100_00,
                interest_cents=1_25,
                interest_says="",
                refund_by=date(2026, 8, 15),
                applied_at=now,
            )
        )


async def _take_at_the_counter(paper: Paper) -> None:
    """Let rosa's drawer be closed, short of a coin, and on a slip; the supervisor's stay open, one receipt void."""
    rosa, sven = (paper.desk(name) for name in ("rosa", "sven"))
    for desk, till in zip((rosa, sven), TILLS, strict=True):
        counter.open_drawer(desk, till=till, float_=Money(200_00))
    await counter.take_money(rosa, NOTICED, amount=Money(20_00), tender=Tender.CASH, key="1")
    check = {"tender": Tender.CHECK, "check_no": "1187"}
    await counter.take_money(sven, HELD, amount=Money(1_030_00), key="2", **check)
    await counter.take_money(sven, PLAIN, amount=Money(84_20), tender=Tender.MONEY_ORDER, key="3")
    counter.void_receipt(paper.desk("senta"), RECEIPTS[2], because="It was for another account.")
    counted, why = {Tender.CASH: Money(19_50)}, "A coin of fifty cents is missing."
    drawer_id = RECEIPTS[0][1:].rpartition(".")[0].replace(".", "-")
    counter.close_drawer(rosa, drawer_id, counted=counted, because=why)
    counter.make_slip(sven)


async def _inquire(paper: Paper) -> None:
    """Let a council member ask in vain for now, and the customer be answered by letter."""
    desk = paper.desk("rosa")
    asked = Question(
        asker=Asker.COUNCIL,
        channel=Channel.EMAIL,
        topic=Topic.SHUTOFF,
        question="A constituent says that her water is to be shut off on Thursday. Is that so, and what can she do?",
        who="Council member Ingrid Vandersteen-Oyarzábal",
        language="es",
        by=date(2026, 9, 3),
        owner="sven",
        to=To(name="Council member Ingrid Vandersteen-Oyarzábal", lines=("City Hall", "Demo City MN 55999")),
    )
    log_inquiry(desk, NOTICED, asked, key="tour-1")
    mine = Question(asker=Asker.CUSTOMER, channel=Channel.PHONE, topic=Topic.BALANCE, question="What do I owe?")
    log_inquiry(desk, NOTICED, mine, key="tour-2")
    await answer_inquiry(
        desk, ANSWERED, Reply(topics=(Topic.BALANCE, Topic.AGREEMENT), words="We read the meter anew.")
    )
