"""Put payments right"""

import models.columns
import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OPEN = sa.text("settled_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "payment_corrections",
        sa.Column("anew_id", sa.String(), nullable=False),
        sa.Column("payment_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["anew_id"], ["payments.payment_id"], name=op.f("fk_payment_corrections_anew_id")),
        sa.PrimaryKeyConstraint("anew_id", name=op.f("pk_payment_corrections")),
    )
    op.create_index(op.f("ix_payment_corrections_payment_id"), "payment_corrections", ["payment_id"], unique=False)
    _index("settled_by", "disposition", "entry_id")
    op.add_column("suspense", sa.Column("payer", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("suspense", "payer")
    _index("settled_by")
    op.drop_table("payment_corrections")


def _index(*columns: str) -> None:
    op.drop_index("entries_to_settle", table_name="file_entries")
    op.create_index(
        "entries_to_settle", "file_entries", list(columns), sqlite_where=_OPEN, postgresql_where=_OPEN
    )
