"""Keep sessions of the console, and the points by which a worklist is sorted"""

import sqlalchemy as sa
from alembic import op

from models.columns import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed IS NULL")


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_sha256", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["username"], ["users.username"], name=op.f("fk_sessions_username")),
        sa.PrimaryKeyConstraint("session_sha256", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_username"), "sessions", ["username"])
    # A case that was written before has no points until it next looks; its priority orders it until then.
    op.add_column("cases", sa.Column("score", sa.Integer(), nullable=False, server_default="0"))
    for name, columns in (
        ("cases_by_score", ["priority", "score", "case_id"]),
        ("cases_of_someone", ["assigned_to", "priority", "score", "case_id"]),
    ):
        op.create_index(name, "cases", columns, sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    op.drop_index("cases_of_someone", table_name="cases")
    op.drop_index("cases_by_score", table_name="cases")
    op.drop_column("cases", "score")
    op.drop_index(op.f("ix_sessions_username"), table_name="sessions")
    op.drop_table("sessions")
