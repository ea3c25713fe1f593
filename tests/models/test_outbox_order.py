"""Does what was put into the outbox come out once, in order, and no sooner than it may?"""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from models.outbox import done, failed, put, take_batch, waiting
from models.session import transaction
from tests.models.lives import NOON

SOON = NOON + timedelta(seconds=10)


def fill(engine: Engine, *keys: str) -> None:
    """Put one message per key; the key's first letter is its target."""
    with transaction(engine) as session:
        for key in keys:
            assert put(session, key=key, kind="tell", target=key[0], body={"n": key}, at=NOON)


def batch(engine: Engine, now: object = NOON, limit: int = 10) -> list[str]:
    with transaction(engine) as session:
        return [row.key for row in take_batch(session, now, limit)]


def number_of(engine: Engine, key: str) -> int:
    with transaction(engine) as session:
        found = next(row for row in take_batch(session, SOON, 10) if row.key == key)
    assert found.id is not None
    return found.id


def test_the_same_key_is_put_once_even_after_it_was_delivered(engine: Engine) -> None:
    fill(engine, "a1")
    with transaction(engine) as session:
        assert not put(session, key="a1", kind="tell", target="a", body={"n": "other"}, at=NOON)
    number = number_of(engine, "a1")
    with transaction(engine) as session:
        done(session, [number], NOON)
        assert not put(session, key="a1", kind="tell", target="a", body={}, at=NOON)
        assert waiting(session) == 0
    assert batch(engine) == []


def test_what_was_rolled_back_is_never_delivered(engine: Engine) -> None:
    def fail() -> None:
        with transaction(engine) as session:
            put(session, key="a1", kind="tell", target="a", body={}, at=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert batch(engine) == []


def test_messages_come_in_the_order_they_were_put_and_no_more_than_asked_for(engine: Engine) -> None:
    fill(engine, "b1", "a1", "b2", "a2")
    assert batch(engine) == ["b1", "a1", "b2", "a2"]
    assert batch(engine, limit=3) == ["b1", "a1", "b2"]


def test_a_failed_message_holds_back_those_behind_it_for_the_same_target_until_its_time(engine: Engine) -> None:
    fill(engine, "a1", "b1", "a2")
    number = number_of(engine, "a1")
    with transaction(engine) as session:
        failed(session, number, "Outage", SOON)
    assert batch(engine, SOON - timedelta(microseconds=1)) == ["b1"]
    assert batch(engine, SOON) == ["a1", "b1", "a2"]
    with transaction(engine) as session:
        first = take_batch(session, SOON, 1)[0]
        assert (first.attempts, first.last_error, first.body) == (1, "Outage", {"n": "a1"})


def test_a_message_behind_one_that_waits_does_not_hold_back_the_one_before(engine: Engine) -> None:
    fill(engine, "a1", "a2")
    number = number_of(engine, "a2")
    with transaction(engine) as session:
        failed(session, number, "Outage", SOON)
    assert batch(engine) == ["a1"]
