"""Calls over real loopback sockets: whole, on two sockets, dropped and back, lost, drained."""

import asyncio
import json

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from streamer import events as ev
from streamer.connection import Patience
from streamer.events import Party
from streamer.session import SessionSettings
from tests.streamer.shell import (
    END,
    LOUD,
    QUIET,
    SAID,
    eventually,
    goodbye,
    house,
    settings,
    start,
    whole_call,
)


def numbers(events):
    return [event.number for event in events if isinstance(event, ev.Transcript)]


async def test_a_whole_call_is_told_in_order():
    async with house() as it:
        told = await whole_call(it, said=2)
        opened, *between, closed = told
        assert opened == ev.CallOpened(it.sinks.lines["c1"].info)
        assert closed == ev.CallClosed("c1", pytest.approx(6.0), "ended")
        assert numbers(between) == [1, 2]
        assert any(isinstance(event, ev.Silence) for event in between)
        assert it.tally.audio_seconds == pytest.approx(6.0)
        assert it.tally.utterances[Party.CUSTOMER, "heard"] == 2


async def test_two_sockets_carry_one_call():
    async with house() as it, it.connect() as customer, it.connect() as agent:
        await customer.send(start(channels=["customer"]))
        await it.sinks.until("c1", ev.CallOpened)
        await agent.send(start(channels=["agent"]))
        for i in range(100):  # interleaved, as two gateways would in 2 s
            await customer.send(LOUD[:320] if i < 50 else QUIET[:320])
            await agent.send(QUIET[:320])
        (said,) = await it.sinks.until("c1", ev.Transcript)
        assert said.party is Party.CUSTOMER
        await agent.send(END)
        assert await goodbye(agent) == (1000, "call over")
        assert await goodbye(customer) == (1000, "call over")
        assert len(it.sinks.of("c1", ev.CallClosed)) == 1


async def test_a_gateway_that_comes_back_in_time_goes_on_with_its_call():
    async with house(settings(grace=30.0)) as it:
        first = await it.connect()
        await first.send(start())
        await first.send(SAID)
        await it.sinks.until("c1", ev.Transcript)
        first.transport.abort()
        async with it.connect() as second:
            await eventually(lambda: it.server.load().connections == 1)
            await second.send(start())
            await second.send(SAID)
            await it.sinks.until("c1", ev.Transcript, 2)
            await second.send(END)
            assert (await goodbye(second))[0] == 1000
        assert numbers(it.sinks.told["c1"]) == [1, 2]
        assert len(it.sinks.of("c1", ev.CallOpened)) == 1
        assert [e.reason for e in it.sinks.of("c1", ev.CallClosed)] == ["ended"]


async def test_a_gateway_takes_over_from_its_own_dead_connection():
    async with house(settings(takeover=0.0)) as it, it.connect() as dead, it.connect() as back:
        await dead.send(start())
        await dead.send(SAID)
        await it.sinks.until("c1", ev.Transcript)
        await back.send(start())
        assert await goodbye(dead) == (1008, "taken over by a newer connection")
        await back.send(SAID)
        await back.send(END)
        assert (await goodbye(back))[0] == 1000
        assert numbers(it.sinks.told["c1"]) == [1, 2]


async def test_a_call_whose_gateway_stays_away_is_lost_after_the_grace_time():
    async with house(settings(grace=0.05)) as it:
        async with it.connect() as socket:
            await socket.send(start())
            await socket.send(LOUD)
            await it.sinks.until("c1", ev.CallOpened)
        (closed,) = await it.sinks.until("c1", ev.CallClosed)
        assert closed.reason == "lost"
        assert numbers(it.sinks.told["c1"]) == [1]  # what was being said is not lost with it
        await eventually(lambda: it.tally.calls == 0)


async def test_a_call_that_sends_nothing_is_stalled_though_its_socket_lives():
    async with house(settings(stall=0.05)) as it, it.connect() as socket:
        await socket.send(start())
        stalled, *_ = await it.sinks.until("c1", ev.Stalled)
        assert stalled.silent_for >= 0.05


async def test_the_same_id_right_after_the_end_is_a_new_call_told_after_the_old_one():
    async with house() as it:
        it.recognizer.open.clear()
        async with it.connect() as first, it.connect() as second:
            await first.send(start())
            await first.send(SAID)
            await first.send(END)
            await eventually(lambda: it.recognizer.asked)
            await second.send(start())
            await second.send(SAID)
            it.recognizer.open.set()
            assert (await goodbye(first))[0] == 1000
            await second.send(END)
            assert (await goodbye(second))[0] == 1000
        kinds = [type(event) for event in it.sinks.told["c1"]]
        assert kinds.count(ev.CallOpened) == 2
        assert kinds.index(ev.CallClosed) < len(kinds) - 1 - kinds[::-1].index(ev.CallOpened)


async def test_a_subscriber_gets_what_its_call_is_told_before_it_is_closed():
    async with house() as it, it.connect() as socket:
        await socket.send(start(subscribe=True))
        await it.sinks.until("c1", ev.CallOpened)
        it.sinks.lines["c1"].reply('{"type":"alert"}')
        await socket.send(END)
        assert [json.loads(text) async for text in socket] == [{"type": "alert"}]


