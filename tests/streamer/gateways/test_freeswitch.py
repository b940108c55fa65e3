"""What is FreeSWITCH's own; what all protocols have in common is in `test_contract`."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer import events as ev
from streamer.errors import ProtocolError
from streamer.gateways.freeswitch import EARLIEST, FreeswitchCodec
from streamer.gateways.freeswitch_metadata import FreeswitchSettings
from streamer.pcm import interleave
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.gateways.test_contract import heard
from tests.streamer.shell import LOUD, QUIET, beside, eventually, goodbye, house, settings

UNKNOWN = ev.Party.UNKNOWN
AT = "/freeswitch"


def metadata(call="c", **fields):
    return json.dumps({"call_id": call, **fields})


def started(settings=None, **fields):
    (event,) = FreeswitchCodec(settings).receive(metadata(**fields))
    return event


def codec(settings=None, **fields):
    it = FreeswitchCodec(settings)
    it.receive(metadata(**fields))
    return it


def test_the_metadata_may_say_all_that_raw_says():
    whole = {
        "v": 1,
        "sample_rate": 8000,
        "channels": ["agent", "customer"],
        "agent_id": "8001",
        "queue": "vip",
        "from": "13800000000",
        "to": "95588",
        "order_id": "20241105",
        "language": "zh",
        "consent": {"record": True, "emotion": False},
        "meta": {"vip": "yes"},
    }
    info = ev.CallInfo(
        ev.CallId("c"),
        agent_id="8001",
        queue="vip",
        customer="13800000000",
        dialled="95588",
        order_id="20241105",
        language="zh",
        record=True,
        emotion=False,
        meta={"vip": "yes"},
    )
    expected = ev.CallStarted(info, (AGENT, CUSTOMER), 8000, ends_by_closing=True)
    assert started(**whole) == expected


def test_what_jambonz_says():
    """Its documented first message, shortened."""
    said = {
        "sampleRate": 8000,
        "mixType": "stereo",
        "callSid": "3f6a7e2c",
        "direction": "inbound",
        "from": "+8613800000000",
        "to": "95588",
        "callId": "sip-1@host",
        "sipStatus": 200,
        "customerData": {"x": [1]},
        "agent_id": "8001",
    }
    (event,) = FreeswitchCodec().receive(json.dumps(said))
    assert (event.info.call, event.info.agent_id) == ("3f6a7e2c", "8001")
    assert (event.info.customer, event.info.dialled) == ("+8613800000000", "95588")
    assert (event.parties, event.sample_rate) == ((CUSTOMER, AGENT), 8000)


@pytest.mark.parametrize(
    ("fields", "parties"),
    [
        ({}, (CUSTOMER, AGENT)),
        ({"channels": ["agent"]}, (AGENT,)),
        ({"channels": ["agent", "customer"], "role": "customer"}, (AGENT, CUSTOMER)),
        ({"role": "agent"}, (AGENT, CUSTOMER)),
        ({"role": "customer"}, (CUSTOMER, AGENT)),
        ({"role": "agent", "mixType": "mono"}, (AGENT,)),
        ({"role": "unknown", "mixType": "mono"}, (UNKNOWN,)),
        ({"mixType": "mono"}, (CUSTOMER,)),
        ({"mixType": "mixed"}, (UNKNOWN,)),
        ({"mixType": "mixed", "role": "agent"}, (UNKNOWN,)),
    ],
)
def test_who_is_who_is_said_and_not_guessed(fields, parties):
    assert started(**fields).parties == parties


def test_where_it_is_not_said_the_setting_says():
    its = FreeswitchSettings((AGENT, CUSTOMER))
    assert started(its).parties == (AGENT, CUSTOMER)
    assert started(its, mixType="mono").parties == (AGENT,)
    assert started(its, channels=["customer"]).parties == (CUSTOMER,)
    assert started(its, role="customer").parties == (CUSTOMER, AGENT)


@pytest.mark.parametrize(
    ("fields", "rate"),
    [
        ({}, 16000),
        ({"sample_rate": 8000}, 8000),
        ({"sampleRate": 8000}, 8000),
        ({"sampleRate": 8000, "sample_rate": 16000}, 16000),
    ],
)
def test_the_sample_rate(fields, rate):
    assert started(**fields).sample_rate == rate


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("call 7dd5e34e", "malformed"),
        ("{}", "the metadata has no call_id"),
        (metadata(""), "length >= 1"),
        (metadata("a\nb"), "control characters"),
        (metadata(sampleRate=48000), "$.sampleRate"),
        (metadata(sample_rate=44100), "$.sample_rate"),
        (metadata(channels=["agent", "agent"]), "both channels are called agent"),
        (metadata(role="unknown"), "both channels are called unknown"),
        (metadata(mixType="stereo", channels=["agent"]), "only one party is named"),
        (metadata(mixType="quad"), "$.mixType"),
        (metadata(replies="all"), "$.replies"),
        (metadata(v=2), "$.v"),
    ],
)
def test_wrong_metadata_are_refused_with_the_reason_and_may_be_said_again(message, reason):
    it = FreeswitchCodec()
    with pytest.raises(ProtocolError) as refused:
        it.receive(message)
    assert reason in str(refused.value)
    assert isinstance(it.receive(metadata())[0], ev.CallStarted)


@given(st.integers(0, 20), st.integers(1, 700))
def test_audio_may_come_before_the_metadata(early, size):
    ours, theirs = bytes(range(256)) * 16, bytes(range(255, -1, -1)) * 16
    audio = interleave([ours, theirs])
    frames = [audio[i : i + size] for i in range(0, len(audio), size)]
    it, events = FreeswitchCodec(), []
    for frame in frames[:early]:
        assert it.receive(frame) == []
    started, *events = it.receive(metadata())
    assert isinstance(started, ev.CallStarted)
    events += [event for frame in frames[early:] for event in it.receive(frame)]
    assert heard(events) == {CUSTOMER: ours, AGENT: theirs}


def test_audio_without_metadata_is_kept_for_a_second_only():
    it = FreeswitchCodec()
    assert it.receive(bytes(EARLIEST)) == []
    with pytest.raises(ProtocolError, match="audio without metadata"):
        it.receive(bytes(1))


def test_empty_frames_before_the_metadata_are_not_kept_for_ever():
    it = FreeswitchCodec()
    for _ in range(100):
        assert it.receive(b"") == []
    with pytest.raises(ProtocolError, match="audio without metadata"):
        it.receive(b"")


def test_what_the_dialplan_says():
    it = codec()
    assert it.receive('{"event":"hold"}') == [ev.HoldStarted()]
    assert it.receive('{"event":"unhold"}') == [ev.HoldEnded()]
    assert it.receive('{"event":"dtmf","digit":"#"}') == [ev.DigitPressed("#")]
    assert it.receive('{"event":"dtmf","dtmf":"2","duration":"1600"}') == [ev.DigitPressed("2")]
    for none_of_ours in ('{"event":"transfer","to":"8002"}', "{}", '{"type":"mark"}'):
        assert it.receive(none_of_ours) == []
    assert it.receive('{"event":"bye"}') == [ev.LegEnded()]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("hold", "malformed"),
        ("[]", "Expected `object`"),
        ('{"event":"dtmf"}', "dtmf without a digit"),
        ('{"event":"dtmf","dtmf":"12"}', "$.dtmf"),
        (metadata(), "the call has been started already"),
    ],
)
def test_texts_that_are_none_are_refused(message, reason):
    with pytest.raises(ProtocolError) as refused:
        codec().receive(message)
    assert reason in str(refused.value)


def test_no_more_audio_is_an_empty_frame():
    """mod_audio_fork's graceful-shutdown."""
    it = codec()
    assert it.receive(b"") == [ev.LegEnded()]
    assert it.receive(bytes(640)) == []


