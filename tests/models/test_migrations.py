"""Does the schema that the migrations make equal the code's, and is one that differs refused in plain words?"""

from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import StatementError

from models.session import SchemaMismatch, alembic_config, open_database, transaction
from models.tables import ClockRow
from tests.models.lives import known_account


def test_migrations_from_nothing_to_head_leave_no_difference_to_the_code(empty_url: str) -> None:
    engine = open_database(empty_url)
    with engine.begin() as connection:
        command.check(alembic_config(connection))
    engine.dispose()


def test_migrations_go_back_to_nothing_and_up_again(empty_url: str) -> None:
    engine = open_database(empty_url)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    engine.dispose()
    engine = open_database(empty_url)
    known_account(engine)
    engine.dispose()


def test_a_schema_newer_than_the_code_is_refused(database_url: str) -> None:
    engine = open_database(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(SchemaMismatch, match="newer"):
        open_database(database_url)


def test_a_schema_older_than_the_code_is_refused_unless_it_may_be_migrated(empty_url: str) -> None:
    with pytest.raises(SchemaMismatch, match="`arrears db upgrade` migrates it"):
        open_database(empty_url, migrate=False)
    open_database(empty_url).dispose()
    open_database(empty_url, migrate=False).dispose()


def test_a_naive_instant_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="without a time zone"), transaction(engine) as session:
        session.add(ClockRow(mode="stepped", business_now=datetime(2026, 9, 1, 12)))


def test_sqlite_writes_ahead_and_holds_foreign_keys(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()
