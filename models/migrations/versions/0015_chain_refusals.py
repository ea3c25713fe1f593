"""Chain refused decisions to their cases' entries"""

import json
from datetime import UTC, datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_REFUSALS = sa.text("SELECT refusal_id, case_id, at, \"by\", decision, body FROM refusals ORDER BY case_id, at, refusal_id")
_LAST = sa.text("SELECT seq, hash FROM timeline WHERE case_id = :case_id ORDER BY seq DESC LIMIT 1")
_PLACE = sa.text(
    "UPDATE refusals SET after_seq = :after_seq, place = :place, prev_hash = :prev_hash, hash = :hash "
    "WHERE refusal_id = :refusal_id"
)
_COUNT = sa.text("UPDATE cases SET refused = (SELECT count(*) FROM refusals WHERE refusals.case_id = cases.case_id)")


def upgrade() -> None:
    op.add_column("cases", sa.Column("refused", sa.Integer(), nullable=False, server_default="0"))
    for name, kind, default in (
        ("after_seq", sa.Integer(), "0"),
        ("place", sa.Integer(), "0"),
        ("prev_hash", sa.String(), ""),
        ("hash", sa.String(), ""),
    ):
        op.add_column("refusals", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("refusals", sa.Column("certificate", sa.JSON(none_as_null=True), nullable=True))
    _chain()
    op.drop_index(op.f("ix_refusals_case_id"), table_name="refusals")
    op.create_index("refusals_in_chain", "refusals", ["case_id", "after_seq", "place"], unique=True)
    for statement in _append_only(op.get_bind().dialect.name):
        op.execute(statement)


def _chain() -> None:
    """Give what was refused before a place after its case's last entry: unchanged from now on, if not proven till now."""
    connection = op.get_bind()
    ends: dict[str, tuple[int, int, str]] = {}
    for row in connection.execute(_REFUSALS).mappings().all():
        case_id = row["case_id"]
        if case_id not in ends:
            last = connection.execute(_LAST, {"case_id": case_id}).first()
            ends[case_id] = (last.seq, 0, last.hash) if last else (0, 0, case_id)
        after_seq, place, prev_hash = ends[case_id]
        body = json.loads(row["body"]) if isinstance(row["body"], str) else row["body"]
        entry = {**row, "at": _instant(row["at"]), "body": body, "certificate": None}
        entry |= {"after_seq": after_seq, "place": place + 1}
        plain = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        this_hash = sha256(f"{prev_hash}\n{plain}".encode()).hexdigest()
        placed = {"refusal_id": row["refusal_id"], "after_seq": after_seq, "place": place + 1}
        connection.execute(_PLACE, placed | {"prev_hash": prev_hash, "hash": this_hash})
        ends[case_id] = (after_seq, place + 1, this_hash)
    connection.execute(_COUNT)


def _instant(stored: str | datetime) -> str:
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).isoformat()


def _append_only(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER refusals_no_{verb.lower()} BEFORE {verb} ON refusals "
            "BEGIN SELECT RAISE(ABORT, 'refusals is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE FUNCTION refusals_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'refusals is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER refusals_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON refusals "
        "FOR EACH STATEMENT EXECUTE FUNCTION refusals_is_append_only()",
    ]


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER refusals_no_{verb}")
    else:
        op.execute("DROP TRIGGER refusals_no_change ON refusals")
        op.execute("DROP FUNCTION refusals_is_append_only()")
    op.drop_index("refusals_in_chain", table_name="refusals")
    op.create_index(op.f("ix_refusals_case_id"), "refusals", ["case_id"], unique=False)
    for name in ("certificate", "hash", "prev_hash", "place", "after_seq"):
        op.drop_column("refusals", name)
    op.drop_column("cases", "refused")
