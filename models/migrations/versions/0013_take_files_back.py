"""Take files back"""

import models.columns
import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BEFORE = ("state <> 'refused'", "state <> 'refused' AND identity <> ''")
_AFTER = ("state NOT IN ('refused', 'reversed')", "state NOT IN ('refused', 'reversed') AND identity <> ''")


def upgrade() -> None:
    op.create_table(
        "file_reversals",
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reversal_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["payment_files.file_id"], name=op.f("fk_file_reversals_file_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_file_reversals")),
    )
    op.create_index(op.f("ix_file_reversals_state"), "file_reversals", ["state"], unique=False)
    _index(*_AFTER)


def downgrade() -> None:
    _index(*_BEFORE)
    op.drop_table("file_reversals")


def _index(taken: str, named: str) -> None:
    for name, column, where in (("bytes_taken_once", "sha256", taken), ("file_taken_once", "identity", named)):
        op.drop_index(name, table_name="payment_files")
        condition = sa.text(where)
        op.create_index(
            name, "payment_files", [column], unique=True, sqlite_where=condition, postgresql_where=condition
        )
