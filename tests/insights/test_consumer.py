"""From a real log into the archive, with faults at every step."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from alerts.log_group import LogGroup, Reader
from alerts.redis_address import RedisAddress
from alerts.redis_bus import RedisBus
from alerts.redis_link import RedisLink
from insights.archive import Archive
from insights.consumer import Consumer
from tests.insights import published as p
from tests.insights.contents import contents
from tests.redis_server import RedisServer, redis_or_skip

pytestmark = pytest.mark.redis


class Died(Exception):  # noqa: N818 - kill -9 is no error of ours
    pass


class Mortal:
    """A group whose process is gone at the step numbered `dies`: before it, or just after."""

    def __init__(self, group, dies: int, *, after: bool) -> None:
        self._group, self._left, self._after = group, dies, after
        self.stopped = False

    async def read(self, block_ms):
        entries, ids = await self._step(lambda: self._group.read(0))
        if not ids:
            self.stopped = True
            raise Died
        return entries, ids

    async def done(self, ids):
        await self._step(lambda: self._group.done(ids))

    async def _step(self, work):
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Died
        done = await work()
        if self._left == 0:
            raise Died
        return done


@pytest.fixture
async def redis_server(tmp_path) -> AsyncIterator[RedisServer]:
    redis_or_skip()
    server = RedisServer(tmp_path / "redis")
    await server.start()
    yield server
    server.kill()


@pytest.fixture
async def bus(redis_server) -> AsyncIterator[RedisBus]:
    found = RedisBus(redis_server.url)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(found.run())
        yield found
        running.cancel()
    await found.close()


@pytest.fixture
async def link(redis_server):
    found = RedisLink(RedisAddress.of(redis_server.url))
    yield found
    await found.close()


async def read_to_the_end(archive: Archive, link: RedisLink, dies: int, *, after: bool):
    """One process after the other, each killed at its step `dies` (1 reads, 2 confirms, 3 reads
    ...), until all is read."""
    for _ in range(100):
        group = LogGroup(link.ask, "ew:log", "archive", Reader("me", page=3))
        mortal = Mortal(group, dies, after=after)
        consumer = Consumer(archive, lambda _, mortal=mortal: mortal, lambda: p.wall(0))
        with pytest.raises(Died):
            await consumer.run()
        if mortal.stopped:
            return
    raise AssertionError("it never came to the end")


@pytest.fixture
async def logged(bus):
    """A call, logged as it is published: every revision with a wall of its own."""
    for message in p.call():
        bus.publish(message)
    assert await bus.drain(10) == 0
    return [message for _, message in await bus.log.recent()]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("dies", range(3, 13))
async def test_killed_at_any_step_it_loses_and_doubles_nothing(
    tmp_path, link, logged, dies, after
):
    whole, killed = (Archive(f"sqlite:///{tmp_path}/{name}.db") for name in ("one", "two"))
    whole.open()
    whole.take(logged)
    await read_to_the_end(killed, link, dies, after=after)
    assert contents(killed) == contents(whole)
    assert len(contents(killed)["sentences"]) == 5
    whole.close()
    killed.close()


async def test_while_the_database_is_away_the_log_keeps_it(tmp_path, bus, logged):
    """A directory stands where the file belongs, then goes."""
    place = tmp_path / "archive.db"
    archive = Archive(f"sqlite:///{place}")
    place.unlink()
    place.mkdir()
    walls = iter(p.wall(n) for n in range(99))
    consumer = Consumer(archive, lambda name: bus.group(name, "me"), lambda: next(walls))
    running = asyncio.ensure_future(consumer.run())
    async with asyncio.timeout(20):
        while not consumer.state.fault:  # noqa: ASYNC110 - another thread
            await asyncio.sleep(0)
        assert (consumer.state.fault, consumer.state.since) == ("archive", p.wall(0))
        place.rmdir()
        while consumer.state.written < len(logged):  # noqa: ASYNC110 - another thread
            await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert consumer.state.fault == ""
    assert len(contents(archive)["sentences"]) == 5
    archive.close()


async def test_while_redis_is_away_it_waits_for_it(tmp_path, bus, redis_server, logged):
    archive = Archive(f"sqlite:///{tmp_path}/archive.db")
    redis_server.kill()
    consumer = Consumer(archive, lambda name: bus.group(name, "me"), lambda: p.wall(0))
    running = asyncio.ensure_future(consumer.run())
    async with asyncio.timeout(20):
        while consumer.state.fault != "redis":  # noqa: ASYNC110 - another thread
            await asyncio.sleep(0)
        await redis_server.start()
        while len(contents(archive)["sentences"]) < 5:  # noqa: ASYNC110 - another thread
            await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    archive.close()


async def test_a_message_that_cannot_be_kept_costs_itself_only(postgresql, link, bus, caplog):
    """PostgreSQL's text holds no NUL, and a gateway may name an agent as it likes."""
    archive = Archive(postgresql)
    with archive.writing() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    for message in (*p.call(), p.began("c9", 2000, agent="a\0b"), p.began("c8", 2001)):
        bus.publish(message)
    assert await bus.drain(10) == 0
    mortal = Mortal(LogGroup(link.ask, "ew:log", "archive", Reader("me")), 99, after=False)
    consumer = Consumer(archive, lambda _: mortal, lambda: p.wall(0))
    with pytest.raises(Died):
        await consumer.run()
    assert (consumer.state.unfit, consumer.state.written) == (1, len(p.call()) + 1)
    kept = contents(archive)
    assert sorted(row["call_id"] for row in kept["calls"]) == ["c1", "c8"]
    assert len(kept["sentences"]) == 5
    assert "cannot hold a message" in caplog.text
    archive.close()
