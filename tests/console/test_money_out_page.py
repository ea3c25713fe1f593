"""What waits for a second person, in the console: let or not with the reason, handed out, ended; deposits, credit."""

import asyncio
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.async_api import expect
from sqlmodel import col, select

from activities.outbox import Relay
from casework.adjustments import propose_adjustment
from casework.going_out import PAGE
from casework.payments import Received, receive
from casework.refunds import propose_refund
from domain.account import Service
from domain.adjustments import Adjusting, AdjustmentReason, waivers_most
from domain.money import Money
from domain.refunds import Payee
from gateways.fakes.faults import Fault, FaultKind
from models.session import reading, transaction
from models.tables import AdjustmentRow, BillingEffectRow, DepositRow, RefundRow, TaskRow
from models.tasks import raise_task
from models.users import Role
from models.vault import destroy, seal
from tests import ready
from tests.casework.paper import Paper, on_paper
from tests.console.browser import chromium, served, sign_in, tab_to
from tests.console.conftest import PASSWORD, Browser, console_over, hire
from tests.console.tour import GONE, TODAY, furnish
from tests.money.desk import NoCase
from tests.workflows.world import SHOP

HOME = "9967773012"  # electric and water, with a deposit of $100.00
APPROVES = 'name="say" value="approve"'
WHY_NOT = "The meter was read twice: 42.17 m³ is right."


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(mirror(paper))
        yield paper


async def mirror(paper: Paper) -> None:
    for account_no in (SHOP, HOME):
        await paper.mirrored(account_no)


def signed_in(paper: Paper, who: str, language: str = "en") -> Browser:
    browser = Browser(TestClient(console_over(paper.at)))
    browser.client.cookies.set("arrears_language", language)
    browser.sign_in(who)
    return browser


def correct(paper: Paper, cents: int = -250_00, *, who: str = "kim", key: str = "1", **more: object) -> str:
    """Let *who* ask for a correction of the shop's balance; return its number."""
    asked = Adjusting(
        service=Service.ELECTRIC,
        amount=Money(cents),
        reason=AdjustmentReason(str(more.get("reason", "misread"))),
        about_on=date(2026, 8, 20),
        fund=str(more.get("fund", "")),
    )
    because = str(more.get("because", "Read 90 for 60."))
    return propose_adjustment(paper.desk(who), SHOP, asked, because=because, key=key).row.adjustment_id


def pay(paper: Paper, account_no: str, cents: int, *, who: str = "kim") -> None:
    """Let *who* take a payment in cash, and billing hear of it."""
    received = Received(account_no=account_no, amount=Money(cents), source="counter", trace="T1", tender="cash")
    asyncio.run(receive(paper.desk(who), received))
    settle(paper)


def overpaid(paper: Paper, cents: int = 42_50) -> None:
    """Let billing hold credit of the home that nothing can take back any more."""
    owed = sum(bill.open.cents for bill in paper.city.billing.open_bills(HOME).bills)
    pay(paper, HOME, owed + cents)


def refunded(paper: Paper, cents: int = 42_50, *, key: str = "1") -> str:
    """Let senta ask that credit of the home be paid out; return the refund's number."""
    asked = propose_refund(
        paper.desk("senta"), HOME, amount=Money(cents), payee=Payee.PAYER, because="Paid twice.", key=key
    )
    return asyncio.run(asked).row.refund_id


def settle(paper: Paper) -> None:
    """Let billing hear of all that was asked of it."""

    async def deliver() -> None:
        relay = Relay(paper.engine, NoCase(), paper.systems.billing)  # type: ignore[arg-type]  # no case is open
        while await relay.deliver():
            pass

    asyncio.run(deliver())


def effects(paper: Paper) -> list[str]:
    with reading(paper.engine) as session:
        return [row.key for row in session.exec(select(BillingEffectRow))]


# --- corrections --------------------------------------------------------------------------------------------------


