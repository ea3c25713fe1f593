"""Send crews within their hours"""

import models.columns
import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ADDED = ("remote", "contractor", "accepted_at", "meter_read", "minutes_off")


def upgrade() -> None:
    op.create_table(
        "field_days",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("bookings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_field_days")),
    )
    op.create_table(
        "field_visits",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("crew", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("cuts", sa.Boolean(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("overtime", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "on", name=op.f("pk_field_visits")),
    )
    op.create_index(op.f("ix_field_visits_on"), "field_visits", ["on"], unique=False)
    with op.batch_alter_table("work_orders") as table:
        table.add_column(sa.Column("remote", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("contractor", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("accepted_at", models.columns.UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("meter_read", sa.Integer(), nullable=True))
        table.add_column(sa.Column("minutes_off", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("work_orders") as table:
        for name in reversed(_ADDED):
            table.drop_column(name)
    op.drop_index(op.f("ix_field_visits_on"), table_name="field_visits")
    op.drop_table("field_visits")
    op.drop_table("field_days")
