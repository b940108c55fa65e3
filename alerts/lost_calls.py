"""Ends the calls of servers that died, where no gateway has brought them back.

Redis knows the open calls by the last sign of life of their servers. Every server looks for
those that are overdue; which one ends a call does not matter, since one script looks again and
ends it: whoever comes second, a gateway or another server, finds it over. See
docs/adr/0044-lost-calls.md.
"""

import asyncio
import logging
from collections.abc import Callable

import msgspec

from alerts import metrics, wire
from alerts.leftover import leftover
from alerts.letters import letter
from alerts.redis_bus import RedisAwayError, RedisBus
from alerts.wall import utc_now
from streamer.events import Seconds

log = logging.getLogger(__name__)

# Returns the keys of the calls without a sign of life for ARGV[1] milliseconds, each with when
# there was the last one; the oldest first.
_OVERDUE = """
local now = redis.call('TIME')
now = now[1] * 1000 + now[2] / 1000
local latest = now - ARGV[1]
return redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', latest, 'WITHSCORES', 'LIMIT', 0, 50)
"""
# Ends a call, unless there was a sign of life after ARGV[1]. Then come channel, field and body
# of each message.
_END = """
local seen = redis.call('ZSCORE', KEYS[3], KEYS[1])
if not seen or tonumber(seen) ~= tonumber(ARGV[1]) then return 0 end
for i = 2, #ARGV, 3 do
  redis.call('XADD', KEYS[2], '*', 'json', ARGV[i + 2])
  redis.call('HSET', KEYS[1], ARGV[i + 1], ARGV[i + 2])
  redis.call('PUBLISH', ARGV[i], ARGV[i + 2])
end
redis.call('HSET', KEYS[1], 'server', 'over')
redis.call('HDEL', KEYS[1], 'state')
redis.call('EXPIRE', KEYS[1], 60)
redis.call('ZREM', KEYS[3], KEYS[1])
return 1
"""
_NO_MESSAGES = frozenset({b"server", b"how", b"owner", b"wrote", b"lives", b"state"})
_PAST = frozenset({b"call_ended", b"draft"})  # of an earlier call; of no weight

LONGEST_SETTLE: Seconds = 30.0
"""Whoever lives has long said so by then."""


class LostCalls:
    """`after` seconds without a sign of life a call is lost. Nothing is judged before Redis has
    been there for `settle` seconds without a break: while it was away nobody could say that a
    call lives."""

    def __init__(
        self,
        bus: RedisBus,
        after: Seconds,
        *,
        settle: Seconds = LONGEST_SETTLE,
        look_every: Seconds = 5.0,
        wall: Callable[[], str] = utc_now,
    ) -> None:
        self._bus, self._after, self._settle = bus, after, settle
        self._look_every, self._wall = look_every, wall

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._look_every)
            try:
                await self.look()
            except RedisAwayError:
                continue  # the bus says so

    async def look(self) -> None:
        """Ends what is lost by now. Raises RedisAwayError."""
        if self._bus.steady < self._settle:
            return
        overdue = await self._bus.script(_OVERDUE, [], int(1000 * self._after))
        for key, seen in zip(overdue[::2], overdue[1::2], strict=True):
            await self._end(self._bus.call_of(key.decode()), seen)

    async def _end(self, call: str, seen: bytes) -> None:
        found = leftover(await self._known(call))
        sent = [wire.stamped(message, self._wall()) for message in found]
        letters = [letter(message, 0, self._bus.names, 0.0) for message in sent]
        parts = [part for one in letters for part in (one.channel, one.slot, one.body)]
        if await self._bus.script(_END, [call], seen, *parts) and found:
            metrics.calls_lost.inc()
            log.warning("a call of a server that is gone is over", extra={"call": call})

    async def _known(self, call: str) -> list[wire.Message]:
        """The latest of each kind, as far as Redis keeps that; else what was logged of it."""
        live = await self._bus.live.fields(call)
        if (began := live.pop(b"call_started", None)) is None:
            return await self._bus.log.history(call)
        kept = [body for name, body in live.items() if name not in _NO_MESSAGES | _PAST]
        return [m for body in (began, *kept) if (m := _message(body)) is not None]


def _message(body: bytes) -> wire.Message | None:
    """None for what is no message of ours (a newer version's)."""
    try:
        return wire.decode(body)
    except msgspec.MsgspecError:
        return None
