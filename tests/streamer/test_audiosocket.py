"""The port of AudioSocket, on a real loopback socket, with what Asterisk does on it."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from streamer import events as ev
from streamer.announcements import Announcements
from streamer.audiosocket import MOST_STRANGERS
from streamer.call import CallPorts
from streamer.connection import Patience
from streamer.gateways.audiosocket import HANG_UP, Expected, Kind, frame, silence
from streamer.server import Server
from streamer.tally import Tally
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.shell import (
    PATIENCE,
    QUIET,
    SAID,
    House,
    LoudIsSpeech,
    NoKeys,
    ScriptedRecognizer,
    Sinks,
    beside,
    eventually,
    settings,
    start,
)

FOREVER = 10.0**9


class Exchange(House):
    """A house that hears AudioSocket as well."""

    def __init__(self, server, recognizer, sinks, announcements, refused):
        super().__init__(server, recognizer, sinks)
        self.announcements, self.refused = announcements, refused

    def announce(self, party=CUSTOMER, call="c", owner="crm", until=FOREVER):
        name = uuid4()
        who = Expected(ev.CallInfo(ev.CallId(call)), party, owner)
        self.announcements.add(name, who, until, now=0.0)
        return name

    async def dial(self):
        return await asyncio.open_connection("127.0.0.1", self.server.audiosocket_port)

    @asynccontextmanager
    async def leg(self, *parts, **announced):
        """Asterisk's side of a connection that was announced."""
        reader, writer = await self.dial()
        try:
            writer.write(first(self.announce(*parts, **announced)))
            yield reader, writer
        finally:
            writer.close()
            await writer.wait_closed()


@asynccontextmanager
async def exchange(its=None):
    refused = []
    its = replace(its or settings(), audiosocket=("127.0.0.1", 0), refused=refused.append)
    recognizer, sinks, announcements = ScriptedRecognizer(), Sinks(), Announcements()
    ports = CallPorts(LoudIsSpeech, recognizer, sinks)
    server = Server(its, ports, NoKeys(), Tally(), announcements)
    async with asyncio.TaskGroup() as tasks:
        await server.start(tasks)
        try:
            yield Exchange(server, recognizer, sinks, announcements, refused)
        finally:
            await server.drain(0.5)


def first(name):
    return frame(Kind.UUID, name.bytes)


def slin(pcm):
    """In frames of 20 ms, as Asterisk sends them."""
    return b"".join(frame(Kind.SLIN, pcm[i : i + 320]) for i in range(0, len(pcm), 320))


async def rest(reader):
    """All that comes until the connection is closed."""
    async with asyncio.timeout(PATIENCE):
        return await reader.read()


async def test_two_connections_are_one_call_and_closing_them_ends_it():
    async with exchange() as it:
        async with it.leg(CUSTOMER) as (_, customer), it.leg(AGENT) as (_, agent):
            customer.write(slin(SAID))
            await it.sinks.until("c", ev.Transcript)
            agent.write(slin(QUIET + SAID[:16000] + QUIET))
            customer.write(slin(QUIET))
            await it.sinks.until("c", ev.Transcript, 2)
            assert it.tally.connections == 2
        (closed,) = await it.sinks.until("c", ev.CallClosed)
        assert closed.reason == "ended"
        assert [heard.party for heard in it.sinks.of("c", ev.Transcript)] == [CUSTOMER, AGENT]
        await eventually(lambda: it.tally.connections == 0)


async def test_a_leg_of_audiosocket_and_a_websocket_of_the_same_owner_are_one_call():
    async with exchange() as it:
        websocket = it.connect()
        async with it.leg(AGENT, owner="anonymous") as (_, agent), websocket as customer:
            await customer.send(start("c"))
            await customer.send(SAID)
            agent.write(slin(QUIET * 2))
            await it.sinks.until("c", ev.Transcript)
            assert len(it.sinks.of("c", ev.CallOpened)) == 1


async def test_a_connection_that_breaks_leaves_its_call_waiting():
    async with exchange(settings(grace=0.2)) as it:
        async with it.leg() as (_, writer):
            writer.write(slin(SAID) + slin(QUIET)[:100])  # within a frame
            await it.sinks.until("c", ev.Transcript)
        (closed,) = await it.sinks.until("c", ev.CallClosed)
        assert closed.reason == "lost"


async def test_a_call_that_is_over_here_is_hung_up():
    async with exchange() as it, it.leg() as (reader, writer):
        writer.write(slin(QUIET))
        await it.sinks.until("c", ev.CallOpened)
        await it.server.drain(0.5)
        assert await rest(reader) == HANG_UP