def test_what_waits_says_in_words_what_changes_why_and_who_asked(paper: Paper) -> None:
    correct(paper, -250_00, fund="601")
    correct(paper, 1_234_567_89, key="2", reason="damage", because="A meter box.")
    page = signed_in(paper, "sven").get("/money-out").text

    assert "Corrections that wait (2)" in page
    assert "The customer owes $250.00 less" in page
    assert "The customer owes $1,234,567.89 more" in page
    assert "The meter was misread" in page
    assert "borne by the fund 601" in page
    assert "Read 90 for 60." in page
    assert "about Aug 20, 2026" in page
    assert "No refund waits." in page


def test_a_second_person_lets_a_correction_once_however_often_they_click(paper: Paper) -> None:
    adjustment_id = correct(paper)
    sven = signed_in(paper, "sven")
    for _ in range(2):
        done = sven.post(f"/money-out/corrections/{adjustment_id}", say="approve")
        assert "Approved: billing is told." in done.text
    after, late = sven.get("/money-out").text, sven.get("/money-out", what="lately").text

    assert "No correction waits." in after
    assert "approved by sven" in late
    assert "Billing has not confirmed it yet" in late
    assert effects(paper) == [f"adjustment/{adjustment_id}"]
    settle(paper)
    assert "Billing has done it" in sven.get("/money-out", what="lately").text


def test_why_it_was_not_let_is_asked_for_kept_sealed_and_read_by_who_asked(paper: Paper) -> None:
    adjustment_id = correct(paper)
    sven = signed_in(paper, "sven")
    silent = sven.post(f"/money-out/corrections/{adjustment_id}", say="reject", because="   ")
    blank = sven.post(f"/money-out/corrections/{adjustment_id}")
    done = sven.post(f"/money-out/corrections/{adjustment_id}", say="reject", because=WHY_NOT)

    todo = signed_in(paper, "rosa").get(f"/accounts/{SHOP}").text

    assert silent.status_code == blank.status_code == 422
    assert "A correction or refund is not approved: tell the customer" in todo
    assert WHY_NOT in todo
    assert "Who asked for it is told why" in silent.text
    assert "Not approved; who asked for it can read why." in done.text
    assert WHY_NOT in signed_in(paper, "kim").get("/money-out", what="lately").text
    assert WHY_NOT in sven.get("/money-out", what="lately").text
    assert effects(paper) == []
    with reading(paper.engine) as session:
        row = session.get_one(AdjustmentRow, adjustment_id)
        assert (row.state, row.rejected_by) == ("rejected", "sven")
        assert row.ended_because is not None
        assert WHY_NOT.encode() not in row.ended_because


def test_what_someone_else_decided_meanwhile_is_said_and_nothing_happens_twice(paper: Paper) -> None:
    with transaction(paper.engine) as session:
        ready.hire(session, {"saul": Role.SUPERVISOR})
    first, second = correct(paper), correct(paper, key="2")
    sven, saul = signed_in(paper, "sven"), signed_in(paper, "saul")
    stale = sven.get("/money-out").text
    assert first in stale
    saul.post(f"/money-out/corrections/{first}", say="approve")
    saul.post(f"/money-out/corrections/{second}", say="reject", because="No.")
    same = sven.post(f"/money-out/corrections/{first}", say="approve")
    other = sven.post(f"/money-out/corrections/{first}", say="reject", because="No.")
    third = sven.post(f"/money-out/corrections/{second}", say="approve")
    unheard = sven.post("/money-out/corrections/no-such", say="approve")

    for answer in (same, other):
        assert answer.status_code == 409
        assert "It was approved by saul." in answer.text
    assert third.status_code == 409
    assert "It was rejected by saul." in third.text
    assert unheard.status_code == 404
    assert effects(paper) == [f"adjustment/{first}"]


