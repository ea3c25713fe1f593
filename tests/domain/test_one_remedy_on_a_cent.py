"""However a debt is handed on, taken back and paid, no two remedies hold one cent, and the gravest names the stage."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import commands as c
from domain import events as ev
from domain.account import AccountStatus, OpenBill, Service, balance
from domain.agenda import next_step
from domain.case import Case
from domain.effects import Receipt
from domain.facts import FactKind
from domain.money import ZERO, Money
from domain.remedy import RemedyKind
from domain.states import Stage
from domain.step import Step
from domain.verdict import Refusal
from tests.builders import (
    a_bill,
    a_case,
    a_fact,
    a_policy,
    an_account,
    asked,
    at,
    day,
    decided,
    done,
    happened,
    knowing,
)

LAW = a_policy(
    remedies_open=("placement", "claim", "setoff", "certification", "lien"),
    certify_services=("water",),
    certify_hearing=False,
    approval_remedies=("disconnection",),
)
NOW = "2026-08-31 10:00"
GRAVEST = (
    (RemedyKind.JUDGMENT, Stage.JUDGMENT),
    (RemedyKind.CLAIM, Stage.IN_COURT),
    (RemedyKind.PLACEMENT, Stage.WITH_AGENCY),
)
BILLS = tuple(
    a_bill(due, cents, service=service, no=no)
    for no, due, service, cents in (
        ("B1", "2026-06-01", Service.ELECTRIC, 40_000),
        ("B1", "2026-06-01", Service.WATER, 20_000),
        ("B2", "2026-06-20", Service.ELECTRIC, 30_000),
        ("B2", "2026-06-20", Service.WATER, 10_000),
    )
)


def ended() -> Case:
    """Return a case whose final bill was due and noticed long enough ago to go anywhere."""
    gone = an_account(status=AccountStatus.FINAL, services=(Service.ELECTRIC, Service.WATER))
    case = knowing(a_case(*BILLS), "2026-06-25 10:00", *BILLS, account=gone)
    case = decided(case, "2026-06-25 10:00", c.RecordFinalBill(), policy=LAW)
    told = ev.PlacementNoticeSent(
        amount=balance(BILLS), places_from=day("2026-07-10"), letter="l", mailed_on=day("2026-07-01")
    )
    return happened(case, "2026-07-01 10:00", told, policy=LAW)


def commands(case: Case, pick: int) -> list[c.Command]:
    """Return what a person may try: each way to hand on, by service or all of it, and each way back."""
    services = ((), (Service.WATER,), (Service.ELECTRIC,))[pick % 3]
    held = [each.remedy_id for each in case.remedies if each.open] or [""]
    return [
        c.ReferToAgency(),
        c.ReferToCourt(court="county", services=services),
        c.FileSetoff(services=services),
        c.CertifyToTax(services=services),
        c.FileLien(services=services),
        c.RecallFromAgency(because="asked"),
        c.WithdrawRemedy(remedy_id=held[pick % len(held)], because="asked"),
        c.RecordHearing(on=day("2026-08-31"), result="dismissed"),
        c.RecordJudgment(amount=Money(100), entered_on=day("2026-08-31")),
        c.ProposeWriteOff(because="old"),
        c.ReverseWriteOff(because="found"),
    ]


def settle(case: Case) -> Case:
    """Let the calendar do all that is due now."""
    for _ in range(30):
        step = next_step(case, LAW, at(NOW))
        if not isinstance(step, Step) or step.at > at(NOW):
            return case
        case = done(case, step, NOW, receipt=Receipt(ref=f"X{case.seq}", on=day("2026-09-30")), policy=LAW)
    raise AssertionError("the calendar does not come to rest")


def holds(case: Case) -> None:
    refs = [ref for remedy in case.remedies if remedy.open for ref in remedy.refs]
    assert len(refs) == len(set(refs)), "two remedies hold one bill"
    standing = {remedy.kind for remedy in case.remedies if remedy.state == "standing"}
    for remedy in case.remedies:
        if remedy.open and remedy.kind is RemedyKind.CERTIFICATION:
            assert remedy.services == (Service.WATER,), "what may not be certified never is"
    if case.stage not in {Stage.WRITTEN_OFF, Stage.CLOSED}:
        gravest = next((stage for kind, stage in GRAVEST if kind in standing), Stage.FINAL_BILLED)
        assert case.stage is gravest, (case.stage, standing)


acts = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 7)), max_size=14)


@settings(max_examples=150, deadline=None)
@given(acts=acts)
def test_no_bill_is_ever_held_by_two_remedies_and_the_case_stands_where_its_gravest_does(
    acts: list[tuple[int, int]],
) -> None:
    case, bills = ended(), list[OpenBill](BILLS)
    for act, pick in acts:
        if case.closed is not None:
            return
        tried = commands(case, pick)
        if act < len(tried):
            if isinstance(asked(case, NOW, tried[act], by="ann", senior=True, supervisor=True, policy=LAW), Refusal):
                continue
            case = decided(case, NOW, tried[act], by="ann", senior=True, supervisor=True, policy=LAW)
            waiting = [each for each in case.approvals if each.state == "asked"]
            if waiting:
                approve = c.Approve(approval_id=waiting[-1].approval_id)
                if not isinstance(asked(case, NOW, approve, by="bob", supervisor=True, policy=LAW), Refusal):
                    case = decided(case, NOW, approve, by="bob", supervisor=True, policy=LAW)
        elif act == len(tried):
            bills[pick % 4] = replace(bills[pick % 4], open=(ZERO, Money(500))[pick // 4])
        elif act == len(tried) + 1:
            bills[pick % 4] = BILLS[pick % 4]  # the bank returned what had paid it
        else:
            disputed = a_fact(FactKind.DISPUTE, "2026-08-30 09:00")
            case = knowing(case, NOW, facts=(disputed,) if pick % 2 else ())
        known = knowing(case, NOW, *(bill for bill in bills if bill.open > ZERO)).known
        owed = balance(known.bills)
        seen = ev.AccountRead(known=known, balance=owed, past_due=owed, change=owed - balance(case.known.bills))
        case = happened(case, NOW, seen, policy=LAW)
        holds(case)
        case = settle(case)
        holds(case)
