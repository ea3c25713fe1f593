"""How does every page and every letter look? ``python -m tests.console.pictures [FOLDER] [PART …]`` draws each.

Every page of the tour in both languages, and every kind of letter in English and in Spanish, to a short and to a long
name, is put into *FOLDER* (``out/pictures``), with sheets of six to look at many at once. A *PART* is ``letters``,
``pages-en`` or ``pages-es``: all three where none is named. ``shown`` draws the screenshots of the documents alone.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import typst
from playwright.async_api import Browser, Page

from letters.book import load_book
from letters.letter import Letter, LetterKind
from letters.render import TEMPLATE, inputs_of
from tests.builders import an_agreement
from tests.casework.paper import on_paper
from tests.console.browser import chromium, served, sign_in
from tests.console.conftest import PASSWORD, console_over, hire
from tests.console.tour import ADDRESSES, DISPUTED, PLANNED, REFUSED, furnish
from tests.letters.made import BILLS, BODIL, CASE, GROUND, LONG, a_letter

FOLDER = Path("out") / "pictures"
LANGUAGES = {"en": "en-US", "es": "es-US"}
PARTS = ("letters", *(f"pages-{language}" for language in LANGUAGES))
SHEET_OF = 6
WIDE = 1280
DOTS_PER_INCH = 80.0
FORTY = tuple((f"{2027 + month // 12}-{month % 12 + 1:02}-08", 331 if month else 320) for month in range(40))


SHOWN = {
    "console-worklist": ("en", "/worklist?tab=all"),
    "console-account": ("en", f"/accounts/{PLANNED}"),
    "console-call": ("en", f"/call/{PLANNED}"),
    "console-why": ("en", f"/cases/{DISPUTED}-1/why"),
    "console-approvals-es": ("es", "/approvals"),
    "console-board-es": ("es", "/board"),
}
IMAGES = Path("docs") / "images"


async def draw(folder: Path, parts: Sequence[str]) -> None:
    """Draw *parts* into *folder*, each with its sheets."""
    if "letters" in parts:
        for letter, name in _letters():
            _draw_letter(letter, _made(folder / "letters"), name)
    async with chromium() as browser:
        if "shown" in parts:
            await _draw_shown(browser)
            return
        await _draw_pages(browser, folder, [language for language in LANGUAGES if f"pages-{language}" in parts])
        for part in parts:
            await _draw_sheets(browser, sorted((folder / part).iterdir()), _made(folder / "sheets"))


async def _draw_pages(browser: Browser, folder: Path, languages: Sequence[str]) -> None:
    if not languages:
        return
    with tempfile.TemporaryDirectory() as home, on_paper(Path(home)) as paper:
        hire(paper)
        await furnish(paper)
        async with served(console_over(paper.at)) as url:
            for language in languages:
                page = await sign_in(browser, url, "sven", PASSWORD, language=LANGUAGES[language], width=WIDE)
                await _draw_tour(page, url, _made(folder / f"pages-{language}"))
                await page.context.close()


async def _draw_shown(browser: Browser) -> None:
    with tempfile.TemporaryDirectory() as home, on_paper(Path(home)) as paper:
        hire(paper)
        await furnish(paper)
        async with served(console_over(paper.at)) as url:
            for name, (language, address) in SHOWN.items():
                page = await sign_in(browser, url, "sven", PASSWORD, language=LANGUAGES[language], width=WIDE)
                await page.goto(f"{url}/desk{address}", wait_until="load")
                await page.wait_for_timeout(1_000)  # what the page asks for by itself once it is there
                await page.screenshot(path=IMAGES / f"{name}.png")
                await page.context.close()


async def _draw_tour(page: Page, url: str, folder: Path) -> None:
    for number, address in enumerate((*ADDRESSES, *REFUSED), start=1):
        await page.goto(f"{url}/desk{address}", wait_until="domcontentloaded")
        await page.evaluate("document.fonts.ready")
        await page.wait_for_timeout(150)  # what the page asks for by itself once it is there
        path = folder / f"{number:03}{_plain(address)}.jpeg"  # half the time of PNG, and a picture to look at
        await page.screenshot(path=path, type="jpeg", quality=80, full_page=True)
        sys.stderr.write(f"{path.stem}\n")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _plain(address: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in address)[:60]


def _letters() -> Iterator[tuple[Letter, str]]:
    for kind in LetterKind:
        for language in LANGUAGES:
            for who in (BODIL, LONG):
                name = f"{kind.entry}-{language}-{'long' if who is LONG else 'short'}"
                yield a_letter(kind, language=language, personal=who), name
    forty = replace(CASE, arrangement=an_agreement(BILLS[0], *FORTY, agreed_on=GROUND[LetterKind.AGREEMENT][1]))
    nothing = replace(CASE, known=replace(CASE.known, bills=()))
    for language in LANGUAGES:
        yield a_letter(LetterKind.AGREEMENT, forty, language=language, personal=LONG), f"forty-{language}"
        yield a_letter(LetterKind.RECONNECTION, nothing, language=language), f"nothing-{language}"


def _draw_letter(letter: Letter, folder: Path, name: str) -> None:
    inputs = inputs_of(letter, load_book())
    found = typst.compile(str(TEMPLATE), format="png", sys_inputs=inputs, ppi=DOTS_PER_INCH, ignore_system_fonts=True)
    for number, png in enumerate([found] if isinstance(found, bytes) else found, start=1):
        (folder / f"{name}-{number}.png").write_bytes(png)


async def _draw_sheets(browser: Browser, pictures: Sequence[Path], folder: Path) -> None:
    """Put *pictures* on sheets, six on each, with their names."""
    page = await browser.new_page(viewport={"width": 1800, "height": 1200})
    for start in range(0, len(pictures), SHEET_OF):
        await page.goto(f"file://{_sheet(pictures[start : start + SHEET_OF], folder)}")
        name = f"{pictures[0].parent.name}-{start // SHEET_OF + 1:02}.png"
        await page.screenshot(path=folder / name, full_page=True)
    await page.close()


def _sheet(pictures: Sequence[Path], folder: Path) -> Path:
    shown = "".join(
        f'<figure style="margin:0;width:590px;font:12px sans-serif">{picture.stem}'
        f'<br><img src="file://{picture.resolve()}" style="width:580px;border:1px solid #999"></figure>'
        for picture in pictures
    )
    sheet = (folder / "sheet.html").resolve()
    sheet.write_text(f'<body style="display:flex;flex-wrap:wrap;gap:6px;margin:4px">{shown}</body>', "utf-8")
    return sheet


if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER, sys.argv[2:] or PARTS))
