"""What stands on record beside the cases, as lines of an opening folder: facts, money, letters, contacts, promises?

A register is a table, written column by column as it is kept. Sealed words are opened on the way out and sealed anew,
under a key of the new installation, on the way in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, get_type_hints

from sqlalchemy import ColumnElement, LargeBinary, insert, select
from sqlmodel import Session, SQLModel, col

from formats.opening.cells import Unfit, read_cell, write_cell
from models import tables as t
from models.imports import AGING
from models.upsert import rows_of, table_of
from models.vault import seal, unseal

GOING_LIVE: Final = "going-live"
"""The id of the switch that holds everything until a supervisor releases it."""
HEARD_DAYS = 7  # word of an outside act is not repeated later than this
PART = 500
ACCOUNT, CASE = "account_no", "case_id"


@dataclass(frozen=True, slots=True)
class Register:
    """One table of an opening folder. *counts*: a column that the new database numbers by itself."""

    name: str
    row: type[SQLModel]
    says: str
    counts: str = ""

    @property
    def columns(self) -> Mapping[str, Any]:
        """Return its columns with their types; sealed words are written open."""
        hints, table = get_type_hints(self.row), table_of(self.row)
        named = (column for column in table.columns if column.name != self.counts)
        return {c.name: str | None if isinstance(c.type, LargeBinary) else hints[c.name] for c in named}

    @property
    def must(self) -> tuple[str, ...]:
        """Return the columns without which a line says nothing."""
        fields = self.row.model_fields
        return tuple(name for name in self.columns if fields[name].is_required())

    @property
    def sealed(self) -> frozenset[str]:
        """Return the columns whose words are kept sealed."""
        return frozenset(c.name for c in table_of(self.row).columns if isinstance(c.type, LargeBinary))


# In the order in which they are written: a line comes after what it refers to.
REGISTERS: Final = (
    Register("facts", t.FactRow, "Holds, protections, disputes, pledges and whatever else rules ask about"),
    Register("letters_sent", t.LetterRow, "Letters that went out"),
    Register("mail_batches", t.MailBatchRow, "Print files of letters"),
    Register("mail_pieces", t.MailPieceRow, "Letters and copies in them"),
    Register("mail_days", t.MailDayRow, "How many batches a day had"),
    Register("copy_addresses", t.CopyAddressRow, "Where copies of letters go"),
    Register("inquiries", t.InquiryRow, "What people asked about accounts, and what they were answered"),
    Register("contacts", t.ContactRow, "Who was spoken with, when, about what"),
    Register("tasks", t.TaskRow, "What waits for a person"),
    Register("obligations", t.ObligationRow, "What the utility owes by a day, and what became of it"),
    Register("incidents", t.IncidentRow, "Cuts that were found wrong"),
    Register("pledges", t.PledgeRow, "Agencies' words that they will pay"),
    Register("behaviour", t.BehaviourRow, "How customers paid, with the points for it"),
    Register("payment_files", t.PaymentFileRow, "Payment files taken in, so that none is taken twice"),
    Register("file_entries", t.FileEntryRow, "Their entries, by which a return finds what it takes back"),
    Register("payments", t.PaymentRow, "Payments that billing has, or that went back"),
    Register("suspense", t.SuspenseRow, "Money without a place"),
    Register("returned_items", t.ReturnedItemRow, "Payments that went back, with fee, strike and next presentment"),
    Register("card_declines", t.CardDeclineRow, "Recurring cards that were refused"),
    Register("payment_corrections", t.CorrectionRow, "Payments that were put right"),
    Register("file_reversals", t.FileReversalRow, "Files that were taken back whole"),
    Register("billing_effects", t.BillingEffectRow, "What billing was asked to do besides taking payments"),
    Register("adjustments", t.AdjustmentRow, "Corrections of balances that were asked for"),
    Register("refunds", t.RefundRow, "Refunds that were asked for"),
    Register("deposits", t.DepositRow, "Deposits applied or to be given back"),
    Register("drawers", t.DrawerRow, "Till drawers"),
    Register("slips", t.SlipRow, "Bank deposits of the tills"),
    Register("receipts", t.ReceiptRow, "Receipts given at the counter"),
    Register(
        "bank_settlements", t.SettlementRow, "What should move and what moved at the bank", counts="settlement_id"
    ),
    Register("ledger", t.LedgerRow, "Postings of our own money work", counts="posting_id"),
    Register("books", t.BooksRow, "Through which day the books are closed"),
    Register("breaks", t.BreakRow, "Where two books differ"),
    Register("reconciliations", t.ReconciliationRow, "Days held against bank and billing"),
    Register("field_days", t.FieldDayRow, "Days on which crews go out"),
    Register("field_visits", t.FieldVisitRow, "Doors on a crew's list"),
    Register("agency_files", t.AgencyFileRow, "Files of agencies taken in"),
    Register("agency_money", t.AgencyMoneyRow, "Money on placed debt, with its commission"),
    Register("agency_conduct", t.ConductRow, "Faults found in agencies' reports of contacts"),
    Register("extracts", t.ImportRow, "Delinquency extracts taken in"),
    Register("heard", t.OutboxRow, "Acts of the outside that cases were told of lately", counts="id"),
)
BY_NAME: Final[Mapping[str, Register]] = {each.name: each for each in REGISTERS}


def lines_of(session: Session, register: Register, *, as_of: datetime) -> Iterator[dict[str, str]]:
    """Yield the register's lines, words opened; of a customer whose key is destroyed they are blank."""
    table, columns = table_of(register.row), register.columns
    query = select(table).where(*_kept(register, as_of)).order_by(*table.primary_key)
    for row in rows_of(session, query, {}):
        cells = {name: getattr(row, name) for name in columns}
        for name in register.sealed:
            cells[name] = _opened(session, row, cells[name])
        yield {name: write_cell(value, columns[name]) for name, value in cells.items()}