def test_who_may_not_decide_is_told_why(paper: Paper) -> None:
    own = correct(paper, who="sven")
    waits = {who: signed_in(paper, who).get("/money-out").text for who in ("sven", "senta", "kim", "rosa", "ada")}
    refused = signed_in(paper, "senta").post(f"/money-out/corrections/{own}", say="approve")
    itself = signed_in(paper, "sven").post(f"/money-out/corrections/{own}", say="approve")

    assert "You asked for it yourself" in waits["sven"]
    assert all("Your role does not decide on this." in waits[who] for who in ("senta", "kim", "rosa", "ada"))
    assert all(APPROVES not in text for text in waits.values())
    assert (refused.status_code, itself.status_code) == (403, 409)
    assert "another person decides" in itself.text
    assert signed_in(paper, "cora").get("/money-out").status_code == 403
    assert effects(paper) == []


def test_who_took_money_of_the_account_is_told_before_they_try(paper: Paper) -> None:
    adjustment_id = correct(paper)
    pay(paper, SHOP, 1, who="sven")
    sven = signed_in(paper, "sven")
    page = sven.get("/money-out").text
    refused = sven.post(f"/money-out/corrections/{adjustment_id}", say="approve")

    assert "You took money of this account: someone else decides." in page
    assert APPROVES not in page
    assert refused.status_code == 409
    assert f"adjustment/{adjustment_id}" not in effects(paper)


def test_what_was_typed_is_for_who_reads_notes_and_for_who_typed_it(paper: Paper) -> None:
    correct(paper, who="senta", because="She is ill.")
    read = {who: signed_in(paper, who).get("/money-out").text for who in ("senta", "sven", "kim")}
    assert "She is ill." in read["senta"]
    assert "She is ill." in read["sven"]
    assert "She is ill." not in read["kim"]
    assert "Your role does not read what was typed" in read["kim"]
    with transaction(paper.engine) as session:
        destroy(session, SHOP)
    assert "She is ill." not in signed_in(paper, "sven").get("/money-out").text


def test_a_reason_that_came_from_another_system_is_read_as_it_was_written(paper: Paper) -> None:
    adjustment_id = correct(paper)
    with transaction(paper.engine) as session:
        session.get_one(AdjustmentRow, adjustment_id).because = seal(session, SHOP, b"Leak at the meter")
    assert "Leak at the meter" in signed_in(paper, "sven").get("/money-out").text


def test_the_list_pages_and_no_row_is_lost_or_shown_twice(paper: Paper) -> None:
    ids = [correct(paper, -100_00 - number, key=str(number)) for number in range(PAGE + 5)]
    sven = signed_in(paper, "sven")
    first = sven.get("/money-out").text
    link = re.search(r"/desk(/money-out)\?after=([^\"&]+)", first)
    assert link is not None
    second = sven.get(link[1], after=link[2]).text
    rows = [re.findall(r'<tr id="([^"]+)"', text) for text in (first, second)]

    assert f"Corrections that wait ({PAGE + 5})" in first
    assert [len(each) for each in rows] == [PAGE, 5]
    assert sorted(rows[0] + rows[1]) == sorted(ids)
    refused = sven.post(f"/money-out/corrections/{rows[1][0]}", say="reject", because=" ", after=link[2])
    assert rows[1][0] in refused.text, "the page that was looked at is drawn again"


def test_one_account_alone_is_shown_and_its_page_leads_there_while_something_waits(paper: Paper) -> None:
    adjustment_id = correct(paper)
    sven = signed_in(paper, "sven")
    account = sven.get(f"/accounts/{SHOP}").text
    assert f'/desk/money-out?account_no={SHOP}">1 correction or refund waits for a second person' in account
    assert adjustment_id in sven.get("/money-out", account_no=SHOP).text
    assert "No correction waits." in sven.get("/money-out", account_no=HOME).text
    done = sven.post(f"/money-out/corrections/{adjustment_id}", say="approve", account_no=SHOP)
    assert f'value="{SHOP}"' in done.text, "it stays narrowed"
    assert "waits for a second person</a>" not in sven.get(f"/accounts/{SHOP}").text


