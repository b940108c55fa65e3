"""Real Chromium pages of the stand, and what they say of themselves."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from bench.board.stand import Stand

_MARKS = Path(__file__).with_name("marks.js")
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_SIZE = {"width": 1440, "height": 900}


def executable() -> str | None:
    """Where Chromium is, None where it is not."""
    return next((path for path in map(shutil.which, _NAMES) if path), None)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Raises `FileNotFoundError`."""
    path = executable()
    if path is None:
        raise FileNotFoundError("needs Chromium: apt-get install chromium fonts-noto-cjk")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_FLAGS + as_root)
        try:
            yield browser
        finally:
            await browser.close()


async def opened(browser: Browser, stand: Stand, who: str, path: str = "/") -> Page:
    """A page of `who` in a profile of its own, with the marks in it."""
    context = await browser.new_context(locale="zh-CN", viewport=_SIZE)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    cookie = {"name": "ew_session", "value": stand.cookies[who], "url": stand.web}
    await context.add_cookies([cookie])  # type: ignore[list-item]
    await context.add_init_script(path=_MARKS)
    page = await context.new_page()
    await page.goto(stand.web + path)
    await page.wait_for_selector("ew-call-row" if path == "/" else "ew-prompt")
    return page


async def marks(page: Page) -> dict[str, Any]:
    """{painted: {probe: system clock in ms}, long: [[start, duration] in ms], rows: most
    updates of one row in one second}."""
    found: dict[str, Any] = await page.evaluate("() => globalThis.ew_bench")
    return found


async def scroll(page: Page) -> None:
    """Turns the wheel down and up over the list, until cancelled."""
    box = await page.locator("ew-call-list .table").bounding_box()
    if box is None:
        raise AssertionError("the list is not there")
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    way = 1
    while True:
        for _ in range(40):
            await page.mouse.wheel(0, 400 * way)
            await asyncio.sleep(0.1)
        way = -way


async def memory(page: Page) -> dict[str, float]:
    """After a garbage collection: heap in MB, nodes and listeners of the page."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable")
    await devtools.send("HeapProfiler.collectGarbage")
    told = (await devtools.send("Performance.getMetrics"))["metrics"]
    await devtools.detach()
    found = {each["name"]: each["value"] for each in told}
    return {
        "heap_mb": round(found["JSHeapUsedSize"] / 1e6, 2),
        "nodes": found["Nodes"],
        "listeners": found["JSEventListeners"],
    }
