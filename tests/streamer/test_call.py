"""One call between its session, the model and its sink, without sockets."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from streamer import events as ev
from streamer.call import Call, CallPorts, CallSettings
from streamer.events import AudioChunk, CallEnded, Party
from streamer.session import SessionSettings
from streamer.tally import Tally
from tests.streamer.shell import (
    LOUD,
    PATIENCE,
    QUIET,
    RATE,
    LoudIsSpeech,
    ScriptedRecognizer,
    Sinks,
    eventually,
)

INFO = ev.CallInfo(ev.CallId("c1"))
BOTH = (Party.CUSTOMER, Party.AGENT)


class Deaf:
    """A leg nobody reads; `Call` asks no more of one."""

    parties, heard_clock = frozenset(), 0.0

    def tell(self, message):
        return True

    def hang_up(self, code, reason):
        pass


class Room:
    def __init__(self, call, recognizer, sinks, tally):
        self.call, self.recognizer, self.sinks, self.tally = call, recognizer, sinks, tally
        self.leg = call.join(Deaf(), ev.CallStarted(INFO, BOTH, RATE))

    def say(self, party, seconds=1, pause=1):
        """One party speaks, both fall silent; in steps of 20 ms, as codecs give it."""
        other = Party.AGENT if party is Party.CUSTOMER else Party.CUSTOMER
        speech, pause = LOUD * seconds, QUIET * pause
        for at in range(0, len(speech + pause), 320):
            self._chunk(party, (speech + pause)[at : at + 320])
            self._chunk(other, bytes(320))

    def say_both(self, seconds):
        for at in range(0, len(LOUD * seconds), 320):
            for party in BOTH:
                self._chunk(party, (LOUD * seconds)[at : at + 320])

    def _chunk(self, party, pcm):
        self.call.receive(self.leg, [AudioChunk(party, pcm)])

    def end(self):
        self.call.receive(self.leg, [CallEnded()])

    def outcomes(self):
        kinds = (ev.Transcript, ev.Unheard)
        return [event for event in self.sinks.told["c1"] if isinstance(event, kinds)]


@asynccontextmanager
async def room(**settings):
    recognizer, sinks, tally = ScriptedRecognizer(), Sinks(), Tally()
    its = CallSettings(SessionSettings(grace=0.05, stall_after=3600.0), **settings)
    call = Call(INFO, CallPorts(LoudIsSpeech, recognizer, sinks), its, tally)
    it = Room(call, recognizer, sinks, tally)
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(call.run())
        try:
            yield it
        finally:
            call.close("shutdown", asyncio.get_running_loop().time())
            async with asyncio.timeout(PATIENCE):
                await life


async def test_a_silence_mark_does_not_wait_for_the_model():
    async with room() as it:
        it.recognizer.open.clear()
        it.say(Party.CUSTOMER, pause=3)
        marks = await it.sinks.until("c1", ev.Silence, 2)
        assert [mark.lasted for mark in marks] == [1.2, 2.0]
        assert not it.sinks.of("c1", ev.Transcript)
        it.recognizer.open.set()
        await it.sinks.until("c1", ev.Transcript)


async def test_what_the_model_hears_no_words_in_has_ended_no_silence():
    async with room() as it:
        it.recognizer.noise.add(2)
        it.say(Party.CUSTOMER, seconds=1, pause=1)
        it.say(Party.AGENT, seconds=1, pause=1)
        marks = await it.sinks.until("c1", ev.Silence, 2)
        assert [(round(mark.since, 2), mark.lasted, mark.ended) for mark in marks] == [
            (0.88, 1.2, False),
            (0.88, 2.0, False),
        ]
        told = it.sinks.told["c1"]
        assert it.outcomes()[1].text == ""
        assert told.index(it.outcomes()[1]) < told.index(marks[0])


async def test_what_the_model_has_no_time_for_is_taken_for_words():
    async with room() as it:
        it.say(Party.CUSTOMER, seconds=1, pause=2)
        await it.sinks.until("c1", ev.Silence, 2)
        it.recognizer.bad.add(2)
        it.say(Party.AGENT, seconds=1, pause=1)
        *_, over = await it.sinks.until("c1", ev.Silence, 3)
        assert (round(over.since, 2), over.ended) == (0.88, True)


async def test_the_end_is_told_after_everything_that_was_said():
    async with room() as it:
        it.recognizer.open.clear()
        it.say(Party.CUSTOMER)
        it.say(Party.AGENT)
        it.end()
        await eventually(lambda: it.recognizer.asked)
        assert not it.sinks.of("c1", ev.CallClosed)
        it.recognizer.open.set()
        await it.sinks.until("c1", ev.CallClosed)
        assert isinstance(it.sinks.told["c1"][-1], ev.CallClosed)
        assert [event.number for event in it.outcomes()] == [1, 2]


async def test_when_the_model_is_slow_the_agent_is_shed_first_and_each_one_is_told():
    async with room(backlog=2) as it:
        it.recognizer.open.clear()
        it.say(Party.AGENT)  # 1: being heard
        await eventually(lambda: it.recognizer.asked)
        for party in (Party.CUSTOMER, Party.AGENT, Party.CUSTOMER, Party.CUSTOMER):
            it.say(party)
        shed = await it.sinks.until("c1", ev.Unheard, 2)
        assert [(u.number, u.party, u.reason) for u in shed] == [
            (3, Party.AGENT, "shed"),
            (2, Party.CUSTOMER, "shed"),
        ]
        assert it.tally.shed == 2
        it.recognizer.open.set()
        await it.sinks.until("c1", ev.Transcript, 3)
        assert sorted(event.number for event in it.outcomes()) == [1, 2, 3, 4, 5]


async def test_a_model_that_never_answers_is_given_up():
    async with room(recognize_within=0.02) as it:
        it.recognizer.open.clear()
        it.say(Party.CUSTOMER)
        (unheard,) = await it.sinks.until("c1", ev.Unheard)
        assert unheard.reason == "failed"


@pytest.mark.parametrize("error", [ValueError("a bug"), MemoryError(), TimeoutError()])
async def test_whatever_the_model_raises_the_call_goes_on(error):
    async with room() as it:
        works, it.recognizer.transcribe = it.recognizer.transcribe, _raises(error)
        it.say(Party.CUSTOMER)
        await it.sinks.until("c1", ev.Unheard)
        it.recognizer.transcribe = works
        it.say(Party.CUSTOMER)
        (heard,) = await it.sinks.until("c1", ev.Transcript)
        assert heard.number == 2


def _raises(error):
    async def transcribe(utterance):
        raise error

    return transcribe


async def test_a_sink_that_hangs_costs_one_event():
    async with room(tell_within=0.02) as it:
        it.sinks.hanging = (ev.Transcript,)
        it.say(Party.CUSTOMER, pause=2)
        it.end()
        await it.sinks.until("c1", ev.CallClosed)
        assert it.tally.lost["failed"] == 1


async def test_a_sink_that_is_too_slow_misses_marks_before_words():
    async with room(news=4) as it:
        it.sinks.hanging = (ev.CallOpened,)
        for _ in range(3):
            it.say(Party.CUSTOMER, pause=3)
        await eventually(lambda: it.tally.lost["lost"] > 0)
        await eventually(lambda: it.tally.utterances[Party.CUSTOMER, "heard"] == 3)
        it.sinks.release.set()
        assert len(await it.sinks.until("c1", ev.Transcript, 3)) == 3


async def test_a_call_without_a_connection_is_lost_after_the_grace_time():
    async with room() as it:
        it.say(Party.CUSTOMER, pause=0)
        await it.sinks.until("c1", ev.CallOpened)  # the call waits for a stall by now
        it.call.leave(it.leg)
        (closed,) = await it.sinks.until("c1", ev.CallClosed)
        assert closed.reason == "lost"
        assert [event.number for event in it.outcomes()] == [1]


async def test_a_closed_call_no_longer_listens():
    async with room() as it:
        it.end()
        it.say(Party.CUSTOMER)
        await it.sinks.until("c1", ev.CallClosed)
        assert not it.outcomes()


async def test_hold_is_known_while_it_lasts():
    async with room() as it:
        it.call.receive(it.leg, [ev.HoldStarted()])
        assert it.call.held
        it.call.receive(it.leg, [ev.HoldEnded()])
        assert not it.call.held
        assert [event.on for event in await it.sinks.until("c1", ev.Held, 2)] == [True, False]
