"""Redis killed in mid-call, garbage beside a call, music and silence, a real recording."""

import asyncio
import json
import os
import signal
from pathlib import Path

import numpy as np
import pytest
from websockets.asyncio.client import connect

from bench.server import ServerFailedError, server
from streamer.events import Party
from streamer.recording import Recording, demo, load
from streamer.send import Manner, send
from tests.e2e.conftest import log_of

CALLS = Path(__file__).parents[3] / "shared" / "data" / "calls"


def key(message):
    """What makes a published message itself, whenever and however often it is read."""
    return json.dumps({k: v for k, v in message.items() if k != "wall"}, sort_keys=True)


def redis_of(running):
    """The child's process id."""
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    names = {int(pid): Path(f"/proc/{pid}/comm").read_text().strip() for pid in children}
    return next(pid for pid, name in names.items() if name.startswith("redis"))


async def test_redis_killed_in_mid_call_loses_and_doubles_nothing(running):
    told, killed = [], asyncio.Event()

    def hear(text):
        told.append(json.loads(text))
        if len(told) == 8:
            os.kill(redis_of(running), signal.SIGKILL)
            killed.set()

    manner = Manner("redis-dies", encoding="mulaw", speed=2.0, subscribe=True, hear=hear)
    report = await send(demo(1), running.stream, manner)
    assert report.close_code == 1000
    assert killed.is_set()
    async with asyncio.timeout(30), log_of(running) as log:
        logged = await log("redis-dies")
        while not logged or logged[-1]["type"] != "call_ended":
            logged = await log("redis-dies")
    # Drafts are for the moment: they are never logged.
    assert [key(m) for m in logged] == [key(m) for m in told if m["type"] != "draft"]


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (b"\x00" * 320, 1002),
        ('{"v":1,"call_id":"x",', 1002),
        ('{"v":1,"call_id":7,"channels":["customer"]}', 1002),
        ("\u0000", 1002),
        ("[]", 1002),
        (b"\x00" * (256 * 1024 + 1), 1009),
    ],
)
async def test_garbage_gets_its_reason(running, first, code):
    async with connect(running.stream, proxy=None) as gateway:
        await gateway.send(first)
        async with asyncio.timeout(10):
            await gateway.wait_closed()
    assert gateway.close_code == code
    assert gateway.close_reason


async def test_silence_noise_and_music_raise_no_anger_and_say_nothing(running):
    """20 s of each on the customer's side, the music from the demo call that has some."""
    rate, rng = 8000, np.random.default_rng(7)
    hold = demo(4).samples[round(21.3 * rate) : round(28.2 * rate), 1]
    sounds = {
        "nothing": np.zeros(20 * rate, np.int16),
        "noise": rng.normal(0, 60, 20 * rate).astype(np.int16),
        "music": np.tile(hold, 3),
    }
    for name, sound in sounds.items():
        samples = np.stack([sound, np.zeros_like(sound)], axis=1)
        recording = Recording((Party.CUSTOMER, Party.AGENT), rate, samples)
        await send(recording, running.stream, Manner(f"quiet-{name}", speed=4.0))
        async with log_of(running) as log:
            found = await log(f"quiet-{name}")
        assert [m for m in found if m["type"] == "alert"] == []
        assert [m["text"] for m in found if m["type"] == "transcript" and m["text"]] == []


@pytest.mark.data
async def test_a_real_call_is_charted(running):
    """What `tiny` makes of real people's moods is no matter here: no anger without words."""
    if not CALLS.is_dir():
        pytest.skip("needs the recordings of ../shared/data/calls")
    recording = load([CALLS / "repairs-customer.wav", CALLS / "repairs-agent.wav"])
    report = await send(recording, running.stream, Manner("real", speed=4.0))
    assert report.close_code == 1000
    async with log_of(running) as log:
        found = await log("real")
    assert [found[0]["type"], found[-1]["type"]] == ["call_started", "call_ended"]
    assert found[-1]["at"] == pytest.approx(recording.seconds, abs=0.1)
    parties = {m["party"] for m in found if m["type"] == "transcript"}
    assert parties == {"customer", "agent"}
    assert [m for m in found if m["type"] == "unheard"] == []
    for alert in (m for m in found if m["type"] == "alert" and m["kind"] == "ANGRY"):
        assert all(evidence["text"] for evidence in alert["evidence"])


async def test_a_model_that_cannot_be_had_stops_the_start(tmp_path):
    with pytest.raises(ServerFailedError) as raised:
        async with server(tmp_path, "--model=iic/NoSuchModel"):
            pass
    assert "--model tiny" in str(raised.value)
    assert "Traceback" not in str(raised.value)


async def test_a_network_address_without_keys_and_tls_stops_the_start(tmp_path):
    with pytest.raises(ServerFailedError) as raised:
        async with server(tmp_path, "--stream-host=0.0.0.0"):
            pass
    assert "key" in str(raised.value)
    assert "TLS" in str(raised.value)
    assert "Traceback" not in str(raised.value)
