"""Keep batches of mail, who has copies, and what came back"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letters", sa.Column("returned_on", sa.Date(), nullable=True))
    op.add_column("letters", sa.Column("returned_because", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "mail_days",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_mail_days")),
    )
    op.create_table(
        "mail_batches",
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("made_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("manifest_sha256", sa.String(), nullable=False),
        sa.Column("mailed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("signed_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_mail_batches")),
    )
    op.create_index(op.f("ix_mail_batches_on"), "mail_batches", ["on"], unique=False)
    op.create_table(
        "mail_pieces",
        sa.Column("letter_id", sa.String(), nullable=False),
        sa.Column("copy_for", sa.String(), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("addressee", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["mail_batches.batch_id"], name=op.f("fk_mail_pieces_batch_id")),
        sa.PrimaryKeyConstraint("letter_id", "copy_for", name=op.f("pk_mail_pieces")),
    )
    op.create_index(op.f("ix_mail_pieces_account_no"), "mail_pieces", ["account_no"], unique=False)
    op.create_index(op.f("ix_mail_pieces_batch_id"), "mail_pieces", ["batch_id"], unique=False)
    op.create_table(
        "copy_addresses",
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("copy_for", sa.String(), nullable=False),
        sa.Column("addressee", sa.LargeBinary(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_no"], ["accounts.account_no"], name=op.f("fk_copy_addresses_account_no")),
        sa.PrimaryKeyConstraint("account_no", "copy_for", name=op.f("pk_copy_addresses")),
    )


def downgrade() -> None:
    for table in ("copy_addresses", "mail_pieces", "mail_batches", "mail_days"):
        op.drop_table(table)
    op.drop_column("letters", "returned_because")
    op.drop_column("letters", "returned_on")
