"""Does what was refused at first sight stand in its case's chain, between the entries, for ever?"""

import json

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from audit.verify import verify
from domain.verdict import Certificate, Refusal, certify_refusal
from models.cases import case_row, timeline_of
from models.chain import broken_at
from models.record import record
from models.refusals import keep_refusal, refusals_of
from models.session import alembic_config, open_database, reading, transaction
from tests.models.conftest import MASTER
from tests.models.lives import CASE, NO, NOON, known_account, noted, opened, view

REFUSAL = Refusal(slug="not-at-this-stage", title="Not at this stage", detail="The case is noticed.", rules=("stage",))
SHOWN = certify_refusal(REFUSAL, decision="close", at=NOON, pack="x", policy="d1")


def refuse(engine: Engine, which: str, *, certificate: Certificate = SHOWN) -> bool:
    with transaction(engine) as session:
        return keep_refusal(
            session,
            refusal_id=which,
            case_id=CASE,
            account_no=NO,
            at=NOON,
            by="maria",
            decision="close",
            body={"slug": "x", "rules": ["stage"]},
            certificate=certificate,
        )


@pytest.fixture
def story(engine: Engine) -> Engine:
    """Two entries, two refusals, an entry, and a third refusal at the end."""
    known_account(engine)
    with transaction(engine) as session:
        record(session, case=view(2), events=(opened(), noted(2)))
    assert refuse(engine, "r1")
    assert refuse(engine, "r2")
    with transaction(engine) as session:
        record(session, case=view(3), events=(noted(3),))
    assert refuse(engine, "r3")
    return engine


def test_refusals_stand_between_the_entries_in_the_order_in_which_they_came(story: Engine) -> None:
    with reading(story) as session:
        rows, refused = timeline_of(session, CASE), refusals_of(session, CASE)
        assert [(row.after_seq, row.place) for row in refused] == [(2, 1), (2, 2), (3, 1)]
        links = [rows[0], rows[1], refused[0], refused[1], rows[2], refused[2]]
        assert [link.prev_hash for link in links] == [CASE, *(link.hash for link in links[:-1])]
        assert broken_at(CASE, rows, refused) is None
        assert broken_at(CASE, rows, refused[:1]) == 3
        assert broken_at(CASE, rows, refused[1:]) == 2
        row = case_row(session, CASE)
        assert row is not None
        assert row.refused == 3


def test_a_refusal_is_kept_once(story: Engine) -> None:
    assert not refuse(story, "r1")
    with reading(story) as session:
        assert len(refusals_of(session, CASE)) == 3


@pytest.mark.parametrize("statement", ["UPDATE refusals SET \"by\" = 'x'", "DELETE FROM refusals"])
def test_the_database_refuses_to_change_or_remove_a_refusal(story: Engine, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), story.begin() as connection:
        connection.execute(text(statement))


def test_the_refusal_carries_pack_rule_and_source_even_where_no_gate_was_asked(story: Engine) -> None:
    with reading(story) as session:
        certificate = refusals_of(session, CASE)[0].certificate
    assert certificate is not None
    (outcome,) = certificate["outcomes"]
    assert (certificate["pack"], certificate["policy"], certificate["allowed"]) == ("x", "d1", False)
    assert (outcome["rule"], outcome["finding"], bool(outcome["citation"])) == ("stage", "blocks", True)


def test_refusals_kept_before_there_was_a_chain_take_their_place_at_its_end(empty_url: str) -> None:
    engine = open_database(empty_url, master_key=MASTER)
    known_account(engine)
    with transaction(engine) as session:
        record(session, case=view(2), events=(opened(), noted(2)))
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0014")
        for which in ("a", "b"):
            connection.execute(
                text(
                    'INSERT INTO refusals (refusal_id, case_id, at, "by", decision, body) '
                    "VALUES (:id, :case, :at, 'maria', 'close', :body)"
                ),
                {"id": which, "case": CASE, "at": NOON.replace(tzinfo=None), "body": json.dumps({"rules": ["é"]})},
            )
    engine.dispose()
    engine = open_database(empty_url, master_key=MASTER)
    with reading(engine) as session:
        rows, refused = timeline_of(session, CASE), refusals_of(session, CASE)
        assert [(row.after_seq, row.place) for row in refused] == [(2, 1), (2, 2)]
        assert broken_at(CASE, rows, refused) is None
    engine.dispose()
    found = [fault.says for fault in verify(empty_url).faults if fault.says.startswith("refusal")]
    assert found == [f"refusal {place} after it: the refusal carries no certificate" for place in (1, 2)]
