"""The same decision in many cases: each effect and each refusal is seen before anything is sent."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from casework.at_once import AT_ONCE_MAX, at_once, candidates
from casework.errors import Refused
from domain import commands as c
from domain.states import Stage
from tests.casework.paper import SHOP_CASE, Paper, on_paper

FOLLOW = c.SetFollowUp(on=date(2026, 9, 15), about="Ask whether the aid came.")


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        yield paper


async def test_what_it_would_do_is_told_case_by_case_and_one_refused_stops_no_other(paper: Paper) -> None:
    await paper.open()
    effects = await at_once(paper.desk("rosa"), ("1-1", SHOP_CASE, SHOP_CASE), FOLLOW, key="k", preview=True)
    assert [(each.case_id, each.refusal.slug if each.refusal else "") for each in effects] == [
        ("1-1", "no-such-case"),
        (SHOP_CASE, ""),
    ]
    ruling = effects[1].ruling
    assert ruling is not None
    assert ruling.preview
    assert [event.body.type for event in ruling.events] == ["follow_up_set"]


async def test_a_rule_refuses_each_case_by_itself(paper: Paper) -> None:
    await paper.open()
    recall = c.RecallFromAgency(because="The council asked for it.")
    (effect,) = await at_once(paper.desk("senta"), (SHOP_CASE,), recall, key="k", preview=True)
    assert effect.refusal is not None
    assert effect.refusal.status == 409


@pytest.mark.parametrize("case_ids", [(), tuple(f"{number}-1" for number in range(AT_ONCE_MAX + 1))])
async def test_none_and_too_many_are_refused_as_a_whole(paper: Paper, case_ids: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        await at_once(paper.desk("rosa"), case_ids, FOLLOW, key="k", preview=True)
    assert refused.value.refusal.slug == "not-so-many"


@pytest.mark.parametrize(
    ("who", "command"), [("ada", FOLLOW), ("cora", FOLLOW), ("rosa", c.RecallFromAgency(because="x"))]
)
async def test_a_role_that_may_not_decide_so_is_refused_before_any_case(
    paper: Paper, who: str, command: c.SetFollowUp | c.RecallFromAgency
) -> None:
    await paper.open()
    with pytest.raises(Refused) as refused:
        await at_once(paper.desk(who), (SHOP_CASE,), command, key="k", preview=True)
    assert refused.value.refusal.slug == "forbidden"


async def test_open_cases_are_chosen_by_stage_and_by_whose_they_are(paper: Paper) -> None:
    await paper.open()
    desk = paper.desk("rosa")
    assert [row.case_id for row in candidates(desk)] == [SHOP_CASE]
    assert [row.case_id for row in candidates(desk, stage=Stage.PAST_DUE, whose="")] == [SHOP_CASE]
    assert candidates(desk, stage=Stage.NOTICED) == []
    assert candidates(desk, whose="rosa") == []
