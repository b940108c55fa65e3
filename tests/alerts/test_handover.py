"""Two servers, one real Redis: a gateway that comes back to the other one finds its call."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, replace

import pytest
from websockets.asyncio.client import connect

from alerts import metrics, wire
from alerts.claims import Claims
from alerts.clips import ClipStore
from alerts.following import Following
from alerts.lifecycle import Desk
from alerts.precision import Precision
from alerts.redis_bus import RedisAwayError, RedisBus
from alerts.sink import sink_factory
from streamer import events as ev
from streamer.call import CallPorts
from streamer.errors import RefusedError
from streamer.server import Server
from streamer.tally import Tally
from tests.alerts.heard import PLAYBOOK
from tests.streamer.shell import (
    END,
    LOUD,
    QUIET,
    LoudIsSpeech,
    NoKeys,
    TwoKeys,
    eventually,
    goodbye,
    settings,
    start,
    transcript,
)

pytestmark = pytest.mark.redis
ANGRY_WORDS = LOUD * 2 + QUIET  # 2 s of the customer's voice, and the quiet that ends it
QUICK = {"quiet": 0.4, "look_every": 0.05}


class Furious:
    """Hears anger in everything."""

    def grow(self, so_far):
        pass

    async def transcribe(self, utterance):
        p = {ev.Emotion.ANGRY: 0.95, ev.Emotion.NEUTRAL: 0.05}
        return replace(
            transcript(utterance), text="压单", emotion=ev.Emotion.ANGRY, emotion_p=p
        )


@dataclass
class House:
    server: Server
    bus: RedisBus
    desk: Desk
    claims: Claims
    tasks: list

    def connect(self, call="c1", key=None, **fields):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        url = f"ws://127.0.0.1:{self.server.port}/raw"
        return connect(url, proxy=None, additional_headers=headers)

    @property
    def calls(self):
        return len(self.server._calls)

    async def die(self):
        """kill -9, as far as others can see: not a word more to Redis or to the gateways."""

        async def gone(*_):
            raise RedisAwayError("dead")

        self.bus.script = gone
        for task in self.tasks:
            task.cancel()
        await asyncio.wait(self.tasks)


@contextlib.asynccontextmanager
async def server(url, folder, name, keys=None, *, grace=3.0, timing=QUICK):
    bus, desk = RedisBus(url), Desk(name=name)
    claims = Claims(bus, grace, **timing)
    loop = asyncio.get_running_loop()
    sinks = sink_factory(lambda: PLAYBOOK, desk, bus, ClipStore(folder / name), {}, loop.time)
    following = Following(desk, Precision(), bus.publish)
    ports = CallPorts(LoudIsSpeech, Furious(), sinks, claims)
    it = Server(settings(grace=grace), ports, keys or NoKeys(), Tally())

    async def follow():
        last = "0-0"
        while True:
            with contextlib.suppress(OSError):
                for entry, message in await bus.log.read(last, 1000):
                    last = entry
                    following.hear(message)

    async with asyncio.TaskGroup() as tasks:
        await it.start(tasks)
        running = [tasks.create_task(bus.run()), tasks.create_task(follow())]
        try:
            yield House(it, bus, desk, claims, running)
        finally:
            await it.drain(0.5)
            for task in running:
                task.cancel()
    await bus.close()


@pytest.fixture
async def two(redis_server, tmp_path):
    async with (
        server(redis_server.url, tmp_path, "one") as one,
        server(redis_server.url, tmp_path, "two") as two,
    ):
        yield one, two


async def log_of(house, call="c1"):
    return [m for _, m in await house.bus.log.recent() if m.call_id == call]


async def published(house, condition):
    """The call's messages, as soon as they meet the condition."""
    async with asyncio.timeout(20):
        while not condition(found := await log_of(house)):  # noqa: ASYNC110 - another's log
            await asyncio.sleep(0)
    return found


def alerts(found):
    return [m for m in found if isinstance(m, wire.Alert)]


def count(kind):
    return lambda found: sum(isinstance(m, kind) for m in found)


def said(number):
    return lambda found: count(wire.Transcript)(found) >= number


async def speak(socket, times):
    for _ in range(times):
        await socket.send(ANGRY_WORDS)


async def kept(house, how, call="c1"):
    """What Redis has of the call is as `how` says."""
    key = f"ew:call:{call}"
    async with asyncio.timeout(20):
        while await house.bus._reader.ask("HGET", key, "how") != how.encode():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_the_same_call_the_same_episode_and_no_second_alert(two):
    one, other = two
    async with one.connect() as socket:
        await socket.send(start())
        await speak(socket, 3)
        await published(one, lambda f: said(3)(f) and len(alerts(f)) >= 2)
    await kept(one, "idle")
    before = (await log_of(one))[-1].at
    async with other.connect() as socket:
        await socket.send(start())
        await speak(socket, 2)
        await published(other, said(5))
        await socket.send(END)
        assert (await goodbye(socket))[0] == 1000
    found = await published(other, lambda f: count(wire.CallEnded)(f) >= 1)
    assert count(wire.CallStarted)(found) == 1
    numbers = [m.utterance for m in found if isinstance(m, wire.Transcript)]
    assert numbers == [1, 2, 3, 4, 5]
    assert found[-1].at > before
    assert {a.id for a in alerts(found)} == {alerts(found)[0].id}
    assert [a.rev for a in alerts(found)] == list(range(1, len(alerts(found)) + 1))
    assert alerts(found)[-2].count == 5
    assert alerts(found)[-1].state == "resolved"
    # The first server's grace time ends without another word.
    await eventually(lambda: one.calls == 0)
    assert await one.bus.drain(5) == 0
    assert count(wire.CallEnded)(await log_of(one)) == 1
    assert one.desk.here == []