@pytest.mark.parametrize("after", ["used", "never announced", "expired"])
async def test_only_what_was_announced_comes_in_once_and_in_time(after, caplog):
    async with exchange() as it, beside(it):
        name = uuid4() if after == "never announced" else it.announce()
        if after == "used":
            it.announcements.take(name, 0.0)
        elif after == "expired":
            name = it.announce(until=1.0)
        reader, writer = await it.dial()
        writer.write(first(name) + slin(SAID))
        assert (await rest(reader))[-3:] in (HANG_UP, b"")
        writer.close()
        assert not it.sinks.told["c"]
        assert it.tally.rejected["RefusedError"] == 1
        (told,) = it.refused
        assert (told.address, told.path) == ("127.0.0.1", "AudioSocket")
    assert (
        "AudioSocket from 127.0.0.1 was refused: a UUID that was not announced" in caplog.text
    )


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "this is no AudioSocket"),
        (frame(Kind.DTMF, b"1"), "before the UUID"),
        (bytes.fromhex("010011") + bytes(17), "a frame of kind UUID with 17 bytes"),
    ],
)
async def test_what_is_no_audiosocket_is_hung_up_on_with_its_reason_in_the_log(
    bad, why, caplog
):
    async with exchange() as it, beside(it):
        reader, writer = await it.dial()
        writer.write(bad)
        assert await rest(reader) == HANG_UP
        writer.close()
        assert it.tally.rejected["ProtocolError"] == 1
    assert why in caplog.text


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (bytes.fromhex("470045"), "this is no AudioSocket"),
        (frame(Kind.SLIN16, bytes(640)), "16000 Hz after 8000 Hz"),
        (frame(Kind.ERROR, b"\x04"), "Asterisk reports an error: no memory"),
        (first(UUID(int=1)), "a second UUID"),
    ],
)
async def test_what_is_bad_within_a_call_costs_its_connection_only(bad, why, caplog):
    async with exchange(settings(grace=30.0)) as it, beside(it):
        async with it.leg() as (reader, writer):
            writer.write(slin(SAID) + bad)
            assert await rest(reader) == HANG_UP
        async with it.leg() as (_, writer):
            writer.write(slin(SAID))
        await it.sinks.until("c", ev.CallClosed)
        assert [said.number for said in it.sinks.of("c", ev.Transcript)] == [1, 2]
    assert why in caplog.text


async def test_who_does_not_say_what_it_is_is_not_waited_for_long(caplog):
    async with exchange(settings(patience=Patience(first=0.05))) as it:
        reader, writer = await it.dial()
        assert await rest(reader) == HANG_UP
        writer.close()
    assert "no UUID for 0.05 s" in caplog.text


async def test_so_many_strangers_are_waited_for_at_once_and_no_more(caplog):
    async with exchange() as it:
        strangers = [await it.dial() for _ in range(MOST_STRANGERS + 1)]
        assert await rest(strangers[-1][0]) == HANG_UP
        for _, writer in strangers:
            writer.close()
        async with it.leg() as (_, writer):
            writer.write(slin(SAID))
            await it.sinks.until("c", ev.Transcript)
    assert "have not said their UUID yet" in caplog.text


async def test_where_there_is_no_room_for_its_call_it_is_hung_up():
    async with exchange(settings(max_calls=1)) as it:
        async with it.leg() as (_, writer):
            writer.write(slin(QUIET))
            await it.sinks.until("c", ev.CallOpened)
            async with it.leg(call="another") as (reader, _):
                assert await rest(reader) == HANG_UP
            async with it.leg(AGENT) as (_, agent):  # of the call that is there
                agent.write(slin(SAID))
                await it.sinks.until("c", ev.Transcript)
        assert not it.sinks.told["another"]
        assert it.tally.rejected["OverloadError"] == 1


@pytest.mark.parametrize("kind", [Kind.SLIN, Kind.SLIN16])
async def test_while_asterisk_sends_nothing_it_is_sent_silence(kind):
    """Or it would give up on the connection and the phone after 2 s."""
    async with exchange(settings(stall=60.0)) as it, it.leg() as (reader, writer):
        writer.write(frame(kind, bytes(640)))
        async with asyncio.timeout(PATIENCE):
            assert await reader.readexactly(len(silence(kind))) == silence(kind)


async def test_wrong_tries_are_told_in_the_log_only_so_often(caplog):
    async with exchange() as it:
        for _ in range(15):
            reader, writer = await it.dial()
            writer.write(first(uuid4()))
            await rest(reader)
            writer.close()
        assert it.tally.rejected["RefusedError"] == 15
    assert caplog.text.count("was refused") == 10
