"""Keep a ledger"""

import models.columns
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger"
    " BEGIN SELECT RAISE(ABORT, 'a posting is not changed: undo it'); END",
    "CREATE TRIGGER ledger_is_not_deleted BEFORE DELETE ON ledger"
    " BEGIN SELECT RAISE(ABORT, 'a posting is not deleted: undo it'); END",
    "CREATE TRIGGER ledger_closed_days BEFORE INSERT ON ledger"
    " WHEN NEW.accounting_on <= (SELECT closed_through FROM books)"
    " BEGIN SELECT RAISE(ABORT, 'this day of the books is closed'); END",
    "CREATE TRIGGER books_stay_closed BEFORE UPDATE ON books"
    " WHEN NEW.closed_through IS NULL AND OLD.closed_through IS NOT NULL"
    " OR NEW.closed_through < OLD.closed_through"
    " BEGIN SELECT RAISE(ABORT, 'closed books stay closed'); END",
    "CREATE TRIGGER file_holds_its_entries BEFORE UPDATE OF state ON payment_files"
    " WHEN NEW.state = 'done' AND NEW.total_cents <>"
    " (SELECT COALESCE(SUM(cents), 0) FROM file_entries WHERE file_id = NEW.file_id)"
    " BEGIN SELECT RAISE(ABORT, 'the entries are not the total of the file'); END",
)
_POSTGRES = (
    "CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'a posting is not changed or deleted: undo it' USING ERRCODE = '23514'; END $$",
    "CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE OR DELETE ON ledger"
    " FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()",
    "CREATE FUNCTION refuse_closed_day() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN IF NEW.accounting_on <= (SELECT closed_through FROM books) THEN"
    " RAISE EXCEPTION 'this day of the books is closed' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ledger_closed_days BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION refuse_closed_day()",
    "CREATE FUNCTION refuse_opening_books() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'closed books stay closed' USING ERRCODE = '23514'; END $$",
    "CREATE TRIGGER books_stay_closed BEFORE UPDATE ON books FOR EACH ROW"
    " WHEN (NEW.closed_through IS NULL AND OLD.closed_through IS NOT NULL OR NEW.closed_through < OLD.closed_through)"
    " EXECUTE FUNCTION refuse_opening_books()",
    "CREATE FUNCTION refuse_lost_cents() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN IF NEW.total_cents <>"
    " (SELECT COALESCE(SUM(cents), 0) FROM file_entries WHERE file_id = NEW.file_id) THEN"
    " RAISE EXCEPTION 'the entries are not the total of the file' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER file_holds_its_entries BEFORE UPDATE OF state ON payment_files FOR EACH ROW"
    " WHEN (NEW.state = 'done') EXECUTE FUNCTION refuse_lost_cents()",
)
_TRIGGERS = (
    ("ledger_is_not_changed", "ledger"),
    ("ledger_is_not_deleted", "ledger"),
    ("ledger_closed_days", "ledger"),
    ("books_stay_closed", "books"),
    ("file_holds_its_entries", "payment_files"),
)
_FUNCTIONS = ("refuse_ledger_change", "refuse_closed_day", "refuse_opening_books", "refuse_lost_cents")


def upgrade() -> None:
    op.create_table(
        "books",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("closed_through", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_books")),
    )
    op.create_table(
        "ledger",
        sa.Column("posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("debit", sa.String(), nullable=False),
        sa.Column("credit", sa.String(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("accounting_on", sa.Date(), nullable=False),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("undoes", sa.String(), nullable=False),
        sa.CheckConstraint("cents > 0", name="moves_an_amount"),
        sa.CheckConstraint("debit <> credit", name="between_two_accounts"),
        sa.CheckConstraint("accounting_on >= effective_on", name="no_earlier_in_the_books"),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ledger_by_account", "ledger", ["account_no", "posting_id"], unique=False)
    op.create_index("ledger_by_day", "ledger", ["accounting_on", "debit", "credit"], unique=False)
    op.create_index(op.f("ix_ledger_kind"), "ledger", ["kind"], unique=False)
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table in _TRIGGERS:
        op.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if sqlite else f" ON {table}"))
    for name in () if sqlite else _FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("ledger")
    op.drop_table("books")
