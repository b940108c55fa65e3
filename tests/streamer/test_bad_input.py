"""What gateways get wrong: each has its answer, and a good call beside it hears everything."""

import asyncio
import json

import pytest

from streamer import events as ev
from streamer.connection import Patience
from tests.streamer.shell import (
    END,
    LOUD,
    SAID,
    beside,
    goodbye,
    house,
    settings,
    start,
    whole_call,
)

FIRST = {
    "garbage": "\x00\x01 not json",
    "truncated": start()[:-9],
    "empty": "",
    "a list": "[]",
    "no call id": json.dumps({"v": 1, "channels": ["customer"]}),
    "call id of a wrong type": json.dumps({"v": 1, "call_id": 7, "channels": ["customer"]}),
    "channels of a wrong type": json.dumps({"v": 1, "call_id": "c", "channels": "customer"}),
    "a sample rate nobody has": start(sample_rate=44100),
    "an encoding nobody has": start(encoding="mp3"),
    "another version": start(v=2),
    "audio first": LOUD,
    "an event first": END,
    "much text": start(meta={"note": "x" * 70_000}),
}


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST.keys())
async def test_a_bad_first_frame_is_a_protocol_error_with_its_reason(first):
    async with house() as it, beside(it), it.connect() as bad:
        await bad.send(first)
        code, reason = await goodbye(bad)
        assert code == 1002
        assert reason
        assert it.tally.rejected["ProtocolError"] == 1


LATER = {
    "garbage": "}{",
    "an unknown event": json.dumps({"event": "dance"}),
    "a second start": start(),
    "an event of a wrong type": json.dumps({"event": 3}),
}


@pytest.mark.parametrize("later", LATER.values(), ids=LATER.keys())
async def test_a_bad_later_frame_costs_its_connection_and_not_its_call(later):
    async with house(settings(grace=30.0)) as it, beside(it):
        async with it.connect() as bad:
            await bad.send(start())
            await bad.send(SAID)
            await bad.send(later)
            code, reason = await goodbye(bad)
        assert (code, bool(reason)) == (1002, True)
        async with it.connect() as again:
            await again.send(start())
            await again.send(SAID)
            await again.send(END)
            assert (await goodbye(again))[0] == 1000
        heard = it.sinks.of("c1", ev.Transcript)
        assert [transcript.number for transcript in heard] == [1, 2]


async def test_a_huge_frame_is_too_big():
    async with house() as it, beside(it), it.connect() as bad:
        await bad.send(start())
        await bad.send(bytes(256 * 1024 + 2))
        assert (await goodbye(bad))[0] == 1009


async def test_text_that_is_no_utf8_is_invalid_data():
    async with house() as it, beside(it), it.connect() as bad:
        await bad.send(b"\xff\xfe", text=True)
        assert (await goodbye(bad))[0] == 1007


async def test_a_connection_that_never_speaks_is_closed():
    its = settings(patience=Patience(first=0.05))
    async with house(its) as it, beside(it), it.connect() as silent:
        assert await goodbye(silent) == (1008, "no first frame for 0.05 s")


async def test_what_is_no_websocket_is_told_so_and_costs_nobody():
    async with house() as it, beside(it):
        for garbage in (b"\x16\x03\x01\x02\x00", b"GET /raw HTTP/1.1\r\n\r\n", b"\r\n" * 10):
            reader, writer = await asyncio.open_connection("127.0.0.1", it.server.port)
            writer.write(garbage)
            writer.write_eof()
            async with asyncio.timeout(5):
                answer = await reader.read()
            assert not answer or answer.startswith(b"HTTP/1.1 4")
            writer.close()
            await writer.wait_closed()


async def test_a_sink_that_raises_loses_that_event_only():
    async with house() as it, beside(it):
        it.sinks.broken = (ev.Silence,)
        await whole_call(it, said=2)
        assert len(it.sinks.of("c1", ev.Transcript)) == 2
        raised = [len(it.sinks.of(call, ev.Silence)) for call in ("c1", "good")]
        assert it.tally.lost["failed"] == sum(raised) > raised[1] > 0


async def test_a_recognizer_that_fails_makes_it_unheard():
    async with house() as it:
        it.recognizer.bad = {2}
        await whole_call(it, said=3)
        assert [t.number for t in it.sinks.of("c1", ev.Transcript)] == [1, 3]
        (unheard,) = it.sinks.of("c1", ev.Unheard)
        assert (unheard.number, unheard.reason) == (2, "failed")
