"""Has each kind of form that is sent twice at once exactly one effect? In a real browser, on a real Temporal server."""

from collections.abc import Sequence

from playwright.async_api import Locator, Page
from sqlmodel import col, select

from casework.context import Installation
from models.session import reading
from models.tables import ApprovalRow, CaseRow, ContactRow, DrawerRow, FactRow, PaymentRow, ReceiptRow
from tests.console.browser import chromium, served, sign_in
from tests.console.conftest import PASSWORD, console_over, hire
from tests.workflows.conftest import temporal, world
from tests.workflows.world import SHOP, SHOPS, World

__all__ = ["temporal", "world"]

OTHER = SHOPS[1]
CASE = f"{SHOP}-1"
TWICE = """async form => {
    const typed = new URLSearchParams(new FormData(form));
    const send = () => fetch(form.action, {method: "POST", body: typed});
    const answers = await Promise.all([send(), send()]);
    return answers.map(answer => [answer.status, new URL(answer.url).pathname]);
}"""
"""What a click so quick that the page could not keep it back would send: the same form, two times at once."""


async def twice(form: Locator) -> None:
    """Send *form* two times at once; both are answered alike."""
    first, second = await form.evaluate(TWICE)
    assert first == second
    assert first[0] == 200


def count(world: World, *conditions: object, of: type) -> int:
    with reading(world.engine) as session:
        return len(session.exec(select(of).where(*conditions)).all())  # type: ignore[arg-type]


async def test_a_form_that_is_sent_twice_at_once_has_one_effect(world: World) -> None:
    await world.open(SHOP)
    await world.open(OTHER)
    await world.until("2026-09-29 08:30")
    hire(world)
    at = Installation(engine=world.engine, clock=world.clock, systems=world.systems, temporal=world.client)
    async with chromium() as browser, served(console_over(at)) as url:
        rosa, sven, kim = [await sign_in(browser, url, who, PASSWORD) for who in ("rosa", "sven", "kim")]
        await take_the_next_twice(rosa, world)
        await decide_twice(rosa, world, url)
        await approve_twice(sven, world, url)
        await take_money_twice(kim, world, url)


async def take_the_next_twice(page: Page, world: World) -> None:
    await twice(page.locator('form[action$="/worklist/next"]'))
    assert count(world, CaseRow.assigned_to == "rosa", of=CaseRow) == 1


async def decide_twice(page: Page, world: World, url: str) -> None:
    decide = f"{url}/desk/cases/{CASE}/decide"
    before = len(world.types(SHOP))
    await page.goto(f"{decide}/record_contact")
    await choose(page, ("channel", "phone"), ("direction", "in"), ("outcome", "reached"), ("who", "customer"))
    await page.get_by_label("What was said").fill("Asked for the balance.")
    await twice(page.locator("form[data-draft]"))
    assert count(world, ContactRow.case_id == CASE, ContactRow.by == "rosa", of=ContactRow) == 1
    await page.goto(f"{decide}/record_fact?kind=safety_note")
    await page.get_by_label("What a crew must know").select_option(index=1)
    await twice(page.locator("form[data-draft]"))
    assert count(world, FactRow.kind == "safety_note", of=FactRow) == 1
    await page.goto(f"{decide}/recommend_disconnection")
    await twice(page.locator("form[data-draft]"))
    await world.rest(SHOP)
    assert count(world, col(ApprovalRow.case_id) == CASE, of=ApprovalRow) == 1
    new = world.types(SHOP)[before:]
    assert [new.count(name) for name in ("contact_recorded", "fact_recorded", "approval_asked")] == [1, 1, 1]


async def choose(page: Page, *chosen: Sequence[str]) -> None:
    for name, value in chosen:
        field = page.locator(f'[name="{name}"]').first
        if await field.evaluate("each => each.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await page.locator(f'[name="{name}"][value="{value}"]').check(force=True)


async def approve_twice(page: Page, world: World, url: str) -> None:
    await page.goto(f"{url}/desk/approvals")
    await twice(page.locator('form:has(input[name="say"][value="approve"])').first)
    await world.rest(SHOP)
    assert world.types(SHOP).count("approval_granted") == 1


async def take_money_twice(page: Page, world: World, url: str) -> None:
    await page.goto(f"{url}/desk/counter")
    await page.get_by_label("Number of the till").fill("1")
    await twice(page.locator('form[action$="/counter/drawers"]'))
    assert count(world, of=DrawerRow) == 1
    await page.goto(f"{url}/desk/counter?account_no={SHOP}&amount=84.20")
    await twice(page.locator('form[action$="/desk/counter"]'))
    assert (count(world, of=ReceiptRow), count(world, PaymentRow.account_no == SHOP, of=PaymentRow)) == (1, 1)
    await page.goto(f"{url}/desk/counter")
    await page.get_by_text("Count and close it").click()
    await page.get_by_label("Cash").fill("84.20")
    await twice(page.locator('form[action$="/close"]'))
    await page.goto(f"{url}/desk/counter")
    await twice(page.locator('form[action$="/counter/slips"]'))
    await page.goto(f"{url}/desk/counter")
    assert await page.get_by_role("table", name="Slips of today").locator("tbody tr").count() == 1
