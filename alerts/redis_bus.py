"""Redis: pub/sub as the bell, the stream `ew:log` as the record.

Delivery is in order and once, whatever Redis does. Each message has a number; one Lua script
appends a batch to the log, rings the bells and stores the last number. After
a break the number that Redis still has says where to go on: an unsure batch is not sent twice,
and what a killed Redis forgot (appendfsync everysec: up to two seconds; without persistence:
all) is logged again, as far as the last `KEEP_SENT` messages reach.
"""

import asyncio
import itertools
import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from alerts import metrics
from alerts.delivery import SCRIPT, arguments, number_ttl
from alerts.letters import Kept, Names, call_key, call_of, letter, state_letter
from alerts.live_state import LiveState
from alerts.log import Log
from alerts.log_group import LogGroup, Reader
from alerts.outbox import BusState, Outbox
from alerts.redis_address import RedisAddress
from alerts.redis_link import RedisAwayError, RedisLink
from alerts.wall import utc_now
from alerts.wire import Message, stamped
from streamer.errors import SettingsError
from streamer.events import Seconds

__all__ = ["RedisAwayError", "RedisBus"]

log = logging.getLogger(__name__)

KEEP_SENT = 5_000
_BATCH = 1_000  # more than a block of the outbox
_IDLE = 1.0  # seconds between looks at Redis while there is nothing to send
_BACKOFF = (0.1, 2.0)


class RedisBus:
    """Publishes without ever waiting, and reads back what was published.

    `run` delivers and must be running; it survives any fault of Redis. `limit` messages wait
    while Redis is away; see `Outbox` for what goes when there are more.
    """

    def __init__(
        self,
        url: str,
        prefix: str = "ew:",
        *,
        log_hours: float = 24.0,
        limit: int = 50_000,
        wall: Callable[[], str] = utc_now,
    ) -> None:
        """Raises SettingsError for a URL that is none. Does not connect yet."""
        address = _address(url)
        self.names, self._wall = Names(address.keys(prefix), prefix), wall
        self._keep_ms = int(log_hours * 3_600_000)
        self._sender, self._reader = RedisLink(address), RedisLink(address)
        self.server = secrets.token_hex(8)  # what Redis knows this process by
        self._keys = tuple(
            f"{self.names.keys}{name}" for name in ("log", f"sent:{self.server}", "open")
        )
        self.log = Log(self._reader.ask, self._keys[0])
        self.live = LiveState(self._reader.ask, self.names)
        self._numbers = itertools.count(1)
        self._outbox = Outbox(limit, KEEP_SENT)
        self._posted, self._empty = asyncio.Event(), asyncio.Event()
        self._up, self._since, self._delivered = False, wall(), 0
        self._up_since: Seconds | None = None  # on the loop's clock
        self._told = False  # that it is away
        self._empty.set()

    @property
    def state(self) -> BusState:
        it, since = self._outbox, "" if self._up else self._since
        return BusState(self._up, since, len(it), it.dropped, it.limit)

    @property
    def steady(self) -> Seconds:
        """For how long Redis has been there without a break, as far as is known here."""
        if self._up_since is None:
            return 0.0
        return asyncio.get_running_loop().time() - self._up_since

    def publish(self, message: Message, *, bound: bool = False) -> Message:
        """Stamps `wall` and queues it; never blocks. Returns what will be on the wire. `bound`:
        more that came of the same thing follows at once, and then the call's state."""
        sent = stamped(message, self._wall())
        dropped = self._outbox.dropped
        now = asyncio.get_running_loop().time()
        self._outbox.post(letter(sent, next(self._numbers), self.names, now, bound=bound))
        metrics.redis_dropped.inc(self._outbox.dropped - dropped)
        self._posted.set()
        self._empty.clear()
        return sent

    def keep(self, kept: Kept) -> None:
        """Queues the state of a call, in the place of an older one that still waits."""
        now = asyncio.get_running_loop().time()
        self._outbox.post(state_letter(kept, next(self._numbers), self.names, now))
        self._posted.set()
        self._empty.clear()

    def group(self, name: str, reader: str) -> LogGroup:
        """The log, as `reader` of the group `name` reads it."""
        return LogGroup(self._reader.ask, self._keys[0], name, Reader(reader))

    def call_of(self, key: str) -> str:
        """Whose state it is."""
        return call_of(key, self.names)

    async def script(
        self, script: str, calls: Sequence[str], *arguments: str | int | bytes
    ) -> Any:  # noqa: ANN401
        """Runs `script` on the states of `calls`, at once; behind them its KEYS are the log and
        the open calls. Raises RedisAwayError."""
        keys = [call_key(call, self.names) for call in calls]
        return await self._reader.run(script, [*keys, self._keys[0], self._keys[2]], arguments)

    async def run(self) -> None:
        """Delivers until cancelled."""
        shortest, longest = _BACKOFF
        pause = shortest
        while True:
            try:
                await self._resume()
                while True:
                    await self._deliver()
                    pause = shortest
            except RedisAwayError as fault:
                self._went_away(fault)
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)

    async def drain(self, seconds: float) -> int:
        """Waits until all is delivered, at most so long; returns how many messages are left."""
        try:
            async with asyncio.timeout(seconds):
                await self._empty.wait()
        except TimeoutError:
            log.error("messages not delivered", extra={"kept": len(self._outbox)})
        return len(self._outbox)

    async def close(self) -> None:
        await self._sender.close()
        await self._reader.close()

    async def _resume(self) -> None:
        """Redis may have more than we know of (an answer got lost), or less (it was killed)."""
        ttl = number_ttl(self._keep_ms)
        self._arrived(int(await self._sender.ask("GETEX", self._keys[1], "EX", ttl) or 0))

    async def _deliver(self) -> None:
        """One round trip: a batch, or a look whether Redis still is what it was."""
        if batch := self._outbox.batch(_BATCH):
            found = arguments(batch, self._keep_ms, self._delivered, self.server)
            number = int(await self._sender.run(SCRIPT, self._keys, found))
            self._arrived(number if number >= 0 else -1 - number)
        else:
            await self._resume()
        self._came_up()
        if not self._outbox:
            self._empty.set()
            await self._rest()

    async def _rest(self) -> None:
        self._posted.clear()
        try:
            async with asyncio.timeout(_IDLE):
                await self._posted.wait()
        except TimeoutError:
            return

    def _arrived(self, number: int) -> None:
        """Redis has everything up to `number`, and nothing after it."""
        now = asyncio.get_running_loop().time()
        for one in self._outbox.confirm(number):
            if one.channel:  # not sent for the second time
                metrics.redis_publish.observe(now - one.posted)
        metrics.redis_kept.set(len(self._outbox))
        if number < self._delivered:
            again, lost = self._outbox.rewind(number)
            metrics.redis_lost.inc(lost)
            self._empty.clear()
            log.warning("redis forgot messages", extra={"again": again, "lost": lost})
        self._delivered = number

    def _came_up(self) -> None:
        if not self._up:
            log.info("redis is up", extra={"kept": len(self._outbox)})
            self._up_since = asyncio.get_running_loop().time()
        self._up, self._told = True, False
        metrics.redis_up.set(1)

    def _went_away(self, fault: Exception) -> None:
        if self._up:
            self._since = self._wall()
        if not self._told:
            log.warning("redis is away: %s", fault)
        self._up, self._told = False, True
        self._up_since = None
        metrics.redis_up.set(0)


def _address(url: str) -> RedisAddress:
    try:
        return RedisAddress.of(url)
    except ValueError as fault:
        raise SettingsError(f"redis_url is no Redis URL: {fault}") from fault