async def test_an_acknowledgement_goes_along(two):
    one, other = two
    async with one.connect() as socket:
        await socket.send(start())
        await speak(socket, 2)
        found = await published(one, alerts)
        one.bus.publish(
            one.desk.acknowledge(alerts(found)[0].id, "林岚", "2026-11-22T08:30:00Z")
        )
        await published(one, lambda f: alerts(f)[-1].owner)
    await kept(one, "idle")
    async with other.connect() as socket:
        await socket.send(start())
        await speak(socket, 1)
        found = await published(other, said(3))
        found = await published(other, lambda f: alerts(f)[-1].count == 3)
    assert (alerts(found)[-1].state, alerts(found)[-1].owner) == ("acknowledged", "林岚")


async def test_a_server_that_died_is_followed_as_soon_as_it_is_silent(redis_server, tmp_path):
    async with (
        server(redis_server.url, tmp_path, "one", grace=60.0) as one,
        server(redis_server.url, tmp_path, "two", grace=60.0) as other,
    ):
        async with one.connect() as socket:
            await socket.send(start())
            await speak(socket, 2)
            await published(one, lambda f: said(2)(f) and alerts(f))
            first = alerts(await log_of(one))[0]
            # Something later in the call, so that a state with the alert in it has been kept.
            async with asyncio.timeout(20):
                state = b""
                while first.id.encode() not in (state or b""):
                    await socket.send(QUIET[:320])
                    state = await one.bus._reader.ask("HGET", "ew:call:c1", "state")
            await one.die()
        async with other.connect() as socket:
            await socket.send(start())
            await speak(socket, 1)
            found = await published(other, said(3))
            found = await published(other, lambda f: alerts(f)[-1].count == 3)
        assert count(wire.CallStarted)(found) == 1
        assert {a.id for a in alerts(found) if a.kind == "ANGRY"} == {first.id}


async def test_it_goes_back_and_forth(two):
    houses = [*two, *two]
    for number, house in enumerate(houses, 1):
        async with house.connect() as socket:
            await socket.send(start())
            await speak(socket, 1)
            await published(house, said(number))
        await kept(house, "idle")
    found = await log_of(two[0])
    assert [m.utterance for m in found if isinstance(m, wire.Transcript)] == [1, 2, 3, 4]
    assert count(wire.CallStarted)(found) == 1
    assert len({a.id for a in alerts(found)}) == 1


async def test_a_call_that_is_heard_elsewhere_is_refused_with_a_reason(two):
    one, other = two
    async with one.connect() as here:
        await here.send(start())

        async def live():
            while True:
                await here.send(QUIET[:320])
                await asyncio.sleep(0)

        living = asyncio.ensure_future(live())
        await kept(one, "busy")
        other.claims._quiet = 3.0  # longer than between two looks of a live call
        async with other.connect() as there:
            await there.send(start(channels=("agent",)))
            code, reason = await goodbye(there)
        assert (code, "another server" in reason) == (1008, True)
        living.cancel()


async def test_another_key_does_not_get_it(redis_server, tmp_path):
    async with (
        server(redis_server.url, tmp_path, "one", TwoKeys()) as one,
        server(redis_server.url, tmp_path, "two", TwoKeys()) as other,
    ):
        async with one.connect(key="first key") as socket:
            await socket.send(start())
            await socket.send(ANGRY_WORDS)
            await published(one, said(1))
        await kept(one, "idle")
        async with other.connect(key="second key") as socket:
            await socket.send(start())
            assert await goodbye(socket) == (1008, "this call_id is in use by another key")
        async with other.connect(key="first key") as socket:
            await socket.send(start())
            await socket.send(ANGRY_WORDS)
            found = await published(other, said(2))
    assert count(wire.CallStarted)(found) == 1


async def test_a_server_that_was_cut_off_notices_and_says_no_more(two):
    """Its gateway is half open: it hears nothing, and another server has the call."""
    one, other = two
    async with one.connect() as socket:
        await socket.send(start())
        await socket.send(ANGRY_WORDS)
        await published(one, said(1))
        async with other.connect() as again:  # once the first has been quiet for long enough
            await again.send(start())
            await again.send(ANGRY_WORDS)
            await published(other, said(2))
            assert await goodbye(socket) == (1008, "taken over by a newer connection")
            await eventually(lambda: one.calls == 0)
            await again.send(END)
            await goodbye(again)
        found = await published(other, count(wire.CallEnded))
    assert count(wire.CallEnded)(found) == 1
    assert count(wire.CallStarted)(found) == 1


