"""Every table, by the name of its row."""

from models.tables.account import AccountRow, CustomerKeyRow, FactRow
from models.tables.case import CaseCounterRow, CaseRow, DocumentRow, RefusalRow, TaskRow, TimelineRow
from models.tables.desk import ClockRow, IdempotencyRow, PolicyRow, TokenRow, UserRow
from models.tables.imports import ImportAccountRow
from models.tables.ledger import BooksRow, LedgerRow
from models.tables.money import ImportProblemRow, ImportRow, OutboxRow, PaymentRow
from models.tables.payment_files import FileEntryRow, PaymentFileRow, SuspenseRow
from models.tables.reconciliation import BreakRow, ReconciliationRow, SettlementRow
from models.tables.returned import BillingEffectRow, ReturnedItemRow
from models.tables.session import SessionRow
from models.tables.work import ApprovalRow, ArrangementRow, InstalmentRow, LetterRow, RemedyRow, WorkOrderRow

__all__ = [
    "AccountRow",
    "ApprovalRow",
    "ArrangementRow",
    "BillingEffectRow",
    "BooksRow",
    "BreakRow",
    "CaseCounterRow",
    "CaseRow",
    "ClockRow",
    "CustomerKeyRow",
    "DocumentRow",
    "FactRow",
    "FileEntryRow",
    "IdempotencyRow",
    "ImportAccountRow",
    "ImportProblemRow",
    "ImportRow",
    "InstalmentRow",
    "LedgerRow",
    "LetterRow",
    "OutboxRow",
    "PaymentFileRow",
    "PaymentRow",
    "PolicyRow",
    "ReconciliationRow",
    "RefusalRow",
    "RemedyRow",
    "ReturnedItemRow",
    "SessionRow",
    "SettlementRow",
    "SuspenseRow",
    "TaskRow",
    "TimelineRow",
    "TokenRow",
    "UserRow",
    "WorkOrderRow",
]
