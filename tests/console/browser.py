"""One Chromium for a test, and people who sit before it; skipped without one unless it is required."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Yield a browser. Without one on this machine the test is skipped; where it is required, it fails."""
    if not CHROMIUM:
        if "browser" in os.environ.get("ARREARS_REQUIRE", ""):
            pytest.fail("no chromium is installed here: run .ci/install-chromium")
        pytest.skip("no chromium is installed here: run .ci/install-chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """Yield the address at which *app* is served, in this very loop."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="error", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # the test's own runner has them
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server came up"
        await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


async def sign_in(
    browser: Browser, url: str, who: str, password: str, *, language: str = "en-US", width: int = 1280
) -> Page:
    """Return the page of a person of their own who has just signed in."""
    context = await browser.new_context(locale=language, viewport={"width": width, "height": 900})
    context.set_default_timeout(30_000)
    page = await context.new_page()
    await page.goto(f"{url}/desk/login")
    await page.fill("#username", who)
    await page.fill("#password", password)
    await page.press("#password", "Enter")
    await page.wait_for_url("**/desk/worklist*")
    return page


async def axe(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page: rule and element of each violation."""
    await page.evaluate(AXE.read_text("utf-8"))
    found = await page.evaluate(f"axe.run({{runOnly: {RULES}, resultTypes: ['violations']}})")
    return [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"]]


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is focused bears *name*, and see that the focus shows."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        found = await page.evaluate(
            "() => { const e = document.activeElement; const style = getComputedStyle(e);"
            " const label = e.labels && e.labels[0] ? e.labels[0].innerText : '';"
            " return [label || e.innerText || '', style.outlineStyle, parseFloat(style.outlineWidth)]; }"
        )
        if found[0].strip().startswith(name):
            assert found[1] != "none"
            assert found[2] >= 2, "the focus is seen"
            return
    raise AssertionError(f"no way by keyboard to {name!r}")
