"""Follows the playbook's file while the server runs: by its time stamp, and on SIGHUP."""

import asyncio
import signal
from collections.abc import Callable

from alerts.playbook_file import PlaybookFile
from streamer.events import Seconds

LOOK_EVERY: Seconds = 1.0


async def follow(
    file: PlaybookFile, changed: Callable[[], None], every: Seconds = LOOK_EVERY
) -> None:
    """Until cancelled. `changed` is called on the event loop, between two calls' starts."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, asked.set)
    try:
        while True:
            if await asyncio.to_thread(
                file.reload if await _woken(asked, every) else file.look
            ):
                changed()
    finally:
        loop.remove_signal_handler(signal.SIGHUP)


async def _woken(asked: asyncio.Event, within: Seconds) -> bool:
    """Whether somebody asked before the next look was due."""
    try:
        async with asyncio.timeout(within):
            await asked.wait()
    except TimeoutError:
        return False
    asked.clear()
    return True
