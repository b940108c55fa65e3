"""Chromium for tests: launched once a session, or the test skips and says what is missing."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

_ARGUMENTS = [
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=user-gesture-required",
]  # fmt: skip


def executable() -> str:
    """Where Chromium is. Skips the test where it is not."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    pytest.skip("needs Chromium: apt-get install chromium fonts-noto-cjk")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A headless Chromium that talks to nobody but the pages under test."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable(), args=_ARGUMENTS + as_root
        )
        try:
            yield browser
        finally:
            await browser.close()