async def test_redis_away_costs_a_moment_and_the_call_begins_afresh(two, redis_server):
    one, _ = two
    before = metrics.calls_unclaimed._value.get()
    redis_server.kill()
    async with one.connect() as socket:
        await socket.send(start())
        await speak(socket, 1)
        await eventually(lambda: metrics.calls_unclaimed._value.get() == before + 1)
        await redis_server.start()
        await published(one, said(1))
        await kept(one, "busy")
        await socket.send(END)
        await goodbye(socket)
    found = await published(one, count(wire.CallEnded))
    assert count(wire.CallStarted)(found) == 1


async def test_after_its_end_the_same_id_is_another_call(two):
    one, other = two
    for house in (one, other):
        async with house.connect() as socket:
            await socket.send(start())
            await socket.send(ANGRY_WORDS)
            await socket.send(END)
            await goodbye(socket)
        assert await house.bus.drain(10) == 0
    found = await log_of(one)
    assert [m.utterance for m in found if isinstance(m, wire.Transcript)] == [1, 1]
    assert count(wire.CallStarted)(found) == 2


async def test_of_many_who_want_it_one_gets_it(redis_server):
    buses = [RedisBus(redis_server.url) for _ in range(6)]
    claims = [Claims(bus, 30.0, **QUICK) for bus in buses]
    running = [asyncio.ensure_future(bus.run()) for bus in buses]
    assert await claims[0].claim("c", "key") is None
    claims[0].keep("c", "key", b"\0state \n", idle=True)
    assert await buses[0].drain(10) == 0
    got = await asyncio.gather(
        *(c.claim("c", "key") for c in claims[1:]), return_exceptions=True
    )
    states = [g.state for g in got if not isinstance(g, BaseException)]
    # Whoever waited until the winner had said nothing for too long may have followed it.
    assert states[0] == b"\0state \n"
    assert all(isinstance(g, RefusedError) for g in got if isinstance(g, BaseException))
    holders = [await c.holds("c") for c in claims if "c" in c._held]
    assert holders.count(True) == 1
    claims[0].keep("c", "key", b"too late", idle=True)
    await buses[0].drain(10)
    assert await buses[0]._reader.ask("HGET", "ew:call:c", "state") == b"\0state \n"
    for task in running:
        task.cancel()
    for bus in buses:
        await bus.close()


async def test_a_state_of_another_version_is_left_alone(two, redis_server):
    one, _ = two
    stranger = RedisBus(redis_server.url)
    running = asyncio.ensure_future(stranger.run())
    claims = Claims(stranger, 30.0)
    await claims.claim("c1", "anonymous")
    claims.keep("c1", "anonymous", json.dumps({"v": 2}).encode(), idle=True)
    assert await stranger.drain(10) == 0
    async with one.connect() as socket:
        await socket.send(start())
        await socket.send(ANGRY_WORDS)
        found = await published(one, said(1))
    assert count(wire.CallStarted)(found) == 1
    running.cancel()
    await stranger.close()


async def test_a_gateway_and_redis_are_killed_in_mid_call_and_nothing_is_missing_or_double(
    two, redis_server
):
    """Sockets torn without a goodbye, Redis by kill -9: compare what was said with the log."""
    one, other = two
    told = 0
    for house in (one, other, one):
        socket = await house.connect()
        await socket.send(start())
        await speak(socket, 2)
        told += 2
        await eventually(lambda house=house, n=told: heard(house) == n)
        redis_server.kill()
        await speak(socket, 1)
        told += 1
        await eventually(lambda house=house, n=told: heard(house) == n)
        await redis_server.start()
        socket.transport.abort()
        await published(house, said(told))
        await kept(house, "idle")
    found = await log_of(one)
    numbers = [m.utterance for m in found if isinstance(m, wire.Transcript)]
    assert numbers == list(range(1, told + 1))
    assert count(wire.CallStarted)(found) == 1
    revisions = [(a.id, a.rev) for a in alerts(found)]
    assert len(revisions) == len(set(revisions))
    assert len({a.id for a in alerts(found) if a.kind == "ANGRY"}) == 1


def heard(house):
    """The newest utterance that this server has told of."""
    call = house.server._calls._calls.get("c1")
    if call is None or call._underway:
        return -1
    return call._session._audio._utterances.newest


async def test_who_has_seen_redis_only_just_takes_no_call_for_dead(redis_server):
    here, there = RedisBus(redis_server.url), RedisBus(redis_server.url)
    running = [asyncio.ensure_future(bus.run()) for bus in (here, there)]
    held, other = Claims(here, 30.0), Claims(there, 30.0)
    await held.claim("c", "key")
    held.keep("c", "key", b"state", idle=False)
    assert await here.drain(10) == 0
    await here._reader.ask("HINCRBY", "ew:call:c", "wrote", -20_000)
    assert await other._claim("c", "key") == [b"busy"]
    there._up_since = asyncio.get_running_loop().time() - 6.0
    assert (await other._claim("c", "key"))[0] == b"state"
    for task in running:
        task.cancel()
    await here.close()
    await there.close()
