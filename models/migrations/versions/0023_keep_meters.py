"""Keep the numbers of the meters at a place: callers read them off"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("meters", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("accounts", "meters")
