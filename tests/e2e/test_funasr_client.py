"""FunASR's client from PyPI, unmodified, against the whole server: it gets words, and the call
its alerts."""

import asyncio
import wave

import pytest
from funasr_client import async_file_asr_stream

from streamer.events import Party
from streamer.recording import demo
from tests.e2e.conftest import log_of

CUSTOMER = demo(1).parties.index(Party.CUSTOMER)


@pytest.fixture
def recording(tmp_path):
    """What the customer says in the first demo call, as a file of its own."""
    path = tmp_path / "customer.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(demo(1).sample_rate)
        file.writeframes(demo(1).samples[:, CUSTOMER].tobytes())
    return path


async def sent(running, recording, mode, call):
    """What the client hears. The client for threads blocks itself when it closes (0.1.6), so it
    is the one for asyncio."""
    at = running.stream.replace("/raw", "/funasr")
    async with asyncio.timeout(60):
        heard = async_file_asr_stream(
            recording,
            at,
            mode,
            wav_name=f"{call}/customer",
            itn=True,
            hotwords={"压单": 20},
            svs_lang="zh",
        )
        return [message async for message in heard]


async def logged(running, call):
    async with asyncio.timeout(30), log_of(running) as log:
        messages = await log(call)
        while not messages or messages[-1]["type"] != "call_ended":
            messages = await log(call)
    return messages


@pytest.mark.parametrize("mode", ["2pass", "online", "offline"])
async def test_an_unmodified_client_gets_the_words_of_its_call(running, recording, mode):
    heard = await sent(running, recording, mode, f"funasr-{mode}")
    messages = await logged(running, f"funasr-{mode}")
    said = [m["text"] for m in messages if m["type"] == "transcript" and m["text"]]
    assert len(said) > 3
    assert {m["party"] for m in messages if m["type"] == "transcript"} == {"customer"}
    final = "2pass-offline" if mode == "2pass" else mode
    assert "".join(m["text"] for m in heard if m["mode"] == final) == "".join(said)
    assert [m["is_final"] for m in heard] == [False] * (len(heard) - 1) + [True]
    assert {m["wav_name"] for m in heard} == {f"funasr-{mode}/customer"}
    if mode != "online":
        spans = [span for m in heard for span in m.get("timestamp", [])]
        assert spans == sorted(spans)
        assert spans[-1][1] <= demo(1).seconds * 1000
    assert any(m["type"] == "alert" and m["kind"] == "ANGRY" for m in messages)
