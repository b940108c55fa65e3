"""Who holds a call: one server at a time, and which one is for Redis to say.

A server that hears a call keeps its state in the call's hash, with whatever it publishes and
about once a second besides. Another server whose gateway brings the same call id claims it, in
one script: the old one's further states are refused from then on. Once a call has ended nobody
holds it ("over"), not even who held it once.

While Redis is away nobody can say that a call lives. So when it is back each server first says
so of its own calls, however much else it has to deliver; and none takes a call for dead before
it has seen Redis for long enough to have heard of that.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from urllib.parse import quote

from alerts import metrics
from alerts.letters import Kept
from alerts.redis_bus import RedisAwayError, RedisBus
from streamer.errors import RefusedError
from streamer.events import CallId, Seconds
from streamer.ports import Recalled

log = logging.getLogger(__name__)

# Returns what became of it (none, refused, busy, or state) and then the state and its age in
# milliseconds. ARGV: us, the owner's key, milliseconds that a call is waited for, milliseconds
# without a word after which its server is taken to be gone, whether Redis has been there for
# long enough to say so (1 or 0).
_CLAIM = """
local got = redis.call('HMGET', KEYS[1], 'server', 'how', 'owner', 'state', 'wrote', 'lives')
local now = redis.call('TIME')
now = now[1] * 1000 + now[2] / 1000
local age = now - tonumber(got[5] or '0')
local quiet = math.min(age, now - tonumber(got[6] or '0'))
local other = got[1] and got[1] ~= ARGV[1] and got[1] ~= 'over'
local elsewhere = other and quiet <= tonumber(ARGV[3])
if elsewhere and got[3] ~= ARGV[2] then return {'refused'} end
if elsewhere and got[2] ~= 'idle' and quiet < tonumber(ARGV[4]) then return {'busy'} end
if other and got[2] ~= 'idle' and ARGV[5] == '0' then return {'busy'} end
redis.call('HSET', KEYS[1], 'server', ARGV[1], 'how', 'claimed', 'owner', ARGV[2],
           'wrote', string.format('%.0f', now))
