"""Keep facts of places, and what each fact corrects"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("facts", sa.Column("premise_id", sa.String(), nullable=True))
    op.add_column("facts", sa.Column("replaces", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_facts_premise_id"), "facts", ["premise_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_facts_premise_id"), table_name="facts")
    op.drop_column("facts", "replaces")
    op.drop_column("facts", "premise_id")
