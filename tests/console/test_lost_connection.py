"""In a real browser: is anything typed lost with the connection, and does the call screen keep who it was?"""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.casework.paper import SHOP, on_paper
from tests.console.browser import axe, chromium, served, sign_in
from tests.console.conftest import PASSWORD, console_over, hire


@pytest.mark.timeout(120)
async def test_what_is_sent_without_a_connection_stays_on_the_page_with_who_it_was(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        await paper.open()
        async with chromium() as browser, served(console_over(paper.at)) as url:
            page = await sign_in(browser, url, "rosa", PASSWORD)
            await page.goto(f"{url}/desk/call/{SHOP}")
            form = page.locator("#f-contact")
            await form.get_by_role("button").click()
            assert await page.evaluate("document.activeElement.name") == "who", "nobody is put down by silence"
            await page.get_by_text("A tenant").first.click()
            await page.locator("label[for=checked-name]").click()
            await form.get_by_label("What was said").fill("Typed before the line went dead.")
            await page.context.set_offline(True)  # playwright's own
            await form.get_by_role("button").click()
            await expect(page.locator("#connection")).to_contain_text("The connection is lost.")
            assert page.url.endswith(f"/call/{SHOP}"), "the page stays"
            await page.context.set_offline(False)
            await page.reload()
            await expect(form.get_by_label("What was said")).to_have_value("Typed before the line went dead.")
            assert await page.locator("#who-tenant").is_checked()
            assert await page.locator("#checked-name").is_checked()
            assert await axe(page) == []
