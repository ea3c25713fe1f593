"""Take payment files"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_files",
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("posted_cents", sa.BigInteger(), nullable=False),
        sa.Column("suspense_cents", sa.BigInteger(), nullable=False),
        sa.Column("returned_cents", sa.BigInteger(), nullable=False),
        sa.Column("clearing_cents", sa.BigInteger(), nullable=False),
        sa.Column("refused_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "total_cents = posted_cents + suspense_cents + returned_cents + clearing_cents + refused_cents",
            name="every_cent_accounted_for",
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_payment_files")),
    )
    op.create_index(
        "bytes_taken_once",
        "payment_files",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("state <> 'refused'"),
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.create_index(
        "file_taken_once",
        "payment_files",
        ["identity"],
        unique=True,
        sqlite_where=sa.text("state <> 'refused' AND identity <> ''"),
        postgresql_where=sa.text("state <> 'refused' AND identity <> ''"),
    )
    op.create_index(op.f("ix_payment_files_received_on"), "payment_files", ["received_on"], unique=False)
    op.create_index(op.f("ix_payment_files_sha256"), "payment_files", ["sha256"], unique=False)
    op.create_table(
        "file_entries",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("trace", sa.String(), nullable=False),
        sa.Column("original", sa.String(), nullable=False),
        sa.Column("claims", sa.Boolean(), nullable=False),
        sa.Column("written", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("tender", sa.String(), nullable=False),
        sa.Column("disposition", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("payment_id", sa.String(), nullable=False),
        sa.Column("settled_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cents >= 0", name="no_entry_below_nothing"),
        sa.ForeignKeyConstraint(["file_id"], ["payment_files.file_id"], name=op.f("fk_file_entries_file_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_file_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index("entries_by_original", "file_entries", ["source", "original"], unique=False)
    op.create_index(
        "entries_to_settle",
        "file_entries",
        ["settled_by"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(op.f("ix_file_entries_file_id"), "file_entries", ["file_id"], unique=False)
    op.create_index(
        "one_claim_per_trace",
        "file_entries",
        ["source", "trace"],
        unique=True,
        sqlite_where=sa.text("claims"),
        postgresql_where=sa.text("claims"),
    )
    op.create_table(
        "suspense",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("debit", sa.Boolean(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("written", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("raised_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("done_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["file_entries.entry_id"], name=op.f("fk_suspense_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_suspense")),
    )
    op.create_index(op.f("ix_suspense_file_id"), "suspense", ["file_id"], unique=False)
    op.create_index(op.f("ix_suspense_state"), "suspense", ["state"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_suspense_state"), table_name="suspense")
    op.drop_index(op.f("ix_suspense_file_id"), table_name="suspense")
    op.drop_table("suspense")
    op.drop_index(
        "one_claim_per_trace",
        table_name="file_entries",
        sqlite_where=sa.text("claims"),
        postgresql_where=sa.text("claims"),
    )
    op.drop_index(op.f("ix_file_entries_file_id"), table_name="file_entries")
    op.drop_index(
        "entries_to_settle",
        table_name="file_entries",
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.drop_index("entries_by_original", table_name="file_entries")
    op.drop_table("file_entries")
    op.drop_index(op.f("ix_payment_files_sha256"), table_name="payment_files")
    op.drop_index(op.f("ix_payment_files_received_on"), table_name="payment_files")
    op.drop_index(
        "file_taken_once",
        table_name="payment_files",
        sqlite_where=sa.text("state <> 'refused' AND identity <> ''"),
        postgresql_where=sa.text("state <> 'refused' AND identity <> ''"),
    )
    op.drop_index(
        "bytes_taken_once",
        table_name="payment_files",
        sqlite_where=sa.text("state <> 'refused'"),
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.drop_table("payment_files")
