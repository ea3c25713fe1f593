"""Roles are settled before anything is sent; looking leaves nothing behind."""

import pytest

from casework.approvals import approve, open_approvals
from casework.choices import choices, modest_commands
from casework.decisions import decide
from casework.errors import Refused
from casework.outlook import look, outlook
from casework.permissions import FOR_COMMAND
from domain import commands as c
from domain import events as ev
from domain.account import Service
from domain.commands import Command
from domain.money import Money
from domain.states import ClosedReason
from domain.take import take
from gateways.fakes.faults import Fault, FaultKind
from models.cases import case_row, timeline_of
from models.chain import broken_at
from models.refusals import refusals_of
from models.session import reading
from tests.casework.paper import SHOP_CASE, Paper


@pytest.mark.parametrize(
    ("who", "command"),
    [
        ("rosa", c.ReleaseHold(fact_id="f1", because="")),
        ("rosa", c.ReferToAgency(agency="a")),
        ("senta", c.AnswerReferral(answer="yes")),
        ("kim", c.AddNote(note="x")),
        ("ada", c.RecommendDisconnection()),
        ("crew", c.AddNote(note="x")),
    ],
)
async def test_a_role_without_the_permission_is_refused_before_anything_is_sent(
    paper: Paper, who: str, command: Command
) -> None:
    await paper.open()
    with pytest.raises(Refused) as refused:  # there is no Temporal here: sending would say so instead
        await decide(paper.desk(who), SHOP_CASE, command, key="k")
    assert refused.value.refusal.status == 403


async def test_a_disconnection_is_not_a_seniors_to_approve(paper: Paper) -> None:
    case = await paper.open()
    asked = ev.ApprovalAsked(
        approval_id=f"{SHOP_CASE}-a2", act="disconnection", amount=Money(1), decision="k", service=Service.ELECTRIC
    )
    paper.happen(case, asked, by="rosa")
    assert [pending.mine_to_decide for pending in open_approvals(paper.desk("senta"))] == [False]
    assert [pending.mine_to_decide for pending in open_approvals(paper.desk("sven"))] == [True]
    with pytest.raises(Refused) as refused:
        await approve(paper.desk("senta"), f"{SHOP_CASE}-a2", key="k")
    assert refused.value.refusal.rules == ("permission.approve",)


async def test_a_preview_is_what_the_decision_would_be(paper: Paper) -> None:
    await paper.open()
    ruling = await decide(paper.desk("rosa"), SHOP_CASE, c.AgreeArrangement(months=3), key="k", preview=True)
    looked = await look(paper.desk("rosa"), SHOP_CASE)
    case = looked.case
    for event in ruling.events:
        case = take(case, event)
    assert (case.stage, ruling.stage) == ("on_arrangement", "on_arrangement")
    with reading(paper.engine) as session:
        row = case_row(session, SHOP_CASE)
    assert row is not None
    assert (row.seq, row.stage) == (1, "past_due")


async def test_each_type_of_decision_is_tried_once(paper: Paper) -> None:
    await paper.open()
    looked = await look(paper.desk("sven"), SHOP_CASE)
    tried = [type(command) for command in modest_commands(looked)]
    assert len(tried) == len(set(tried))
    assert set(tried) == set(FOR_COMMAND) - {c.Approve, c.Reject}


async def test_what_is_open_differs_by_role_and_each_closed_one_says_why(paper: Paper) -> None:
    await paper.open()
    shown = {who: await choices(paper.desk(who), SHOP_CASE) for who in ("rosa", "ada")}
    assert [choice.type for choice in shown["ada"] if choice.refusal is None] == []
    closed = [choice for choice in shown["rosa"] if choice.refusal is not None]
    assert closed
    assert all(choice.refusal and choice.refusal.detail for choice in closed)
    assert "record_promise" in {choice.type for choice in shown["rosa"] if choice.refusal is None}


async def test_a_case_can_be_looked_at_while_billing_is_out(paper: Paper) -> None:
    case = await paper.open()
    paper.faults.add(Fault(route="billing/open_bills", kind=FaultKind.ERROR))
    looked = await look(paper.desk("rosa"), SHOP_CASE)
    assert not looked.case.known.billing_read
    assert looked.case.known.bills == case.known.bills


async def test_what_comes_next_is_the_agenda_with_its_reasons(paper: Paper) -> None:
    await paper.open()
    seen = await outlook(paper.desk("ada"), SHOP_CASE)
    assert seen.items[0].says == seen.view.next_says


async def test_what_is_refused_without_asking_the_case_stands_in_its_chain_too_and_a_preview_or_a_role_does_not(
    paper: Paper,
) -> None:
    case = await paper.open()
    paper.happen(case, ev.CaseClosed(reason=ClosedReason.PAID), by="rule:paid")
    with pytest.raises(Refused):
        await decide(paper.desk("rosa"), SHOP_CASE, c.AddNote(note="late"), key="k", preview=True)
    with pytest.raises(Refused):
        await decide(paper.desk("kim"), SHOP_CASE, c.AddNote(note="late"), key="k")
    for _ in range(2):  # the same key again is kept once
        with pytest.raises(Refused) as refused:
            await decide(paper.desk("rosa"), SHOP_CASE, c.AddNote(note="late"), key="k")
    assert refused.value.refusal.slug == "case-closed"
    with reading(paper.engine) as session:
        (kept,) = refusals_of(session, SHOP_CASE)
        assert (kept.by, kept.decision, kept.after_seq, kept.place) == ("rosa", "add_note", 2, 1)
        assert kept.certificate is not None
        assert kept.certificate["policy"] == paper.policy.digest
        assert broken_at(SHOP_CASE, timeline_of(session, SHOP_CASE), (kept,)) is None