redis.call('EXPIRE', KEYS[1], 3600)
redis.call('ZADD', KEYS[3], now, KEYS[1])
if elsewhere and got[4] then return {'state', got[4], string.format('%.0f', age)} end
redis.call('HDEL', KEYS[1], 'state')
return {'none'}
"""
_HOLDERS = """
local found = {}
for i = 1, #KEYS - 2 do found[i] = redis.call('HGET', KEYS[i], 'server') or '' end
return found
"""
# Says that calls live, and returns who holds each. ARGV: us, then for each call whether a state
# of it was kept since the last time (1), or only its server is there (0).
_LIVE = """
local now = redis.call('TIME')
now = string.format('%.0f', now[1] * 1000 + now[2] / 1000)
local found = {}
for i = 1, #KEYS - 2 do
  found[i] = redis.call('HGET', KEYS[i], 'server') or ''
  if found[i] == ARGV[1] then
    redis.call('ZADD', KEYS[#KEYS], now, KEYS[i])
    redis.call('EXPIRE', KEYS[i], 3600)
    if ARGV[i + 1] == '1' then redis.call('HSET', KEYS[i], 'lives', now) end
  end
end
return found
"""
_PATIENCE: Seconds = 1.0  # for Redis, while a gateway waits to be heard
_AGAIN: Seconds = 0.2
_AT_ONCE = 500  # calls looked after in one script


class Claims:
    """The streamer's `CallMemory`, kept in Redis. `grace` is how long a call is waited for;
    `quiet` for how long its server may say nothing before it is taken to be gone."""

    def __init__(
        self,
        bus: RedisBus,
        grace: Seconds,
        *,
        quiet: Seconds = 3.0,
        look_every: Seconds = 2.0,
    ) -> None:
        self._bus, self._grace, self._quiet = bus, grace, quiet
        self._look_every = look_every
        self._server = bus.server
        self._held: set[CallId] = set()  # that Redis has said are ours
        self._lively: dict[
            CallId, bool
        ] = {}  # ours: kept busy since Redis was told that it lives

    @property
    def _settled(self) -> bool:
        """Whoever lives has said so since Redis was away."""
        return self._bus.steady >= self._quiet + self._look_every

    def keep(self, call: CallId, owner: str, state: bytes, *, idle: bool) -> None:
        self._lively[call] = not idle
        # A call that began while Redis was away is ours, whatever Redis remembers of its id.
        right = "held" if call in self._held else "force"
        head = f"{self._server} {right} {'idle' if idle else 'busy'} {_name(owner)} ".encode()
        self._bus.keep(Kept(call, head + state))

    async def claim(self, call: CallId, owner: str) -> Recalled | None:
        clock = asyncio.get_running_loop().time
        unsettled = 0.0 if self._settled else self._quiet + self._look_every
        give_up = clock() + unsettled + self._quiet + 2 * _PATIENCE
        away_by = clock() + _PATIENCE
        while True:
            try:
                async with asyncio.timeout(_PATIENCE):
                    answer = await self._claim(call, owner)
            except (RedisAwayError, TimeoutError):
                # The first to ask after a break may only find its connection torn.
                if clock() < away_by:
                    await asyncio.sleep(_AGAIN)
                    continue
                metrics.calls_unclaimed.inc()
                log.warning("redis is away: a call begins afresh", extra={"call": call})
                return None
            if answer[0] != b"busy":
                return self._claimed(call, answer)
            if clock() >= give_up:
                raise RefusedError(
                    "this call is heard on another server: send all its connections to one"
                )
            await asyncio.sleep(_AGAIN)

    async def holds(self, call: CallId) -> bool:
        if call not in self._held:
            return True
        try:
            async with asyncio.timeout(_PATIENCE):
                [holder] = await self._bus.script(_HOLDERS, [call])
        except (RedisAwayError, TimeoutError):
            return True
        return bool(holder in (b"", self._server.encode()))

    def forget(self, call: CallId) -> None:
        self._held.discard(call)
        self._lively.pop(call, None)

    async def taken(self) -> AsyncIterator[CallId]:
        while True:
            await asyncio.sleep(self._look_every)
            for call in await self._strays():
                self._held.discard(call)
                yield call

    async def _claim(self, call: CallId, owner: str) -> list[bytes]:
        limits = int(1000 * self._grace), int(1000 * self._quiet), int(self._settled)
        answer: list[bytes] = await self._bus.script(
            _CLAIM, [call], self._server, _name(owner), *limits
        )
        return answer

    def _claimed(self, call: CallId, answer: list[bytes]) -> Recalled | None:
        if answer[0] == b"refused":
            raise RefusedError("this call_id is in use by another key")
        self._held.add(call)
        if answer[0] == b"none":
            return None
        metrics.calls_continued.inc()
        log.info("a call goes on here", extra={"call": call})
        return Recalled(answer[1], int(answer[2]) / 1000)

    async def _strays(self) -> list[CallId]:
        here, found = list(self._held | self._lively.keys()), []
        for start in range(0, len(here), _AT_ONCE):
            calls = here[start : start + _AT_ONCE]
            lively = [int(self._lively.get(call, False)) for call in calls]
            try:
                holders = await self._bus.script(_LIVE, calls, self._server, *lively)
            except RedisAwayError:
                break
            self._lively |= dict.fromkeys((c for c in calls if c in self._lively), False)
            us = self._server.encode()
            found += [
                c for c, holder in zip(calls, holders, strict=True) if holder not in (b"", us)
            ]
            self._held |= {c for c, holder in zip(calls, holders, strict=True) if holder == us}
        return [call for call in found if call in self._held]


def _name(owner: str) -> str:
    """Without spaces, and never empty."""
    return "=" + quote(owner, safe="")
