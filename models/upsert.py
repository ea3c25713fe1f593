"""How is a row written whether or not it is there, on either database?

A statement is built once for its table and columns and run with the values as parameters: building it costs more than
running it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Executable, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

Insert = sqlite.Insert | postgresql.Insert


def upsert(session: Session, model: type[SQLModel], values: Mapping[str, Any]) -> None:
    """Insert *values*, or write them over the row of the same primary key."""
    session.connection().execute(_upserting(dialect_of(session), table_of(model), tuple(values)), values)


def insert_new(session: Session, model: type[SQLModel], values: Mapping[str, Any]) -> bool:
    """Insert *values* unless a unique key of theirs is taken; return whether they were inserted."""
    return session.connection().execute(_inserting(dialect_of(session), table_of(model)), values).first() is not None


def insert_many(
    session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, returning: str
) -> set[Any]:
    """Insert *rows*, of the same columns, unless a unique key is taken; return *returning* of those inserted."""
    table = table_of(model)
    statement = _inserting(dialect_of(session), table, returning)
    return set(session.connection().execute(statement, list(rows)).scalars()) if rows else set()


def next_number(session: Session, model: type[SQLModel], key: Mapping[str, Any]) -> int:
    """Return the next number of the counter under *key*, from 1; two transactions never get the same."""
    last = table_of(model).c.last
    insert = insert_into(dialect_of(session), table_of(model)).values(**key, last=1)
    query = insert.on_conflict_do_update(index_elements=list(key), set_={"last": last + 1}).returning(last)
    return int(session.connection().execute(query).scalar_one())


def over(insert: Insert, table: Table, names: tuple[str, ...], *, where: ColumnElement[bool] | None = None) -> Insert:
    """Return *insert*, writing *names* over the row of the same primary key if *where* holds of it."""
    keys = [column.name for column in table.primary_key]
    new = {name: insert.excluded[name] for name in names if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=new, where=where)


def insert_into(dialect: str, table: Table) -> Insert:
    """Return an insert that knows how its database settles conflicts."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def rows_of(session: Session, statement: Executable, values: Mapping[str, Any]) -> CursorResult[Any]:
    """Return what *statement*, built once with its values as parameters, finds; the session's own changes included."""
    session.flush()
    return session.connection().execute(statement, values)


def dialect_of(session: Session) -> str:
    """Return which database the session talks to."""
    return session.get_bind().dialect.name


def table_of(model: type[SQLModel]) -> Table:
    """Return the table that *model* maps."""
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return table


@cache
def _upserting(dialect: str, table: Table, names: tuple[str, ...]) -> Executable:
    return over(insert_into(dialect, table), table, names)


@cache
def _inserting(dialect: str, table: Table, returning: str = "") -> Executable:
    columns = (table.c[returning],) if returning else tuple(table.primary_key)
    return insert_into(dialect, table).on_conflict_do_nothing().returning(*columns)
