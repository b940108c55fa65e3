"""Readers of one group against a real redis-server."""

import asyncio

import pytest

from alerts import wire
from alerts.log_group import LogGroup, Reader
from alerts.redis_address import RedisAddress
from alerts.redis_link import RedisLink

pytestmark = pytest.mark.redis


@pytest.fixture
async def link(redis_server):
    found = RedisLink(RedisAddress.of(redis_server.url))
    yield found
    await found.close()


async def log(link, *numbers):
    for number in numbers:
        body = wire.encode(wire.Held(str(number), 1.0))
        await link.ask("XADD", "ew:log", "*", "json", body)


def reader(link, name, **settings):
    return LogGroup(link.ask, "ew:log", "archive", Reader(name, **settings))


async def taken(group):
    entries, ids = await group.read(0)
    return [message.call_id for _, message in entries], ids


async def test_it_begins_with_the_oldest_and_each_entry_comes_once(link):
    await log(link, 1, 2)
    group = reader(link, "a")
    calls, ids = await taken(group)
    await group.done(ids)
    await log(link, 3)
    assert calls == ["1", "2"]
    assert (await taken(group))[0] == ["3"]
    assert (await taken(group))[0] == []


async def test_what_was_not_done_comes_again_after_a_restart(link):
    await log(link, 1, 2)
    await taken(reader(link, "a"))
    again = reader(link, "a")
    calls, ids = await taken(again)
    assert calls == ["1", "2"]
    await again.done(ids)
    assert (await taken(again))[0] == []
    assert (await taken(reader(link, "a")))[0] == []


async def test_two_readers_share_and_the_dead_ones_share_is_taken_over(link):
    await log(link, 1)
    await taken(reader(link, "dead"))
    await log(link, 2)
    alive = reader(link, "alive")
    assert (await taken(alive))[0] == ["2"]
    assert (await taken(reader(link, "heir", lost_ms=0)))[0] == ["1", "2"]


async def test_a_redis_that_forgot_is_read_from_its_beginning(link, redis_server):
    group = reader(link, "a")
    await log(link, 1)
    await group.done((await taken(group))[1])
    await link.ask("FLUSHALL")
    await log(link, 2)
    assert (await taken(group))[0] == ["2"]


async def test_what_is_no_message_is_passed_over_and_done(link):
    await link.ask("XADD", "ew:log", "*", "json", "{")
    await link.ask("XADD", "ew:log", "*", "other", "1")
    await log(link, 1)
    group = reader(link, "a")
    calls, ids = await taken(group)
    assert (calls, len(ids)) == (["1"], 3)
    await group.done(ids)
    assert await group.behind() == 0


async def test_how_far_it_is_behind(link):
    await log(link, 1, 2, 3)
    group = reader(link, "a")
    _, ids = await taken(group)
    await group.done(ids[:1])
    assert await group.behind() == 2


async def test_it_waits_for_what_comes(link, redis_server):
    group = reader(link, "a")
    other = RedisLink(RedisAddress.of(redis_server.url))
    waiting = asyncio.ensure_future(group.read(5000))
    await log(other, 7)
    entries, _ = await waiting
    assert [message.call_id for _, message in entries] == ["7"]
    await other.close()