async def test_a_gateway_that_did_not_subscribe_is_told_nothing():
    async with house() as it, it.connect() as socket:
        await socket.send(start())
        await it.sinks.until("c1", ev.CallOpened)
        it.sinks.lines["c1"].reply("psst")
        await socket.send(END)
        assert [text async for text in socket] == []


async def test_a_subscriber_that_does_not_read_loses_the_oldest_and_holds_nobody_up():
    async with house() as it, it.connect(max_queue=1, compression=None) as deaf:
        await deaf.send(start("deaf", subscribe=True))
        await it.sinks.until("deaf", ev.CallOpened)
        for _ in range(200):
            it.sinks.lines["deaf"].reply("x" * 100_000)
            await asyncio.sleep(0)
        assert it.tally.lost["reply"] > 0
        assert numbers(await whole_call(it, "other")) == [1]
        await deaf.send(SAID)
        await it.sinks.until("deaf", ev.Transcript)
        await deaf.send(END)
        await it.sinks.until("deaf", ev.CallClosed)
        deaf.transport.abort()


async def test_voice_is_kept_only_with_consent():
    async with house() as it, it.connect() as yes, it.connect() as no:
        await yes.send(start("yes"))
        await no.send(start("no", consent={"record": False}))
        for socket in (yes, no):
            await socket.send(SAID)
        for call in ("yes", "no"):
            await it.sinks.until(call, ev.Transcript)
        assert it.sinks.lines["yes"].voice(0.0, 1.0)[:4] == b"RIFF"
        assert it.sinks.lines["no"].voice(0.0, 1.0) == b""


async def test_hold_may_last_longer_than_an_idle_connection():
    its = settings(patience=Patience(idle=0.05, hold=60.0))
    async with house(its) as it, it.connect() as held, it.connect() as idle:
        await held.send(start("held"))
        await held.send(json.dumps({"event": "hold"}))
        await it.sinks.until("held", ev.Held)
        await idle.send(start("idle"))
        assert await goodbye(idle) == (1000, "idle: no frame for 0.05 s")
        await held.send(END)
        assert await goodbye(held) == (1000, "call over")


async def test_a_hold_that_ends_on_one_connection_ends_the_patience_with_the_other():
    its = settings(patience=Patience(idle=0.05, hold=60.0))
    async with house(its) as it, it.connect() as held, it.connect() as other:
        await held.send(start("held"))
        await held.send(json.dumps({"event": "hold"}))
        await it.sinks.until("held", ev.Held)
        await other.send(start("held", channels=("agent",)))
        await other.send(json.dumps({"event": "unhold"}))
        assert await goodbye(held) == (1000, "idle: no frame for 0.05 s")


async def test_drain_refuses_new_calls_and_hears_the_live_ones_out():
    async with house() as it, it.connect() as live:
        await live.send(start())
        await live.send(SAID)
        await it.sinks.until("c1", ev.Silence)
        it.recognizer.open.clear()
        await live.send(LOUD)
        await eventually(lambda: it.server.load().audio_seconds >= 4.0)
        draining = asyncio.create_task(it.server.drain(5.0))
        await eventually(lambda: len(it.recognizer.asked) == 2)
        with pytest.raises(InvalidStatus) as refused:
            await it.connect()
        assert refused.value.response.status_code == 503
        it.recognizer.open.set()
        await draining
        assert await goodbye(live) == (1001, "shutdown")
        assert numbers(it.sinks.told["c1"]) == [1, 2]
        assert it.sinks.told["c1"][-1].reason == "shutdown"


async def test_what_the_model_cannot_hear_before_the_deadline_is_unheard():
    async with house() as it, it.connect() as live:
        it.recognizer.open.clear()
        await live.send(start())
        await live.send(SAID * 2)
        await eventually(lambda: it.server.load().audio_seconds == pytest.approx(6.0))
        await it.server.drain(0.05)
        unheard = it.sinks.of("c1", ev.Unheard)
        assert [(u.number, u.reason) for u in unheard] == [(1, "shutdown"), (2, "shutdown")]
        assert isinstance(it.sinks.told["c1"][-1], ev.CallClosed)
        with pytest.raises(ConnectionClosed):
            await live.recv()


async def test_calls_that_begin_later_are_listened_to_anew_and_running_ones_as_before():
    async with house() as it, it.connect() as old, it.connect() as new:
        await old.send(start("old"))
        await it.sinks.until("old", ev.CallOpened)
        it.server.renew(SessionSettings(silence_marks=(0.5,)))
        await new.send(start("new"))
        for call, socket in (("old", old), ("new", new)):
            await socket.send(SAID)
            await it.sinks.until(call, ev.Silence)
        marks = {
            call: next(e.lasted for e in it.sinks.told[call] if isinstance(e, ev.Silence))
            for call in ("old", "new")
        }
        assert marks["old"] == pytest.approx(1.2, abs=0.03)
        assert marks["new"] == pytest.approx(0.5, abs=0.03)
