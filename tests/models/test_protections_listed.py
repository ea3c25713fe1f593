"""Protections in effect, the soonest end first, a page at a time. On both databases."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from domain.facts import FactKind
from models.accounts import Personal, write_account
from models.facts import end_fact, record_fact
from models.protections import accounts_at, standing_by_kind, standing_facts
from models.session import reading, transaction
from tests.models.lives import NOON, account, fact

HERE, THERE = "4100000001", "4100000002"
DAY = timedelta(days=1)
KINDS = [str(FactKind.DISPUTE), str(FactKind.HOLD)]


def settled(engine: Engine) -> None:
    """Let seven facts be known: two end later, two never, one has ended, one is withdrawn, one is to come."""
    dispute, hold = FactKind.DISPUTE, FactKind.HOLD
    with transaction(engine) as session:
        for account_no in (HERE, THERE):
            write_account(session, account(account_no), Personal(premise_id=f"P-{account_no}"))
        for name, kind, starts, until in (
            ("d-endless", dispute, NOON, None),
            ("a-later", hold, NOON, NOON + 9 * DAY),
            ("b-later", dispute, NOON, NOON + 9 * DAY),
            ("c-soon", dispute, NOON, NOON + 2 * DAY),
            ("over", dispute, NOON - 9 * DAY, NOON + DAY),
            ("wrong", hold, NOON, None),
            ("to-come", hold, NOON + 5 * DAY, None),
        ):
            known = replace(fact(name, kind), starts=starts, until=until)
            record_fact(session, fact=known, known_at=NOON, account_no=HERE)
        record_fact(session, fact=fact("e-place", hold), known_at=NOON, premise_id=f"P-{THERE}")
        record_fact(session, fact=fact("area", hold), known_at=NOON)
        end_fact(session, fact_id="wrong", known_at=NOON, until=NOON, withdrawn=True)


def test_those_in_effect_come_page_by_page_the_soonest_end_first_and_none_twice(engine: Engine) -> None:
    settled(engine)
    at = NOON + DAY
    with reading(engine) as session:
        whole = [row.fact_id for row in standing_facts(session, KINDS, at=at, limit=9)]
        found, after = [], ""
        while page := standing_facts(session, KINDS, at=at, after=after, limit=1):
            after = page[0].fact_id
            found.append(after)
        counted = standing_by_kind(session, KINDS, at=at)
        holds = [row.fact_id for row in standing_facts(session, [str(FactKind.HOLD)], at=at, limit=9)]
    assert whole == ["c-soon", "a-later", "b-later", "d-endless", "e-place"]
    assert found == whole
    assert counted == {"dispute": 3, "hold": 2}
    assert holds == ["a-later", "e-place"]


def test_a_place_is_known_by_its_account(engine: Engine) -> None:
    settled(engine)
    with reading(engine) as session:
        assert accounts_at(session, [f"P-{THERE}", "P-nowhere"]) == {f"P-{THERE}": THERE}
