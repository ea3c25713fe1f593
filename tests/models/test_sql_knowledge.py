"""Does SQL know of an account what it was told: traits, facts of every scope, money on its way?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from domain.facts import Fact, FactKind
from domain.money import Money
from models.accounts import AccountUnknown, Personal, personal_of, premise_of, versions_of, write_account
from models.facts import end_fact, record_fact
from models.payments import (
    Payment,
    PaymentState,
    mark_posted,
    mark_rejected,
    mark_return_posted,
    payment_by_trace,
    payment_of,
    receive_payment,
    return_payment,
)
from models.session import transaction
from models.snapshot import Versions, known_of, unposted
from tests.models.lives import NO, NOON, account, fact, known_account

OTHER = "4100000002"
LATER = NOON + timedelta(hours=1)
PAID = Payment(
    payment_id="p1",
    source="lockbox",
    trace="9",
    account_no=NO,
    amount=Money(5_000),
    received_at=NOON,
    effective_on=date(2026, 9, 1),
    tender="check",
)


def ids(engine: Engine, account_no: str) -> list[str]:
    with transaction(engine) as session:
        return [found.fact_id for found in known_of(session, account_no).facts]


def money_on_the_way(engine: Engine) -> int:
    with transaction(engine) as session:
        return unposted(session, NO).cents


def test_an_account_reads_back_as_billings_master_wrote_it(engine: Engine) -> None:
    written = replace(account(), owner_waiver_on=date(2024, 2, 29), meter_remote=True, returned_12m=3)
    personal = Personal(name="Ada Quill", premise_id="P9", consent_sms=True)
    with transaction(engine) as session:
        assert write_account(session, written, personal)
        assert known_of(session, NO).account == written
        assert personal_of(session, NO) == personal
        assert premise_of(session, NO) == "P9"


def test_a_changed_trait_counts_as_a_changed_fact_and_the_same_master_again_as_nothing(engine: Engine) -> None:
    known_account(engine)
    with transaction(engine) as session:
        personal = personal_of(session, NO)
        assert not write_account(session, account(), personal)
        assert versions_of(session, NO) == Versions(money=0, facts=0)
        assert write_account(session, replace(account(), landlord=True), personal)
        assert versions_of(session, NO) == Versions(money=0, facts=1)


def test_an_unknown_account_is_named(engine: Engine) -> None:
    with transaction(engine) as session, pytest.raises(AccountUnknown, match=OTHER):
        known_of(session, OTHER)


def test_an_account_has_its_own_facts_its_countys_and_the_areas(engine: Engine) -> None:
    known_account(engine)
    known_account(engine, OTHER, county="Dodge")
    with transaction(engine) as session:
        assert record_fact(session, fact=fact("mine"), known_at=NOON, account_no=NO) == (NO,)
        assert record_fact(session, fact=fact("heat"), known_at=NOON, county="Olmsted") == (NO,)
        assert record_fact(session, fact=fact("halt"), known_at=NOON) == (NO, OTHER)
        assert versions_of(session, NO).facts == 3
        assert versions_of(session, OTHER).facts == 1
    assert ids(engine, NO) == ["halt", "heat", "mine"]
    assert ids(engine, OTHER) == ["halt"]


def test_a_fact_reads_back_whole_and_is_known_from_the_instant_given(engine: Engine) -> None:
    known_account(engine)
    whole = Fact(
        fact_id="f9",
        kind=FactKind.PLEDGE,
        starts=NOON,
        until=LATER,
        known_at=NOON,
        amount=Money(4_000),
        source="county",
        evidence="letter",
        entered_by="maria",
        details={"agency": "x"},
    )
    with transaction(engine) as session:
        record_fact(session, fact=whole, known_at=LATER, account_no=NO)
    with transaction(engine) as session:
        assert known_of(session, NO).facts == (replace(whole, known_at=LATER),)


def test_a_fact_recorded_twice_changes_nothing(engine: Engine) -> None:
    known_account(engine)
    for _ in range(2):
        with transaction(engine) as session:
            record_fact(session, fact=fact("f1"), known_at=NOON, account_no=NO)
    with transaction(engine) as session:
        assert versions_of(session, NO).facts == 1


def test_a_corrected_or_withdrawn_fact_is_no_longer_known_and_an_ended_one_is(engine: Engine) -> None:
    known_account(engine)
    with transaction(engine) as session:
        for fact_id in ("f1", "f2", "f3"):
            record_fact(session, fact=fact(fact_id), known_at=NOON, account_no=NO)
        record_fact(session, fact=fact("f4"), known_at=LATER, account_no=NO, replaces="f1")
        assert end_fact(session, fact_id="f2", known_at=LATER, until=LATER, withdrawn=True) == (NO,)
        assert end_fact(session, fact_id="f3", known_at=LATER, until=LATER) == (NO,)
        assert end_fact(session, fact_id="f3", known_at=LATER, until=LATER) == ()
        assert end_fact(session, fact_id="nobody's", known_at=LATER, until=LATER) == ()
    assert ids(engine, NO) == ["f3", "f4"]
    with transaction(engine) as session:
        assert known_of(session, NO).facts[0].until == LATER


def test_money_is_on_its_way_until_billing_shows_it_and_a_return_until_billing_shows_that(engine: Engine) -> None:
    known_account(engine)
    seen = [money_on_the_way(engine)]
    for change in (
        lambda session: receive_payment(session, PAID),
        lambda session: mark_posted(session, "p1", "B1", NOON),
        lambda session: return_payment(session, "p1", reason="R01", on=date(2026, 9, 3), at=LATER),
        lambda session: mark_return_posted(session, "p1", "", LATER),
    ):
        with transaction(engine) as session:
            assert change(session)
            assert not change(session), "the second time it was known already"
        seen.append(money_on_the_way(engine))
    assert seen == [0, 5_000, 0, -5_000, 0]
    with transaction(engine) as session:
        assert versions_of(session, NO).money == 4
        assert payment_of(session, "p1") == replace(
            PAID, state=PaymentState.RETURNED, billing_ref="B1", returned_on=date(2026, 9, 3), return_reason="R01"
        )


def test_a_payment_returned_before_it_was_posted_is_money_neither_way(engine: Engine) -> None:
    known_account(engine)
    with transaction(engine) as session:
        receive_payment(session, PAID)
        return_payment(session, "p1", reason="R01", on=date(2026, 9, 3), at=LATER)
    assert money_on_the_way(engine) == 0


def test_money_that_billing_rejects_still_counts_and_a_rejected_return_does_not(engine: Engine) -> None:
    known_account(engine)
    with transaction(engine) as session:
        receive_payment(session, PAID)
        mark_rejected(session, "p1", "closed-account", NOON)
    assert money_on_the_way(engine) == 5_000
    with transaction(engine) as session:
        mark_posted(session, "p1", "B1", NOON)
        return_payment(session, "p1", reason="R01", on=date(2026, 9, 3), at=LATER)
    assert money_on_the_way(engine) == 0


def test_the_same_trace_of_the_same_source_is_the_same_money(engine: Engine) -> None:
    known_account(engine)
    with transaction(engine) as session:
        assert receive_payment(session, PAID)
        assert not receive_payment(session, replace(PAID, payment_id="p2"))
        assert receive_payment(session, replace(PAID, payment_id="p3", source="counter"))
        found = payment_by_trace(session, "lockbox", "9")
        assert found is not None
        assert found.payment_id == "p1"
        assert payment_by_trace(session, "lockbox", "10") is None
