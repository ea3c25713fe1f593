"""Keep remedies"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remedies",
        sa.Column("remedy_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("services", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("told_cents", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("with_whom", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("remedy_id", name=op.f("pk_remedies")),
    )
    for column in ("account_no", "case_id", "ref", "state"):
        op.create_index(op.f(f"ix_remedies_{column}"), "remedies", [column], unique=False)


def downgrade() -> None:
    op.drop_table("remedies")
