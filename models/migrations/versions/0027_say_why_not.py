"""Keep who did not let a correction or a refund, and sealed why, and what was said when a refund ended"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = ("adjustments", "refunds")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("rejected_by", sa.String(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("ended_because", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "ended_because")
        op.drop_column(table, "rejected_by")
