"""Calls of a server that died are ended by another one, once, and no call that lives is.

Time passes by moving what Redis knows of the last sign of life into the past.
"""

import asyncio
from types import SimpleNamespace

import pytest

from alerts import metrics, wire
from alerts.leftover import leftover
from alerts.lost_calls import LostCalls
from streamer.events import Party
from tests.alerts.test_handover import (
    END,
    QUIET,
    alerts,
    count,
    goodbye,
    log_of,
    published,
    said,
    server,
    speak,
    start,
)
from tests.alerts.test_lifecycle import alert, prompt
from tests.streamer.shell import eventually

pytestmark = pytest.mark.redis
AFTER = 120.0


def started(call="c"):
    return wire.CallStarted(call, "8001", "q", "", "", "", "zh", True, True)


@pytest.fixture
async def houses(redis_server, tmp_path):
    """Three servers that wait a minute for a gateway."""
    async with (
        server(redis_server.url, tmp_path, "one", grace=60.0) as one,
        server(redis_server.url, tmp_path, "two", grace=60.0) as two,
        server(redis_server.url, tmp_path, "three", grace=60.0) as three,
    ):
        yield SimpleNamespace(one=one, two=two, three=three, redis=redis_server)


async def pass_by(house, seconds, call="c1"):
    """So long nobody has heard of that call."""
    keys = f"ew:call:{call}", house.bus._keys[2]
    await house.bus._reader.ask("ZINCRBY", keys[1], -1000 * seconds, keys[0])


async def angry_call(house, socket):
    await socket.send(start())
    await speak(socket, 3)
    await socket.send(QUIET * 3)
    return await published(house, lambda f: said(3)(f) and len(alerts(f)) >= 2)


def lost(house, settle=0.0):
    return LostCalls(house.bus, AFTER, settle=settle)


async def test_the_call_of_a_dead_server_ends_once_with_its_alerts(houses):
    one, two, three = houses.one, houses.two, houses.three
    async with one.connect() as socket:
        await angry_call(one, socket)
        await one.die()
        before = await log_of(two)
        await lost(two).look()
        assert await log_of(two) == before  # it has not been waited for
        await pass_by(two, AFTER + 1)
        ended = metrics.calls_lost._value.get()
        await asyncio.gather(*(lost(house).look() for house in (two, three, two, three)))
        assert metrics.calls_lost._value.get() == ended + 1
    found = await log_of(two)
    assert found[: len(before)] == before
    *resolved, over = found[len(before) :]
    assert (type(over), over.reason, bool(over.wall)) == (wire.CallEnded, "lost", True)
    assert {(a.id, a.state, a.outcome) for a in resolved if isinstance(a, wire.Alert)} == {
        (a.id, "resolved", "call_end") for a in alerts(before)
    }
    assert {p.state for p in resolved if isinstance(p, wire.Prompt)} <= {"expired"}
    assert await two.bus._reader.ask("ZCARD", two.bus._keys[2]) == 0
    await lost(three).look()
    assert await log_of(two) == found
    await eventually(lambda: not two.desk.of("c1"))  # as whoever follows the log


async def test_a_gateway_that_comes_back_too_late_begins_another_call(houses):
    one, two = houses.one, houses.two
    async with one.connect() as socket:
        await angry_call(one, socket)
        await one.die()
    await pass_by(two, AFTER + 1)
    await lost(two).look()
    async with two.connect() as socket:
        await socket.send(start())
        await speak(socket, 1)
        await published(two, said(4))
        await socket.send(END)
        await goodbye(socket)
    found = await published(two, lambda f: count(wire.CallEnded)(f) == 2)
    assert count(wire.CallStarted)(found) == 2
    assert [m.utterance for m in found if isinstance(m, wire.Transcript)] == [1, 2, 3, 1]
    assert [m.reason for m in found if isinstance(m, wire.CallEnded)] == ["lost", "ended"]


async def test_a_gateway_that_comes_back_in_time_has_its_call(houses):
    one, two, three = houses.one, houses.two, houses.three
    async with one.connect() as socket:
        await angry_call(one, socket)
        await one.die()
    await pass_by(two, AFTER - 1)
    async with two.connect() as socket:
        await socket.send(start())
        await speak(socket, 1)
        await published(two, said(4))
        await lost(three).look()
        found = await log_of(two)
    assert (count(wire.CallStarted)(found), count(wire.CallEnded)(found)) == (1, 0)


async def test_a_call_that_waits_for_its_gateway_lives_as_long_as_its_server(houses):
    one, two = houses.one, houses.two
    async with one.connect() as socket:
        await angry_call(one, socket)
    for _ in range(3):
        await pass_by(two, AFTER + 1)
        seen = await two.bus._reader.ask("ZSCORE", two.bus._keys[2], "ew:call:c1")
        async with asyncio.timeout(20):
            while await two.bus._reader.ask("ZSCORE", two.bus._keys[2], "ew:call:c1") == seen:  # noqa: ASYNC110
                await asyncio.sleep(0)
        await lost(two).look()
    assert count(wire.CallEnded)(await log_of(two)) == 0


async def test_after_redis_was_away_nobody_judges_for_a_while(houses):
    one, two = houses.one, houses.two
    async with one.connect() as socket:
        await angry_call(one, socket)
        await one.die()
        houses.redis.kill()
        await eventually(lambda: not two.bus.state.up)
        assert two.bus.steady == 0
        await houses.redis.start()
        await eventually(lambda: two.bus.state.up)
        await pass_by(two, AFTER + 1)
        before = await log_of(two)
        await lost(two, settle=30.0).look()
        assert await log_of(two) == before
        await lost(two).look()
        assert count(wire.CallEnded)(await log_of(two)) == 1


async def test_a_call_of_which_only_the_log_knows_is_ended_from_it(houses):
    one, two = houses.one, houses.two
    async with one.connect() as socket:
        await angry_call(one, socket)
        await one.die()
    await two.bus._reader.ask("DEL", "ew:call:c1")
    await pass_by(two, AFTER + 1)
    await lost(two).look()
    found = await log_of(two)
    assert found[-1].reason == "lost"
    assert {a.state for a in {a.id: a for a in alerts(found)}.values()} == {"resolved"}


def test_what_was_open_ends_and_what_had_ended_stays():
    silence = wire.Silence("c", 40.0, 2.0, Party.AGENT, False, 42.0, "8001")
    log = [
        started(),
        alert(id="a0"),
        wire.CallEnded("c", 9.0, "ended"),
        started(),
        alert(),
        alert(2, id="a2"),
        alert(3, id="a2", state="resolved"),
        prompt(),
        silence,
    ]
    ended, expired, call = leftover(log)
    assert (ended.id, ended.rev, ended.state, ended.outcome) == (
        "a1",
        2,
        "resolved",
        "call_end",
    )
    assert (expired.id, expired.state) == ("p1", "expired")
    assert call == wire.CallEnded("c", 42.0, "lost", "8001")
    assert leftover([*log, ended, expired, call]) == []
    assert leftover([]) == []
    assert leftover([alert()]) == []
