"""A server is killed after each single thing that it has told Redis, and another goes on.

The call is heard once, and each batch that went out noted. For every one of them a real Redis
is given what had gone out until then, as the script gives it; another server claims the call
from it and hears the rest. Then the log must have everything once.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, replace

import pytest

from alerts import wire
from alerts.claims import Claims
from alerts.clips import ClipStore
from alerts.delivery import SCRIPT, arguments
from alerts.ids import counted
from alerts.lifecycle import Desk
from alerts.outbox import Outbox
from alerts.redis_bus import RedisBus
from alerts.sink import sink_factory
from streamer import events as ev
from streamer.call import Call, CallPorts, CallSettings
from streamer.events import Party
from streamer.session import SessionSettings
from streamer.tally import Tally
from tests.alerts.heard import PLAYBOOK
from tests.streamer.shell import LOUD, QUIET, RATE, LoudIsSpeech, transcript
from tests.streamer.test_call import Deaf

pytestmark = pytest.mark.redis
CUSTOMER, AGENT = Party.CUSTOMER, Party.AGENT
INFO = ev.CallInfo(ev.CallId("c1"), agent_id="8001")
WORDS = {CUSTOMER: "你们是不是压单啊，我要投诉", AGENT: "您好，很高兴为您服务，请问怎么称呼"}
HOLD, UNHOLD = ev.HoldStarted(), ev.HoldEnded()
# What happens, 100 ms at a time: who speaks, or what the gateway says.
SCENE = [
    *[(AGENT,)] * 20, *[()] * 8, *[(CUSTOMER,)] * 25, *[()] * 26, *[(CUSTOMER,)] * 40,
    *[(CUSTOMER, AGENT)] * 30, *[()] * 8, HOLD, *[()] * 20, UNHOLD, *[(CUSTOMER,)] * 21,
    *[()] * 110, *[(AGENT,)] * 20, *[()] * 25, *[(CUSTOMER,)] * 15, *[()] * 12, ev.CallEnded(),
]  # fmt: skip
LATE = 4  # steps from the end of an utterance to its words


class Model:
    """Hears anger in the customer; each utterance some steps of the scene late."""

    def __init__(self):
        self.waiting = []

    def grow(self, so_far):
        pass

    async def draft(self, so_far):
        return self._heard(so_far)

    async def transcribe(self, utterance):
        done = asyncio.get_running_loop().create_future()
        self.waiting.append([LATE, done])
        await done
        return self._heard(utterance)

    def step(self, everything=False):
        for one in self.waiting:
            one[0] -= 1
        due = [one for one in self.waiting if everything or one[0] <= 0]
        self.waiting = [one for one in self.waiting if one not in due]
        for _, done in due:
            done.set_result(None)

    def _heard(self, it):
        angry = 0.95 if it.party is CUSTOMER else 0.05
        p = {ev.Emotion.ANGRY: angry, ev.Emotion.NEUTRAL: 1 - angry}
        felt = max(p, key=p.get)
        return replace(transcript(it), text=WORDS[it.party], emotion=felt, emotion_p=p)


@dataclass
class House:
    bus: RedisBus
    claims: Claims
    model: Model
    ports: CallPorts


def house(url, folder, name):
    bus, model = RedisBus(url), Model()
    bus._outbox = Outbox(block=1)
    claims = Claims(bus, 30.0, quiet=0.0, look_every=0.0)
    clock = asyncio.get_running_loop().time
    ids = counted(name)
    sinks = sink_factory(
        lambda: PLAYBOOK, Desk(name=name), bus, ClipStore(folder / name), {}, clock, ids
    )
    return House(bus, claims, model, CallPorts(LoudIsSpeech, model, sinks, claims))


async def listen(it, scene, noted):
    """The call, or what is left of it; `noted` is called after each step."""
    its = CallSettings(SessionSettings(silence_marks=(1.2, 2.0, 4.0, 10.0), stall_after=3600.0))
    call = Call(INFO, it.ports, its, Tally())
    if recalled := await it.claims.claim(INFO.call, "anonymous"):
        call.resume(INFO, recalled)
    life = asyncio.ensure_future(call.run())
    leg = call.join(Deaf(), ev.CallStarted(INFO, (CUSTOMER, AGENT), RATE))
    for step, what in enumerate(scene):
        it.model.step(everything=isinstance(what, ev.CallEnded))
        if isinstance(what, tuple):
            for _ in range(5):
                for party in (CUSTOMER, AGENT):
                    pcm = LOUD[:320] if party in what else QUIET[:320]
                    call.receive(leg, [ev.AudioChunk(party, pcm)])
        else:
            call.receive(leg, [what])
        for _ in range(8):
            await asyncio.sleep(0)
        noted(step)
    async with asyncio.timeout(20):
        while not life.done():
            it.model.step(everything=True)
            await asyncio.sleep(0)
    noted(len(scene))


async def told(url, folder):
    """The batches that one server sends, each with how far it had heard the scene."""
    it, batches = house(url, folder, "one"), []
    it.claims._held.add(INFO.call)

    def note(step):
        while batch := it.bus._outbox.batch(1_000):
            it.bus._outbox.confirm(batch[-1].number)
            batches.append((step + 1, batch))

    it.claims.claim = unclaimed
    await listen(it, SCENE, note)
    await it.bus.close()
    return it.bus, batches


async def unclaimed(call, owner):
    return None


ITSELF = {
    wire.Transcript: lambda m: ("said", m.utterance),
    wire.Unheard: lambda m: ("said", m.utterance),
    wire.Silence: lambda m: ("silence", m.since, m.lasted, m.ended),
    wire.Prompt: lambda m: ("prompt", m.id, m.state),
    wire.Alert: lambda m: ("alert", m.id, m.rev),
    wire.Checklist: lambda m: ("checklist", tuple(i.id for i in m.items if i.done)),
    wire.Held: lambda m: ("hold", m.at),
    wire.Unheld: lambda m: ("unhold", m.at),
}


def itself(message):
    """What makes an entry of the log that very one, whoever wrote it."""
    return ITSELF.get(type(message), lambda m: (type(m).__name__,))(message)


def twice(found):
    """What stands there more than once."""
    counts = Counter(itself(m) for m in found)
    return [(key, [m for m in found if itself(m) == key]) for key, n in counts.items() if n > 1]


def open_at_the_end(found):
    """What was begun and never ended."""
    latest = {m.id: m.state for m in found if isinstance(m, wire.Alert | wire.Prompt)}
    silences = {}
    for m in found:
        if isinstance(m, wire.Silence):
            silences[m.since] = m.ended
    held = [type(m) for m in found if isinstance(m, wire.Held | wire.Unheld)]
    return (
        [key for key, state in latest.items() if state in ("active", "acknowledged", "shown")]
        + [since for since, ended in silences.items() if not ended]
        + [held] * (held != [wire.Held, wire.Unheld])
    )


async def test_nothing_is_double_and_nothing_missing_wherever_it_dies(redis_server, tmp_path):
    first, batches = await told(redis_server.url, tmp_path)
    whole = [wire.decode(one.body) for _, batch in batches for one in batch if one.logged]
    kinds = {type(m) for m in whole}
    assert kinds >= {wire.Transcript, wire.Silence, wire.Prompt, wire.Alert, wire.Checklist}
    assert (twice(whole), open_at_the_end(whole)) == ([], [])
    for dead in range(1, len(batches)):
        step, _ = batches[dead - 1]
        it = house(redis_server.url, tmp_path, f"two-{dead}-")
        await it.bus._sender.ask("FLUSHALL")
        for _, batch in batches[:dead]:
            given = arguments(batch, 86_400_000, 0, first.server)
            await it.bus._sender.run(SCRIPT, first._keys, given)
        before = [m for _, m in await it.bus.log.recent()]
        running = asyncio.ensure_future(it.bus.run())
        await listen(it, SCENE[min(step, len(SCENE) - 1) :], lambda _: None)
        assert await it.bus.drain(20) == 0
        running.cancel()
        found = [m for _, m in await it.bus.log.recent()]
        await it.bus.close()
        where = f"killed after batch {dead} of {len(batches)}, step {step}"
        assert found[: len(before)] == before, where
        assert twice(found) == [], where
        assert open_at_the_end(found) == [], where
        numbers = sorted(
            m.utterance for m in found if isinstance(m, wire.Transcript | wire.Unheard)
        )
        assert numbers == list(range(1, len(numbers) + 1)), where
        assert [type(found[0]), type(found[-1])] == [wire.CallStarted, wire.CallEnded], where
        angry = {m.id for m in found if isinstance(m, wire.Alert) and m.kind == "ANGRY"}
        assert angry, where
