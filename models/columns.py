"""How do instants, JSON and cents stand in a column, on SQLite and on PostgreSQL alike?"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, LargeBinary
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

# Constraints carry names that both databases agree on, so that a later migration can change them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC: a naive value is refused on the way in, SQLite's naive text gets its zone on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone is refused")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


# PostgreSQL's `json` keeps the text as written; numbers on SQLite autoincrement only as INTEGER.
Json = JSON(none_as_null=True)
Counter = BigInteger().with_variant(Integer(), "sqlite")


def instant(**options: Any) -> Any:  # noqa: ANN401  # Field itself is typed Any: it stands for a value of any column
    """Return the field of a UTC instant."""
    return Field(sa_type=UtcDateTime, **options)


def json_field(**options: Any) -> Any:  # noqa: ANN401  # as above
    """Return the field of a JSON value."""
    return Field(sa_type=Json, **options)


def cents(**options: Any) -> Any:  # noqa: ANN401  # as above
    """Return the field of an amount in whole cents."""
    return Field(sa_type=BigInteger, **options)


def sealed(**options: Any) -> Any:  # noqa: ANN401  # as above
    """Return the field of bytes that only the vault can read."""
    return Field(sa_type=LargeBinary, **options)
