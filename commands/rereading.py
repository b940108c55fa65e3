"""Follows files while the server runs: by their time stamps, and on SIGHUP."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from streamer.events import Seconds

LOOK_EVERY: Seconds = 1.0


@dataclass(frozen=True, slots=True)
class Followed:
    """`look` reads it if it has changed, `reload` in any case; both say whether there is
    something new, block, and are called in a thread. `changed` is called on the event loop,
    between two calls' starts."""

    look: Callable[[], bool]
    reload: Callable[[], bool]
    changed: Callable[[], None] = lambda: None


async def follow(files: Sequence[Followed], every: Seconds = LOOK_EVERY) -> None:
    """Until cancelled."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, asked.set)
    try:
        while True:
            at_once = await _woken(asked, every)
            for file in files:
                if await asyncio.to_thread(file.reload if at_once else file.look):
                    file.changed()
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
