"""A debt that is written off: still owed or given up, put back on the books, settled within what one may forgive."""

import pytest

from domain import commands as c
from domain.account import AccountStatus
from domain.case import Case
from domain.events import WrittenOff
from domain.facts import FactKind
from domain.money import Money
from domain.states import Stage
from tests.builders import a_bill, a_case, a_fact, an_account, asked, day, decided, knowing, off, refused

NOW = "2026-06-29 10:00"
GONE = decided(
    knowing(
        off(a_case(a_bill(cents=300_000))), NOW, a_bill(cents=300_000), account=an_account(status=AccountStatus.FINAL)
    ),
    NOW,
    c.RecordFinalBill(),
)


def written_off(*, given_up: bool) -> Case:
    case = decided(GONE, NOW, c.ProposeWriteOff(because="cannot be found", given_up=given_up), by="ann")
    return decided(case, NOW, c.Approve(approval_id=case.approvals[-1].approval_id), by="bob")


def test_a_debt_that_is_written_off_is_owed_still_and_may_go_to_court() -> None:
    case = written_off(given_up=False)
    assert (case.stage, case.written_off, case.given_up) == (Stage.WRITTEN_OFF, Money(300_000), False)
    assert decided(case, NOW, c.ReferToCourt(court="county")).remedies[-1].amount == Money(300_000)


@pytest.mark.parametrize("command", [c.ReferToAgency(), c.ReferToCourt(court="county"), c.FileSetoff()])
def test_a_debt_that_is_given_up_goes_nowhere_until_the_write_off_is_undone(command: c.Command) -> None:
    case = written_off(given_up=True)
    refusal = refused(case, NOW, command)
    assert (refusal.slug, refusal.rules) == ("given-up", ("T12",))
    back = decided(case, NOW, c.ReverseWriteOff(because="found after all"))
    assert (back.stage, back.written_off, back.given_up) == (Stage.FINAL_BILLED, None, False)
    assert decided(back, NOW, c.ReferToCourt(court="county")).remedies[-1].amount == Money(300_000)


def test_the_reason_of_a_write_off_is_the_one_that_was_approved() -> None:
    case = decided(GONE, NOW, c.ProposeWriteOff(because="left the State", given_up=True), by="ann")
    events = asked(case, NOW, c.Approve(approval_id=case.approvals[-1].approval_id), by="bob")
    (body,) = (event.body for event in events if isinstance(event.body, WrittenOff))
    assert (body.because, body.given_up) == ("left the State", True)


@pytest.mark.parametrize(("cents", "forgiven"), [(200_000, True), (199_999, False)])
def test_a_settlement_forgives_no_more_than_the_pack_lets_a_supervisor(cents: int, *, forgiven: bool) -> None:
    command = c.ProposeSettlement(amount=Money(cents), by=day("2026-07-20"), because="all that they have")
    if forgiven:
        case = decided(GONE, NOW, command, by="ann")
        assert (
            decided(case, NOW, c.Approve(approval_id=case.approvals[-1].approval_id), by="bob").settlement is not None
        )
        return
    assert refused(GONE, NOW, command).slug == "beyond-authority"
    resolved = a_fact(FactKind.WRITE_OFF_RESOLUTION, "2026-06-28 09:00", resolution="2026-14")
    known = knowing(GONE, NOW, *GONE.known.bills, account=GONE.known.account, facts=(resolved,))
    assert decided(known, NOW, command, by="ann").approvals[-1].act == "propose_settlement"
