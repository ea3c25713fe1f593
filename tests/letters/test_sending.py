"""A notice that could not say what the pack requires is not handed to the mail house."""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError

from activities.effects import EffectActivities
from activities.messages import EffectRequest
from domain.arrangement import ArrangementStatus
from domain.effects import RemindPayment, SendLetter
from domain.facts import FactKind
from domain.money import Money
from domain.parameters import NOTICE_ELEMENTS
from domain.policy import Dated, Source, Standing
from gateways.errors import Rejected
from gateways.messages import SendMessage
from gateways.receipt import Receipt as SystemReceipt
from models.policies import activate
from models.session import transaction
from models.tables import AccountRow
from tests.builders import an_agreement
from tests.casework.paper import SHOP, Paper, on_paper


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        yield paper


def activities(paper: Paper) -> EffectActivities:
    return EffectActivities(engine=paper.engine, clock=paper.clock, systems=paper.systems)


def require(paper: Paper, *elements: str) -> None:
    stated = Dated(date(2020, 1, 1), elements, Source("for this test", Standing.POLICY))
    policy = replace(paper.policy, values={**paper.policy.values, NOTICE_ELEMENTS.key: (stated,)})
    with transaction(paper.engine) as session:
        activate(session, policy, paper.clock.now() + timedelta(seconds=1))


async def test_a_notice_with_words_for_every_part_is_mailed(paper: Paper) -> None:
    case = await paper.open()
    sent = SendLetter(key="k1", kind="disconnection notice")
    assert (await activities(paper).send_letter(EffectRequest(case=case, effect=sent))).on == date(2026, 9, 1)


async def test_a_notice_with_a_part_nobody_has_worded_is_never_mailed(paper: Paper) -> None:
    require(paper, "amount", "ombudsman")
    case = await paper.open()
    sent = SendLetter(key="k1", kind="disconnection notice")
    with pytest.raises(ApplicationError) as failure:
        await activities(paper).send_letter(EffectRequest(case=case, effect=sent))
    assert (failure.value.type, failure.value.non_retryable) == ("letter-incomplete", True)
    assert await paper.systems.mail.lookup("k1") is None


REMIND = RemindPayment(key="r1", about="instalment", due_on=date(2026, 9, 8), amount=Money(9_000), channel="email")


class Messages:
    """A sender of messages that keeps what it was given, or says that the recipient said stop."""

    def __init__(self, *, stopped: bool = False) -> None:
        self.stopped = stopped
        self.given: list[SendMessage] = []

    async def send(self, key: str, message: SendMessage) -> SystemReceipt:
        if self.stopped:
            raise Rejected("opted-out", "said stop")
        self.given.append(message)
        return SystemReceipt(key=key, ref="MS1", at=datetime(2026, 9, 1, tzinfo=UTC))


def reachable(paper: Paper, messages: Messages) -> EffectActivities:
    with transaction(paper.engine) as session:
        row = session.get_one(AccountRow, SHOP)
        row.phone, row.email = "507-555-0177", "someone@example.org"
    systems = replace(paper.systems, messages=messages)  # type: ignore[arg-type]  # what of a messenger is asked here
    return EffectActivities(engine=paper.engine, clock=paper.clock, systems=systems)


async def test_an_e_mail_of_an_instalment_carries_the_agreement_and_a_text_message_carries_nothing(
    paper: Paper,
) -> None:
    case = await paper.open()
    bill = next(each for each in case.known.bills if each.open.cents > 9_000)
    agreement = an_agreement(
        bill, ("2026-09-08", 9_000), ("2026-10-08", bill.open.cents - 9_000), status=ArrangementStatus.IN_FORCE
    )
    case = replace(case, arrangement=agreement)
    messages = Messages()
    doing = reachable(paper, messages)
    assert (await doing.remind_payment(EffectRequest(case=case, effect=REMIND))).done
    assert (await doing.remind_payment(EffectRequest(case=case, effect=replace(REMIND, channel="sms")))).done
    mail, text = messages.given
    assert b64decode(mail.attachment).startswith(b"%PDF")
    assert (mail.attachment_name, mail.to) == ("agreement.pdf", "someone@example.org")
    assert (text.attachment, text.subject, text.to) == ("", "", "507-555-0177")
    assert "STOP" in text.text
    assert SHOP not in text.text, "a text message names the account by its last digits"


async def test_a_stop_that_was_said_to_the_sender_stands_on_record_and_nothing_more_goes_out(paper: Paper) -> None:
    case = await paper.open()
    doing = reachable(paper, Messages(stopped=True))
    for _ in range(2):
        receipt = await doing.remind_payment(EffectRequest(case=case, effect=REMIND))
        assert not receipt.done
    stops = [fact for fact in (await paper.known()).facts if fact.kind is FactKind.REVOCATION]
    assert [(fact.details["channel"], fact.details["asked_on"]) for fact in stops] == [("email", "2026-09-01")]


async def test_a_reminder_has_no_required_parts(paper: Paper) -> None:
    require(paper, "amount", "ombudsman")
    case = await paper.open()
    sent = SendLetter(key="k1", kind="reminder")
    assert (await activities(paper).send_letter(EffectRequest(case=case, effect=sent))).ref == "k1"
