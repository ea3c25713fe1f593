"""How is the database opened, brought to the code's schema, and written to in one transaction?"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError, TimeoutError  # noqa: A004  # SQLAlchemy's own word
from sqlmodel import Session

from models.vault import MASTER_KEY

BUSY_MS = 15_000  # a writer waits this long for the one before it
SQLITE_CONNECTIONS = 32  # kept open: as many as threads may ask at once, since to open one costs more than a read
READ_ONLY = "arrears_read_only"
MIGRATION_LOCK = 7_203_552  # any number, the same for all processes of an installation


class SchemaMismatch(RuntimeError):
    """The database was made by another version of the code; the message says which side is behind."""


def make_engine(url: str, *, master_key: bytes | None = None) -> Engine:
    """Return an engine for *url*, without touching the database.

    SQLite runs in WAL; every transaction that may write begins IMMEDIATE, so that none that reads first is refused
    later. *master_key* (32 bytes) opens what is kept under customers' keys.
    """
    options: dict[str, Any] = {"execution_options": {MASTER_KEY: master_key}}
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, **options)
    engine = create_engine(url, pool_size=SQLITE_CONNECTIONS, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def open_database(url: str, *, master_key: bytes | None = None, migrate: bool = True) -> Engine:
    """Return an engine for *url* whose schema is the code's; a new or older database is brought up to it.

    Raises:
        SchemaMismatch: the schema is newer than the code, or older and *migrate* is false.
    """
    engine = make_engine(url, master_key=master_key)
    try:
        with engine.begin() as connection:
            _bring_up(connection, migrate=migrate)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Yield a session in one transaction: committed at the end, rolled back by an exception."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Yield a session that only reads: it waits for no writer and holds none up."""
    with Session(engine, expire_on_commit=False) as session:
        session.connection(execution_options={READ_ONLY: True})
        yield session


def is_away(error: BaseException) -> bool:
    """Say whether *error* is that the database cannot be asked now: down, coming up, or too busy; that passes.

    What it was asked last may have been committed all the same.
    """
    fault = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return isinstance(error, OperationalError | TimeoutError) and fault != sqlite3.SQLITE_ERROR


def alembic_config(connection: Connection) -> Config:
    """Return the migrations' configuration, bound to *connection*."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _bring_up(connection: Connection, *, migrate: bool) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    config = alembic_config(connection)
    script = ScriptDirectory.from_config(config)
    found, head = MigrationContext.configure(connection).get_current_revision(), script.get_current_head()
    if found == head:
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if found is not None and found not in known:
        raise SchemaMismatch(
            f"the database is at schema {found}, which this version of arrears does not know: it is newer"
        )
    if not migrate:
        raise SchemaMismatch(
            f"the database is at schema {found or 'none'}, this version of arrears needs {head}: `arrears db upgrade` "
            "migrates it"
        )
    command.upgrade(config, "head")


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own connection
    connection.isolation_level = None  # the driver must not begin by itself: `_begin_sqlite` does
    for pragma in ("journal_mode=wal", "synchronous=normal", f"busy_timeout={BUSY_MS}", "foreign_keys=on"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