def test_who_is_who_may_be_put_right_during_the_call():
    it = codec(sample_rate=8000)
    audio = interleave([b"\1" * 320, b"\2" * 320])
    assert heard(it.receive(audio))[CUSTOMER] == b"\1" * 320
    assert it.receive('{"event":"swap"}') == [ev.PartiesSwapped()]  # the call does the rest
    assert heard(it.receive(audio))[CUSTOMER] == b"\1" * 320


@pytest.mark.parametrize(
    ("setting", "fields", "around"),
    [
        ("none", {}, None),
        ("none", {"subscribe": True}, ("", "")),
        ("none", {"replies": "wrapped"}, ('{"type":"json","data":', "}")),
        ("plain", {}, ("", "")),
        ("wrapped", {}, ('{"type":"json","data":', "}")),
        ("wrapped", {"subscribe": True}, ('{"type":"json","data":', "}")),
        ("wrapped", {"replies": "none"}, None),
    ],
)
def test_what_is_sent_back_and_how(setting, fields, around):
    it = codec(FreeswitchSettings(replies=setting), **fields)
    published = '{"type":"alert"}'
    assert it.relay(published) == ([] if around is None else [published.join(around)])


async def test_what_mod_audio_fork_is_sent_is_json_it_hands_on():
    async with house() as it, it.connect(at=AT) as fork:
        await fork.send(metadata("c1", replies="wrapped"))
        await it.sinks.until("c1", ev.CallOpened)
        it.sinks.lines["c1"].reply('{"type":"alert"}')
        assert json.loads(await fork.recv()) == {"type": "json", "data": {"type": "alert"}}