def test_a_waiver_that_waits_says_how_many_there_were_and_the_last_too_many_is_refused(paper: Paper) -> None:
    most = waivers_most(paper.policy, TODAY)
    assert most is not None
    ids = [correct(paper, -150_00, key=f"{number}", reason="fee_waiver") for number in range(most + 1)]
    sven = signed_in(paper, "sven")
    for number, adjustment_id in enumerate(ids[:most]):
        assert f"waived in twelve months: {number} of {most}" in sven.get("/money-out").text
        sven.post(f"/money-out/corrections/{adjustment_id}", say="approve")
    refused = sven.post(f"/money-out/corrections/{ids[most]}", say="approve")

    assert refused.status_code == 409
    assert "No more waivers this year" in refused.text
    assert len(effects(paper)) == most


def test_the_page_of_approvals_leads_there_while_something_waits(paper: Paper) -> None:
    sven = signed_in(paper, "sven")
    assert '/desk/money-out">1 correction' not in sven.get("/approvals").text
    correct(paper)
    assert '/desk/money-out">1 correction or refund waits for a second person' in sven.get("/approvals").text


def test_a_correction_that_a_senior_let_alone_says_so(paper: Paper) -> None:
    correct(paper, -10_00, who="senta")
    late = signed_in(paper, "sven").get("/money-out", what="lately").text
    assert "senta, alone" in late


# --- refunds ------------------------------------------------------------------------------------------------------


def test_a_refund_is_let_written_into_one_file_and_its_end_put_on_record(paper: Paper) -> None:
    overpaid(paper)
    refund_id = refunded(paper)
    sven, kim = signed_in(paper, "sven"), signed_in(paper, "kim")
    waits = sven.get("/money-out").text
    for _ in range(2):
        assert "Approved: billing is told." in sven.post(f"/money-out/refunds/{refund_id}", say="approve").text
    early, too_early = kim.get("/money-out", what="under_way").text, kim.post("/money-out/file").text
    settle(paper)
    ready = kim.get("/money-out", what="under_way").text
    written, again = kim.post("/money-out/file").text, kim.post("/money-out/file").text
    link = re.search(r"/desk(/exports/refunds-[0-9a-f]+)", written)
    assert link is not None
    file = kim.get(link[1])
    out = kim.get("/money-out", what="under_way").text
    unsaid = kim.post(f"/money-out/refunds/{refund_id}/end", what="")
    abandoned = kim.post(f"/money-out/refunds/{refund_id}/end", what="escheated", because="Nobody came.")
    paid = kim.post(f"/money-out/refunds/{refund_id}/end", what="paid", because="Cleared on the fourth.")
    other = kim.post(f"/money-out/refunds/{refund_id}/end", what="restored")
    over = kim.get("/money-out", what="lately").text

    assert "Refunds that wait (1)" in waits
    assert "$42.50" in waits
    assert "Whoever paid it" in waits
    assert "billing has not taken it out of the credit yet" in early
    assert "Nothing is ready to be paid" in too_early
    assert "ready for the file" in ready
    assert "The file for accounts payable is written" in written
    assert "Nothing is ready to be paid" in again
    assert refund_id in file.text
    assert "Xia Ashgrove" in file.text
    assert "Handed out, not known to be cashed (1)" in out
    assert "the State's from Sep 1, 2029" in out
    assert unsaid.status_code == 422
    assert abandoned.status_code == 409
    assert "It is presumed abandoned on Sep 1, 2029." in abandoned.text
    assert 'value="Nobody came."' in abandoned.text, "nothing typed is lost"
    assert "It is on record." in paid.text
    assert other.status_code == 409
    assert "Cashed" in over
    assert "approved by sven" in over
    assert [key for key in effects(paper) if key.startswith("refund/")] == [f"refund/{refund_id}"]


