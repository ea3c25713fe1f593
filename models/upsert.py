"""How is a row written whether or not it is there, on either database?"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def upsert(
    session: Session, model: type[SQLModel], values: Mapping[str, Any], *, where: ColumnElement[bool] | None = None
) -> None:
    """Insert *values*, or write them over the row of the same primary key if *where* holds of it."""
    table = table_of(model)
    insert = _insert(session, table).values(**values)
    keys = [column.name for column in table.primary_key]
    new = {name: insert.excluded[name] for name in values if name not in keys}
    session.exec(insert.on_conflict_do_update(index_elements=keys, set_=new, where=where))


def insert_new(session: Session, model: type[SQLModel], values: Mapping[str, Any]) -> bool:
    """Insert *values* unless a unique key of theirs is taken; return whether they were inserted."""
    table = table_of(model)
    insert = _insert(session, table).values(**values).on_conflict_do_nothing()
    return session.exec(insert.returning(*table.primary_key)).first() is not None


def next_number(session: Session, model: type[SQLModel], key: Mapping[str, Any]) -> int:
    """Return the next number of the counter under *key*, from 1; two transactions never get the same."""
    last = table_of(model).c.last
    insert = _insert(session, table_of(model)).values(**key, last=1)
    query = insert.on_conflict_do_update(index_elements=list(key), set_={"last": last + 1}).returning(last)
    return int(session.exec(query).one()[0])


def table_of(model: type[SQLModel]) -> Table:
    """Return the table that *model* maps."""
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return table


def _insert(session: Session, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)
