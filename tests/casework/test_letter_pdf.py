"""A letter can be read again as it was sent, by whoever may see who it went to."""

from dataclasses import replace
from datetime import date

import pytest

from casework.errors import Refused
from casework.letters import letter_pdf
from casework.lists import letters
from domain import events as ev
from domain.account import NamedBill
from domain.case import Case, Notice, OrderState
from domain.money import Money, total
from domain.parameters import NOTICE_ELEMENTS, NOTICE_WINTER_ELEMENTS
from models.accounts import personal_of
from models.session import reading
from tests.casework.paper import POLICY, SHOP, Paper

MAILED = date(2026, 9, 1)


def a_letter(case: Case, kind: str) -> Notice:
    """Return a letter of today about all that the case has open."""
    bills = tuple(NamedBill(ref=bill.ref, amount=bill.open, due_on=bill.due_on) for bill in case.known.bills)
    plain = Notice(
        kind=kind, served_on=MAILED, method="mailed", bills=bills, amount=total(bill.amount for bill in bills)
    )
    if kind == "reminder":
        return plain
    return replace(
        plain,
        elements=(*POLICY.at(NOTICE_ELEMENTS, MAILED), *POLICY.at(NOTICE_WINTER_ELEMENTS, MAILED)),
        earliest_cut_on=date(2026, 9, 11),
        stale_on=date(2026, 11, 1),
    )


async def noticed(paper: Paper) -> Case:
    case = await paper.open()
    case = paper.happen(case, ev.ReminderSent(notice=a_letter(case, "reminder")))
    return paper.happen(case, ev.NoticeServed(notice=a_letter(case, "disconnection notice")))


async def test_every_letter_on_record_can_be_read_again(paper: Paper) -> None:
    await noticed(paper)
    desk = paper.desk("rosa")
    on_record = letters(desk)
    assert [row.kind for row in on_record] == ["reminder", "disconnection notice"]
    for row in on_record:
        assert letter_pdf(desk, row.letter_id).startswith(b"%PDF")


async def test_a_letter_stays_as_it_was_whatever_happens_later(paper: Paper) -> None:
    case = await noticed(paper)
    first = letter_pdf(paper.desk("rosa"), f"{case.case_id}-l3")
    less = replace(case.known, bills=case.known.bills[:1])
    read = ev.AccountRead(known=less, balance=Money(1), past_due=Money(1), change=Money(0))
    paper.happen(case, read, ev.NoticeWithdrawn(kind="notice", because="what it names is paid"))
    assert letter_pdf(paper.desk("rosa"), f"{case.case_id}-l3") == first


async def test_a_door_hanger_goes_with_the_crew_that_is_to_cut(paper: Paper) -> None:
    case, _ = paper.order(await noticed(paper), OrderState.DISPATCHED)
    assert letter_pdf(paper.desk("rosa"), f"{case.case_id}-l{case.seq}").startswith(b"%PDF")


async def test_who_may_not_see_the_customer_may_not_read_the_letter(paper: Paper) -> None:
    case = await noticed(paper)
    with pytest.raises(Refused) as refused:
        letter_pdf(paper.desk("ada"), f"{case.case_id}-l2")
    assert refused.value.refusal.status == 403


@pytest.mark.parametrize("ending", ["-l1", "-l9", "-l0", "", "-lx", "-l2-l2"])
async def test_what_is_no_letter_is_not_found(paper: Paper, ending: str) -> None:
    case = await noticed(paper)
    with pytest.raises(Refused) as refused:
        letter_pdf(paper.desk("rosa"), case.case_id + ending)
    assert refused.value.refusal.slug == "no-such-letter"


async def test_a_letter_that_may_not_be_printed_says_why(paper: Paper) -> None:
    case = await paper.open()
    bare = replace(a_letter(case, "disconnection notice"), elements=("amount",))
    case = paper.happen(case, ev.NoticeServed(notice=bare))
    with pytest.raises(Refused) as refused:
        letter_pdf(paper.desk("rosa"), f"{case.case_id}-l{case.seq}")
    assert refused.value.refusal.slug == "letter-incomplete"
    with reading(paper.engine) as session:
        assert personal_of(session, SHOP).name not in refused.value.refusal.detail
