"""What SQL keeps of money that went back, and what billing is asked to do about it: once, on either database."""

from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from domain.facts import FactKind
from models.accounts import account_of
from models.facts import facts_of
from models.returned import retries_due
from models.session import reading, transaction
from models.tables import BillingEffectRow, OutboxRow, ReturnedItemRow, TaskRow
from tests.models.lives import NO
from tests.models.returned_lives import a_city, came, went

OTHER = "4100000019"
SEP = {day: date(2026, 9, day) for day in range(1, 31)}


def asked(session: Session) -> list[tuple[str, int]]:
    query = select(BillingEffectRow.name, BillingEffectRow.cents).order_by(col(BillingEffectRow.key))
    return list(session.exec(query).all())


def tasks(session: Session) -> list[str]:
    return sorted(session.exec(select(TaskRow.kind)).all())


def kinds(session: Session, account_no: str = NO) -> set[FactKind]:
    return {fact.kind for fact in facts_of(session, account_of(session, account_no))}


def test_the_same_return_noted_again_leaves_one_fee_and_one_message(engine: Engine) -> None:
    a_city(engine)
    with transaction(engine) as session:
        payment = came(session, "1", on=SEP[1])
        first = went(session, payment, "R01", on=SEP[3])
        assert first is not None
        assert (first.fee_cents, first.retry_on, first.retry_state) == (30_00, SEP[9], "due")  # over Labor Day
    with transaction(engine) as session:
        assert went(session, payment, "R01", on=SEP[3]) is None
    with reading(engine) as session:
        assert asked(session) == [("charge", 30_00)]
        assert len(session.exec(select(OutboxRow)).all()) == 1


def test_presented_again_and_returned_again_an_item_has_one_fee_and_one_strike(engine: Engine) -> None:
    a_city(engine)
    with transaction(engine) as session:
        went(session, came(session, "1", on=SEP[1]), "R01", on=SEP[3])
        assert [row.payment_id for row in retries_due(session, on=SEP[9])] == ["draft-1"]
        second = went(session, came(session, "2", on=SEP[9], tender="retry"), "R01", on=SEP[11])
        third = went(session, came(session, "3", on=SEP[16], tender="retry"), "R09", on=SEP[18])
    assert second is not None
    assert third is not None
    assert [(row.presentment, row.item_id, row.presented_on, row.fee_cents) for row in (second, third)] == [
        (2, "draft-1", SEP[1], 0),
        (3, "draft-1", SEP[1], 0),
    ]
    assert (second.retry_on, third.retry_on) == (SEP[16], None)
    with reading(engine) as session:
        assert asked(session) == [("charge", 30_00)]
        assert FactKind.CASH_ONLY not in kinds(session)


def test_the_second_item_in_twelve_months_brings_cash_only_and_a_person_tells_the_customer(engine: Engine) -> None:
    a_city(engine)
    with transaction(engine) as session:
        went(session, came(session, "1", on=SEP[1]), "R01", on=SEP[3])
        assert FactKind.CASH_ONLY not in kinds(session)
        went(session, came(session, "2", on=SEP[8]), "R09", on=SEP[10])
        assert FactKind.CASH_ONLY in kinds(session)
        went(session, came(session, "3", on=SEP[15]), "R01", on=SEP[17])
    with reading(engine) as session:
        assert tasks(session).count("tell_cash_only") == 1


def test_a_check_of_two_stubs_has_one_fee(engine: Engine) -> None:
    a_city(engine, NO, OTHER)
    with transaction(engine) as session:
        stubs = [came(session, f"c.{n}", on=SEP[1], source="lockbox", account_no=no) for n, no in ((1, NO), (2, OTHER))]
        for stub in stubs:
            went(session, stub, "A", on=SEP[3], called="c")
    with reading(engine) as session:
        assert asked(session) == [("charge", 30_00)]


def test_a_draft_that_was_not_authorized_ends_instrument_and_autopay(engine: Engine) -> None:
    a_city(engine)
    with transaction(engine) as session:
        row = went(session, came(session, "1", on=SEP[1]), "R10", on=SEP[28])
    assert row is not None
    assert (row.instrument, row.autopay, row.retry_state, row.rate) == ("end", "end", "", "unauthorized")
    with reading(engine) as session:
        assert asked(session) == [("end_autopay", 0), ("set_instrument", 0)]
        assert tasks(session) == [
            "red_flag_review",
            "return_rate_over_limit",
            "return_rate_over_limit",
        ]  # one draft sent, one returned: over the limit on what was not authorized, and over the one on all


def test_a_death_is_a_fact_and_the_estates_task(engine: Engine) -> None:
    a_city(engine)
    with transaction(engine) as session:
        went(session, came(session, "1", on=SEP[1]), "R15", on=SEP[3])
    with reading(engine) as session:
        assert FactKind.DECEASED in kinds(session)
        assert "estate" in tasks(session)


def test_a_code_in_no_table_becomes_a_task_and_nothing_is_charged(engine: Engine) -> None:
    a_city(engine)
    with transaction(engine) as session:
        went(session, came(session, "c", on=SEP[1], source="counter"), "9", on=SEP[3])
    with reading(engine) as session:
        assert tasks(session) == ["unknown_return_code"]
        assert asked(session) == []


def test_a_mistake_put_right_leaves_neither_fee_nor_strike_nor_task(engine: Engine) -> None:
    a_city(engine)
    with transaction(engine) as session:
        assert went(session, came(session, "1", on=SEP[1], source="aggregator"), "reversal", on=SEP[3]) is None
        assert went(session, came(session, "2", on=SEP[1], source="counter"), "void", on=SEP[1]) is None
    with reading(engine) as session:
        assert session.exec(select(ReturnedItemRow)).all() == []
        assert asked(session) == []
        assert tasks(session) == []
