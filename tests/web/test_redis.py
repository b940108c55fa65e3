"""The feed on a real Redis that is killed and started again."""

import asyncio
import json

import pytest
import pytest_asyncio

from alerts.redis_bus import RedisBus
from tests.redis_server import RedisServer, redis_or_skip
from tests.web.scenes import alert, open_house, said, started

pytestmark = pytest.mark.redis


class Bus:
    """What the composition root makes of the bus: one side publishes, its log is read."""

    def __init__(self, bus):
        self._bus = bus
        self.publish = bus.publish
        self.read, self.recent, self.history = bus.log.read, bus.log.recent, bus.log.history


@pytest_asyncio.fixture
async def redis(tmp_path):
    redis_or_skip()
    (tmp_path / "redis").mkdir()
    server = RedisServer(tmp_path / "redis")
    await server.start()
    yield server
    server.kill()


@pytest_asyncio.fixture
async def live(tmp_path, redis):
    """A house on that Redis, with the bus delivering."""
    bus = RedisBus(redis.url)
    async with asyncio.TaskGroup() as tasks:
        delivering = tasks.create_task(bus.run())
        async with open_house(tmp_path, source=Bus(bus)) as house:
            house.log = bus
            yield house
        delivering.cancel()
    await bus.close()


async def events_until(socket, done):
    found = []
    async with asyncio.timeout(30):
        while not done(found):
            got = json.loads(await socket.recv())
            found += got.get("events", []) + [got] * (got["type"] == "status")
    return found


async def test_nothing_is_missing_and_nothing_comes_twice(live, redis):
    live.log.publish(started())
    async with await live.feed("/api/v1/feed", "boss") as socket:
        assert json.loads(await socket.recv())["type"] == "snapshot"
        live.log.publish(said(utterance=1))
        await events_until(socket, lambda f: any(e.get("utterance") == 1 for e in f))
        redis.kill()
        await events_until(
            socket, lambda f: any(e.get("status", {}).get("redis", {}).get("since") for e in f)
        )
        for number in range(2, 50):
            live.log.publish(said(utterance=number, end=number + 2.0))
        live.log.publish(alert())
        await redis.start()
        told = await events_until(socket, lambda f: any(e["type"] == "alert" for e in f))
    assert [e["utterance"] for e in told if e["type"] == "transcript"] == list(range(2, 50))
    assert [e["id"] for e in told if e["type"] == "alert"] == ["a1"]


async def test_a_viewer_is_torn_away_and_comes_back_again_and_again(live, redis):
    """Its socket is cut without a goodbye, and Redis killed in between: snapshot and events
    together have every sentence and every revision, once and in order."""
    live.log.publish(started())
    sentences = 0
    for round_ in range(4):
        socket = await live.feed("/api/v1/feed", "boss")
        async with socket as viewer:
            first = json.loads(await viewer.recv())
            async with live.browser("boss") as client:
                before = (await client.get("/api/v1/calls/c1")).json()["events"]
            assert [a["rev"] for a in first["alerts"]] == ([round_] if round_ else [])
            for _ in range(20):
                sentences += 1
                live.log.publish(said(utterance=sentences, end=sentences + 2.0))
            live.log.publish(alert(rev=round_ + 1))
            if round_ == 1:
                redis.kill()
                await redis.start()
            told = await events_until(viewer, lambda f: any(e["type"] == "alert" for e in f))
            viewer.transport.abort()
        numbers = [e["utterance"] for e in (*before, *told) if e["type"] == "transcript"]
        assert numbers == list(range(1, sentences + 1))
        assert [e["rev"] for e in told if e["type"] == "alert"] == [round_ + 1]
