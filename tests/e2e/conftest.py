"""The whole server as its users run it: its own process, `tiny`, real Redis and Chromium."""

import json
import pathlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from redis.asyncio import Redis

from bench.server import Running, server
from tests.browser.chromium import chromium

SCREENSHOTS = pathlib.Path(__file__).parents[1] / "screenshots"
PATIENCE_MS = 60_000
SignIn = Callable[..., Awaitable[Page]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One server and one browser for all: they share the session's loop."""
    for item in items:
        if pathlib.Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.model)
            item.add_marker(pytest.mark.redis)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server: apt-get install redis-server")
    async with server(tmp_path_factory.mktemp("e2e")) as started:
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as launched:
        yield launched


@pytest_asyncio.fixture(loop_scope="session")
async def sign_in(running: Running, browser: Browser) -> AsyncIterator[SignIn]:
    """Opens a page as the supervisor or the agent, in a browser profile of its own."""
    contexts = []

    async def as_(name: str, path: str, password: str = "", **more: Any) -> Page:
        more = {"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}} | more
        context = await browser.new_context(**more)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = await context.new_page()
        await page.goto(running.web + path)
        await page.get_by_label("账号").fill(name)
        await page.get_by_label("密码").fill(password or running.accounts[name])
        await page.get_by_role("button", name="登录").click()
        await expect(page).to_have_url(running.web + path)
        return page

    expect.set_options(timeout=PATIENCE_MS)
    yield as_
    for context in contexts:
        await context.close()


@asynccontextmanager
async def log_of(running: Running) -> AsyncIterator[Callable[[str], Awaitable[list[dict]]]]:
    """Reads what `ew:log` holds of one call, oldest first."""
    async with Redis.from_url(running.redis_url) as redis:

        async def read(call_id: str) -> list[dict]:
            entries = await redis.xrange("ew:log")
            messages = [json.loads(fields[b"json"]) for _, fields in entries]
            return [message for message in messages if message["call_id"] == call_id]

        yield read
