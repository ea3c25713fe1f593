"""Note what billing holds for customers whose accounts have ended"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("credit_cents", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("accounts", sa.Column("credit_since", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("accounts", "credit_since")
    op.drop_column("accounts", "credit_cents")
