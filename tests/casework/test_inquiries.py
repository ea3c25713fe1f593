"""What people ask about accounts is answered by its day, by whom it may be, and with what they may know."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from casework.contacts import log
from casework.decisions import decide
from casework.errors import Refused
from casework.inquiries import (
    Question,
    Reply,
    answer_inquiry,
    give_inquiry,
    inquiries,
    log_inquiry,
    preview_reply,
    the_inquiry,
)
from casework.letters import composed
from casework.mailing import batch_file, make_batch
from casework.obligations import meet, owed, tell_of_due
from casework.overview import overview
from casework.permissions import FOR_COMMAND
from domain import commands as c
from domain.inquiries import Asker, Channel, InquiryState, Topic
from domain.money import ZERO
from domain.obligations import Duty, State
from letters.letter import Letter
from models.mail import To
from models.session import reading, transaction
from models.tables import AccountRow, InquiryRow, TaskRow
from models.vault import destroy
from tests.casework.paper import SHOP, USERS, Paper, on_paper
from tests.ready import hire

TODAY = date(2026, 9, 1)
ASKED = Question(asker=Asker.CUSTOMER, channel=Channel.PHONE, topic=Topic.BALANCE, question="What do I owe?")
COUNCIL = replace(ASKED, asker=Asker.COUNCIL, who="Ingrid Ek", to=To(name="Ingrid Ek", lines=("City Hall",)))


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        with transaction(paper.engine) as session:
            hire(session, {name: USERS[name] for name in ("sven", "cora")})
        yield paper


def letter_of(paper: Paper, letter_id: str) -> Letter:
    with reading(paper.engine) as session:
        found = composed(session, letter_id)
    assert isinstance(found, Letter), found
    return found


async def test_customer_care_notes_what_was_asked_once_and_it_is_owed_an_answer(paper: Paper) -> None:
    await paper.mirrored()
    desk = paper.desk("cora")
    asked = log_inquiry(desk, SHOP, ASKED, key="k1")
    assert log_inquiry(desk, SHOP, ASKED, key="k1").row.inquiry_id == asked.row.inquiry_id
    assert asked.row.reply_by == paper.policy.calendar.add_open_days(TODAY, 5)
    (found,) = inquiries(desk)
    assert (found.words.question, found.late) == ("What do I owe?", False)
    with reading(paper.engine) as session:
        assert b"owe" not in session.exec(select(InquiryRow.words)).one(), "sealed"
    (duty,) = owed(paper.desk("rosa"), duty=Duty.INQUIRY_REPLY)
    assert (duty.obligation.due_on, duty.state) == (asked.row.reply_by, State.OPEN)


async def test_an_answer_is_pressing_before_its_day_and_late_after_it(paper: Paper) -> None:
    await paper.mirrored()
    desk = paper.desk("rosa")
    asked = log_inquiry(desk, SHOP, ASKED, key="k1")
    paper.clock.set(paper.clock.now() + timedelta(days=5))
    tell_of_due(desk)
    paper.clock.set(paper.clock.now() + timedelta(days=5))
    tell_of_due(desk)
    with reading(paper.engine) as session:
        told = sorted(task.kind for task in session.exec(select(TaskRow)) if "inquiry_reply" in task.task_id)
    assert told == ["obligation_breached", "obligation_warned"]
    assert the_inquiry(desk, asked.row.inquiry_id).late
    with pytest.raises(Refused) as refused:
        meet(desk, f"inquiry_reply.{SHOP}.{asked.row.inquiry_id}", evidence="said so")
    assert refused.value.refusal.slug == "met-by-itself"
    await answer_inquiry(desk, asked.row.inquiry_id, Reply(words="We called.", through="phone"))
    (duty,) = owed(desk, duty=Duty.INQUIRY_REPLY, states=tuple(State))
    assert (duty.state, duty.obligation.met_by) == (State.MET_LATE, "rosa")


async def test_a_letter_answers_with_the_balance_as_billing_has_it_and_is_printed_so(paper: Paper) -> None:
    await paper.mirrored()
    desk = paper.desk("rosa")
    inquiry_id = log_inquiry(desk, SHOP, replace(ASKED, language="es"), key="k1").row.inquiry_id
    reply = Reply(topics=(Topic.BALANCE, Topic.DISPUTE))
    assert (await preview_reply(desk, inquiry_id, reply)).startswith(b"%PDF")
    assert [each.row.state for each in inquiries(desk)] == [InquiryState.OPEN], "a look changes nothing"
    answered = await answer_inquiry(desk, inquiry_id, reply)
    letter = letter_of(paper, answered.row.letter_id)
    assert letter.languages == ("es", "en")
    assert letter.left >= letter.amount > ZERO
    assert letter.more == ("balance", "dispute")
    batch_id = make_batch(desk, TODAY).batch.batch_id
    assert batch_file(desk, batch_id)
    with pytest.raises(Refused) as refused:
        await answer_inquiry(desk, inquiry_id, reply)
    assert refused.value.refusal.slug == "inquiry-answered"


async def test_an_answer_in_own_words_goes_to_whoever_asked_in_their_language(paper: Paper) -> None:
    await paper.mirrored()
    desk = paper.desk("rosa")
    inquiry_id = log_inquiry(desk, SHOP, COUNCIL, key="k1").row.inquiry_id
    answered = await answer_inquiry(desk, inquiry_id, Reply(words="No order is out.\n\nAsk us again on Friday."))
    letter = letter_of(paper, answered.row.letter_id)
    assert (letter.addressee.name, letter.addressee.lines) == ("Ingrid Ek", ("City Hall",))
    assert letter.answer == ("No order is out.", "Ask us again on Friday.")
    assert letter.languages == ("en",)


async def test_what_a_household_owes_is_not_told_to_others_unless_something_shows_that_they_may(paper: Paper) -> None:
    await paper.mirrored()
    desk = paper.desk("rosa")
    reply = Reply(topics=(Topic.BALANCE,))
    inquiry_id = log_inquiry(desk, SHOP, COUNCIL, key="k1").row.inquiry_id
    with pytest.raises(Refused) as refused:
        await answer_inquiry(desk, inquiry_id, reply)
    assert refused.value.refusal.slug == "not-theirs-to-know"
    shown = replace(COUNCIL, authority="release of 2026-08-30")
    inquiry_id = log_inquiry(desk, SHOP, shown, key="k2").row.inquiry_id
    assert (await answer_inquiry(desk, inquiry_id, reply)).row.letter_id


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        (replace(ASKED, question=" "), "nothing-asked"),
        (replace(ASKED, by=TODAY - timedelta(days=1)), "reply-in-the-past"),
        (replace(ASKED, owner="nobody"), "no-such-owner"),
        (replace(ASKED, owner="cora"), "no-such-owner"),
    ],
)
async def test_an_inquiry_that_cannot_be_answered_is_refused(paper: Paper, asked: Question, slug: str) -> None:
    await paper.mirrored()
    with pytest.raises(Refused) as refused:
        log_inquiry(paper.desk("rosa"), SHOP, asked, key="k1")
    assert refused.value.refusal.slug == slug
    with pytest.raises(Refused) as missing:
        log_inquiry(paper.desk("rosa"), "1", ASKED, key="k1")
    assert missing.value.refusal.status == 404


async def test_nothing_is_no_answer_and_an_answer_has_an_owner(paper: Paper) -> None:
    await paper.mirrored()
    desk = paper.desk("rosa")
    inquiry_id = log_inquiry(desk, SHOP, replace(ASKED, topic=Topic.SERVICE), key="k1").row.inquiry_id
    for reply, slug in ((Reply(words=" "), "nothing-answered"), (Reply(words="x", through="pigeon"), "no-such-way")):
        with pytest.raises(Refused) as refused:
            await answer_inquiry(desk, inquiry_id, reply)
        assert refused.value.refusal.slug == slug
    assert give_inquiry(desk, inquiry_id, owner="sven").row.owner == "sven"
    assert [each.row.inquiry_id for each in inquiries(desk, owner="sven")] == [inquiry_id]
    assert inquiries(desk, owner="rosa") == []


async def test_words_go_with_the_customer_s_key(paper: Paper) -> None:
    await paper.mirrored()
    desk = paper.desk("rosa")
    inquiry_id = log_inquiry(desk, SHOP, ASKED, key="k1").row.inquiry_id
    with transaction(paper.engine) as session:
        destroy(session, SHOP)
    assert the_inquiry(desk, inquiry_id).words.question is None


async def test_customer_care_sees_the_account_and_may_do_nothing_to_it(paper: Paper) -> None:
    await paper.mirrored()
    care = paper.desk("cora")
    seen = await overview(care, SHOP)
    assert seen.kept.personal is not None
    inquiry_id = log_inquiry(care, SHOP, ASKED, key="k1").row.inquiry_id
    for attempt in (
        answer_inquiry(care, inquiry_id, Reply(words="x")),
        preview_reply(care, inquiry_id, Reply(words="x")),
        log(care, SHOP, c.RecordContact(channel="phone", direction="in", outcome="spoke"), key="k"),
    ):
        with pytest.raises(Refused) as refused:
            await attempt
        assert refused.value.refusal.slug == "forbidden"
    with pytest.raises(Refused):
        give_inquiry(care, inquiry_id, owner="sven")


async def test_every_command_refuses_customer_care(paper: Paper) -> None:
    case = await paper.open()
    care = paper.desk("cora")
    for kind in FOR_COMMAND:
        command = object.__new__(kind)  # roles are settled before anything in it is looked at
        with pytest.raises(Refused) as refused:
            await decide(care, case.case_id, command, key="k")
        assert refused.value.refusal.slug == "forbidden", kind


BY_EMAIL = Reply(topics=(Topic.BALANCE,), through="email")


async def test_an_answer_by_email_goes_out_once_with_the_letter_and_is_in_no_batch(paper: Paper) -> None:
    await paper.mirrored()
    with transaction(paper.engine) as session:
        session.get_one(AccountRow, SHOP).email = "bodil@example.com"
    desk = paper.desk("rosa")
    asked = log_inquiry(desk, SHOP, replace(ASKED, channel=Channel.EMAIL), key="k1")
    done = await answer_inquiry(desk, asked.row.inquiry_id, BY_EMAIL)
    assert (done.row.answered_through, done.row.state) == ("email", InquiryState.ANSWERED)
    assert list(paper.city.messages.sent.values()) == ["email"]
    assert letter_of(paper, done.row.letter_id).kind == "inquiry reply"
    with pytest.raises(Refused) as empty:
        make_batch(desk, TODAY)
    assert empty.value.refusal.slug == "nothing-to-print"
    with pytest.raises(Refused) as twice:
        await answer_inquiry(desk, asked.row.inquiry_id, BY_EMAIL)
    assert twice.value.refusal.slug == "inquiry-answered"
    assert len(paper.city.messages.sent) == 1


async def test_no_email_goes_to_who_neither_agreed_nor_asked_by_one(paper: Paper) -> None:
    await paper.mirrored()
    with transaction(paper.engine) as session:
        row = session.get_one(AccountRow, SHOP)
        row.email, row.consent_email = "bodil@example.com", False
    desk = paper.desk("rosa")
    asked = log_inquiry(desk, SHOP, ASKED, key="k1")
    with pytest.raises(Refused) as refused:
        await answer_inquiry(desk, asked.row.inquiry_id, BY_EMAIL)
    assert refused.value.refusal.slug == "not-by-email"
    assert paper.city.messages.sent == {}
    assert the_inquiry(desk, asked.row.inquiry_id).row.state == InquiryState.OPEN, "nothing is noted that was not sent"


@pytest.mark.parametrize(
    "address", ["", "no address", "a@example.com, b@example.com", "a@example.com\nBcc: b@example.com"]
)
async def test_an_email_needs_one_address_and_nothing_beside_it(paper: Paper, address: str) -> None:
    await paper.mirrored()
    desk = paper.desk("rosa")
    asked = log_inquiry(desk, SHOP, COUNCIL, key="k1")
    with pytest.raises(Refused) as refused:
        await answer_inquiry(desk, asked.row.inquiry_id, Reply(words="See below.", through="email", email=address))
    assert refused.value.refusal.slug == "no-mailbox"
    assert not address or address not in refused.value.refusal.detail, "an address stands in no answer"


async def test_a_council_member_is_answered_at_the_address_that_is_named(paper: Paper) -> None:
    await paper.mirrored()
    desk = paper.desk("rosa")
    asked = log_inquiry(desk, SHOP, COUNCIL, key="k1")
    reply = Reply(words="We have looked into it.", through="email", email="ingrid.ek@example.com")
    assert (await answer_inquiry(desk, asked.row.inquiry_id, reply)).row.letter_id
    assert len(paper.city.messages.sent) == 1
