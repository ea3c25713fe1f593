"""The table of what is owed: told of once, met by word or by itself, dropped when its cause is gone. Both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from domain.account import AccountStatus
from domain.facts import FactKind
from domain.obligations import Duty, State
from gateways.packs import load_policy
from models.accounts import ended_accounts, note_credits
from models.facts import end_fact, record_fact
from models.obligations import MetByItself, ObligationUnknown, keep, mark, obligations
from models.policies import activate
from models.session import reading, transaction
from models.tables import AccountRow, ObligationRow, TaskRow
from tests.models.lives import NO, NOON, fact, known_account

POLICY = load_policy(Path(__file__).parents[2] / "policies" / "rochester-mn.toml")
STOP = replace(fact("stop", FactKind.REVOCATION), details={"channel": "sms"})


def a_city(engine: Engine) -> None:
    known_account(engine)
    with transaction(engine) as session:
        activate(session, POLICY, NOON)
        record_fact(session, fact=STOP, known_at=NOON, account_no=NO)


def tasks(engine: Engine) -> list[tuple[str, bool]]:
    with reading(engine) as session:
        return sorted((row.kind, row.done_at is None) for row in session.exec(select(TaskRow)))


def kept(engine: Engine, at: datetime) -> int:
    with transaction(engine) as session:
        return keep(session, POLICY, at)


def stops(engine: Engine, at: datetime) -> list[State]:
    with reading(engine) as session:
        found = obligations(session, POLICY, at, account_no=NO)
    return [each.state(POLICY.calendar.day(at)) for each in found if each.duty is Duty.REVOCATION]


def test_a_person_is_told_once_that_it_presses_and_once_that_it_is_late(engine: Engine) -> None:
    a_city(engine)
    assert kept(engine, NOON) == 0
    pressing, late = datetime(2026, 9, 14, 17, tzinfo=UTC), datetime(2026, 9, 17, 17, tzinfo=UTC)
    assert [kept(engine, at) for at in (pressing, pressing, late, late)] == [1, 0, 1, 0]
    assert tasks(engine) == [("obligation_breached", True), ("obligation_warned", True)]
    assert stops(engine, late) == [State.BREACHED]


def test_a_persons_word_meets_it_and_ends_the_tasks(engine: Engine) -> None:
    a_city(engine)
    pressing = datetime(2026, 9, 14, 17, tzinfo=UTC)
    kept(engine, pressing)
    key = f"revocation.{NO}.2026-09-01.sms"
    with transaction(engine) as session:
        met = mark(session, POLICY, pressing, key=key, on=pressing.date(), by="rosa", evidence="mail to the agency")
    assert (met.met_by, met.evidence) == ("rosa", "mail to the agency")
    assert stops(engine, pressing + timedelta(days=5)) == [State.MET]
    assert tasks(engine) == [("obligation_warned", False)]
    assert kept(engine, pressing + timedelta(days=5)) == 0
    with transaction(engine) as session:
        again = mark(session, POLICY, pressing, key=key, on=pressing.date(), by="sven", evidence="other")
    assert again.met_by == "rosa"


def test_nobodys_word_answers_a_dispute_and_nothing_unknown_is_met(engine: Engine) -> None:
    a_city(engine)
    with transaction(engine) as session:
        record_fact(session, fact=fact("d1", FactKind.DISPUTE), known_at=NOON, account_no=NO)
    said = {"on": NOON.date(), "by": "sven", "evidence": "said so"}
    with transaction(engine) as session, pytest.raises(MetByItself):
        mark(session, POLICY, NOON, key=f"dispute_answer.{NO}.d1", **said)  # type: ignore[arg-type]
    with transaction(engine) as session, pytest.raises(ObligationUnknown):
        mark(session, POLICY, NOON, key="nothing", **said)  # type: ignore[arg-type]


def test_what_it_arose_from_withdrawn_it_is_dropped(engine: Engine) -> None:
    a_city(engine)
    pressing = datetime(2026, 9, 14, 17, tzinfo=UTC)
    kept(engine, pressing)
    with transaction(engine) as session:
        end_fact(session, fact_id="stop", known_at=pressing, until=pressing, withdrawn=True)
    kept(engine, pressing)
    with reading(engine) as session:
        row = session.get_one(ObligationRow, f"revocation.{NO}.2026-09-01.sms")
    assert row.dropped_on == pressing.date()
    assert tasks(engine) == [("obligation_warned", False)]
    assert stops(engine, pressing) == []


def test_credit_left_on_an_ended_account_is_owed_to_the_state_after_the_packs_years(engine: Engine) -> None:
    a_city(engine)
    with transaction(engine) as session:
        note_credits(session, {NO: (1_250, date(2024, 3, 1))})
        found = obligations(session, POLICY, NOON)
    (credit,) = [each for each in found if each.duty is Duty.UNCLAIMED_CREDIT]
    assert (credit.key, credit.due_on, credit.owner) == (
        f"unclaimed_credit.city.credit-{NO}",
        date(2027, 3, 1),
        "accountant",
    )
    with transaction(engine) as session:
        note_credits(session, {NO: (0, None)})
        assert Duty.UNCLAIMED_CREDIT not in {each.duty for each in obligations(session, POLICY, NOON)}


def test_only_who_is_served_no_more_is_asked_about(engine: Engine) -> None:
    a_city(engine)
    with transaction(engine) as session:
        assert ended_accounts(session) == []
        session.get_one(AccountRow, NO).status = AccountStatus.FINAL.value
        session.flush()
        assert ended_accounts(session) == [NO]
