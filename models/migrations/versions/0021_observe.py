"""Keep what an installation that only observes would have done"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "observed",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_observed")),
    )
    for column in ("system", "account_no", "on"):
        op.create_index(op.f(f"ix_observed_{column}"), "observed", [column])


def downgrade() -> None:
    for column in ("system", "account_no", "on"):
        op.drop_index(op.f(f"ix_observed_{column}"), table_name="observed")
    op.drop_table("observed")
