import asyncio
import contextlib
from datetime import UTC, datetime

import pytest

from commands.keeping import expire_now_and_then, oldest
from commands.settings import Settings
from commands.settings.storage import Storage
from insights.archive import Archive
from insights.keeping import Keeping
from tests.insights import published as p
from tests.insights.contents import contents

NOW = datetime(2026, 11, 24, 8, 0, 0, 123456, UTC)


def test_days_become_walls_as_they_are_written():
    settings = Settings(storage=Storage(archive_days=365, words_days=1.5))
    assert oldest(settings, NOW) == Keeping(
        "2025-11-24T08:00:00.123Z", "2026-11-22T20:00:00.123Z"
    )


def test_zero_keeps_for_ever():
    assert oldest(Settings(storage=Storage(archive_days=0, words_days=0)), NOW) == Keeping()


async def test_what_is_old_goes_once_the_archive_is_open(tmp_path):
    archive, opened = Archive(f"sqlite:///{tmp_path}/archive.db"), asyncio.Event()
    keeping = expire_now_and_then(archive, opened, lambda: Keeping(calls=p.wall(500)))
    running = asyncio.ensure_future(keeping)
    archive.open()
    archive.take(p.call())
    opened.set()
    async with asyncio.timeout(20):
        while contents(archive)["calls"]:  # noqa: ASYNC110 - another thread
            await asyncio.sleep(0)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    archive.close()


async def test_an_archive_that_is_away_is_said_and_asked_again(tmp_path, caplog):
    archive, opened = Archive("postgresql://nobody@127.0.0.1:1/none"), asyncio.Event()
    opened.set()
    running = asyncio.ensure_future(expire_now_and_then(archive, opened, Keeping))
    running_now = asyncio.ensure_future(
        expire_now_and_then(archive, opened, lambda: Keeping(calls="x"))
    )
    async with asyncio.timeout(20):
        while "stays in the archive" not in caplog.text:  # noqa: ASYNC110 - another thread
            await asyncio.sleep(0)
    for task in (running, running_now):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    archive.close()
