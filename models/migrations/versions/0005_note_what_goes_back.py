"""Note what goes back"""

import models.columns
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "billing_effects",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("rejected", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_billing_effects")),
    )
    op.create_index("effects_by_account", "billing_effects", ["account_no", "asked_at"], unique=False)
    op.create_index(op.f("ix_billing_effects_about"), "billing_effects", ["about"], unique=False)
    op.create_table(
        "returned_items",
        sa.Column("payment_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("fee_cents", sa.BigInteger(), nullable=False),
        sa.Column("fee_why", sa.String(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("presentment", sa.Integer(), nullable=False),
        sa.Column("presented_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("rate", sa.String(), nullable=False),
        sa.Column("strike", sa.Boolean(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("autopay", sa.String(), nullable=False),
        sa.Column("retry_on", sa.Date(), nullable=True),
        sa.Column("retry_why", sa.String(), nullable=False),
        sa.Column("retry_state", sa.String(), nullable=False),
        sa.Column("retry_payment_id", sa.String(), nullable=False),
        sa.CheckConstraint("fee_cents >= 0", name="no_fee_below_nothing"),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.payment_id"], name=op.f("fk_returned_items_payment_id")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_returned_items")),
    )
    op.create_index(op.f("ix_returned_items_item_id"), "returned_items", ["item_id"], unique=False)
    op.create_index(op.f("ix_returned_items_retry_payment_id"), "returned_items", ["retry_payment_id"], unique=False)
    op.create_index(op.f("ix_returned_items_returned_on"), "returned_items", ["returned_on"], unique=False)
    op.create_index(
        "retries_due",
        "returned_items",
        ["retry_on"],
        unique=False,
        sqlite_where=sa.text("retry_state = 'due'"),
        postgresql_where=sa.text("retry_state = 'due'"),
    )
    op.create_index("returned_by_account", "returned_items", ["account_no", "returned_on"], unique=False)
    op.create_index("payments_by_day", "payments", ["source", "effective_on"], unique=False)


def downgrade() -> None:
    op.drop_index("payments_by_day", table_name="payments")
    op.drop_index("returned_by_account", table_name="returned_items")
    op.drop_index(
        "retries_due",
        table_name="returned_items",
        sqlite_where=sa.text("retry_state = 'due'"),
        postgresql_where=sa.text("retry_state = 'due'"),
    )
    op.drop_index(op.f("ix_returned_items_returned_on"), table_name="returned_items")
    op.drop_index(op.f("ix_returned_items_retry_payment_id"), table_name="returned_items")
    op.drop_index(op.f("ix_returned_items_item_id"), table_name="returned_items")
    op.drop_table("returned_items")
    op.drop_index(op.f("ix_billing_effects_about"), table_name="billing_effects")
    op.drop_index("effects_by_account", table_name="billing_effects")
    op.drop_table("billing_effects")
