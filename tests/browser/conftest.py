"""One browser a session, one stage and one page a test; a page that logs an error fails it."""

import pathlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from tests.browser.chromium import chromium
from tests.browser.stage import Stage, playing

SCREENSHOTS = pathlib.Path(__file__).parents[1] / "screenshots"
OpenPage = Callable[..., Awaitable[Page]]

PATIENCE_MS = 30_000  # a browser on a busy machine; nothing waits this long for its own sake
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these share the browser's loop."""
    for item in items:
        if pathlib.Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as launched:
        yield launched


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    async with playing() as staged:
        yield staged


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, stage: Stage) -> AsyncIterator[OpenPage]:
    """Opens a page in a context of its own. A fault on its console fails the test, unless it
    contains one of `expected`."""
    contexts, faults = [], []

    async def open_(
        path: str = "/",
        lang: str = "zh-CN",
        theme: Any = "light",
        size: tuple[int, int] = (1440, 900),
        expected: tuple[str, ...] = (),
        **more: Any,
    ) -> Page:
        context = await browser.new_context(
            locale=lang,
            color_scheme=theme,
            viewport={"width": size[0], "height": size[1]},
            **more,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = await context.new_page()

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error" and not any(part in message.text for part in expected):
                faults.append(message.text)

        page.on("console", heard)
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(stage.url + path)
        return page

    yield open_
    for context in contexts:
        await context.close()
    assert not faults


@pytest.fixture
def shoot() -> Callable[[Page, str], Awaitable[None]]:
    """Writes a screenshot for people to look at."""

    async def write(page: Page, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        await page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")

    return write
