"""A notice that could not say what the pack requires is not handed to the mail house."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError

from activities.effects import EffectActivities
from activities.messages import EffectRequest
from domain.effects import SendLetter
from domain.parameters import NOTICE_ELEMENTS
from domain.policy import Dated, Source, Standing
from models.policies import activate
from models.session import transaction
from tests.casework.paper import Paper, on_paper


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


async def test_a_reminder_has_no_required_parts(paper: Paper) -> None:
    require(paper, "amount", "ombudsman")
    case = await paper.open()
    sent = SendLetter(key="k1", kind="reminder")
    assert (await activities(paper).send_letter(EffectRequest(case=case, effect=sent))).ref == "k1"
