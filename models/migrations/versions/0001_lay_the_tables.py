"""Lay the tables"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The timeline is for ever: the database itself refuses to change or remove an entry.
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER timeline_no_{verb.lower()} BEFORE {verb} ON timeline "
        "BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION timeline_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'the timeline is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER timeline_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON timeline "
        "FOR EACH STATEMENT EXECUTE FUNCTION timeline_is_append_only()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("customer_class", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("services", sa.String(), nullable=False),
        sa.Column("county", sa.String(), nullable=False),
        sa.Column("heat_source", sa.String(), nullable=False),
        sa.Column("income_band", sa.String(), nullable=False),
        sa.Column("meter_remote", sa.Boolean(), nullable=False),
        sa.Column("occupancy", sa.String(), nullable=False),
        sa.Column("landlord", sa.Boolean(), nullable=False),
        sa.Column("owner_waiver_on", sa.Date(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("customer_since", sa.Date(), nullable=True),
        sa.Column("cash_only", sa.Boolean(), nullable=False),
        sa.Column("late_12m", sa.Integer(), nullable=False),
        sa.Column("returned_12m", sa.Integer(), nullable=False),
        sa.Column("disconnected_12m", sa.Integer(), nullable=False),
        sa.Column("broken_arrangements_12m", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("premise_id", sa.String(), nullable=False),
        sa.Column("premise_address", sa.String(), nullable=False),
        sa.Column("zip_code", sa.String(), nullable=False),
        sa.Column("mailing_address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("consent_sms", sa.Boolean(), nullable=False),
        sa.Column("consent_email", sa.Boolean(), nullable=False),
        sa.Column("consent_call", sa.Boolean(), nullable=False),
        sa.Column("third_party_designee", sa.String(), nullable=False),
        sa.Column("money_version", sa.Integer(), nullable=False),
        sa.Column("facts_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_no", name=op.f("pk_accounts")),
    )
    op.create_index(op.f("ix_accounts_county"), "accounts", ["county"], unique=False)
    op.create_index(op.f("ix_accounts_premise_id"), "accounts", ["premise_id"], unique=False)
    op.create_index(op.f("ix_accounts_status"), "accounts", ["status"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("approval_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("lapses_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("pk_approvals")),
    )
    op.create_index(op.f("ix_approvals_case_id"), "approvals", ["case_id"], unique=False)
    op.create_index(op.f("ix_approvals_state"), "approvals", ["state"], unique=False)
    op.create_table(
        "arrangements",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("current_bills_required", sa.Boolean(), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("reinstated", sa.Integer(), nullable=False),
        sa.Column("breach_noticed_on", sa.Date(), nullable=True),
        sa.Column("cure_by", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_arrangements")),
    )
    op.create_index(op.f("ix_arrangements_account_no"), "arrangements", ["account_no"], unique=False)
    op.create_index(op.f("ix_arrangements_status"), "arrangements", ["status"], unique=False)
    op.create_table(
        "case_counters",
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_no", name=op.f("pk_case_counters")),
    )
    op.create_table(
        "clocks",
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("business_now", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("clock_id", name=op.f("pk_clocks")),
    )
    op.create_table(
        "customer_keys",
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("key_id", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account_no", name=op.f("pk_customer_keys")),
    )
    op.create_table(
        "documents",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("scanned", sa.Boolean(), nullable=False),
        sa.Column("attached_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "case_id", name=op.f("pk_documents")),
    )
    op.create_table(
        "idempotency",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "username", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "imports",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_sha256"), "imports", ["sha256"], unique=False)
    op.create_table(
        "instalments",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("arrangement", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "arrangement", "number", name=op.f("pk_instalments")),
    )
    op.create_index(op.f("ix_instalments_due_on"), "instalments", ["due_on"], unique=False)
    op.create_table(
        "letters",
        sa.Column("letter_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("prepared_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("mailed_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letters")),
    )
    op.create_index(op.f("ix_letters_case_id"), "letters", ["case_id"], unique=False)
    op.create_index(op.f("ix_letters_mailed_on"), "letters", ["mailed_on"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("retry_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("done_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["target", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "policies",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("activated_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_policies")),
    )
    op.create_table(
        "refusals",
        sa.Column("refusal_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("refusal_id", name=op.f("pk_refusals")),
    )
    op.create_index(op.f("ix_refusals_case_id"), "refusals", ["case_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("raised_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("for_role", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_case_id"), "tasks", ["case_id"], unique=False)
    op.create_table(
        "timeline",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("public", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("certificate", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_timeline")),
    )
    op.create_index("timeline_by_account", "timeline", ["account_no"], unique=False)
    op.create_index("timeline_by_day", "timeline", ["on", "type"], unique=False)
    op.create_table(
        "users",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("covers", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_users")),
    )
    op.create_table(
        "work_orders",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("requested_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("dispatched_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("field_ref", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_work_orders")),
    )
    op.create_index(op.f("ix_work_orders_case_id"), "work_orders", ["case_id"], unique=False)
    op.create_index(op.f("ix_work_orders_state"), "work_orders", ["state"], unique=False)
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("as_of", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("services", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("service_names", sa.String(), nullable=False),
        sa.Column("balance_cents", sa.BigInteger(), nullable=False),
        sa.Column("past_due_cents", sa.BigInteger(), nullable=False),
        sa.Column("oldest_due_on", sa.Date(), nullable=True),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("next_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("next_says", sa.String(), nullable=False),
        sa.Column("waiting_for", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("assigned_to", sa.String(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("holds", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("closed", sa.String(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("linked_to", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_no"], ["accounts.account_no"], name=op.f("fk_cases_account_no")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
    )
    op.create_index(
        "cases_by_priority",
        "cases",
        ["priority", "case_id"],
        unique=False,
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )
    op.create_index(
        "cases_due",
        "cases",
        ["next_at", "case_id"],
        unique=False,
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )
    op.create_index(op.f("ix_cases_account_no"), "cases", ["account_no"], unique=False)
    op.create_index(op.f("ix_cases_assigned_to"), "cases", ["assigned_to"], unique=False)
    op.create_index(op.f("ix_cases_stage"), "cases", ["stage"], unique=False)
    op.create_index(
        "one_open_case_per_account",
        "cases",
        ["account_no"],
        unique=True,
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )
    op.create_table(
        "facts",
        sa.Column("fact_id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=True),
        sa.Column("county", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("known_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_no"], ["accounts.account_no"], name=op.f("fk_facts_account_no")),
        sa.PrimaryKeyConstraint("fact_id", name=op.f("pk_facts")),
    )
    op.create_index("facts_by_county", "facts", ["county", "kind"], unique=False)
    op.create_index(op.f("ix_facts_account_no"), "facts", ["account_no"], unique=False)
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.import_id"], name=op.f("fk_import_rows_import_id")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_rows")),
    )
    op.create_table(
        "payments",
        sa.Column("payment_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("trace", sa.String(), nullable=False),
        sa.Column("account_no", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("received_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("tender", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("billing_ref", sa.String(), nullable=False),
        sa.Column("posted_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("returned_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("return_reason", sa.String(), nullable=False),
        sa.Column("return_posted_at", models.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("rejected", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_no"], ["accounts.account_no"], name=op.f("fk_payments_account_no")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_payments")),
        sa.UniqueConstraint("source", "trace", name="one_payment_per_trace"),
    )
    op.create_index(op.f("ix_payments_account_no"), "payments", ["account_no"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("issued_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", models.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["username"], ["users.username"], name=op.f("fk_tokens_username")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_username"), "tokens", ["username"], unique=False)
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f("ix_tokens_username"), table_name="tokens")
    op.drop_table("tokens")
    op.drop_index(op.f("ix_payments_account_no"), table_name="payments")
    op.drop_table("payments")
    op.drop_table("import_rows")
    op.drop_index(op.f("ix_facts_account_no"), table_name="facts")
    op.drop_index("facts_by_county", table_name="facts")
    op.drop_table("facts")
    op.drop_index(
        "one_open_case_per_account",
        table_name="cases",
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )
    op.drop_index(op.f("ix_cases_stage"), table_name="cases")
    op.drop_index(op.f("ix_cases_assigned_to"), table_name="cases")
    op.drop_index(op.f("ix_cases_account_no"), table_name="cases")
    op.drop_index(
        "cases_due",
        table_name="cases",
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )
    op.drop_index(
        "cases_by_priority",
        table_name="cases",
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )
    op.drop_table("cases")
    op.drop_index(op.f("ix_work_orders_state"), table_name="work_orders")
    op.drop_index(op.f("ix_work_orders_case_id"), table_name="work_orders")
    op.drop_table("work_orders")
    op.drop_table("users")
    op.drop_index("timeline_by_day", table_name="timeline")
    op.drop_index("timeline_by_account", table_name="timeline")
    op.drop_table("timeline")
    op.drop_index(op.f("ix_tasks_case_id"), table_name="tasks")
    op.drop_table("tasks")
    op.drop_index(op.f("ix_refusals_case_id"), table_name="refusals")
    op.drop_table("refusals")
    op.drop_table("policies")
    op.drop_index(
        "outbox_waiting",
        table_name="outbox",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.drop_table("outbox")
    op.drop_index(op.f("ix_letters_mailed_on"), table_name="letters")
    op.drop_index(op.f("ix_letters_case_id"), table_name="letters")
    op.drop_table("letters")
    op.drop_index(op.f("ix_instalments_due_on"), table_name="instalments")
    op.drop_table("instalments")
    op.drop_index(op.f("ix_imports_sha256"), table_name="imports")
    op.drop_table("imports")
    op.drop_table("idempotency")
    op.drop_table("documents")
    op.drop_table("customer_keys")
    op.drop_table("clocks")
    op.drop_table("case_counters")
    op.drop_index(op.f("ix_arrangements_status"), table_name="arrangements")
    op.drop_index(op.f("ix_arrangements_account_no"), table_name="arrangements")
    op.drop_table("arrangements")
    op.drop_index(op.f("ix_approvals_state"), table_name="approvals")
    op.drop_index(op.f("ix_approvals_case_id"), table_name="approvals")
    op.drop_table("approvals")
    op.drop_index(op.f("ix_accounts_status"), table_name="accounts")
    op.drop_index(op.f("ix_accounts_premise_id"), table_name="accounts")
    op.drop_index(op.f("ix_accounts_county"), table_name="accounts")
    op.drop_table("accounts")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION timeline_is_append_only()")
