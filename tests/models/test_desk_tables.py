"""Clock, policies, users, answers already given: does each keep what it was told and refuse what it must?"""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from models.answers import Answer, KeyReused, answer_request, begin_request, forget_request
from models.callers import caller_of
from models.clock import ClockMode, ClockRefused, SqlClock
from models.policies import PolicyUnknown, activate, active_digest, policy_with
from models.session import transaction
from models.users import (
    Role,
    User,
    UserRefused,
    create_user,
    issue_token,
    revoke_tokens,
    set_active,
    set_cover,
    user_named,
    verify,
)
from tests.models.lives import DAY, NOON
from tests.rules.worked import policy

LATER = NOON + timedelta(hours=1)
MARIA = {"username": "maria", "display_name": "Maria", "role": Role.SENIOR, "password": "correct horse"}


def user_of_token(session: Session, token: str, *, at: datetime, on: date) -> User | None:
    found = caller_of(session, token)
    return found.user if found and found.may_call(at=at, on=on) else None


def test_a_stepped_clock_stands_still_until_it_is_set_and_never_goes_back(engine: Engine) -> None:
    clock = SqlClock(engine)
    clock.start(ClockMode.STEPPED, at=NOON)
    assert (clock.now(), clock.mode) == (NOON, ClockMode.STEPPED)
    SqlClock(engine).set(LATER)
    assert clock.now() == LATER
    with pytest.raises(ClockRefused, match="cannot go back"):
        clock.set(NOON)
    clock.start(ClockMode.STEPPED, at=NOON)
    assert clock.now() == LATER


def test_a_database_lives_by_one_clock(engine: Engine) -> None:
    clock = SqlClock(engine)
    clock.start(ClockMode.PACED, at=NOON, rate=3600)
    assert clock.rate == 3600
    with pytest.raises(ClockRefused, match="paced"):
        clock.start(ClockMode.WALL)


def test_the_walls_clock_tells_the_time_and_cannot_be_set(engine: Engine) -> None:
    clock = SqlClock(engine)
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.mode is ClockMode.WALL
    with pytest.raises(ClockRefused, match="cannot be set"):
        clock.set(before)


def test_a_policy_reads_back_with_the_digest_it_had_and_the_last_activated_is_in_force(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.policies._read", {})
    rochester, las_cruces = policy("rochester-mn"), policy("las-cruces-nm")
    with transaction(engine) as session:
        with pytest.raises(PolicyUnknown):
            active_digest(session)
        activate(session, rochester, NOON)
        assert activate(session, las_cruces, LATER) == las_cruces.digest
        assert active_digest(session) == las_cruces.digest
        assert policy_with(session, rochester.digest) == rochester
        with pytest.raises(PolicyUnknown):
            policy_with(session, "0" * 16)


def test_a_user_is_known_by_the_password_and_by_a_token_until_the_last_day(engine: Engine) -> None:
    with transaction(engine) as session:
        user = create_user(session, **MARIA, expires_on=DAY)
        token = issue_token(session, "maria", issued_at=NOON, expires_at=LATER)
    with transaction(engine) as session:
        assert verify(session, username="maria", password="correct horse", on=DAY) == user
        assert verify(session, username="maria", password="wrong", on=DAY) is None
        assert verify(session, username="mary", password="correct horse", on=DAY) is None
        assert verify(session, username="maria", password="correct horse", on=DAY + timedelta(days=1)) is None
        assert user_of_token(session, token, at=NOON, on=DAY) == user
        assert user_of_token(session, token, at=LATER, on=DAY) is None
        assert user_of_token(session, token, at=NOON, on=DAY + timedelta(days=1)) is None
        assert user_of_token(session, f"{token}x", at=NOON, on=DAY) is None


def test_neither_password_nor_token_stands_in_the_database(engine: Engine) -> None:
    with transaction(engine) as session:
        create_user(session, **MARIA)
        token = issue_token(session, "maria", issued_at=NOON, expires_at=LATER)
    with transaction(engine) as session:
        rows = [*session.connection().exec_driver_sql("SELECT * FROM users")]
        rows += [*session.connection().exec_driver_sql("SELECT * FROM tokens")]
    assert token not in str(rows)
    assert "correct horse" not in str(rows)
    assert "$argon2id$" in str(rows)


def test_a_user_shut_out_is_let_in_by_nothing(engine: Engine) -> None:
    with transaction(engine) as session:
        create_user(session, **MARIA)
        token = issue_token(session, "maria", issued_at=NOON, expires_at=LATER)
        set_active(session, "maria", active=False)
    with transaction(engine) as session:
        assert verify(session, username="maria", password="correct horse", on=DAY) is None
        assert user_of_token(session, token, at=NOON, on=DAY) is None
        set_active(session, "maria", active=True)
        assert user_of_token(session, token, at=NOON, on=DAY) is None
        fresh = issue_token(session, "maria", issued_at=NOON, expires_at=LATER)
        revoke_tokens(session, "maria")
        assert user_of_token(session, fresh, at=NOON, on=DAY) is None


def test_a_name_is_taken_once_and_nobody_covers_for_nobody(engine: Engine) -> None:
    with transaction(engine) as session:
        create_user(session, **MARIA)
        create_user(session, **(MARIA | {"username": "tom"}))
        set_cover(session, "tom", covers="maria")
        tom = user_named(session, "tom")
        assert tom is not None
        assert tom.covers == "maria"
        with pytest.raises(UserRefused, match="taken"):
            create_user(session, **MARIA)
        with pytest.raises(UserRefused, match="no user"):
            set_cover(session, "tom", covers="nobody")
        with pytest.raises(UserRefused, match="themselves"):
            set_cover(session, "tom", covers="tom")


def test_a_request_is_answered_once_and_the_key_serves_no_other(engine: Engine) -> None:
    asked = {"key": "k", "username": "maria", "route": "POST /payments", "request_hash": "h1", "at": NOON}
    with transaction(engine) as session:
        assert begin_request(session, **asked) is None
        assert begin_request(session, **asked) == Answer(status=0, body=None)
        assert begin_request(session, **(asked | {"username": "tom"})) is None
        answer_request(session, key="k", username="maria", status=201, body={"id": 1})
        forget_request(session, key="k", username="maria")
        assert begin_request(session, **asked) == Answer(status=201, body={"id": 1})
        forget_request(session, key="k", username="tom")
        assert begin_request(session, **(asked | {"username": "tom"})) is None
        with pytest.raises(KeyReused):
            begin_request(session, **(asked | {"request_hash": "h2"}))
        with pytest.raises(KeyReused):
            begin_request(session, **(asked | {"route": "POST /refunds"}))


def test_the_day_of_expiry_is_a_day_of_work(engine: Engine) -> None:
    with transaction(engine) as session:
        user = create_user(session, **MARIA, expires_on=date(2026, 12, 31))
    assert user.may_work(date(2026, 12, 30))
    assert user.may_work(date(2026, 12, 31))
    assert not user.may_work(date(2027, 1, 1))
