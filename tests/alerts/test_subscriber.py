"""What a gateway that subscribes is sent while somebody is still speaking: over a real socket,
up to the JSON that it reads."""

import asyncio
import json

import pytest

from alerts.clips import ClipStore
from alerts.lifecycle import Desk
from alerts.playbook import BUNDLED, parse
from alerts.redis_bus import RedisBus
from alerts.sink import sink_factory
from bench.truth import lines
from streamer.recording import demo
from tests.streamer.shell import END, LOUD, PATIENCE, QUIET, goodbye, house, start


@pytest.fixture
async def sinks(tmp_path):
    """What is published has nowhere to go but the gateway: nothing here needs Redis."""
    bus = RedisBus("redis://127.0.0.1:1")
    clock = asyncio.get_running_loop().time
    yield sink_factory(
        lambda: parse(BUNDLED.read_text("utf-8")), Desk(), bus, ClipStore(tmp_path), {}, clock
    )
    await bus.close()


async def read(socket, kind):
    """The next message of that type."""
    async with asyncio.timeout(PATIENCE):
        while (message := json.loads(await socket.recv()))["type"] != kind:
            pass
    return message


async def test_a_subscriber_reads_drafts_then_the_transcript_of_the_same_number(sinks):
    async with house(sinks=sinks) as it, it.connect() as socket:
        await socket.send(start(subscribe=True, agent_id="8001"))
        await socket.send(LOUD * 2)
        draft = await read(socket, "draft")
        await socket.send(LOUD * 2)
        longer = await read(socket, "draft")
        await socket.send(QUIET)
        heard = await read(socket, "transcript")
        await socket.send(END)
        await read(socket, "call_ended")
        assert await goodbye(socket) == (1000, "call over")
    assert [m["utterance"] for m in (draft, longer, heard)] == [1, 1, 1]
    assert [m["end"] for m in (draft, longer, heard)] == [1.5, 3.0, 3.88]
    assert (draft["party"], draft["text"], draft["agent_id"]) == (
        "customer",
        "customer 1",
        "8001",
    )


async def test_whoever_did_not_subscribe_is_sent_nothing(sinks):
    async with house(sinks=sinks) as it, it.connect() as socket:
        await socket.send(start())
        await socket.send(LOUD * 2 + QUIET)
        await socket.send(END)
        await goodbye(socket)
        assert [message async for message in socket] == []


@pytest.mark.model
async def test_real_words_come_before_their_sentence_is_over(sinks):
    from streamer.recognizer.hub import TINY_DIRECTORY  # noqa: PLC0415 - torch, for this one
    from streamer.recognizer.sensevoice import SenseVoice  # noqa: PLC0415
    from streamer.recognizer.worker import RecognizerWorker, WorkerSettings  # noqa: PLC0415

    said = next(
        line for line in lines(1) if line.party == "customer" and line.end - line.start > 2.5
    )
    recording = demo(1)
    voice = recording.samples[:, 0]
    pcm = voice[round((said.start - 0.5) * 8000) : round(said.end * 8000)].tobytes()
    worker = RecognizerWorker(SenseVoice.load(TINY_DIRECTORY), WorkerSettings(threads=1))
    async with worker, house(sinks=sinks, recognizer=worker) as it, it.connect() as socket:
        await socket.send(start(subscribe=True))
        early = 2 * round(2.6 * 8000)
        await socket.send(pcm[:early])
        draft = await read(socket, "draft")
        await socket.send(pcm[early:] + QUIET)
        heard = await read(socket, "transcript")
    assert draft["utterance"] == heard["utterance"] == 1
    assert draft["text"]
    assert heard["text"].startswith(draft["text"][:3])
    assert len(draft["text"]) < len(heard["text"])