def read_line(register: Register, column: str, text: str) -> Any:  # noqa: ANN401  # the column says which
    """Return what *text* means in *column*; none where it is empty and the column need not be filled.

    Raises:
        Unfit: it means nothing there.
    """
    hint = register.columns[column]
    field = register.row.model_fields[column]
    if not text:
        if hint is str:
            return ""
        if field.is_required() and read_nothing(hint) is not None:
            raise Unfit("a value was expected")
        return None if field.is_required() else field.get_default(call_default_factory=True)
    return read_cell(text, hint)


def read_nothing(hint: Any) -> Any:  # noqa: ANN401  # a type
    """Return none where a cell of this type may stay empty, something else where it may not."""
    try:
        return read_cell("", hint)
    except Unfit:
        return ""


def write_lines(session: Session, register: Register, lines: Sequence[Mapping[str, Any]]) -> None:
    """Write lines that were read, in the caller's transaction; their words are sealed."""
    sealed, table = register.sealed, table_of(register.row)
    rows = [{**_defaults(register), **line} for line in lines]
    for row in rows:
        for name in sealed:
            words = row.get(name)
            row[name] = seal(session, row[ACCOUNT], words.encode()) if words else None
    for start in range(0, len(rows), PART):
        session.connection().execute(insert(table), rows[start : start + PART])


def _defaults(register: Register) -> dict[str, Any]:
    fields = register.row.model_fields
    optional = (name for name in register.columns if not fields[name].is_required())
    return {name: fields[name].get_default(call_default_factory=True) for name in optional}


def _opened(session: Session, row: Any, words: bytes | None) -> str | None:  # noqa: ANN401  # a bare row
    plain = unseal(session, row.account_no, words) if words else None
    return None if plain is None else plain.decode()


def _kept(register: Register, as_of: datetime) -> Sequence[ColumnElement[bool]]:
    """Return which rows go into a folder: not what was only this installation's own."""
    if register.row is t.FactRow:
        return [col(t.FactRow.fact_id) != GOING_LIVE]
    if register.row is t.TaskRow:
        return [col(t.TaskRow.done_at).is_(None)]
    if register.row is t.ImportRow:
        return [col(t.ImportRow.kind) == AGING, col(t.ImportRow.state) != "refused"]
    if register.row is t.OutboxRow:
        since = as_of - timedelta(days=HEARD_DAYS)
        key = col(t.OutboxRow.key)
        return [key.like("tell/%/outside/%"), col(t.OutboxRow.created_at) >= since]
    return []
