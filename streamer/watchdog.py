"""Ends the wait for a connection that says nothing, with one timer for all of its frames."""

import asyncio
from collections.abc import Callable
from types import TracebackType

from streamer.events import Seconds


class Watchdog:
    """Around a block that reads: raises `TimeoutError` in it when one wait, from `wait` to
    `heard`, has lasted longer than `limit()`, which may change meanwhile. It is asked again
    after `often` seconds at the latest."""

    def __init__(self, limit: Callable[[], Seconds], often: Seconds) -> None:
        self._limit, self._often = limit, often
        self._loop = asyncio.get_running_loop()
        self._since: Seconds | None = None  # None: not waiting
        self._timeout = asyncio.timeout(None)
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> "Watchdog":
        await self._timeout.__aenter__()
        self._look()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await self._timeout.__aexit__(kind, error, trace)

    def wait(self) -> None:
        self._since = self._loop.time()

    def heard(self) -> Seconds:
        """Returns the time."""
        self._since = None
        return self._loop.time()

    def _look(self) -> None:
        now, limit = self._loop.time(), self._limit()
        left = limit if self._since is None else self._since + limit - now
        if left > 0:
            self._timer = self._loop.call_at(now + min(left, self._often), self._look)
        else:
            self._timeout.reschedule(now)
