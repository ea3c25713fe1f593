"""Stand at the counter"""

import models.columns
import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "behaviour",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_behaviour")),
    )
    op.create_index("behaviour_by_account", "behaviour", ["account_no", "on"], unique=False)
    op.create_table(
        "card_declines",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("instrument_id", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("response", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("advice", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("again", sa.String(), nullable=False),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_card_declines")),
    )
    op.create_index("declines_by_account", "card_declines", ["account_no", "on"], unique=False)
    op.create_table(
        "drawers",
        sa.Column("drawer_id", sa.String(), nullable=False),
        sa.Column("till", sa.String(), nullable=False),
        sa.Column("clerk", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("opened_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("float_cents", sa.BigInteger(), nullable=False),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.Column("closed_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("counted", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("over_short_cents", sa.BigInteger(), nullable=False),
        sa.Column("over_short_why", sa.String(), nullable=False),
        sa.Column("slip_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("drawer_id", name=op.f("pk_drawers")),
    )
    op.create_index(op.f("ix_drawers_on"), "drawers", ["on"], unique=False)
    op.create_index(op.f("ix_drawers_slip_id"), "drawers", ["slip_id"], unique=False)
    op.create_index(
        "one_open_drawer_per_clerk",
        "drawers",
        ["clerk"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "one_open_drawer_per_till",
        "drawers",
        ["till"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "slips",
        sa.Column("slip_id", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("cash_cents", sa.BigInteger(), nullable=False),
        sa.Column("checks_cents", sa.BigInteger(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("money_orders_cents", sa.BigInteger(), nullable=False),
        sa.Column("money_orders", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slip_id", name=op.f("pk_slips")),
    )
    op.create_index(op.f("ix_slips_on"), "slips", ["on"], unique=False)
    op.create_table(
        "pledges",
        sa.Column("pledge_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("pledged_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("worker", sa.LargeBinary(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("taken_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("confirmation", sa.String(), nullable=False),
        sa.Column("holds_until", sa.Date(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("fact_id", sa.String(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name="a_pledge_above_nothing"),
        sa.ForeignKeyConstraint(["account_no"], ["accounts.account_no"], name=op.f("fk_pledges_account_no")),
        sa.PrimaryKeyConstraint("pledge_id", name=op.f("pk_pledges")),
    )
    op.create_index(op.f("ix_pledges_status"), "pledges", ["status"], unique=False)
    op.create_index("pledges_by_account", "pledges", ["account_no", "pledged_on"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("receipt_no", sa.String(), nullable=False),
        sa.Column("drawer_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("tender", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("check_no", sa.String(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("taken_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("voided_by", sa.String(), nullable=False),
        sa.Column("voided_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("void_because", sa.String(), nullable=False),
        sa.CheckConstraint("voided_by = '' OR voided_by <> taken_by", name="a_void_by_another"),
        sa.CheckConstraint("amount_cents > 0", name="a_receipt_above_nothing"),
        sa.ForeignKeyConstraint(["account_no"], ["accounts.account_no"], name=op.f("fk_receipts_account_no")),
        sa.ForeignKeyConstraint(["drawer_id"], ["drawers.drawer_id"], name=op.f("fk_receipts_drawer_id")),
        sa.PrimaryKeyConstraint("receipt_no", name=op.f("pk_receipts")),
        sa.UniqueConstraint("request", name=op.f("uq_receipts_request")),
    )
    op.create_index(op.f("ix_receipts_account_no"), "receipts", ["account_no"], unique=False)
    op.create_index(op.f("ix_receipts_drawer_id"), "receipts", ["drawer_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_receipts_drawer_id"), table_name="receipts")
    op.drop_index(op.f("ix_receipts_account_no"), table_name="receipts")
    op.drop_table("receipts")
    op.drop_index("pledges_by_account", table_name="pledges")
    op.drop_index(op.f("ix_pledges_status"), table_name="pledges")
    op.drop_table("pledges")
    op.drop_index(op.f("ix_slips_on"), table_name="slips")
    op.drop_table("slips")
    op.drop_index(
        "one_open_drawer_per_till",
        table_name="drawers",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        "one_open_drawer_per_clerk",
        table_name="drawers",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_drawers_slip_id"), table_name="drawers")
    op.drop_index(op.f("ix_drawers_on"), table_name="drawers")
    op.drop_table("drawers")
    op.drop_index("declines_by_account", table_name="card_declines")
    op.drop_table("card_declines")
    op.drop_index("behaviour_by_account", table_name="behaviour")
    op.drop_table("behaviour")
