"""Run a migration on the connection that `models.session` hands over."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import models.tables  # noqa: F401  # fills the metadata


def _render(kind: str, obj: Any, _context: Any) -> str | Literal[False]:
    return "sa.String()" if kind == "type" and isinstance(obj, AutoString) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=False,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
