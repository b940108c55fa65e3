"""What the shell lets a codec say to its gateway: at once, of its call, and at the end. The
codec here has a protocol of its own, in which it does all of it."""

import asyncio
import json
from dataclasses import replace

import pytest

from streamer import events as ev
from streamer.errors import ProtocolError
from streamer.ports import Farewell
from tests.streamer.shell import PATIENCE, RATE, SAID, eventually, goodbye, house, settings

CALL = ev.CallId("c1")


class Talkative:
    """A call per connection; the texts say what to do."""

    def __init__(self, handshake):
        self.handshake, self.wait = handshake, "wait" in handshake.query
        self.party = ev.Party(handshake.query.get("role", "customer"))

    def receive(self, message):
        if isinstance(message, bytes):
            return [ev.AudioChunk(self.party, message)]
        match message:
            case "begin":
                info = ev.CallInfo(CALL, agent_id=self.handshake.header("x-agent"))
                return [ev.CallStarted(info, (self.party,), RATE), ev.Send("begun")]
            case "leg over":
                return [ev.LegEnded()]
            case "call over":
                return [ev.CallEnded()]
            case "ask":
                return [ev.Send("answer")]
            case _:
                raise ProtocolError("what?")

    def relay(self, published):
        return [f"{self.party} told", published.upper()]

    def farewell(self, code, reason):
        return Farewell((f"goodbye {code}: {reason}",), self.wait)


@pytest.fixture(autouse=True)
def talkative(monkeypatch):
    monkeypatch.setattr("streamer.server.codecs", lambda _: {"/raw": Talkative})


async def begun(it, query="", **options):
    socket = await it.connect(query, **options)
    await socket.send("begin")
    assert await socket.recv() == "begun"
    return socket


async def next_of(socket):
    async with asyncio.timeout(PATIENCE):
        return await socket.recv()


async def test_a_codec_is_made_of_the_handshake():
    async with house() as it:
        await begun(it, "?role=agent", additional_headers={"X-Agent": "8001"})
        (opened,) = await it.sinks.until(CALL, ev.CallOpened)
        assert opened.info.agent_id == "8001"


async def test_what_is_published_goes_out_in_the_gateways_own_form():
    async with house() as it, await begun(it) as socket:
        await it.sinks.until(CALL, ev.CallOpened)
        it.sinks.lines[CALL].reply("alert")
        assert [await next_of(socket), await next_of(socket)] == ["customer told", "ALERT"]


@pytest.mark.parametrize(
    ("said", "code", "reason"),
    [("call over", 1000, "call over"), ("leg over", 1000, "call over"), ("x", 1002, "what?")],
)
async def test_the_last_word_comes_before_the_close(said, code, reason):
    async with house() as it, await begun(it) as socket:
        await socket.send(said)
        assert await next_of(socket) == f"goodbye {code}: {reason}"
        assert await goodbye(socket) == (code, reason)


async def test_before_any_call_too():
    async with house() as it, it.connect() as socket:
        await socket.send("leg over")
        assert (await next_of(socket)).startswith("goodbye 1000")


async def test_a_gateway_that_closes_for_itself_is_waited_for_and_answered():
    async with house() as it, await begun(it, "?wait=1") as socket:
        await socket.send("call over")
        assert await next_of(socket) == "goodbye 1000: call over"
        await socket.send(SAID)
        await socket.send("ask")
        assert await next_of(socket) == "answer"
        assert it.tally.connections == 1
        await socket.close(1000, "thank you")
        await eventually(lambda: it.tally.connections == 0)
        assert not it.tally.rejected


async def test_not_for_ever():
    async with (
        house(replace(settings(), close_within=0.0)) as it,
        await begun(it, "?wait=1") as socket,
    ):
        await socket.send("call over")
        assert await next_of(socket) == "goodbye 1000: call over"
        assert await goodbye(socket) == (1000, "call over")


async def test_it_is_waited_for_when_the_server_stops_too():
    async with house() as it, await begun(it, "?wait=1") as socket:
        await it.sinks.until(CALL, ev.CallOpened)
        draining = asyncio.create_task(it.server.drain(0.5))
        assert await next_of(socket) == "goodbye 1001: shutdown"
        await socket.send("ask")
        assert await next_of(socket) == "answer"
        assert not draining.done()
        await socket.close()
        await draining


async def test_a_leg_that_is_over_still_hears_what_was_said_on_it():
    async with house() as it, await begun(it) as customer, await begun(it, "?role=agent"):
        it.recognizer.open.clear()
        await customer.send(SAID[: 2 * RATE])
        await customer.send("leg over")
        await eventually(lambda: it.recognizer.asked)
        it.sinks.lines[CALL].reply(json.dumps("late"))
        assert [await next_of(customer), await next_of(customer)] == ["customer told", '"LATE"']
        it.recognizer.open.set()
        assert await next_of(customer) == "goodbye 1000: its call goes on"
        assert len(it.sinks.of(CALL, ev.Transcript)) == 1


async def test_it_is_let_go_when_its_call_breaks_off_meanwhile():
    async with house() as it, await begun(it) as customer, await begun(it, "?role=agent") as a:
        it.recognizer.open.clear()
        await customer.send(SAID[: 2 * RATE])
        await customer.send("leg over")
        await eventually(lambda: it.recognizer.asked)
        it.server._calls._calls[CALL].move()  # as when another server takes it
        assert (await goodbye(customer))[0] == (await goodbye(a))[0] == 1008
