"""Keep for which household an assistance program paid, and what a check that came back is drawn on"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    named = sa.text("household <> ''")
    op.add_column("file_entries", sa.Column("household", sa.String(), nullable=False, server_default=""))
    op.create_index(
        "entries_by_household", "file_entries", ["household"], sqlite_where=named, postgresql_where=named
    )
    op.create_table(
        "returned_checks",
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("deposited_on", sa.Date(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("represented", sa.Boolean(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("drawn_on", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_returned_checks")),
    )


def downgrade() -> None:
    op.drop_table("returned_checks")
    op.drop_index("entries_by_household", table_name="file_entries")
    op.drop_column("file_entries", "household")
