"""What every protocol does, whatever it looks like on the wire."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import InvalidStatus

from streamer import events as ev
from streamer.connection import Patience
from streamer.errors import ProtocolError
from streamer.gateways import GatewaySettings, codecs
from streamer.gateways.limits import LONGEST_AUDIO, LONGEST_REASON, LONGEST_TEXT
from streamer.pcm import from_mulaw
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.gateways.protocols import CALL, PROTOCOLS
from tests.streamer.gateways.protocols.protocol import handshake
from tests.streamer.shell import QUIET, SAID, TwoKeys, beside, goodbye, house, settings

CODECS = codecs(GatewaySettings())
HANDSHAKES = {it.path: handshake(it.path + it.query) for it in PROTOCOLS}
OURS, THEIRS = from_mulaw(bytes(range(256)) * 4), from_mulaw(bytes(range(255, -1, -1)) * 4)

every = pytest.mark.parametrize("protocol", PROTOCOLS, ids=str)
beginning = pytest.mark.parametrize("protocol", [it for it in PROTOCOLS if it.begins], ids=str)
ending = pytest.mark.parametrize("protocol", [it for it in PROTOCOLS if it.end], ids=str)


def begun(protocol):
    """A codec within a call, and what it made of its beginning."""
    codec = CODECS[protocol.path](HANDSHAKES[protocol.path])
    return codec, [event for message in protocol.begin for event in codec.receive(message)]


def of(protocol):
    """A server that does not wait for the gateway to close: here none does."""
    its = settings(grace=30.0)
    return replace(its, close_within=0.2) if protocol.parts else its


def heard(events):
    """The audio of each party, however it was cut."""
    voices = {CUSTOMER: b"", AGENT: b""}
    for event in events:
        voices[event.party] += event.pcm
    return voices


def spoken(protocol):
    """What of the two is said on one connection."""
    said = {CUSTOMER: OURS, AGENT: THEIRS}
    return {party: said[party] if party in protocol.parties else b"" for party in said}


async def over(socket, protocol):
    """The gateway says that this was all; the code and reason it is closed with."""
    if protocol.end is None:
        await socket.close()
        return socket.close_code, "call over"
    await socket.send(protocol.end)
    return await goodbye(socket)


def test_every_protocol_keeps_the_contract():
    assert CODECS.keys() == {protocol.path for protocol in PROTOCOLS}


@every
def test_a_call_begins_once(protocol):
    _, events = begun(protocol)
    (started,) = [event for event in events if not isinstance(event, ev.Send)]
    assert protocol.answers or events == [started]
    assert (started.info.call, started.parties) == (CALL, protocol.parties)
    assert started.sample_rate == 8000


@every
def test_every_sample_arrives_at_its_party(protocol):
    codec, _ = begun(protocol)
    events = [e for message in protocol.said(OURS, THEIRS, 640) for e in codec.receive(message)]
    assert heard(events) == spoken(protocol)
    assert max(len(event.pcm) for event in events) == 320  # 20 ms


@every
@given(pieces=st.integers(1, 1500))
def test_how_the_audio_is_cut_into_frames_does_not_matter(protocol, pieces):
    codec, _ = begun(protocol)
    events = [
        e for message in protocol.said(OURS, THEIRS, pieces) for e in codec.receive(message)
    ]
    assert heard(events) == spoken(protocol)


@ending
def test_what_follows_the_end_was_under_way_and_is_ignored(protocol):
    codec, _ = begun(protocol)
    (ended,) = codec.receive(protocol.end)
    assert isinstance(ended, ev.CallEnded | ev.LegEnded)
    for message in (protocol.end, *protocol.begin, *protocol.said(OURS, THEIRS, 640), "{"):
        assert codec.receive(message) == []


@beginning
def test_no_call_begins_twice_on_one_connection(protocol):
    codec, _ = begun(protocol)
    with pytest.raises(ProtocolError):
        codec.receive(protocol.begin[-1])


@every
@pytest.mark.parametrize("within", [True, False])
def test_too_much_at_once_is_refused_with_the_limit(protocol, within):
    for message in (json.dumps({"event": "x" * LONGEST_TEXT}), bytes(LONGEST_AUDIO + 4)):
        codec = (
            begun(protocol)[0] if within else CODECS[protocol.path](HANDSHAKES[protocol.path])
        )
        with pytest.raises(ProtocolError) as refused:
            codec.receive(message)
        assert 0 < len(str(refused.value)) <= LONGEST_REASON


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
).map(json.dumps)


@every
@given(st.data(), st.booleans())
def test_whatever_comes_is_understood_or_a_protocol_error(protocol, data, within):
    own = [*protocol.begin, *([protocol.end] if protocol.end else [])]
    words = protocol.words | st.sampled_from(own)
    codec = begun(protocol)[0] if within else CODECS[protocol.path](HANDSHAKES[protocol.path])
    for message in data.draw(st.lists(st.text() | st.binary() | anything | words, max_size=5)):
        reason = "understood"
        try:
            events = codec.receive(message)
            assert protocol.answers or not any(isinstance(e, ev.Send) for e in events)
        except ProtocolError as refused:
            reason = str(refused)
        assert 0 < len(reason.encode()) <= LONGEST_REASON


@every
async def test_compression_is_for_the_gateways_that_use_it(protocol):
    async with (
        house(of(protocol)) as it,
        it.connect(protocol.query, at=protocol.path, compression="deflate") as socket,
    ):
        taken = "Sec-WebSocket-Extensions" in socket.response.headers
        assert taken == (protocol.path == "/freeswitch")


@every
@pytest.mark.parametrize("compression", [None, "deflate"])
async def test_a_whole_call_is_heard(protocol, compression):
    async with house(of(protocol)) as it:
        async with it.connect(
            protocol.query, at=protocol.path, compression=compression
        ) as socket:
            for message in (*protocol.begin, *protocol.said(SAID, QUIET * 3, 4000)):
                await socket.send(message)
            assert await over(socket, protocol) == (1000, "call over")
        (closed,) = await it.sinks.until(CALL, ev.CallClosed)
        assert closed.reason == "ended"
        (said,) = it.sinks.of(CALL, ev.Transcript)
        assert (said.party, said.start) == (CUSTOMER, pytest.approx(0.0, abs=0.1))
        voices = {CUSTOMER, AGENT} & set(protocol.parties)
        assert it.tally.audio_seconds == pytest.approx(3.0 * len(voices))


BAD = [(protocol, bad) for protocol in PROTOCOLS for bad in (*protocol.bad, "[" * 60_000)]


@pytest.mark.parametrize(("protocol", "bad"), BAD, ids=lambda value: str(value)[:20])
async def test_a_bad_message_costs_its_connection_and_not_its_call(protocol, bad):
    async with house(of(protocol)) as it, beside(it):
        async with it.connect(protocol.query, at=protocol.path) as socket:
            for message in (*protocol.begin, *protocol.said(SAID, QUIET * 3, 4000), bad):
                await socket.send(message)
            code, reason = await goodbye(socket)
        assert (code, bool(reason)) == (1002, True)
        async with it.connect(protocol.query, at=protocol.path) as again:
            for message in (*protocol.begin, *protocol.said(SAID, QUIET * 3, 4000)):
                await again.send(message)
            assert await over(again, protocol) == (1000, "call over")
        await it.sinks.until(CALL, ev.CallClosed)
        assert [said.number for said in it.sinks.of(CALL, ev.Transcript)] == [1, 2]


TOO_MUCH = {
    "binary": ({"message": bytes(256 * 1024 + 4)}, 1009),
    "text": ({"message": "x" * (256 * 1024 + 1)}, 1009),
    "no UTF-8": ({"message": b"\xff\xfe", "text": True}, 1007),
}


@every
@pytest.mark.parametrize("within", [True, False])
@pytest.mark.parametrize(("sent", "code"), TOO_MUCH.values(), ids=TOO_MUCH.keys())
async def test_what_no_codec_should_see_is_refused_before_it(protocol, within, sent, code):
    async with (
        house(of(protocol)) as it,
        beside(it),
        it.connect(protocol.query, at=protocol.path) as socket,
    ):
        for message in protocol.begin if within else ():
            await socket.send(message)
        await socket.send(**sent)
        assert (await goodbye(socket))[0] == code


@every
async def test_who_says_nothing_is_told_so(protocol):
    its = replace(of(protocol), patience=Patience(first=0.05, idle=0.05))
    async with house(its) as it, it.connect(protocol.query, at=protocol.path) as socket:
        code, reason = await goodbye(socket)
    assert (code, reason) == (1008, "no first frame for 0.05 s")


@every
async def test_nobody_comes_in_without_a_right_key(protocol):
    async with house(keys=TwoKeys()) as it, beside(it, "first key"):
        with pytest.raises(InvalidStatus) as refused:
            await it.connect("?token=guess", at=protocol.path)
        assert refused.value.response.status_code == 401
