"""Is every page, in both languages, free of what axe-core finds, and does each fit a screen of 320 pixels?

The pages are those of the console's own map: one that the tour does not visit fails here.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from console.guard import PAGES
from tests.casework.paper import on_paper
from tests.console.browser import axe, chromium, served, sign_in
from tests.console.conftest import PASSWORD, console_over, hire
from tests.console.tour import ADDRESSES, DISPUTED, FORMS, NO_PAGES, REFUSED, REVIEWED, TOUR, furnish

NARROW = 320
PARTS = 3  # so that several can look at once


def test_the_tour_visits_every_page_of_the_map() -> None:
    on_the_map = {page.path for page in PAGES if page.methods and "GET" in page.methods}
    assert TOUR.keys() | NO_PAGES == on_the_map
    assert not TOUR.keys() & NO_PAGES


@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", ["en-US", "es-US"])
async def test_every_page_is_accessible_and_fits_a_narrow_screen(tmp_path: Path, language: str, part: int) -> None:
    pages = [address for address in (*ADDRESSES, *REFUSED) if address not in FORMS[3:]]
    assert await faults(tmp_path, pages[part::PARTS], language) == {}


@pytest.mark.prove
@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", ["en-US", "es-US"])
async def test_every_form_of_a_decision_is_accessible_and_fits_a_narrow_screen(tmp_path: Path, language: str) -> None:
    assert await faults(tmp_path, FORMS, language) == {}


@pytest.mark.timeout(200)
@pytest.mark.parametrize("language", ["en-US", "es-US"])
async def test_the_reviewer_s_own_form_is_accessible_and_fits_a_narrow_screen(tmp_path: Path, language: str) -> None:
    pages = (REVIEWED, f"/cases/{DISPUTED}-1/decide", f"/accounts/{DISPUTED}")
    assert await faults(tmp_path, pages, language, who="rita") == {}


async def faults(folder: Path, addresses: Sequence[str], language: str, who: str = "sven") -> dict[str, list[str]]:
    """Return what is wrong with the pages at *addresses*, by address, as *who* sees them."""
    found = {}
    with on_paper(folder) as paper:
        hire(paper)
        await furnish(paper)
        async with chromium() as browser, served(console_over(paper.at)) as url:
            page = await sign_in(browser, url, who, PASSWORD, language=language, width=NARROW)
            for address in addresses:
                answer = await page.goto(f"{url}/desk{address}", wait_until="domcontentloaded")
                assert answer is None or answer.ok is (address not in REFUSED), f"{address}: {answer.status}"
                assert await page.get_attribute("html", "lang") == language[:2]
                wrong = await axe(page)
                width = await page.evaluate("document.documentElement.scrollWidth")
                wrong += [f"{width} pixels wide"] if width > NARROW else []
                if wrong:
                    found[address] = wrong
    return found
