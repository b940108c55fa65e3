"""Redis is away for a minute, in the middle of a call, with all that is timed.

The servers' clock is moved on by hand; the real redis-server that comes back has its own
records moved a minute into the past, before anybody can ask it.
"""

import asyncio
import contextlib

import pytest
from redis import Redis

from alerts import wire
from alerts.escalation import Escalation
from alerts.lost_calls import LostCalls
from alerts.outbox import Outbox
from alerts.reminders import Reminders
from tests.alerts.test_handover import (
    END,
    LOUD,
    QUIET,
    alerts,
    count,
    goodbye,
    log_of,
    published,
    said,
    server,
    start,
)
from tests.alerts.test_killed_anywhere import twice
from tests.redis_server import RedisServer
from tests.streamer.shell import eventually

pytestmark = pytest.mark.redis
STEP = 0.5  # seconds of the clock, and of audio
AWAY = 60.0
_OLDER = """
for _, key in ipairs(redis.call('KEYS', 'ew:call:*')) do
  for _, field in ipairs({'wrote', 'lives'}) do
    local at = redis.call('HGET', key, field)
    if at then redis.call('HSET', key, field, string.format('%.0f', at - ARGV[1])) end
  end
end
for _, key in ipairs(redis.call('ZRANGE', 'ew:open', 0, -1)) do
  redis.call('ZINCRBY', 'ew:open', -ARGV[1], key)
end
"""


class Clock:
    """The loop's own, and ahead of it by what was passed."""

    def __init__(self, loop):
        self._time, self._ahead = loop.time, 0.0
        loop.time = lambda: self._time() + self._ahead

    async def go(self, seconds):
        """What real sockets have to say takes longer than that: `meanwhile` waits for it."""
        for _ in range(5):
            self._ahead += seconds / 5
            for _ in range(8):
                await asyncio.sleep(0)
            await self.meanwhile()

    async def meanwhile(self):
        pass


@pytest.fixture
async def clock(monkeypatch):
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "time", loop.time)
    return Clock(loop)


async def a_minute_older(folder):
    """What the killed Redis left, as if it had been killed a minute ago."""
    there = RedisServer(folder)
    await there.start()
    with contextlib.closing(Redis.from_url(there.url)) as redis:
        redis.eval(_OLDER, 0, int(1000 * AWAY))
        redis.config_set("appendfsync", "always")
        redis.set("written", 1)
    there.kill()


async def talk(clock, socket, seconds):
    """1.5 s of anger in 5."""
    for step in range(round(seconds / STEP)):
        half = (LOUD if step % 10 < 3 else QUIET)[: int(16_000 * STEP)]
        for at in range(0, len(half), 1600):
            await socket.send(half[at : at + 1600])
        await clock.go(STEP)


@pytest.mark.parametrize("limit", [50_000, 40])
async def test_a_minute_without_redis(redis_server, tmp_path, clock, limit):
    timing = {"quiet": 3.0, "look_every": 2.0}  # as they are
    async with (
        server(redis_server.url, tmp_path, "one", grace=30.0, timing=timing) as one,
        server(redis_server.url, tmp_path, "two", grace=30.0, timing=timing) as two,
    ):
        one.bus._outbox = Outbox(limit)
        sent, publish = [], one.bus.publish

        def note(message, **more):
            sent.append(publish(message, **more))
            return sent[-1]

        one.bus.publish = note
        reminders = Reminders(Escalation(one.desk, 20.0, 2), note, lambda _: None)
        lost = LostCalls(two.bus, 50.0)
        looking = [asyncio.ensure_future(it.run()) for it in (reminders, lost)]
        async with one.connect() as socket:
            await socket.send(start(channels=("customer",)))
            await talk(clock, socket, 5)
            await published(one, said(1))
            redis_server.kill()
            before = len(sent)
            await talk(clock, socket, AWAY)
            assert not one.bus.state.up
            assert len(sent) - before > 20  # the call goes on
            await a_minute_older(tmp_path)
            await redis_server.start()

            async def redis_answers():
                await two.bus._sender.ask("PING")
                await one.bus._sender.ask("PING")

            await eventually(lambda: one.bus.state.up and two.bus.state.up)
            clock.meanwhile = redis_answers
            thief = asyncio.ensure_future(steal(two))
            await talk(clock, socket, 40)
            assert await thief == 1008
            for _ in range(30):
                await clock.go(STEP)
            await socket.send(END)
            assert (await goodbye(socket))[0] == 1000
        assert await one.bus.drain(20) == 0
        found = await log_of(one)
        for task in looking:
            task.cancel()
        logged = [m for m in sent if not isinstance(m, wire.Draft)]
        dropped = one.bus.state.dropped
    assert twice(found) == []
    assert (count(wire.CallStarted)(found), count(wire.CallEnded)(found)) == (1, 1)
    assert found[-1].reason == "ended"
    if limit == 50_000:
        assert found == logged
    else:
        missing = [m for m in logged if m not in found]
        assert 0 < len(missing) <= dropped
        assert [m for m in logged if m in found] == found  # order kept
        kept_for_good = wire.Prompt | wire.Checklist | wire.CallStarted | wire.CallEnded
        assert not [m for m in missing if isinstance(m, kept_for_good)]
        latest = {a.id: a.rev for a in alerts(logged)}
        assert {a.id: a.rev for a in alerts(found)} == latest


async def steal(house):
    """Another connection for the call that is alive; its close code."""
    async with house.connect() as socket:
        await socket.send(start(channels=("agent",)))
        return (await goodbye(socket))[0]