@pytest.mark.parametrize(
    "offered", [None, ["audio.drachtio.org"], ["audio.jambonz.org"], ["ours", "theirs"]]
)
async def test_the_sub_protocol_is_echoed(offered):
    async with house() as it, it.connect(at=AT, subprotocols=offered) as socket:
        assert socket.subprotocol == (offered and offered[0])


async def test_compression_is_taken_and_the_limit_holds_for_what_it_inflates_to():
    async with house() as it, beside(it), it.connect(at=AT, compression="deflate") as bomb:
        assert "permessage-deflate" in bomb.response.headers["Sec-WebSocket-Extensions"]
        await bomb.send(bytes(300_000))
        assert (await goodbye(bomb))[0] == 1009


async def test_hanging_up_ends_the_call_at_once():
    async with house(settings(grace=30.0)) as it:
        async with it.connect(at=AT) as socket:
            await socket.send(metadata("c1", sample_rate=8000))
            await socket.send(interleave([LOUD, QUIET]))
        (closed,) = await it.sinks.until("c1", ev.CallClosed)
        assert (closed.reason, closed.at) == ("ended", pytest.approx(1.0))


async def test_of_two_connections_the_last_to_hang_up_ends_the_call():
    async with house(settings(grace=30.0)) as it:
        async with it.connect(at=AT) as agent:
            await agent.send(metadata("c1", channels=["agent"]))
            await it.sinks.until("c1", ev.CallOpened)
            async with it.connect(at=AT) as customer:
                await customer.send(metadata("c1", channels=["customer"]))
                await customer.send(b"")
                assert await goodbye(customer) == (1000, "its call goes on")
            async with it.connect(at=AT) as customer:
                await customer.send(metadata("c1", channels=["customer"]))
                await eventually(lambda: it.server.load().connections == 2)
            await eventually(lambda: it.server.load().connections == 1)
            assert not it.sinks.of("c1", ev.CallClosed)
        (closed,) = await it.sinks.until("c1", ev.CallClosed)
        assert closed.reason == "ended"


@pytest.mark.parametrize("code", [1000, 1001])
async def test_a_connection_closed_in_order_ends_the_call(code):
    async with house(settings(grace=30.0)) as it, it.connect(at=AT) as socket:
        await socket.send(metadata("c1"))
        await socket.close(code)
        (closed,) = await it.sinks.until("c1", ev.CallClosed)
        assert closed.reason == "ended"


@pytest.mark.parametrize("code", [1011, None])
async def test_a_connection_that_breaks_leaves_its_call_waiting(code):
    async with house(settings(grace=30.0)) as it:
        async with it.connect(at=AT) as socket:
            await socket.send(metadata("c1", sample_rate=8000))
            await it.sinks.until("c1", ev.CallOpened)
            await (socket.close(code) if code else gone(socket))
        await eventually(lambda: it.server.load().connections == 0)
        async with it.connect(at=AT) as again:
            await again.send(metadata("c1", sample_rate=8000))
            await again.send('{"event":"bye"}')
            assert await goodbye(again) == (1000, "call over")
        assert len(it.sinks.of("c1", ev.CallOpened)) == 1


async def gone(socket):
    """Without a close frame, as when a machine dies."""
    socket.transport.abort()
