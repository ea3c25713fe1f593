"""A letter that stated a wrong sum is told to a person also where its case had closed before the mistake was found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from casework.overview import overview
from domain import events as ev
from domain.money import Money
from domain.states import ClosedReason
from models.cases import words_of
from models.payments import Payment, receive_payment
from models.put_right import CAME, LEFT, MISSTATED, forget_move, note_put_right
from models.session import reading, transaction
from models.tables import CorrectionRow, TaskRow
from tests.builders import a_bill, a_notice
from tests.casework.paper import Paper, on_paper
from tests.workflows.world import SHOP

BILL = a_bill("2026-08-01", 20_000)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        yield paper


async def closed_case(paper: Paper) -> datetime:
    """Let a case be noticed for $200.00 and closed; return when the notice was written."""
    written = paper.clock.now()
    case = await paper.open(SHOP)
    notice = replace(a_notice(BILL, served="2026-09-01"), stated_at=written, letter="L1")
    case = paper.happen(case, ev.NoticeServed(notice=notice))
    paper.happen(case, ev.CaseClosed(reason=ClosedReason.PAID))
    return written


def put_right(paper: Paper, change: str, *, since: datetime, cents: int = 50_00, payment: str = "p1") -> None:
    with transaction(paper.engine) as session:
        at = since + timedelta(days=3)
        note_put_right(session, account_no=SHOP, payment_id=payment, cents=cents, change=change, since=since, at=at)


def told(paper: Paper, *, done: bool = False) -> list[str]:
    with reading(paper.engine) as session:
        rows = session.exec(select(TaskRow).where(TaskRow.kind == MISSTATED)).all()
        words = [
            words_of(session, row.account_no, row.about) or {} for row in rows if (row.done_at is not None) is done
        ]
        return [each["about"] for each in words]


@pytest.mark.parametrize(("change", "says"), [(CAME, "$150.00"), (LEFT, "$250.00")])
async def test_a_person_is_told_both_sums_once(paper: Paper, change: str, says: str) -> None:
    written = await closed_case(paper)
    put_right(paper, change, since=written - timedelta(hours=1))
    put_right(paper, change, since=written - timedelta(hours=1))
    (about,) = told(paper)
    assert about.startswith("The disconnection notice of 2026-09-01 stated $200.00.")
    assert f"the record says {says}. Tell the customer." in about


async def test_a_letter_written_before_or_after_the_mistake_stood_was_right(paper: Paper) -> None:
    written = await closed_case(paper)
    put_right(paper, CAME, since=written + timedelta(seconds=1))
    put_right(paper, CAME, since=written - timedelta(days=9), payment="p2")
    assert told(paper) == []


async def test_two_mistakes_that_cancel_out_leave_nothing_to_tell(paper: Paper) -> None:
    written = await closed_case(paper)
    put_right(paper, CAME, since=written - timedelta(hours=1))
    put_right(paper, LEFT, since=written - timedelta(hours=1), payment="p2")
    assert told(paper) == []
    assert len(told(paper, done=True)) == 1


async def test_a_second_mistake_in_the_same_letter_is_told_with_the_sum_as_it_stands(paper: Paper) -> None:
    written = await closed_case(paper)
    put_right(paper, CAME, since=written - timedelta(hours=1))
    put_right(paper, CAME, since=written - timedelta(hours=1), payment="p2", cents=20_00)
    (about,) = told(paper)
    assert "the record says $130.00." in about


async def test_an_open_case_finds_its_own_letters_and_nobody_is_told_twice(paper: Paper) -> None:
    written = paper.clock.now()
    case = await paper.open(SHOP)
    notice = replace(a_notice(BILL, served="2026-09-01"), stated_at=written, letter="L1")
    paper.happen(case, ev.NoticeServed(notice=notice))
    put_right(paper, CAME, since=written - timedelta(hours=1))
    assert told(paper) == []


async def test_it_shows_with_the_account_and_falls_away_with_a_mistake_that_was_none(paper: Paper) -> None:
    written = await closed_case(paper)
    with transaction(paper.engine) as session:
        for trace in ("T1", "T1~1"):
            receive_payment(session, a_payment(trace, written))
        session.add(
            CorrectionRow(anew_id="desk-T1~1", payment_id="desk-T1", what="moved", because="x", by="kim", at=written)
        )
    put_right(paper, CAME, since=written - timedelta(hours=1), payment="desk-T1~1")
    (shown,) = (await overview(paper.desk("rosa"), SHOP)).kept.tasks
    with transaction(paper.engine) as session:
        forget_move(session, "desk-T1~1", to="9999999999", at=written + timedelta(days=4))

    assert shown.row.kind == MISSTATED
    assert shown.about is not None
    assert "stated $200.00" in shown.about
    assert told(paper) == []


def a_payment(trace: str, at: datetime) -> Payment:
    return Payment(
        payment_id=f"desk-{trace}",
        source="desk",
        trace=trace,
        account_no=SHOP,
        amount=Money(50_00),
        received_at=at,
        effective_on=at.date(),
        tender="cash",
    )
