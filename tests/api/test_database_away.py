"""The database does not answer: whoever asks is told so, and that to ask again does nothing twice."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from console.guard import COOKIE
from models.session import is_away, make_engine
from tests.api.conftest import app_over
from tests.casework.paper import Paper
from tests.console.conftest import console_over

NOBODY = "postgresql+psycopg://127.0.0.1:1/arrears"
API = "/api/v1"


def test_a_program_is_told_to_ask_again(paper: Paper) -> None:
    with TestClient(app_over(replace(paper.at, engine=make_engine(NOBODY)))) as client:
        answer = client.get(f"{API}/cases", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/database-away"
    assert answer.json()["way_out"] == "Ask again in a moment."
    assert answer.headers["Retry-After"] == "2"


@pytest.mark.parametrize(("language", "says"), [("en", "The database does not answer"), ("es", "no responde")])
def test_a_person_is_told_on_a_page(paper: Paper, language: str, says: str) -> None:
    with TestClient(console_over(replace(paper.at, engine=make_engine(NOBODY)))) as client:
        client.cookies[COOKIE] = "anybody's"
        page = client.get("/desk/worklist", headers={"Accept-Language": language})
    assert page.status_code == 503
    assert says in page.text


def test_one_that_is_too_busy_does_not_answer_either(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}", connect_args={"timeout": 0})
    with engine.connect() as first, engine.connect() as second:
        first.execute(text("BEGIN IMMEDIATE"))
        with pytest.raises(OperationalError) as busy:
            second.execute(text("BEGIN IMMEDIATE"))
    assert is_away(busy.value)
    engine.dispose()


def test_a_fault_of_our_own_is_not_taken_for_it() -> None:
    with pytest.raises(OperationalError) as no_such_table, create_engine("sqlite://").connect() as connection:
        connection.execute(text("SELECT 1 FROM nowhere"))
    assert not is_away(no_such_table.value)
    assert not is_away(ValueError("of another kind"))