def test_a_refund_that_is_not_let_tells_who_asked_why_and_its_credit_is_free_again(paper: Paper) -> None:
    overpaid(paper)
    refund_id = refunded(paper)
    sven = signed_in(paper, "sven")
    silent = sven.post(f"/money-out/refunds/{refund_id}", say="reject", because="")
    done = sven.post(f"/money-out/refunds/{refund_id}", say="reject", because="Her other account owes.")
    late = sven.post(f"/money-out/refunds/{refund_id}", say="approve")

    assert silent.status_code == 422
    assert "who asked for it can read why" in done.text
    assert late.status_code == 409
    assert "It was rejected by sven." in late.text
    assert "Her other account owes." in signed_in(paper, "senta").get("/money-out", what="lately").text
    assert refunded(paper, key="2") != refund_id
    with reading(paper.engine) as session:
        row = session.get_one(RefundRow, refund_id)
        assert (row.ended_why, row.rejected_by) == ("", "sven")


def test_who_took_the_money_of_a_refund_is_refused_where_it_stands(paper: Paper) -> None:
    owed = sum(bill.open.cents for bill in paper.city.billing.open_bills(HOME).bills)
    pay(paper, HOME, owed + 42_50, who="sven")
    refund_id = refunded(paper)
    refused = signed_in(paper, "sven").post(f"/money-out/refunds/{refund_id}", say="approve")
    assert refused.status_code == 409
    assert "Sven took the money that this credit consists of." in refused.text
    assert refund_id in refused.text
    assert f"refund/{refund_id}" not in effects(paper)


def test_billing_that_does_not_answer_is_said_and_leaves_the_refund_waiting(paper: Paper) -> None:
    overpaid(paper)
    refund_id = refunded(paper)
    paper.faults.add(Fault(route="billing/*", kind=FaultKind.ERROR, times=None))
    sven = signed_in(paper, "sven")
    answers = [
        sven.post(f"/money-out/refunds/{refund_id}", say="approve"),
        sven.get("/money-out/credit"),
        sven.get("/money-out/deposits", account_no=HOME),
    ]
    for answer in answers:
        assert answer.status_code == 503
        assert "Billing does not answer" in answer.text
    assert "Refunds that wait (1)" in sven.get("/money-out").text


def test_a_refund_that_billing_refuses_is_marked_by_the_next_file(paper: Paper) -> None:
    overpaid(paper)
    refund_id = refunded(paper)
    signed_in(paper, "sven").post(f"/money-out/refunds/{refund_id}", say="approve")
    with transaction(paper.engine) as session:
        session.get_one(BillingEffectRow, f"refund/{refund_id}").rejected = "no-credit"
    kim = signed_in(paper, "kim")
    assert "billing refuses it" in kim.get("/money-out", what="under_way").text
    kim.post("/money-out/file")
    assert "Billing refused it: the credit is gone" in kim.get("/money-out", what="lately").text


# --- deposits and credit ------------------------------------------------------------------------------------------


def test_a_deposit_that_waits_is_applied_once_and_no_longer_waits(paper: Paper) -> None:
    with transaction(paper.engine) as session:
        raise_task(
            session,
            task_id=f"apply_deposit-{HOME}-{TODAY}",
            kind="apply_deposit",
            at=paper.clock.now(),
            account_no=HOME,
            for_role="accountant",
        )
    kim = signed_in(paper, "kim")
    for page in ("/tasks", f"/accounts/{HOME}"):
        assert f"/desk/money-out/deposits?account_no={HOME}" in kim.get(page).text
    waits, narrowed = kim.get("/money-out/deposits").text, kim.get("/money-out/deposits", account_no=HOME).text
    typed = {"account": HOME, "final_on": f"{TODAY}"}
    for _ in range(2):
        assert "The deposit is applied with its interest" in kim.post("/money-out/deposits/apply", **typed).text
    settle(paper)
    after = kim.get("/money-out/deposits").text
    gone = kim.post("/money-out/deposits/apply", account=HOME, final_on="2026-08-31")

    assert "Deposits to apply</a>" in waits
    assert "Deposits to apply (1)" in waits
    assert "What billing holds for this account" in narrowed
    assert "$100.00" in narrowed
    assert "No deposit waits to be applied." in after
    assert "Oct 16, 2026" in after
    assert gone.status_code == 409
    assert "Billing holds no deposit" in gone.text
    with reading(paper.engine) as session:
        assert len(session.exec(select(DepositRow)).all()) == 1
        assert session.exec(select(TaskRow).where(col(TaskRow.kind) == "apply_deposit")).one().done_at is not None


