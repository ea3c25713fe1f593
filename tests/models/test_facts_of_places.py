"""A fact of a place concerns whoever is served there; what was corrected stays on record. On both databases."""

from dataclasses import replace

from sqlalchemy import Engine

from domain.facts import FactKind
from models.accounts import Personal, versions_of, write_account
from models.facts import facts_of, history_of, record_fact
from models.session import reading, transaction
from tests.models.lives import NOON, account, fact

HERE, NEXT, ELSEWHERE = "4100000001", "4100000002", "4100000003"


def served(engine: Engine, account_no: str, premise_id: str) -> None:
    with transaction(engine) as session:
        write_account(session, account(account_no), Personal(premise_id=premise_id))


def test_a_fact_of_a_place_concerns_every_account_there_and_no_other(engine: Engine) -> None:
    for account_no, premise_id in ((HERE, "P1"), (NEXT, "P1"), (ELSEWHERE, "")):
        served(engine, account_no, premise_id)
    tenants = fact("t1", FactKind.TENANT_OCCUPIED)
    with transaction(engine) as session:
        assert record_fact(session, fact=tenants, known_at=NOON, premise_id="P1") == (HERE, NEXT)
    with reading(engine) as session:
        found = {no: [f.fact_id for f in facts_of(session, account(no))] for no in (HERE, NEXT, ELSEWHERE)}
        versions = {no: versions_of(session, no).facts for no in (HERE, NEXT, ELSEWHERE)}
    assert found == {HERE: ["t1"], NEXT: ["t1"], ELSEWHERE: []}
    assert versions == {HERE: 1, NEXT: 1, ELSEWHERE: 0}


def test_a_correction_names_what_it_replaces(engine: Engine) -> None:
    served(engine, HERE, "P1")
    first, second = fact("f1"), replace(fact("f2"), source="hospital")
    with transaction(engine) as session:
        record_fact(session, fact=first, known_at=NOON, account_no=HERE)
        record_fact(session, fact=second, known_at=NOON, account_no=HERE, replaces="f1")
    with reading(engine) as session:
        assert [f.fact_id for f in facts_of(session, account(HERE))] == ["f2"]
        rows = history_of(session, account(HERE))
    assert [(row.fact_id, row.replaces, row.withdrawn_at) for row in rows] == [("f1", "", NOON), ("f2", "f1", None)]
