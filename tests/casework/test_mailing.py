"""A day's letters become one print file with its manifest; its mailing is confirmed, signed for, and may come back."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlmodel import select

from casework.errors import Refused
from casework.mailed import came_back, confirm, send_copies, sign
from casework.mailing import LeftOver, batch_file, certificate, left_over, make_batch, waiting
from domain import events as ev
from domain.account import past_due
from domain.case import Case, NamedBill, Notice
from domain.facts import FactKind
from domain.parameters import NOTICE_ELEMENTS, NOTICE_WINTER_ELEMENTS
from models.mail import To
from models.session import reading, transaction
from models.tables import AccountRow, FactRow, LetterRow, MailPieceRow, OutboxRow, TaskRow
from tests.casework.paper import SHOP, Paper, on_paper

TODAY = date(2026, 9, 1)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        yield paper


def notice_of(case: Case, paper: Paper, *, awaited: bool = True) -> Notice:
    bills = tuple(
        NamedBill(ref=bill.ref, amount=bill.open, due_on=bill.due_on)
        for bill in case.known.bills
        if bill.due_on < TODAY and bill.open.cents > 0
    )
    elements = (*paper.policy.at(NOTICE_ELEMENTS, TODAY), *paper.policy.at(NOTICE_WINTER_ELEMENTS, TODAY))
    return Notice(
        kind="disconnection notice",
        served_on=TODAY,
        method="mailed",
        bills=bills,
        amount=past_due(case.known.bills, TODAY),
        elements=elements,
        letter="effect-1",
        awaited=awaited,
        policy=paper.policy.digest,
    )


async def noticed(paper: Paper, *, awaited: bool = True) -> Case:
    case = await paper.open()
    return paper.happen(case, ev.NoticeServed(notice=notice_of(case, paper, awaited=awaited)))


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def lines_of(files: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files["manifest.csv"].decode())))


async def test_a_batch_holds_every_letter_once_with_its_hash(paper: Paper) -> None:
    case = await noticed(paper)
    desk = paper.desk("rosa")
    assert waiting(desk, TODAY) == 1
    made = make_batch(desk, TODAY)
    files = unpacked(batch_file(desk, made.batch.batch_id))
    (line,) = [line for line in lines_of(files) if not line["copy_for"]]
    assert line["letter_id"] == f"{case.case_id}-l{case.seq}"
    assert line["sha256"] == sha256(files[line["file"]]).hexdigest()
    totals = json.loads(files["batch.json"])
    assert totals["pieces"] == made.batch.pieces == len(files) - 2
    assert totals["manifest_sha256"] == sha256(files["manifest.csv"]).hexdigest() == made.batch.manifest_sha256
    assert waiting(desk, TODAY) == 0
    with pytest.raises(Refused) as again:
        make_batch(desk, TODAY)
    assert again.value.refusal.slug == "nothing-to-print"


async def test_the_print_file_is_the_same_bytes_even_after_the_customer_moved(paper: Paper) -> None:
    await noticed(paper)
    desk = paper.desk("rosa")
    batch_id = make_batch(desk, TODAY).batch.batch_id
    before = batch_file(desk, batch_id)
    with transaction(paper.engine) as session:
        session.get_one(AccountRow, SHOP).name = "Someone Else"
    assert batch_file(desk, batch_id) == before


async def test_a_copy_goes_to_the_service_address_when_mail_goes_elsewhere(paper: Paper) -> None:
    await noticed(paper)
    with transaction(paper.engine) as session:
        session.get_one(AccountRow, SHOP).mailing_address = "PO Box 7, Elsewhere MN 55000"
    desk = paper.desk("rosa")
    files = unpacked(batch_file(desk, make_batch(desk, TODAY).batch.batch_id))
    letter, copy = lines_of(files)
    assert (letter["copy_for"], copy["copy_for"]) == ("", "premises")
    with reading(paper.engine) as session:
        premises = session.get_one(AccountRow, SHOP).premise_address
    assert letter["line_1"].startswith("PO Box 7")
    assert copy["line_1"] == premises
    assert letter["sha256"] != copy["sha256"], "a copy says that it is one"


async def test_owner_and_the_person_named_by_the_customer_have_copies(paper: Paper) -> None:
    case = await noticed(paper)
    desk = paper.desk("rosa")
    send_copies(desk, SHOP, "owner", To(name="Elm Homes", lines=("1 Main St", "Demo City MN 55999")))
    send_copies(desk, SHOP, "third_party", To(name="Ole Ek", lines=("2 Main St", "Demo City MN 55999")))
    batch_id = make_batch(desk, TODAY).batch.batch_id
    copies = {line["copy_for"]: line["name"] for line in lines_of(unpacked(batch_file(desk, batch_id)))}
    assert copies["owner"] == "Elm Homes"
    assert copies["third_party"] == "Ole Ek"
    confirm(desk, batch_id, TODAY)
    with reading(paper.engine) as session:
        facts = session.exec(select(FactRow).where(FactRow.account_no == case.account_no)).all()
    assert [fact.kind for fact in facts].count(FactKind.THIRD_PARTY_COPY) == 1, "D21 asks for it"
    with pytest.raises(Refused):
        send_copies(desk, SHOP, "neighbour", None)


async def test_confirming_the_mailing_starts_the_letter_s_day_and_tells_the_case_once(paper: Paper) -> None:
    case = await noticed(paper)
    letter_id = f"{case.case_id}-l{case.seq}"
    with reading(paper.engine) as session:
        row = session.get_one(LetterRow, letter_id)
        assert (row.mailed_on, row.state) == (None, "handed_over")
    desk = paper.desk("rosa")
    batch_id = make_batch(desk, TODAY).batch.batch_id
    confirm(desk, batch_id, TODAY)
    confirm(desk, batch_id, TODAY)
    with reading(paper.engine) as session:
        assert session.get_one(LetterRow, letter_id).mailed_on == TODAY
        told = [row for row in session.exec(select(OutboxRow)).all() if "letter_mailed" in row.key]
    assert len(told) == 1


@pytest.mark.parametrize("days", [-1, 1])
async def test_a_batch_was_not_mailed_before_it_was_made_or_after_today(paper: Paper, days: int) -> None:
    await noticed(paper)
    desk = paper.desk("rosa")
    batch_id = make_batch(desk, TODAY).batch.batch_id
    with pytest.raises(Refused) as refused:
        confirm(desk, batch_id, TODAY + timedelta(days=days))
    assert refused.value.refusal.slug == "no-such-day"


async def test_a_certificate_is_signed_once_and_only_for_what_was_mailed(paper: Paper) -> None:
    await noticed(paper)
    desk = paper.desk("rosa")
    batch_id = make_batch(desk, TODAY).batch.batch_id
    unsigned = certificate(desk, batch_id)
    assert unsigned.startswith(b"%PDF")
    with pytest.raises(Refused) as early:
        sign(desk, batch_id, name="Rosa")
    assert early.value.refusal.slug == "not-mailed"
    confirm(desk, batch_id, TODAY)
    sign(desk, batch_id, name="Rosa")
    assert certificate(desk, batch_id) != unsigned
    with pytest.raises(Refused) as twice:
        sign(desk, batch_id, name="Kim")
    assert twice.value.refusal.slug == "already-signed"


async def test_a_letter_that_came_back_is_told_to_its_case(paper: Paper) -> None:
    case = await noticed(paper, awaited=False)
    letter_id = f"{case.case_id}-l{case.seq}"
    desk = paper.desk("rosa")
    came_back(desk, letter_id, on=TODAY, because="no_such_address")
    came_back(desk, letter_id, on=TODAY, because="no_such_address")
    with reading(paper.engine) as session:
        row = session.get_one(LetterRow, letter_id)
        assert (row.state, row.returned_because) == ("returned", "no_such_address")
        told = [each for each in session.exec(select(OutboxRow)).all() if "letter_returned" in each.key]
    assert len(told) == 1
    with pytest.raises(Refused):
        came_back(desk, letter_id, on=TODAY, because="the dog ate it")


async def test_a_letter_that_may_not_be_printed_is_left_out_and_becomes_a_task(paper: Paper) -> None:
    case = await noticed(paper)
    bare = replace(notice_of(case, paper), elements=(), letter="effect-2")
    paper.happen(case, ev.NoticeServed(notice=bare))
    desk = paper.desk("rosa")
    made = make_batch(desk, TODAY)
    assert [each.refusal.slug for each in made.left] == ["letter-incomplete"]
    with reading(paper.engine) as session:
        assert [task.kind for task in session.exec(select(TaskRow)).all()] == ["letter_not_printed"]
        assert len({piece.letter_id for piece in session.exec(select(MailPieceRow)).all()}) == 1


async def test_whoever_may_not_send_mail_makes_no_batch(paper: Paper) -> None:
    await noticed(paper)
    with pytest.raises(Refused) as refused:
        make_batch(paper.desk("ada"), TODAY)
    assert refused.value.refusal.slug == "forbidden"


async def test_letters_of_earlier_days_are_told_of_and_go_with_the_next_batch(paper: Paper) -> None:
    case = await noticed(paper)
    desk = paper.desk("rosa")
    assert left_over(desk, TODAY) == LeftOver(0, None)
    paper.clock.set(paper.clock.now() + timedelta(days=3))
    later = TODAY + timedelta(days=3)
    assert (waiting(desk, later), left_over(desk, later)) == (0, LeftOver(1, TODAY))
    made = make_batch(desk, later)
    (line,) = [line for line in lines_of(unpacked(batch_file(desk, made.batch.batch_id))) if not line["copy_for"]]
    assert line["letter_id"] == f"{case.case_id}-l{case.seq}"
    assert left_over(desk, later) == LeftOver(0, None)
    with pytest.raises(Refused):
        make_batch(desk, TODAY)


async def test_what_the_mail_house_said_to_have_mailed_was_not_forgotten(paper: Paper) -> None:
    await noticed(paper, awaited=False)
    paper.clock.set(paper.clock.now() + timedelta(days=3))
    assert left_over(paper.desk("rosa"), TODAY + timedelta(days=3)) == LeftOver(0, None)


async def test_what_the_mail_house_has_mailed_goes_into_no_batch_of_its_day(paper: Paper) -> None:
    await noticed(paper, awaited=False)
    desk = paper.desk("rosa")
    assert waiting(desk, TODAY) == 0
    with pytest.raises(Refused) as refused:
        make_batch(desk, TODAY)
    assert refused.value.refusal.slug == "nothing-to-print"


async def test_of_what_the_mail_house_has_mailed_a_batch_holds_the_copies_alone(paper: Paper) -> None:
    case = await noticed(paper, awaited=False)
    desk = paper.desk("rosa")
    send_copies(desk, SHOP, "third_party", To(name="Ole Ek", lines=("2 Main St", "Demo City MN 55999")))
    assert waiting(desk, TODAY) == 1
    batch_id = make_batch(desk, TODAY).batch.batch_id
    (line,) = lines_of(unpacked(batch_file(desk, batch_id)))
    assert (line["copy_for"], line["letter_id"]) == ("third_party", f"{case.case_id}-l{case.seq}")
    confirm(desk, batch_id, TODAY)
    with reading(paper.engine) as session:
        facts = session.exec(select(FactRow).where(FactRow.account_no == case.account_no)).all()
        told = [row for row in session.exec(select(OutboxRow)).all() if "letter_mailed" in row.key]
    assert [fact.kind for fact in facts].count(FactKind.THIRD_PARTY_COPY) == 1
    assert told == [], "the letter itself was mailed before, by others"
    assert waiting(desk, TODAY) == 0


async def test_a_letter_that_came_back_is_not_printed_again_by_the_batch_of_its_day(paper: Paper) -> None:
    case = await noticed(paper)
    desk = paper.desk("rosa")
    assert waiting(desk, TODAY) == 1
    came_back(desk, f"{case.case_id}-l{case.seq}", on=TODAY, because="moved")
    assert waiting(desk, TODAY) == 0
