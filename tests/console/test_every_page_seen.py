"""Is every page, in both languages, free of what axe-core finds, and does each fit a screen of 320 pixels?"""

from pathlib import Path

import pytest

from tests.casework.paper import on_paper
from tests.console.browser import axe, chromium, served, sign_in
from tests.console.conftest import PASSWORD, console_over, hire
from tests.console.town import settle
from tests.workflows.world import SHOPS

NOTICED, PLANNED, HELD, ASKED = SHOPS[:4]
PAGES = (
    *("/worklist", "/worklist?tab=all", "/worklist?tab=done", "/search", "/approvals", "/board"),
    *(f"/accounts/{NOTICED}", f"/accounts/{PLANNED}", f"/accounts/{HELD}", f"/call/{HELD}"),
    *(f"/cases/{ASKED}-1", f"/cases/{ASKED}-1/on?day=2026-09-01", f"/cases/{ASKED}-1/why"),
    *(f"/cases/{ASKED}-1/check", f"/cases/{ASKED}-1/temporal", f"/cases/{NOTICED}-1/decide"),
    *(f"/cases/{NOTICED}-1/decide/agree_arrangement", f"/cases/{NOTICED}-1/decide/record_contact"),
    *("/counter", "/files", "/stop", "/team?of=rosa", "/policy", "/no-such-page"),
    *(f"/cases/{NOTICED}-1/arrange", f"/cases/{NOTICED}-1/documents", "/plans", "/exceptions"),
    *("/radar", "/crews", "/mail", "/mail/2026-09-01-1", f"/accounts/{NOTICED}/copies"),
)


@pytest.mark.timeout(400)
async def test_every_page_in_both_languages_is_accessible_and_fits_a_narrow_screen(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        await settle(paper)
        async with chromium() as browser, served(console_over(paper.at)) as url:
            found = {}
            for language in ("en-US", "es-US"):
                page = await sign_in(browser, url, "sven", PASSWORD, language=language, width=320)
                for path in PAGES:
                    await page.goto(f"{url}/desk{path}", wait_until="domcontentloaded")
                    assert await page.get_attribute("html", "lang") == language[:2]
                    faults = await axe(page)
                    width = await page.evaluate("document.documentElement.scrollWidth")
                    faults += [f"{width} pixels wide"] if width > 320 else []
                    if faults:
                        found[f"{language} {path}"] = faults
                await page.context.close()
    assert found == {}
