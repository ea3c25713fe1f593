"""Is everything that decides over a household, or takes its money, done without a mouse? In a real browser."""

from playwright.async_api import Page, expect
from sqlmodel import col, select

from casework.context import Installation
from domain.commands import RecommendDisconnection
from models.session import reading
from models.tables import FactRow, ReceiptRow
from tests.console.browser import chromium, served, sign_in, tab_to
from tests.console.conftest import PASSWORD, console_over, hire
from tests.workflows.conftest import temporal, world
from tests.workflows.world import SHOP, World

__all__ = ["temporal", "world"]


async def test_a_fact_a_payment_and_an_approval_by_keyboard_alone(world: World) -> None:
    await world.open(SHOP)
    await world.until("2026-09-29 08:30")
    hire(world)
    at = Installation(engine=world.engine, clock=world.clock, systems=world.systems, temporal=world.client)
    async with chromium() as browser, served(console_over(at)) as url:
        rosa = await sign_in(browser, url, "rosa", PASSWORD)
        await record_a_fact(rosa, world, url)
        await take_a_payment(rosa, world, url)
        await world.decide(SHOP, RecommendDisconnection())
        await approve(await sign_in(browser, url, "sven", PASSWORD), world, url)


async def record_a_fact(page: Page, world: World, url: str) -> None:
    await page.goto(f"{url}/desk/accounts/{SHOP}")
    await follow(page, "Decide")
    await follow(page, "Record a fact")
    await follow(page, "Safety note")
    await tab_to(page, "What a crew must know")
    await page.keyboard.press("ArrowDown")
    await tab_to(page, "Record a fact")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Record a fact: done")).to_be_visible()
    await world.rest(SHOP)
    with reading(world.engine) as session:
        assert len(session.exec(select(FactRow).where(col(FactRow.kind) == "safety_note")).all()) == 1


async def take_a_payment(page: Page, world: World, url: str) -> None:
    await page.goto(f"{url}/desk/counter")
    await tab_to(page, "Number of the till")
    await page.keyboard.type("1")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Your drawer, till 1")).to_be_visible()
    await tab_to(page, "Account number")
    await page.keyboard.type(SHOP)
    await tab_to(page, "Amount")
    await page.keyboard.type("84.20")
    await tab_to(page, "Take the payment")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(f"$84.20 was taken for account {SHOP}")).to_be_visible()
    await world.rest(SHOP)
    with reading(world.engine) as session:
        assert [row.amount_cents for row in session.exec(select(ReceiptRow))] == [84_20]


async def approve(page: Page, world: World, url: str) -> None:
    await page.goto(f"{url}/desk/approvals")
    await tab_to(page, "Approve")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Nothing waits")).to_be_visible()
    await world.rest(SHOP)
    assert world.types(SHOP).count("approval_granted") == 1


async def follow(page: Page, name: str) -> None:
    """Go where the link *name* leads."""
    await tab_to(page, name)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
