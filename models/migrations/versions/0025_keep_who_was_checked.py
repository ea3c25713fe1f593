"""Keep by what it was checked that whoever was spoken with is who they say"""

import sqlalchemy as sa
from alembic import op


revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("identity", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("contacts", "identity")