def test_a_petition_that_stands_is_seen_beside_the_deposit_and_stays_it(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(furnish(paper))
        sven = signed_in(paper, "sven")
        page = sven.get("/money-out/deposits", account_no=GONE).text
        refused = sven.post("/money-out/deposits/apply", account=GONE, final_on=f"{TODAY}")
        assert "a petition stands: ask counsel first" in page
        assert refused.status_code == 409


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30", f"{TODAY + timedelta(days=1)}"])
def test_a_day_that_is_none_or_still_to_come_applies_no_deposit(paper: Paper, day: str) -> None:
    refused = signed_in(paper, "kim").post("/money-out/deposits/apply", account=HOME, final_on=day)
    assert refused.status_code == 422
    with reading(paper.engine) as session:
        assert session.exec(select(DepositRow)).all() == []


def test_accounts_with_credit_are_listed_with_what_is_in_refunds_already(paper: Paper) -> None:
    assert "No account has credit." in signed_in(paper, "sven").get("/money-out/credit").text
    overpaid(paper)
    refunded(paper, 40_00)
    page = signed_in(paper, "sven").get("/money-out/credit").text
    assert "Xia Ashgrove" in page
    assert "$42.50" in page
    assert "$40.00" in page
    assert "Xia Ashgrove" not in signed_in(paper, "ada").get("/money-out/credit").text, "an auditor sees no names"


# --- both languages -----------------------------------------------------------------------------------------------


def test_a_refusal_and_every_part_read_in_spanish(paper: Paper) -> None:
    overpaid(paper)
    adjustment_id, _ = correct(paper), refunded(paper)
    sven = signed_in(paper, "sven", "es")
    waits = sven.get("/money-out").text
    refused = sven.post(f"/money-out/corrections/{adjustment_id}", say="reject", because="").text
    parts = [sven.get("/money-out", what=what).text for what in ("under_way", "lately")]

    assert "El cliente debe" in waits
    assert "menos" in waits
    assert "Hace falta un motivo" in refused
    assert "A quien lo pidió se le dice por qué no se aprueba." in refused
    assert "Ningún reembolso espera a ser entregado." in parts[0]
    assert "Aún no se ha decidido ninguna corrección." in parts[1]


# --- by keyboard --------------------------------------------------------------------------------------------------


async def test_by_keyboard_enter_in_the_reason_says_no_and_enter_on_approve_says_yes(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        await paper.mirrored(SHOP)
        ids = [correct(paper, key=key) for key in "12"]
        async with chromium() as browser, served(console_over(paper.at)) as url:
            page = await sign_in(browser, url, "sven", PASSWORD)
            await page.goto(f"{url}/desk/money-out")
            await tab_to(page, "Do not approve")
            await page.keyboard.press("Enter")
            await tab_to(page, "Why not?")
            await page.keyboard.type(WHY_NOT)
            await page.keyboard.press("Enter")
            await expect(page.get_by_text("Not approved; who asked for it can read why.")).to_be_visible()
            await tab_to(page, "Approve")
            await page.keyboard.press("Enter")
            await expect(page.get_by_text("Approved: billing is told.")).to_be_visible()
            await expect(page.get_by_text("No correction waits.")).to_be_visible()
        with reading(paper.engine) as session:
            states = sorted(session.get_one(AdjustmentRow, each).state for each in ids)
        assert states == ["approved", "rejected"]
