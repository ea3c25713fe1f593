"""The desk's day in a real browser, on a real Temporal server, a real worker and real SQL."""

from datetime import date

from playwright.async_api import Page, expect

from activities.payment_files import FileIntake
from casework.context import Installation
from models.session import reading
from models.tables import CaseRow
from tests.console.browser import chromium, served, sign_in, tab_to
from tests.console.conftest import PASSWORD, console_over, hire
from tests.money.test_workflow import aggregator
from tests.workflows.conftest import temporal, world
from tests.workflows.world import SHOP, SHOPS, World

__all__ = ["temporal", "world"]

OTHER = SHOPS[1]
CASE = f"{SHOP}-1"
SLIP = OTHER[:4] + OTHER[5] + OTHER[4] + OTHER[6:]


async def test_the_desk_s_day(world: World) -> None:
    """Log in, take the next case, call, recommend; approve; see it recalled; why not; agree; work an exception."""
    await world.open(SHOP)
    await world.open(OTHER)
    await world.until("2026-09-29 08:30")
    hire(world)
    at = Installation(engine=world.engine, clock=world.clock, systems=world.systems, temporal=world.client)
    async with chromium() as browser, served(console_over(at)) as url:
        rosa = await sign_in(browser, url, "rosa", PASSWORD)
        sven = await sign_in(browser, url, "sven", PASSWORD)
        kim = await sign_in(browser, url, "kim", PASSWORD)
        await take_the_next_case(rosa)
        await call(rosa, world)
        await recommend(rosa, world)
        await approve(sven, world)
        await watch_it_recalled(rosa, kim, world, url)
        await find_out_why_not(rosa, url)
        await offer_and_agree_by_keyboard(rosa, world, url)
        await work_an_exception(kim, world, url)


async def take_the_next_case(page: Page) -> None:
    await page.get_by_role("button", name="Next one").click()
    await page.wait_for_url(f"**/desk/accounts/{SHOP}")
    await expect(page.get_by_role("heading", name="What comes next")).to_be_visible()
    await expect(page.get_by_text("What avoids it:")).to_be_visible()


async def call(page: Page, world: World) -> None:
    await page.get_by_role("link", name="Call screen").click()
    await page.get_by_text("The account holder").click()
    await expect(page.get_by_text("Left of the notice")).to_be_visible()
    form = page.locator('form[action$="/decide/record_contact"]')
    await form.get_by_label("What was said").fill("Asked for the balance; will call back.")
    await form.get_by_text("To pay in parts").click()
    await form.get_by_role("button").click()
    await expect(page.get_by_text("Record a contact: done")).to_be_visible()
    await world.rest(SHOP)


async def recommend(page: Page, world: World) -> None:
    await page.goto(page.url.split("/desk")[0] + f"/desk/cases/{CASE}/decide/recommend_disconnection")
    await page.get_by_role("button", name="Show what would follow").click()
    await expect(page.get_by_text("Nothing was sent and nothing stored.")).to_be_visible()
    await page.get_by_role("button", name="Recommend a disconnection").click()
    await expect(page.get_by_text("A second person is asked to approve: disconnection.").first).to_be_visible()
    await world.rest(SHOP)


async def approve(page: Page, world: World) -> None:
    await page.get_by_role("link", name="Approvals").click()
    await expect(page.get_by_text("The rules it was asked under")).to_be_visible()
    await page.get_by_role("button", name="Approve", exact=False).filter(has_text=CASE).first.click()
    await expect(page.get_by_text("Approved. The gate is asked again")).to_be_visible()
    await world.rest(SHOP)
    await world.until("2026-09-29 12:52")
    await page.get_by_role("link", name="Cuts and reconnections").click()
    await expect(page.get_by_role("heading", name="Orders to cut that are out (1)")).to_be_visible()


async def watch_it_recalled(rosa: Page, kim: Page, world: World, url: str) -> None:
    """The cashier takes the money; whoever has the account open sees the crew called back, without asking."""
    await rosa.goto(f"{url}/desk/accounts/{SHOP}")
    with reading(world.engine) as session:
        cents = session.get_one(CaseRow, CASE).balance_cents
    await kim.get_by_role("link", name="Counter").click()
    await kim.get_by_label("Number of the till").fill("1")
    await kim.get_by_role("button", name="Open the drawer").click()
    await kim.get_by_label("Account number").first.fill(SHOP)
    await kim.get_by_label("Amount").first.fill(f"{cents // 100}.{cents % 100:02}")
    await kim.get_by_role("button", name="Take the payment").dblclick()
    await expect(kim.get_by_text("It counts from now on")).to_be_visible()
    await expect(kim.get_by_role("table", name="Receipts of till 1").get_by_role("row")).to_have_count(2)
    await world.rest(SHOP)
    await world.to(world.clock.now())
    await expect(rosa.get_by_text("This case has changed since you looked")).to_be_visible()
    await expect(rosa.locator("#news")).to_contain_text("recalled from the crew")


async def find_out_why_not(page: Page, url: str) -> None:
    await page.goto(f"{url}/desk/accounts/{OTHER}")
    await page.get_by_role("link", name="History").click()
    await page.get_by_role("link", name="Why, and why not").click()
    await expect(page.get_by_role("heading", name="Why it stands where it does")).to_be_visible()
    assert await page.locator("tbody tr").count() >= 1
    await page.get_by_role("link", name="Check of the record").click()
    await expect(page.get_by_text("Each entry follows from the one before it")).to_be_visible()
    await page.get_by_role("link", name="Temporal", exact=True).click()
    await expect(page.get_by_text("The case began.")).to_be_visible()


async def offer_and_agree_by_keyboard(page: Page, world: World, url: str) -> None:
    """Search, open, fill, look, agree: by keyboard alone."""
    await page.goto(f"{url}/desk/search")
    await page.wait_for_function("document.activeElement.id === 'text'")
    await page.keyboard.type(OTHER)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/desk/call/{OTHER}")
    await tab_to(page, "Agree an arrangement")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/decide/agree_arrangement*")
    await tab_to(page, "Monthly parts")
    await page.keyboard.type("3")
    await tab_to(page, "Show what would follow")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("in these parts")).to_be_visible()
    await tab_to(page, "Agree an arrangement")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Agree an arrangement: done")).to_be_visible()
    await world.rest(OTHER)


async def work_an_exception(page: Page, world: World, url: str) -> None:
    """A sum came in under an account number with two digits turned about: it is found, and posted by one click."""
    intake = FileIntake(world.engine, world.systems.billing, world.policy)
    data = aggregator(f"P,A1,{SLIP},8420,2026-09-29,web,A Payer,")
    await intake.take(data, name="web-0929.csv", on=date(2026, 9, 29), at=world.clock.now())
    await page.goto(f"{url}/desk/files")
    row = page.get_by_role("row").filter(has_text=SLIP)
    await expect(row).to_contain_text("two digits are turned about")
    await row.get_by_label("Account for number").fill("4")
    await row.get_by_role("button", name="Post it").click()
    await expect(page.get_by_text("There is no account 4.")).to_be_visible()
    await page.get_by_role("button", name=f"Take {OTHER}").click()
    await expect(page.get_by_text("The money is posted to the account.")).to_be_visible()
    await expect(page.get_by_text("Every cent has its place.")).to_be_visible()
    await page.goto(f"{url}/desk/accounts/{OTHER}")
    await expect(page.get_by_role("region", name="Payments and returns")).to_contain_text("$84.20")
