"""Reconcile days"""

import models.columns
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "breaks",
        sa.Column("break_id", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("ours_cents", sa.BigInteger(), nullable=False),
        sa.Column("theirs_cents", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("cleared_on", sa.Date(), nullable=True),
        sa.Column("assigned_to", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("explained_by", sa.String(), nullable=False),
        sa.Column("explained_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("break_id", name=op.f("pk_breaks")),
    )
    op.create_index(op.f("ix_breaks_on"), "breaks", ["on"], unique=False)
    op.create_index(op.f("ix_breaks_state"), "breaks", ["state"], unique=False)
    op.create_table(
        "reconciliations",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("closed_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_reconciliations")),
    )
    op.create_index(op.f("ix_reconciliations_state"), "reconciliations", ["state"], unique=False)
    op.create_table(
        "settlements",
        sa.Column("settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["payment_files.file_id"], name=op.f("fk_settlements_file_id")),
        sa.PrimaryKeyConstraint("settlement_id", name=op.f("pk_settlements")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_settlements_file_id"), "settlements", ["file_id"], unique=False)
    op.create_index("settlements_by_day", "settlements", ["on", "side"], unique=False)


def downgrade() -> None:
    op.drop_table("settlements")
    op.drop_table("reconciliations")
    op.drop_table("breaks")
