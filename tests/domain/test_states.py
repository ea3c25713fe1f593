"""The one table of moves: each row, and nothing else."""

import itertools

import pytest

from domain.states import MOVES, Stage, Trigger, UnlawfulMove, may_move, move

ROWS = [(trigger, source, target) for trigger, sources, target in MOVES for source in sources]


@pytest.mark.parametrize(("trigger", "source", "target"), ROWS)
def test_each_row_moves_a_case_and_gives_back_a_stage(trigger: Trigger, source: Stage, target: Stage) -> None:
    assert may_move(source, trigger)
    reached = move(source, trigger)
    assert reached is target
    assert type(reached) is Stage


def test_what_the_table_does_not_hold_is_unlawful() -> None:
    lawful = {(trigger, source) for trigger, source, _ in ROWS}
    unlawful = set(itertools.product(Trigger, Stage)) - lawful
    assert len(unlawful) > 100
    for trigger, source in unlawful:
        assert not may_move(source, trigger)
        with pytest.raises(UnlawfulMove):
            move(source, trigger)


def test_a_trigger_leads_to_one_stage_only() -> None:
    assert len({trigger for trigger, _, _ in MOVES}) == len(MOVES) == len(Trigger)


def test_every_stage_but_closed_can_be_closed_and_closed_is_the_end() -> None:
    for stage in Stage:
        assert may_move(stage, Trigger.CLOSE) is (stage is not Stage.CLOSED)
    assert not any(may_move(Stage.CLOSED, trigger) for trigger in Trigger)


def test_every_stage_can_be_reached_from_past_due() -> None:
    reached, front = {Stage.PAST_DUE}, [Stage.PAST_DUE]
    while front:
        stage = front.pop()
        fresh = {move(stage, trigger) for trigger in Trigger if may_move(stage, trigger)} - reached
        reached |= fresh
        front.extend(fresh)
    assert reached == set(Stage)
