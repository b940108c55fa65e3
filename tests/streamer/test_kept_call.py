"""What is kept of a call goes on elsewhere with just what its sink has not been told."""

import asyncio
from contextlib import asynccontextmanager

import msgspec
import pytest

from streamer import events as ev
from streamer.call import Call, CallPorts, CallSettings
from streamer.events import AudioChunk, HoldStarted, Party
from streamer.keeper import Forgetful, Keeper
from streamer.ports import Recalled
from streamer.session import CallSession, SessionSettings
from streamer.tally import Tally
from streamer.unsent import Unsent, sent, unsent
from tests.streamer.shell import (
    LOUD,
    QUIET,
    RATE,
    LoudIsSpeech,
    ScriptedRecognizer,
    Sinks,
    eventually,
)
from tests.streamer.test_call import Deaf

INFO = ev.CallInfo(ev.CallId("c1"))
BOTH = (Party.CUSTOMER, Party.AGENT)


class Memory(Forgetful):
    """Remembers what it was given."""

    def __init__(self):
        self.states = []

    def keep(self, call, owner, state, *, idle):
        self.states.append(state)


class Remembering(Sinks):
    def __call__(self, line):
        line.remember(lambda: b"what the sink knows")
        return super().__call__(line)


@asynccontextmanager
async def living(memory, sinks, recalled=None):
    its = CallSettings(SessionSettings(grace=9.0, stall_after=3600.0))
    ports = CallPorts(LoudIsSpeech, ScriptedRecognizer(), sinks, memory)
    call = Call(INFO, ports, its, Tally())
    if recalled:
        call.resume(INFO, recalled)
    leg = call.join(Deaf(), ev.CallStarted(INFO, BOTH, RATE))
    life = asyncio.ensure_future(call.run())
    yield call, leg
    call.close("shutdown", asyncio.get_running_loop().time())
    sinks.release.set()
    await life


async def test_what_waits_for_a_slow_sink_is_told_by_the_next_server_and_words_are_lost():
    memory, sinks = Memory(), Remembering()
    sinks.hanging = (ev.Transcript,)
    async with living(memory, sinks) as (call, leg):
        await sinks.until("c1", ev.CallOpened)
        for pcm in (LOUD, QUIET, QUIET, QUIET):
            for party in BOTH:
                call.receive(leg, [AudioChunk(party, pcm if party is Party.AGENT else QUIET)])
            await asyncio.sleep(0)
        call.receive(leg, [HoldStarted()])
        await sinks.until("c1", ev.Transcript)
        assert not sinks.of("c1", ev.Silence)
        call.told()
        state, there = memory.states[-1], Remembering()
        async with living(Memory(), there, Recalled(state, 2.0)):
            await there.until("c1", ev.Held)
            first, *told = there.told["c1"]
    assert (type(first), first.memory, first.ago) == (
        ev.CallResumed,
        b"what the sink knows",
        2.0,
    )
    assert [(type(e), getattr(e, "lasted", 0)) for e in told][:2] == [
        (ev.Silence, 1.2),
        (ev.Silence, 2.0),
    ]
    assert [e.number for e in told if isinstance(e, ev.Unheard)] == [1]


async def test_there_is_nothing_to_go_on_with_before_the_opening_and_after_the_end():
    memory, sinks = Memory(), Sinks()
    async with living(memory, sinks) as (call, leg):
        call.receive(leg, [AudioChunk(Party.AGENT, LOUD)])
        await eventually(lambda: sinks.told["c1"])
        call.told()
        assert memory.states == []  # this sink remembers nothing
    memory, sinks = Memory(), Remembering()
    async with living(memory, sinks) as (call, _):
        await sinks.until("c1", ev.CallOpened)
        call.told()
        kept = len(memory.states)
        assert kept
        call.move()
        call.told()
        assert len(memory.states) == kept


def test_another_clock_and_a_stranger_s_event():
    silence = ev.Silence(INFO.call, 3.0, 1.2, Party.AGENT, 104.2)
    held = ev.Held(INFO.call, 5.0, True)
    swapped = ev.Swapped(INFO.call, 6.0, True, "林岚")
    kept = unsent([silence, ev.CallOpened(INFO), held, swapped])
    assert sent(kept, 50.0)[1:] == [held, swapped]
    assert sent(kept, 50.0)[0].mark_clock == pytest.approx(154.2)
    with pytest.raises(msgspec.MsgspecError):
        sent([Unsent("Transcript", msgspec.Raw(b"\x80"))], 0.0)


def test_a_state_that_cannot_be_read_is_left_alone():
    keeper = Keeper(Forgetful(), "key", None, list)
    assert keeper.resume(INFO, Recalled(b"\xc1", 1.0), 0.0) == []


def test_nothing_is_gathered_before_there_is_anything_to_go_on_with(monkeypatch):
    """It is looked at with every frame."""
    session, asked = CallSession(LoudIsSpeech, SessionSettings()), []
    session.join(1, ev.CallStarted(INFO, BOTH, RATE), 0.0)
    gather = session.state
    monkeypatch.setattr(session, "state", lambda now: (asked.append(now), gather(now))[1])
    keeper = Keeper(Forgetful(), "key", session, list)
    for frame in range(100):
        keeper.look(frame / 50, idle=False)
    assert asked == []
    keeper.recall = bytes
    for frame in range(100):
        keeper.look(2 + frame / 50, idle=False)
    assert asked == [2.0, 3.0]
