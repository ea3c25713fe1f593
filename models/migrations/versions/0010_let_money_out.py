"""Let money out"""

import models.columns
import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deposits",
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("final_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("interest_cents", sa.BigInteger(), nullable=False),
        sa.Column("interest_says", sa.String(), nullable=False),
        sa.Column("refund_by", sa.Date(), nullable=False),
        sa.Column("applied_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_no", "final_on", name=op.f("pk_deposits")),
    )
    op.create_table(
        "exports",
        sa.Column("export_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("export_id", name=op.f("pk_exports")),
    )
    op.create_table(
        "adjustments",
        sa.Column("adjustment_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("about_on", sa.Date(), nullable=False),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("decided_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("approved_by = '' OR approved_by <> asked_by OR alone", name="an_adjustment_by_two"),
        sa.CheckConstraint("amount_cents <> 0", name="an_adjustment_moves_money"),
        sa.ForeignKeyConstraint(["account_no"], ["accounts.account_no"], name=op.f("fk_adjustments_account_no")),
        sa.PrimaryKeyConstraint("adjustment_id", name=op.f("pk_adjustments")),
    )
    op.create_index(op.f("ix_adjustments_account_no"), "adjustments", ["account_no"], unique=False)
    op.create_index(op.f("ix_adjustments_state"), "adjustments", ["state"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("refund_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("decided_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("export_id", sa.String(), nullable=False),
        sa.Column("exported_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=False),
        sa.Column("escheats_on", sa.Date(), nullable=True),
        sa.CheckConstraint("approved_by = '' OR approved_by <> asked_by", name="a_refund_by_two"),
        sa.CheckConstraint("amount_cents > 0", name="a_refund_above_nothing"),
        sa.ForeignKeyConstraint(["account_no"], ["accounts.account_no"], name=op.f("fk_refunds_account_no")),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_account_no"), "refunds", ["account_no"], unique=False)
    op.create_index(op.f("ix_refunds_export_id"), "refunds", ["export_id"], unique=False)
    op.create_index("refunds_by_state", "refunds", ["state", "asked_at"], unique=False)
    op.add_column("payments", sa.Column("taken_by", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("payments", "taken_by")
    op.drop_index("refunds_by_state", table_name="refunds")
    op.drop_index(op.f("ix_refunds_export_id"), table_name="refunds")
    op.drop_index(op.f("ix_refunds_account_no"), table_name="refunds")
    op.drop_table("refunds")
    op.drop_index(op.f("ix_adjustments_state"), table_name="adjustments")
    op.drop_index(op.f("ix_adjustments_account_no"), table_name="adjustments")
    op.drop_table("adjustments")
    op.drop_table("exports")
    op.drop_table("deposits")
