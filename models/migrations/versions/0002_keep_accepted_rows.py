"""Keep the accepted rows of an extract"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_accounts",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("past_due_cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.import_id"], name=op.f("fk_import_accounts_import_id")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_accounts")),
    )


def downgrade() -> None:
    op.drop_table("import_accounts")
