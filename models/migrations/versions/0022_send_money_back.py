"""Keep by which records money that nobody claims can be sent back to its bank, and in which file it went"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("suspense", sa.Column("origin", sa.LargeBinary(), nullable=True))
    op.add_column("suspense", sa.Column("code", sa.String(), nullable=False, server_default=""))
    op.add_column("suspense", sa.Column("export_id", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("export_id", "code", "origin"):
        op.drop_column("suspense", name)
