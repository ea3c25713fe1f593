"""What an account gives occasion for is written to the customer once, says what it said then, and is proved as sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from activities.deposits import apply_held, held_by
from activities.returned import WentBack, note_return
from casework.deposits import send_receipt
from casework.errors import Refused
from casework.facts import record as record_fact
from casework.letters import composed, letter_pdf
from casework.mailed import came_back, confirm
from casework.mailing import batch_file, make_batch
from casework.refunds import export_refunds
from domain import commands as c
from domain import events as ev
from domain.account_letters import returned_payment
from domain.facts import Fact, FactKind
from domain.hear import Tells, Told, hear
from domain.money import Money
from domain.refunds import Payee, RefundState
from domain.returned import Consequences, Hold
from letters.letter import Letter, LetterKind
from models.account_letters import said_of
from models.session import reading, transaction
from models.tables import AccountRow, BillingEffectRow, LetterRow, OutboxRow, PaymentRow, RefundRow, TaskRow
from tests.casework.paper import POLICY, SHOP, Paper, on_paper

TODAY = date(2026, 9, 1)
ASK = c.RecordFact(kind=FactKind.DEPOSIT_ASKED, amount=Money(20_000), details={"because": "behaviour"})


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        yield paper


def letters(paper: Paper) -> list[LetterRow]:
    with reading(paper.engine) as session:
        return list(session.exec(select(LetterRow).order_by(LetterRow.letter_id)).all())


def letter(paper: Paper, letter_id: str) -> Letter:
    with reading(paper.engine) as session:
        found = composed(session, letter_id)
    assert isinstance(found, Letter), found
    return found


def go_back(paper: Paper, code: str = "R01", *, payment_id: str = "p1") -> None:
    with transaction(paper.engine) as session:
        session.add(
            PaymentRow(
                payment_id=payment_id,
                source="draft",
                trace=payment_id,
                account_no=SHOP,
                amount_cents=8_420,
                effective_on=date(2026, 8, 28),
                received_at=paper.clock.now(),
                state="posted",
                tender="",
            )
        )
        session.flush()
        payment = session.get_one(PaymentRow, payment_id)
        note_return(session, WentBack(payment=payment, code=code, called=payment_id, on=TODAY, at=paper.clock.now()))


async def test_a_payment_that_came_back_is_written_about_once(paper: Paper) -> None:
    await paper.mirrored()
    go_back(paper, "R02")
    (row,) = letters(paper)
    assert (row.letter_id, row.case_id, row.kind, row.state) == (f"{SHOP}-l1", "", "returned payment", "to_print")
    told = letter(paper, row.letter_id)
    assert (told.amount, told.happened_on) == (Money(8_420), TODAY)
    assert told.more == ("otherwise",), "the account is closed at the bank: it is not asked again"


def test_what_follows_from_a_return_is_what_its_letter_says() -> None:
    found = Consequences(
        fee=Money(3_000),
        fee_why="",
        retry_on=date(2026, 9, 8),
        retry_why="",
        instrument=Hold.KEEP,
        autopay=Hold.KEEP,
        cash_only_until=date(2027, 9, 1),
        deceased=False,
        tasks=(),
    )
    said = returned_payment(found, amount=Money(8_420), returned_on=TODAY, on=TODAY, policy=POLICY, language="es")
    assert (said.more, said.fee) == (("with_fee", "again", "cash_only"), Money(3_000))
    assert (said.by, said.since) == (date(2026, 9, 8), date(2027, 9, 1))


@pytest.mark.parametrize("code", ["R14", "R15"])
async def test_an_estate_is_not_written_to_by_a_machine(paper: Paper, code: str) -> None:
    await paper.mirrored()
    go_back(paper, code)
    assert letters(paper) == []


async def test_a_debtor_in_bankruptcy_is_not_asked_to_pay_by_letter(paper: Paper) -> None:
    await paper.mirrored()
    petition = c.RecordFact(kind=FactKind.BANKRUPTCY, details={"petition_on": "2026-08-20", "chapter": "7"})
    await record_fact(paper.desk("senta"), SHOP, petition, key="petition")
    go_back(paper)
    (row,) = letters(paper)
    assert row.kind == LetterKind.BANKRUPTCY_ACKNOWLEDGEMENT, "and without a case too they are told that it stops"
    assert letter(paper, row.letter_id).happened_on == date(2026, 8, 20)


async def test_a_deposit_asked_for_is_written_about_with_and_without_a_case(paper: Paper) -> None:
    await paper.mirrored()
    await record_fact(paper.desk("senta"), SHOP, ASK, key="ask")
    await record_fact(paper.desk("senta"), SHOP, ASK, key="ask")
    (row,) = letters(paper)
    told = letter(paper, row.letter_id)
    assert (told.kind, told.amount, told.days) == (LetterKind.DEPOSIT_REQUEST, Money(20_000), 45)
    case = await paper.open()
    now = paper.clock.now()
    fact = Fact(fact_id="f9", kind=FactKind.DEPOSIT_ASKED, starts=now, known_at=now, amount=Money(30_000))
    paper.happen(case, ev.FactRecorded(fact=fact), by="senta")
    assert [row.letter_id for row in letters(paper)] == [f"{SHOP}-l1", f"{SHOP}-l2"]


async def test_a_deposit_given_back_is_written_about_with_its_interest_and_day(paper: Paper) -> None:
    await paper.mirrored()
    master = await paper.systems.billing.account(SHOP)
    held = held_by(replace(master, deposit=Money(20_000)), paper.policy, before=TODAY)
    with transaction(paper.engine) as session:
        for _ in range(2):
            apply_held(session, held, final_on=TODAY, policy=paper.policy, by="kim", at=paper.clock.now())
    (row,) = letters(paper)
    told = letter(paper, row.letter_id)
    assert (told.kind, told.amount, told.interest) == (LetterKind.DEPOSIT_RETURNED, Money(20_000), held.earned.amount)
    assert told.pay_by == TODAY + timedelta(days=45)


async def test_a_receipt_for_a_deposit_goes_out_when_somebody_asks_for_it(paper: Paper) -> None:
    await paper.mirrored()
    with pytest.raises(Refused) as refused:
        await send_receipt(paper.desk("rosa"), SHOP)
    assert refused.value.refusal.slug == "no-deposit"
    with pytest.raises(Refused) as forbidden:
        await send_receipt(paper.desk("cora"), SHOP)
    assert forbidden.value.refusal.slug == "forbidden"


async def test_a_refund_that_is_paid_out_is_written_about_unless_it_goes_to_a_fund(paper: Paper) -> None:
    await paper.mirrored()
    now = paper.clock.now()
    with transaction(paper.engine) as session:
        for refund_id, payee in (("r1", Payee.PAYER), ("r2", Payee.FUND)):
            session.add(
                RefundRow(
                    refund_id=refund_id,
                    account_no=SHOP,
                    amount_cents=4_310,
                    payee=payee,
                    state=RefundState.APPROVED,
                    asked_by="rosa",
                    asked_at=now,
                    approved_by="sven",
                    decided_at=now,
                    escheats_on=date(2029, 9, 1),
                )
            )
            session.add(
                BillingEffectRow(
                    key=f"refund/{refund_id}",
                    name="refund",
                    account_no=SHOP,
                    about=refund_id,
                    cents=4_310,
                    asked_at=now,
                    done_at=now,
                )
            )
    assert export_refunds(paper.desk("kim")) is not None
    (row,) = letters(paper)
    assert letter(paper, row.letter_id).amount == Money(4_310)
    assert row.about == "refund/r1"


async def test_an_account_s_letter_reads_the_same_after_the_customer_moved_and_learned_spanish(paper: Paper) -> None:
    await paper.mirrored()
    go_back(paper)
    desk = paper.desk("rosa")
    batch_id = make_batch(desk, TODAY).batch.batch_id
    before, pdf = batch_file(desk, batch_id), letter_pdf(desk, f"{SHOP}-l1")
    with transaction(paper.engine) as session:
        row = session.get_one(AccountRow, SHOP)
        row.name, row.language = "Someone Else", "es"
    assert batch_file(desk, batch_id) == before
    assert letter_pdf(desk, f"{SHOP}-l1") == pdf


async def test_what_was_mailed_is_proved_on_the_timeline_and_what_came_back_asks_for_a_person(paper: Paper) -> None:
    case = await paper.open()
    go_back(paper)
    desk = paper.desk("rosa")
    batch_id = make_batch(desk, TODAY).batch.batch_id
    confirm(desk, batch_id, TODAY)
    told = Told(key="k", at=paper.clock.now(), what=Tells.LETTER_MAILED, ref=f"{SHOP}-l1", on=TODAY, kind="x")
    (confirmed,) = hear(case, told)
    assert isinstance(confirmed, ev.MailingConfirmed)
    after = paper.happen(case, confirmed)
    assert after.notice == case.notice
    (row,) = letters(paper)
    assert (row.state, row.mailed_on) == ("mailed", TODAY)
    with reading(paper.engine) as session:
        refs = [each.body["told"]["ref"] for each in session.exec(select(OutboxRow)) if "letter_mailed" in each.key]
    assert refs == [f"{SHOP}-l1"]
    came_back(desk, f"{SHOP}-l1", on=TODAY, because="moved")
    with reading(paper.engine) as session:
        assert not [task for task in session.exec(select(TaskRow)) if task.kind == "bad_contact"], "the case asks"


async def test_a_letter_that_came_back_to_an_account_without_a_case_becomes_a_task(paper: Paper) -> None:
    await paper.mirrored()
    go_back(paper)
    came_back(paper.desk("rosa"), f"{SHOP}-l1", on=TODAY, because="moved")
    with reading(paper.engine) as session:
        assert [task.kind for task in session.exec(select(TaskRow)) if "contact" in task.kind] == ["bad_contact"]


async def test_one_letter_that_came_back_leaves_the_others_of_the_case_as_they_are(paper: Paper) -> None:
    case = await paper.open()
    go_back(paper)
    go_back(paper, payment_id="p2")
    returned = ev.LetterReturned(kind="returned payment", letter=f"{SHOP}-l2", returned_on=TODAY, because="moved")
    paper.happen(case, returned)
    assert [(row.letter_id, row.state) for row in letters(paper)] == [
        (f"{SHOP}-l1", "to_print"),
        (f"{SHOP}-l2", "returned"),
    ]


def test_no_letter_is_of_no_account(paper: Paper) -> None:
    with reading(paper.engine) as session:
        assert said_of(session, f"{SHOP}-l7") is None
