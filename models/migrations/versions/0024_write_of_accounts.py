"""Keep what letters of an account's own tell, and what people ask about accounts"""

import sqlalchemy as sa
from alembic import op

from models.columns import UtcDateTime


revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letters", sa.Column("about", sa.String(), nullable=False, server_default=""))
    op.add_column("letters", sa.Column("says", sa.JSON(), nullable=True))
    op.create_index(op.f("ix_letters_account_no"), "letters", ["account_no"], unique=False)
    op.create_table(
        "inquiries",
        sa.Column("inquiry_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("reply_to", sa.LargeBinary(), nullable=True),
        sa.Column("logged_by", sa.String(), nullable=False),
        sa.Column("logged_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_through", sa.String(), nullable=False),
        sa.Column("letter_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_no"], ["accounts.account_no"], name=op.f("fk_inquiries_account_no_accounts")
        ),
        sa.PrimaryKeyConstraint("inquiry_id", name=op.f("pk_inquiries")),
    )
    op.create_index(op.f("ix_inquiries_account_no"), "inquiries", ["account_no"], unique=False)
    op.create_index("inquiries_by_state", "inquiries", ["state", "reply_by"], unique=False)


def downgrade() -> None:
    op.drop_table("inquiries")
    op.drop_index(op.f("ix_letters_account_no"), table_name="letters")
    for name in ("says", "about"):
        op.drop_column("letters", name)
