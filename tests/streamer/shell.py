"""What the tests of the shell share: a loud-is-speech detector, a recognizer that follows a
script, a sink that remembers, and a real server on a real loopback port."""

import asyncio
import json
from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import replace

import numpy as np
from websockets.asyncio.client import connect

from streamer import events as ev
from streamer.call import CallPorts, CallSettings
from streamer.connection import Patience
from streamer.errors import RecognizerError
from streamer.keeper import Forgetful
from streamer.ports import Quota
from streamer.server import Server, ServerSettings
from streamer.session import SessionSettings
from streamer.tally import Tally

RATE = 8000
PATIENCE = 20.0  # seconds until a test is said to hang; no test takes this long
LOUD = (np.tile([4000, -4000], RATE // 2)).astype("<i2").tobytes()  # one second
QUIET = bytes(2 * RATE)
SAID = LOUD + QUIET * 2  # one utterance and the silence marks of 1.2 and 2 s


class LoudIsSpeech:
    def __init__(self, sample_rate):
        self.sample_rate = sample_rate

    def is_speech(self, frame):
        return bool((np.abs(np.frombuffer(frame, "<i2").astype(int)) > 100).any())


class ScriptedRecognizer:
    """Says what was said: the party and the number. Waits while `open` is not set, or for
    drafts `drafting`; fails for `bad`, hears no words in `noise`."""

    def __init__(self):
        self.asked, self.bad, self.noise = [], set(), set()
        self.drafted, self.grown, self.bad_draft = [], [], None
        self.languages_p = {}
        self.open, self.drafting = asyncio.Event(), asyncio.Event()
        self.open.set()
        self.drafting.set()

    def grow(self, so_far):
        self.grown.append(so_far)

    async def draft(self, so_far):
        self.drafted.append(so_far)
        await self.drafting.wait()
        if self.bad_draft:
            raise self.bad_draft
        return transcript(so_far)

    async def transcribe(self, utterance):
        self.asked.append(utterance)
        await self.open.wait()
        if utterance.number in self.bad:
            raise RecognizerError("the script says so")
        heard = replace(transcript(utterance), languages_p=self.languages_p)
        return replace(heard, text="") if utterance.number in self.noise else heard


def transcript(it):
    return ev.Transcript(
        it.call,
        it.number,
        it.party,
        it.start,
        it.speech_end,
        it.speech_end_clock,
        text=f"{it.party} {it.number}",
        language="zh",
        language_p=1.0,
        emotion=ev.Emotion.NEUTRAL,
        emotion_p={ev.Emotion.NEUTRAL: 1.0},
        events=(ev.AudioEvent.SPEECH,),
        events_p={ev.AudioEvent.SPEECH: 1.0},
        tokens=(),
        raw="",
    )


class Sinks:
    """Remembers what each call told, in order; `lines` are the calls. For kinds in `broken` it
    raises, for those in `hanging` it waits until `release`."""

    def __init__(self):
        self.told = defaultdict(list)
        self.lines, self.broken, self.hanging = {}, (), ()
        self.release = asyncio.Event()
        self._news = asyncio.Condition()

    def __call__(self, line):
        name = line.info.call
        self.lines[name] = line

        async def sink(event):
            async with self._news:
                self.told[name].append(event)
                self._news.notify_all()
            if isinstance(event, self.broken):
                raise RuntimeError("the sink is broken")
            if isinstance(event, self.hanging):
                await self.release.wait()

        return sink

    def of(self, call, kind):
        return [event for event in self.told[call] if isinstance(event, kind)]

    async def until(self, call, kind, count=1):
        """Waits until the call has told `count` events of that kind; returns them."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: len(self.of(call, kind)) >= count)
        return self.of(call, kind)


class NoKeys:
    def name_of(self, key):
        return "anonymous"

    def holds(self, name):
        return False

    def quota(self, name):
        return Quota()

    def why_not(self, key):
        return "there are no keys"


class TwoKeys:
    """`quotas`: by the name of a key."""

    def __init__(self, **quotas):
        self.quotas = quotas

    def name_of(self, key):
        return {"first key": "first", "second key": "second"}.get(key)

    def holds(self, name):
        return name in ("first", "second")

    def quota(self, name):
        return self.quotas.get(name, Quota())

    def why_not(self, key):
        return "unknown key" if key else "no key"


class House:
    """A running server and what it hears with."""

    def __init__(self, server, recognizer, sinks):
        self.server, self.recognizer, self.sinks = server, recognizer, sinks
        self.tally = server.tally

    @property
    def url(self):
        return self.at("/raw")

    def at(self, path):
        return f"ws://127.0.0.1:{self.server.port}{path}"

    def connect(self, path="", at="/raw", **options):
        return connect(self.at(at) + path, proxy=None, **options)


def settings(grace=0.2, stall=60.0, patience=None, **calls):
    session = SessionSettings(stall_after=stall, grace=grace)
    return replace(
        ServerSettings(port=0, patience=patience or Patience(), close_within=30.0),
        calls=CallSettings(session, **calls),
    )


@asynccontextmanager
async def house(its=None, keys=None, sinks=None, recognizer=None, memory=None):
    """A server on a free port, drained at the end."""
    recognizer, sinks = recognizer or ScriptedRecognizer(), sinks or Sinks()
    ports = CallPorts(LoudIsSpeech, recognizer, sinks, memory or Forgetful())
    server = Server(its or settings(), ports, keys or NoKeys(), Tally())
    async with asyncio.TaskGroup() as tasks:
        await server.start(tasks)
        try:
            yield House(server, recognizer, sinks)
        finally:
            await server.drain(0.5)


def start(call="c1", channels=("customer",), **fields):
    return json.dumps(
        {"v": 1, "call_id": call, "sample_rate": RATE, "channels": channels, **fields}
    )


END = json.dumps({"event": "end"})


async def eventually(condition):
    """Lets everything else run until it holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - there is no event for what is inside
            await asyncio.sleep(0)


async def goodbye(socket):
    """The code and reason the server closes with."""
    async with asyncio.timeout(PATIENCE):
        await socket.wait_closed()
    return socket.close_code, socket.close_reason


async def whole_call(house, call="c1", said=1, key=None):
    """A call of `said` customer's utterances, to its end; what its sink was told."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with house.connect(additional_headers=headers) as socket:
        await socket.send(start(call))
        for _ in range(said):
            await socket.send(SAID)
        await socket.send(END)
        assert (await goodbye(socket))[0] == 1000
    return house.sinks.told[call]


@asynccontextmanager
async def beside(house, key=None):
    """A good call that goes on while something bad happens: it loses not one utterance."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with house.connect(additional_headers=headers) as socket:
        await socket.send(start("good"))
        await socket.send(SAID)
        await house.sinks.until("good", ev.Transcript)
        yield
        await socket.send(SAID)
        await socket.send(END)
        assert await goodbye(socket) == (1000, "call over")
    heard = house.sinks.of("good", ev.Transcript)
    assert [transcript.number for transcript in heard] == [1, 2]
    assert not house.sinks.of("good", ev.Unheard)
