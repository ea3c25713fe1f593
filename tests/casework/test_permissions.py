"""The table of permissions is whole, and says what the desk agreed on."""

from typing import get_args

import pytest

from casework.permissions import ANYONE, FOR_ACT, FOR_COMMAND, TABLE, Permission, is_senior, may
from domain.commands import Command
from models.users import Role

D, S, V, A, U, F, R, C = (
    Role.REPRESENTATIVE,
    Role.SENIOR,
    Role.SUPERVISOR,
    Role.ACCOUNTANT,
    Role.AUDITOR,
    Role.FIELD_CALLBACK,
    Role.REVIEWER,
    Role.CUSTOMER_CARE,
)

# Written out a second time on purpose: whoever changes the table has to mean it.
MATRIX = {
    Permission.PROBE: {D, S, V, A, U, F, R, C},
    Permission.SEE_CASES: {D, S, V, A, U, R, C},
    Permission.SEE_PERSONAL: {D, S, V, A, R, C},
    Permission.SEE_NOTES: {D, S, V, U, R},
    Permission.SEE_FINANCES: {D, S, V, R},
    Permission.SEE_HISTORY: {D, S, V, A, U, R},
    Permission.SEE_REPORTS: {D, S, V, A, U, R},
    Permission.SEE_POLICY: {D, S, V, A, U, R},
    Permission.ASK_GATE: {D, S, V, A, U, R},
    Permission.TAKE_WORK: {D, S, V, R},
    Permission.DECIDE: {D, S, V, R},
    Permission.DECIDE_AGREEMENT: {S, V},
    Permission.LIFT_PROTECTION: {S, V},
    Permission.RESOLVE_DISPUTE: {R},
    Permission.RECOMMEND_CUT: {D, S, V},
    Permission.DECIDE_REMEDY: {S, V},
    Permission.PROPOSE_MONEY: {S, V, A},
    Permission.PROPOSE_ADJUSTMENT: {D, S, V, A},
    Permission.PROPOSE_SETTLEMENT: {D, S, V, A},
    Permission.ANSWER_REFERRAL: {V},
    Permission.SEE_APPROVALS: {D, S, V, A, U, R},
    Permission.APPROVE_SMALL: {S, V},
    Permission.APPROVE: {V},
    Permission.IMPORT_FILES: {V, A},
    Permission.SEE_IMPORTS: {D, S, V, A, U, R},
    Permission.POST_PAYMENT: {V, A},
    Permission.RECONCILE: {Role.ACCOUNTANT, Role.SUPERVISOR},
    Permission.REPORT_FIELD_WORK: {F},
    Permission.APPROVE_MONEY: {V},
    Permission.SEND_MONEY: {V, A},
    Permission.APPLY_DEPOSIT: {S, V, A},
    Permission.TAKE_MONEY: {D, S, V, A},
    Permission.VOID_RECEIPT: {S, V, A},
    Permission.DO_TASKS: {D, S, V, A},
    Permission.SEND_MAIL: {D, S, V},
    Permission.SEE_INQUIRIES: {D, S, V, R, C},
    Permission.LOG_INQUIRY: {D, S, V, R, C},
    Permission.ANSWER_INQUIRY: {D, S, V, R},
}


@pytest.mark.parametrize("permission", list(Permission))
def test_each_permission_is_held_by_these_roles_and_no_others(permission: Permission) -> None:
    assert {role for role in Role if may(role, permission)} == MATRIX[permission]


def test_the_table_names_every_permission() -> None:
    assert set(TABLE) == set(Permission)


def test_every_command_needs_a_permission() -> None:
    assert set(FOR_COMMAND) == set(get_args(Command))


def test_what_cuts_service_moves_money_out_or_departs_from_a_rule_is_approved_by_a_supervisor() -> None:
    assert {act for act, permission in FOR_ACT.items() if permission is Permission.APPROVE} == {
        "arrangement_exception",
        "disconnection",
        "write_off",
        "refer_to_agency",
        "refer_to_court",
        "file_setoff",
        "certify_to_tax",
        "file_lien",
    }


def test_an_auditor_changes_nothing() -> None:
    needed = set(FOR_COMMAND.values()) | set(FOR_ACT.values())
    needed |= {Permission.POST_PAYMENT, Permission.IMPORT_FILES, Permission.TAKE_WORK}
    assert not [permission for permission in needed if may(Role.AUDITOR, permission)]


def test_customer_care_sees_accounts_and_logs_inquiries_and_does_nothing_else() -> None:
    held = {permission for permission in Permission if may(C, permission)}
    assert held == {
        *(Permission.PROBE, Permission.SEE_CASES, Permission.SEE_PERSONAL),
        *(Permission.SEE_INQUIRIES, Permission.LOG_INQUIRY),
    }
    assert not [command for command, permission in FOR_COMMAND.items() if may(C, permission)]
    assert not [act for act, permission in FOR_ACT.items() if may(C, permission)]


def test_only_probes_are_open_to_anyone() -> None:
    assert {Permission.PROBE} == ANYONE


def test_seniors_and_supervisors_decide_as_seniors() -> None:
    assert {role for role in Role if is_senior(role)} == {S, V}
