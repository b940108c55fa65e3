"""Two servers on one Redis: what a supervisor does on one counts on the other."""

import asyncio
import contextlib
import json

import pytest
from msgspec.structs import replace

from alerts.redis_bus import RedisBus
from tests.redis_server import RedisServer, redis_or_skip
from tests.web.scenes import alert, open_house, started
from tests.web.test_redis import Bus, events_until

pytestmark = pytest.mark.redis


@contextlib.asynccontextmanager
async def server(folder, url, name):
    folder.mkdir()
    bus = RedisBus(url)
    async with asyncio.TaskGroup() as tasks:
        delivering = tasks.create_task(bus.run())
        async with open_house(folder, source=Bus(bus), name=name) as house:
            house.log = bus
            yield house
        delivering.cancel()
    await bus.close()


@pytest.fixture
async def two(tmp_path):
    redis_or_skip()
    redis = RedisServer(tmp_path / "redis")
    await redis.start()
    try:
        async with (
            server(tmp_path / "one", redis.url, "one") as one,
            server(tmp_path / "two", redis.url, "two") as two,
        ):
            yield one, two
    finally:
        redis.kill()


def heard(house, found):
    """What the rules say on the server that hears the call."""
    revision = house.parts.desk.update(found)
    if revision is not None:
        house.log.publish(revision)


def shows(rev):
    return lambda found: any(e.get("rev") == rev for e in found)


async def test_an_acknowledgement_is_global_and_later_revisions_do_not_undo_it(two):
    one, other = two
    one.log.publish(started())
    async with (
        await one.feed("/api/v1/feed", "boss") as here,
        await other.feed("/api/v1/feed", "boss") as there,
    ):
        assert json.loads(await here.recv())["type"] == "snapshot"
        assert json.loads(await there.recv())["type"] == "snapshot"
        heard(one, alert())
        await events_until(there, shows(1))
        async with other.browser("boss") as client:
            path = "/api/v1/alerts/a1/acknowledge"
            for _ in range(2):  # idempotent
                answer = await client.post(path, json={"note": "我来"})
                assert answer.json()["state"] == "acknowledged"
                assert answer.json()["rev"] == 2
        await events_until(here, shows(2))
        async with one.browser("boss") as client:  # too late, on the other server
            answer = await client.post(path, json={"note": "不，我来"})
            assert (answer.json()["rev"], answer.json()["note"]) == (2, "我来")
        heard(one, alert(rev=2, count=3, at=90.0))
        for feed in (here, there):
            [latest] = [e for e in await events_until(feed, shows(3)) if e.get("rev") == 3]
            assert (latest["count"], latest["state"], latest["note"]) == (
                3, "acknowledged", "我来",
            )  # fmt: skip


async def test_a_false_alarm_said_elsewhere_closes_the_episode_here(two):
    one, other = two
    one.log.publish(started())
    async with await one.feed("/api/v1/feed", "boss") as here:
        async with await other.feed("/api/v1/feed", "boss") as there:
            heard(one, alert())
            await events_until(there, shows(1))
            async with other.browser("boss") as client:
                await client.post("/api/v1/alerts/a1/false_alarm", json={})
            await events_until(here, shows(2))
        assert one.parts.desk.update(alert(rev=2, count=3)) is None
        async with one.browser("boss") as client:
            answer = (await client.get("/api/v1/rules/precision")).json()
            assert answer == {
                "rules": [
                    {"rule": "angry-customer", "alerts": 1, "judged": 1, "false_alarms": 1,
                     "precision": 0.0}
                ]
            }  # fmt: skip


async def test_both_at_the_same_moment_agree(two):
    one, other = two
    one.log.publish(started())
    async with (
        await one.feed("/api/v1/feed", "boss") as here,
        await other.feed("/api/v1/feed", "boss") as there,
    ):
        heard(one, alert())
        await events_until(there, shows(1))
        async with other.browser("boss") as client:
            heard(one, alert(rev=2, severity="critical", count=3, at=90.0))
            await client.post("/api/v1/alerts/a1/acknowledge", json={})
            await events_until(here, shows(3))
            await events_until(there, shows(3))
    ours, theirs = (house.parts.feed.board.alert("a1") for house in two)
    assert replace(ours, wall="", desk="") == replace(theirs, wall="", desk="")
    assert (ours.severity, ours.count, ours.state) == ("critical", 3, "acknowledged")
