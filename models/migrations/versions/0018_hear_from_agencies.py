"""Keep what agencies were paid and what they reported"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency_files",
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_agency_files")),
        sa.UniqueConstraint("sha256", name=op.f("uq_agency_files_sha256")),
    )
    op.create_table(
        "agency_money",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("remedy_id", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("paid_to", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("gross_cents", sa.BigInteger(), nullable=False),
        sa.Column("commission_cents", sa.BigInteger(), nullable=False),
        sa.Column("net_cents", sa.BigInteger(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_agency_money")),
    )
    op.create_index(op.f("ix_agency_money_account_no"), "agency_money", ["account_no"], unique=False)
    op.create_index(op.f("ix_agency_money_on"), "agency_money", ["on"], unique=False)
    op.create_index(op.f("ix_agency_money_remedy_id"), "agency_money", ["remedy_id"], unique=False)
    op.create_table(
        "agency_conduct",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_agency_conduct")),
    )
    op.create_index(op.f("ix_agency_conduct_file_id"), "agency_conduct", ["file_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_agency_conduct_file_id"), table_name="agency_conduct")
    op.drop_table("agency_conduct")
    for column in ("remedy_id", "on", "account_no"):
        op.drop_index(op.f(f"ix_agency_money_{column}"), table_name="agency_money")
    op.drop_table("agency_money")
    op.drop_table("agency_files")
