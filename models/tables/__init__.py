"""Every table, by the name of its row."""

from models.tables.account import AccountRow, CustomerKeyRow, FactRow
from models.tables.agency import AgencyFileRow, AgencyMoneyRow, ConductRow
from models.tables.case import (
    CaseCounterRow,
    CaseRow,
    DocumentContentRow,
    DocumentRow,
    RefusalRow,
    TaskRow,
    TimelineRow,
)
from models.tables.counter import DrawerRow, ReceiptRow, SlipRow
from models.tables.desk import ClockRow, IdempotencyRow, PolicyRow, TokenRow, UserRow
from models.tables.duties import ContactRow, IncidentRow, ObligationRow
from models.tables.imports import ImportAccountRow
from models.tables.inquiries import InquiryRow
from models.tables.ledger import BooksRow, LedgerRow
from models.tables.mail import CopyAddressRow, MailBatchRow, MailDayRow, MailPieceRow
from models.tables.money import ImportProblemRow, ImportRow, OutboxRow, PaymentRow
from models.tables.money_out import AdjustmentRow, DepositRow, ExportRow, RefundRow
from models.tables.observed import ObservedRow
from models.tables.payment_files import FileEntryRow, PaymentFileRow, SuspenseRow
from models.tables.reconciliation import BreakRow, ReconciliationRow, SettlementRow
from models.tables.returned import BillingEffectRow, CardDeclineRow, ReturnedCheckRow, ReturnedItemRow
from models.tables.reversals import CorrectionRow, FileReversalRow
from models.tables.session import SessionRow
from models.tables.standing import (
    BehaviourRow,
    PledgeRow,
)
from models.tables.work import (
    ApprovalRow,
    ArrangementRow,
    FieldDayRow,
    FieldVisitRow,
    InstalmentRow,
    LetterRow,
    RemedyRow,
    WorkOrderRow,
)

__all__ = [
    "AccountRow",
    "AdjustmentRow",
    "AgencyFileRow",
    "AgencyMoneyRow",
    "ApprovalRow",
    "ArrangementRow",
    "BehaviourRow",
    "BillingEffectRow",
    "BooksRow",
    "BreakRow",
    "CardDeclineRow",
    "CaseCounterRow",
    "CaseRow",
    "ClockRow",
    "ConductRow",
    "ContactRow",
    "CopyAddressRow",
    "CorrectionRow",
    "CustomerKeyRow",
    "DepositRow",
    "DocumentContentRow",
    "DocumentRow",
    "DrawerRow",
    "ExportRow",
    "FactRow",
    "FieldDayRow",
    "FieldVisitRow",
    "FileEntryRow",
    "FileReversalRow",
    "IdempotencyRow",
    "ImportAccountRow",
    "ImportProblemRow",
    "ImportRow",
    "IncidentRow",
    "InquiryRow",
    "InstalmentRow",
    "LedgerRow",
    "LetterRow",
    "MailBatchRow",
    "MailDayRow",
    "MailPieceRow",
    "ObligationRow",
    "ObservedRow",
    "OutboxRow",
    "PaymentFileRow",
    "PaymentRow",
    "PledgeRow",
    "PolicyRow",
    "ReceiptRow",
    "ReconciliationRow",
    "RefundRow",
    "RefusalRow",
    "RemedyRow",
    "ReturnedCheckRow",
    "ReturnedItemRow",
    "SessionRow",
    "SettlementRow",
    "SlipRow",
    "SuspenseRow",
    "TaskRow",
    "TimelineRow",
    "TokenRow",
    "UserRow",
    "WorkOrderRow",
]
