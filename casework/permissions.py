"""Who may do what: the one table that every route and every decision goes through."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain import commands as c
from domain.case import ARRANGEMENT, ARRANGEMENT_EXCEPTION, DISCONNECTION, WRITE_OFF
from domain.facts import FactKind
from models.users import Role


class Permission(StrEnum):
    """What can be permitted. Two or more roads to the same thing share one permission."""

    PROBE = "probe"
    SEE_CASES = "see_cases"
    SEE_PERSONAL = "see_personal"
    SEE_NOTES = "see_notes"
    SEE_FINANCES = "see_finances"
    SEE_HISTORY = "see_history"
    SEE_REPORTS = "see_reports"
    SEE_POLICY = "see_policy"
    ASK_GATE = "ask_gate"
    TAKE_WORK = "take_work"
    DECIDE = "decide"
    DECIDE_AGREEMENT = "decide_agreement"
    LIFT_PROTECTION = "lift_protection"
    RESOLVE_DISPUTE = "resolve_dispute"
    RECOMMEND_CUT = "recommend_cut"
    DECIDE_REMEDY = "decide_remedy"
    PROPOSE_MONEY = "propose_money"
    PROPOSE_ADJUSTMENT = "propose_adjustment"
    PROPOSE_SETTLEMENT = "propose_settlement"
    ANSWER_REFERRAL = "answer_referral"
    SEE_APPROVALS = "see_approvals"
    APPROVE_SMALL = "approve_small"
    APPROVE = "approve"
    IMPORT_FILES = "import_files"
    SEE_IMPORTS = "see_imports"
    POST_PAYMENT = "post_payment"
    RECONCILE = "reconcile"
    REPORT_FIELD_WORK = "report_field_work"
    APPROVE_MONEY = "approve_money"
    SEND_MONEY = "send_money"
    APPLY_DEPOSIT = "apply_deposit"
    TAKE_MONEY = "take_money"
    VOID_RECEIPT = "void_receipt"
    DO_TASKS = "do_tasks"
    SEND_MAIL = "send_mail"
    SEE_INQUIRIES = "see_inquiries"
    LOG_INQUIRY = "log_inquiry"
    ANSWER_INQUIRY = "answer_inquiry"


WORDS: Final[Mapping[Permission, str]] = MappingProxyType(
    {
        Permission.PROBE: "ask whether the process is well",
        Permission.SEE_CASES: "see accounts and cases",
        Permission.SEE_PERSONAL: "see who and where customers are",
        Permission.SEE_NOTES: "read what was typed about customers",
        Permission.SEE_FINANCES: "see what a household lives on",
        Permission.SEE_HISTORY: "see how a case came about",
        Permission.SEE_REPORTS: "see reports",
        Permission.SEE_POLICY: "see the rules",
        Permission.ASK_GATE: "ask the gate",
        Permission.TAKE_WORK: "take cases from the worklist",
        Permission.DECIDE: "decide in a case",
        Permission.DECIDE_AGREEMENT: "cancel, break or cure an agreement",
        Permission.LIFT_PROTECTION: "lift or correct what protects a customer",
        Permission.RESOLVE_DISPUTE: "decide a dispute",
        Permission.RECOMMEND_CUT: "recommend a disconnection",
        Permission.DECIDE_REMEDY: "decide on agencies, courts, liens and the end of a case",
        Permission.PROPOSE_MONEY: "propose refunds and write-offs",
        Permission.PROPOSE_ADJUSTMENT: "propose adjustments, and waive a fee as often as the pack says",
        Permission.PROPOSE_SETTLEMENT: "propose a settlement",
        Permission.ANSWER_REFERRAL: "answer what a supervisor is asked",
        Permission.SEE_APPROVALS: "see what waits for approval",
        Permission.APPROVE_SMALL: "approve what moves no money and cuts nothing",
        Permission.APPROVE: "approve cuts, write-offs and debts handed to others",
        Permission.IMPORT_FILES: "hand in files",
        Permission.SEE_IMPORTS: "see the files that came in",
        Permission.POST_PAYMENT: "post payments",
        Permission.RECONCILE: "close bank days",
        Permission.REPORT_FIELD_WORK: "report the work of crews",
        Permission.APPROVE_MONEY: "approve money that goes out",
        Permission.SEND_MONEY: "send money out",
        Permission.APPLY_DEPOSIT: "apply a deposit",
        Permission.TAKE_MONEY: "take money at the counter",
        Permission.VOID_RECEIPT: "void a receipt",
        Permission.DO_TASKS: "do the desk's tasks",
        Permission.SEND_MAIL: "send letters out",
        Permission.SEE_INQUIRIES: "see inquiries",
        Permission.LOG_INQUIRY: "note an inquiry",
        Permission.ANSWER_INQUIRY: "answer an inquiry",
    }
)
"""What each permission lets one do, as a refusal says it."""

_DESK = frozenset({Role.REPRESENTATIVE, Role.SENIOR, Role.SUPERVISOR})
_SENIORS = frozenset({Role.SENIOR, Role.SUPERVISOR})
_STAFF = _DESK | {Role.ACCOUNTANT, Role.AUDITOR, Role.REVIEWER}

TABLE: Final[Mapping[Permission, frozenset[Role]]] = MappingProxyType(
    {
        Permission.PROBE: frozenset(Role),
        # Customer care looks accounts up while it has the caller on the line, and passes on what it cannot answer.
        Permission.SEE_CASES: _STAFF | {Role.CUSTOMER_CARE},
        # An auditor follows what was done and why; for whom is not needed until a court asks.
        Permission.SEE_PERSONAL: _DESK | {Role.ACCOUNTANT, Role.REVIEWER, Role.CUSTOMER_CARE},
        Permission.SEE_NOTES: _DESK | {Role.AUDITOR, Role.REVIEWER},
        # What a household lives on is for those who agree with it what it pays, and who review the terms.
        Permission.SEE_FINANCES: _DESK | {Role.REVIEWER},
        Permission.SEE_HISTORY: _STAFF,
        Permission.SEE_REPORTS: _STAFF,
        Permission.SEE_POLICY: _STAFF,
        Permission.ASK_GATE: _STAFF,
        Permission.TAKE_WORK: _DESK | {Role.REVIEWER},
        Permission.DECIDE: _DESK | {Role.REVIEWER},
        Permission.DECIDE_AGREEMENT: _SENIORS,
        Permission.LIFT_PROTECTION: _SENIORS,
        # Nobody who collects decides whether the debt is right: 436 U.S. 1 asks for someone outside collections.
        Permission.RESOLVE_DISPUTE: frozenset({Role.REVIEWER}),
        Permission.RECOMMEND_CUT: _DESK,
        Permission.DECIDE_REMEDY: _SENIORS,
        Permission.PROPOSE_MONEY: _SENIORS | {Role.ACCOUNTANT},
        Permission.PROPOSE_ADJUSTMENT: _DESK | {Role.ACCOUNTANT},
        Permission.PROPOSE_SETTLEMENT: _DESK | {Role.ACCOUNTANT},
        Permission.ANSWER_REFERRAL: frozenset({Role.SUPERVISOR}),
        Permission.SEE_APPROVALS: _STAFF,
        Permission.APPROVE_SMALL: _SENIORS,
        Permission.APPROVE: frozenset({Role.SUPERVISOR}),
        Permission.IMPORT_FILES: frozenset({Role.SUPERVISOR, Role.ACCOUNTANT}),
        Permission.SEE_IMPORTS: _STAFF,
        Permission.POST_PAYMENT: frozenset({Role.ACCOUNTANT, Role.SUPERVISOR}),
        Permission.RECONCILE: frozenset({Role.ACCOUNTANT, Role.SUPERVISOR}),
        Permission.REPORT_FIELD_WORK: frozenset({Role.FIELD_CALLBACK}),
        Permission.APPROVE_MONEY: frozenset({Role.SUPERVISOR}),
        Permission.SEND_MONEY: frozenset({Role.ACCOUNTANT, Role.SUPERVISOR}),
        Permission.APPLY_DEPOSIT: _SENIORS | {Role.ACCOUNTANT},
        Permission.TAKE_MONEY: _DESK | {Role.ACCOUNTANT},
        Permission.VOID_RECEIPT: _SENIORS | {Role.ACCOUNTANT},
        Permission.DO_TASKS: _DESK | {Role.ACCOUNTANT},
        Permission.SEND_MAIL: _DESK,
        Permission.SEE_INQUIRIES: _DESK | {Role.REVIEWER, Role.CUSTOMER_CARE},
        Permission.LOG_INQUIRY: _DESK | {Role.REVIEWER, Role.CUSTOMER_CARE},
        Permission.ANSWER_INQUIRY: _DESK | {Role.REVIEWER},
    }
)

ANYONE: Final = frozenset({Permission.PROBE})
"""What is permitted without saying who one is: whether the process is well, and what it can be asked."""

FOR_COMMAND: Final[Mapping[type[c.Command], Permission]] = MappingProxyType(
    {
        c.RecordContact: Permission.DECIDE,
        c.RecordPromise: Permission.DECIDE,
        c.GrantExtension: Permission.DECIDE,
        c.AssessAbilityToPay: Permission.DECIDE,
        c.OfferArrangement: Permission.DECIDE,
        c.TellPrograms: Permission.DECIDE,
        c.ReferForAssistance: Permission.DECIDE,
        c.SignArrangement: Permission.DECIDE,
        c.AgreeArrangement: Permission.DECIDE,
        c.CancelArrangement: Permission.DECIDE_AGREEMENT,
        c.RecordBreach: Permission.DECIDE_AGREEMENT,
        c.CureBreach: Permission.DECIDE_AGREEMENT,
        c.PlaceHold: Permission.DECIDE,
        c.ReleaseHold: Permission.LIFT_PROTECTION,
        c.OpenDispute: Permission.DECIDE,
        c.ResolveDispute: Permission.RESOLVE_DISPUTE,
        c.RecordFact: Permission.DECIDE,
        c.CorrectFact: Permission.LIFT_PROTECTION,
        c.RecommendDisconnection: Permission.RECOMMEND_CUT,
        c.CancelDisconnection: Permission.DECIDE,
        c.RequestReactivation: Permission.DECIDE,
        c.RequestVisit: Permission.DECIDE,
        c.EndService: Permission.DECIDE_REMEDY,
        c.RecordFinalBill: Permission.DECIDE_REMEDY,
        c.ReferToAgency: Permission.DECIDE_REMEDY,
        c.RecallFromAgency: Permission.DECIDE_REMEDY,
        c.ReferToCourt: Permission.DECIDE_REMEDY,
        c.RecordJudgment: Permission.DECIDE_REMEDY,
        c.RecordFiling: Permission.DECIDE_REMEDY,
        c.RecordHearing: Permission.DECIDE_REMEDY,
        c.RecordSatisfaction: Permission.DECIDE_REMEDY,
        c.FileSetoff: Permission.DECIDE_REMEDY,
        c.CertifyToTax: Permission.DECIDE_REMEDY,
        c.FileLien: Permission.DECIDE_REMEDY,
        c.WithdrawRemedy: Permission.DECIDE_REMEDY,
        c.BillLienInterest: Permission.DECIDE_REMEDY,
        # Up to a sum of the pack for each role, as a settlement.
        c.GiveUpLienInterest: Permission.PROPOSE_SETTLEMENT,
        c.ProposeSettlement: Permission.PROPOSE_SETTLEMENT,
        c.ReverseWriteOff: Permission.DECIDE_REMEDY,
        c.FileBankruptcy: Permission.DECIDE,
        c.ResolveBankruptcy: Permission.LIFT_PROTECTION,
        c.FollowDebt: Permission.DECIDE_REMEDY,
        c.RecordPlanPayment: Permission.DECIDE_REMEDY,
        c.ProposeWriteOff: Permission.PROPOSE_MONEY,
        c.ProposeAdjustment: Permission.PROPOSE_ADJUSTMENT,
        c.ProposeRefund: Permission.PROPOSE_MONEY,
        c.ReferToSupervisor: Permission.DECIDE,
        c.AnswerReferral: Permission.ANSWER_REFERRAL,
        c.Assign: Permission.DECIDE,
        c.AddNote: Permission.DECIDE,
        c.AttachDocument: Permission.DECIDE,
        c.SetFollowUp: Permission.DECIDE,
        c.CloseCase: Permission.DECIDE_REMEDY,
        # Approvals are asked of the act, see `FOR_ACT`; this is the least that any of them needs.
        c.Approve: Permission.APPROVE_SMALL,
        c.Reject: Permission.APPROVE_SMALL,
    }
)

FOR_FACT: Final[Mapping[FactKind, Permission]] = MappingProxyType({FactKind.RECONNECT_EXCEPTION: Permission.APPROVE})
"""What recording a fact of some kind needs beyond what recording any needs."""

FOR_ACT: Final[Mapping[str, Permission]] = MappingProxyType(
    {
        DISCONNECTION: Permission.APPROVE,
        WRITE_OFF: Permission.APPROVE,
        ARRANGEMENT: Permission.APPROVE_SMALL,
        "refer_to_agency": Permission.APPROVE,
        "refer_to_court": Permission.APPROVE,
        # Up to a sum of the pack; above it the case refuses a senior.
        "follow_debt": Permission.APPROVE_SMALL,
        "file_setoff": Permission.APPROVE,
        "certify_to_tax": Permission.APPROVE,
        "file_lien": Permission.APPROVE,
        "propose_settlement": Permission.APPROVE_SMALL,
        "give_up_lien_interest": Permission.APPROVE_SMALL,
        ARRANGEMENT_EXCEPTION: Permission.APPROVE,
    }
)
"""Who may decide on an approval, by the act it is for: seniors what moves no money out and cuts nothing,
and up to the pack's sums what forgives or moves a debt."""


def may(role: Role, permission: Permission) -> bool:
    """Say whether *role* holds *permission*."""
    return role in TABLE[permission]


def is_senior(role: Role) -> bool:
    """Say whether decisions of *role* stand without a second person where the pack asks only for a senior's."""
    return role in _SENIORS


def is_supervisor(role: Role) -> bool:
    """Say whether *role* decides up to the sums that the pack leaves to a supervisor."""
    return role is Role.SUPERVISOR
