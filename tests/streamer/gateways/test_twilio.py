"""What is Twilio's own, and its relatives'; what all protocols share is in `test_contract`."""

import json
from base64 import b64encode

import pytest

from streamer import events as ev
from streamer.errors import ProtocolError
from streamer.gateways.twilio import TwilioCodec
from streamer.gateways.twilio_start import TwilioSettings
from streamer.pcm import from_alaw, from_mulaw
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.gateways.protocols.twilio import media as both_say
from tests.streamer.shell import SAID, goodbye, house, settings

UNKNOWN = ev.Party.UNKNOWN
AT = "/twilio"


def start(parameters=None, form=None, **fields):
    said = {"callSid": "c", **fields}
    if parameters is not None:
        said["customParameters"] = parameters
    if form is not None:
        said["mediaFormat"] = form
    return json.dumps({"event": "start", "streamSid": "MZ1", "start": said})


def started(*given, settings=None, **fields):
    (event,) = TwilioCodec(settings).receive(start(*given, **fields))
    return event


def codec(*given, **fields):
    it = TwilioCodec()
    it.receive(start(*given, **fields))
    return it


def media(audio, number=None, at=None, track="inbound"):
    said = {"event": "media", "media": {"track": track, "payload": b64encode(audio).decode()}}
    if number is not None:
        said["sequenceNumber"] = number
    if at is not None:
        said["media"]["timestamp"] = at
    return json.dumps(said)


def sound(events):
    return b"".join(event.pcm for event in events)


def order(it, *numbers):
    """The first bytes of what is told when media of these numbers come."""
    events = [e for n in numbers for e in it.receive(media(bytes([n]) * 160, str(n)))]
    return [from_mulaw(bytes(range(256))).index(event.pcm[:2]) // 2 for event in events]


def test_the_example_of_its_documentation():
    parameters = {
        "call_id": "7dd5e34e",
        "role": "customer",
        "agentId": "8001",
        "queue": "vip",
        "from": "13800000000",
        "to": "95588",
        "order_id": "20241105",
        "language": "zh",
        "record": "false",
        "emotion": "true",
        "token": "not kept",
        "vipLevel": "gold",
    }
    form = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    info = ev.CallInfo(
        ev.CallId("7dd5e34e"),
        agent_id="8001",
        queue="vip",
        customer="13800000000",
        dialled="95588",
        order_id="20241105",
        language="zh",
        record=False,
        emotion=True,
        meta={"vipLevel": "gold"},
    )
    expected = ev.CallStarted(info, (CUSTOMER, AGENT), 8000)
    assert started(parameters, form, tracks=["inbound", "outbound"]) == expected


RELATIVES = {
    "telnyx": {
        "event": "start",
        "sequence_number": "1",
        "stream_id": "32de0dea",
        "start": {
            "user_id": "3e6f995f",
            "call_control_id": "v3:T02llQxIyaRkhfRKxgAP8nY511EhFLizdvdUKJiSw8d6A9BborherQ",
            "client_state": "aGF2ZSBhIG5pY2UgZGF5ID1d",
            "media_format": {"encoding": "PCMA", "sample_rate": 8000, "channels": 1},
        },
    },
    "plivo": {
        "sequenceNumber": 0,
        "event": "start",
        "start": {
            "callId": "v3:T02llQxIyaRkhfRKxgAP8nY511EhFLizdvdUKJiSw8d6A9BborherQ",
            "streamId": "b77e037d",
            "tracks": ["inbound", "outbound"],
            "mediaFormat": {"encoding": "audio/x-l16", "sampleRate": 16000},
        },
        "extra_headers": "{}",
    },
    "carrierx and wavix": {
        "event": "start",
        "call_id": "v3:T02llQxIyaRkhfRKxgAP8nY511EhFLizdvdUKJiSw8d6A9BborherQ",
        "sequence_number": 1,
        "start": {"tracks": "both_tracks"},
    },
}


@pytest.mark.parametrize(
    ("vendor", "rate"), [("telnyx", 8000), ("plivo", 16000), ("carrierx and wavix", 8000)]
)
def test_its_relatives_are_understood_in_their_own_words(vendor, rate):
    (event,) = TwilioCodec().receive(json.dumps(RELATIVES[vendor]))
    assert event.info.call.startswith("v3:T02ll")
    assert (event.parties, event.sample_rate) == ((CUSTOMER, AGENT), rate)


def test_telnyx_numbers_its_messages_in_its_own_words():
    it = TwilioCodec()
    it.receive(json.dumps(RELATIVES["telnyx"]))
    said = [
        json.loads(media(bytes([n]) * 160)) | {"sequence_number": str(n)} for n in (4, 6, 5)
    ]
    heard = sound(event for each in said for event in it.receive(json.dumps(each)))
    assert heard == from_alaw(bytes([4]) * 160 + bytes([5]) * 160 + bytes([6]) * 160)


@pytest.mark.parametrize(
    ("parameters", "fields", "parties"),
    [
        (None, {}, (CUSTOMER, AGENT)),
        ({}, {"tracks": []}, (CUSTOMER, AGENT)),
        ({"role": "agent"}, {}, (AGENT, CUSTOMER)),
        ({"role": "customer"}, {"tracks": ["inbound"]}, (CUSTOMER,)),
        ({"role": "agent"}, {"tracks": ["outbound"]}, (CUSTOMER,)),
        ({"role": "unknown"}, {"tracks": ["inbound"]}, (UNKNOWN,)),
        ({}, {"tracks": ["outbound_track"]}, (AGENT,)),
        ({}, {"tracks": "inbound_track"}, (CUSTOMER,)),
        ({}, {"tracks": "both_tracks"}, (CUSTOMER, AGENT)),
        ({}, {"tracks": ["outbound", "inbound"]}, (CUSTOMER, AGENT)),
    ],
)
def test_who_is_who_is_said_and_not_guessed(parameters, fields, parties):
    assert started(parameters, **fields).parties == parties


def test_where_it_is_not_said_the_setting_says():
    its = TwilioSettings((AGENT, CUSTOMER))
    assert started(settings=its).parties == (AGENT, CUSTOMER)
    assert started(settings=its, tracks=["inbound"]).parties == (AGENT,)
    assert started({"role": "customer"}, settings=its).parties == (CUSTOMER, AGENT)


@pytest.mark.parametrize(
    ("form", "audio", "pcm", "rate"),
    [
        (None, b"\1\2", from_mulaw(b"\1\2"), 8000),
        ({"encoding": "PCMU"}, b"\1\2", from_mulaw(b"\1\2"), 8000),
        ({"encoding": "audio/x-alaw", "sampleRate": "8000"}, b"\1\2", from_alaw(b"\1\2"), 8000),
        ({"encoding": "L16", "sampleRate": 16000}, b"\1\2", b"\1\2", 16000),
        ({"encoding": "audio/x-l16;rate=16000"}, b"\1\2", b"\1\2", 16000),
        ({"encoding": "audio/x-mulaw;rate=8000"}, b"\1", from_mulaw(b"\1"), 8000),
    ],
)
def test_what_the_audio_may_be_coded_in(form, audio, pcm, rate):
    it = TwilioCodec()
    (event,) = it.receive(start(None, form))
    assert event.sample_rate == rate
    assert it.receive(media(audio)) == [ev.AudioChunk(CUSTOMER, pcm)]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ('{"event":"media","media":{"payload":""}}', "media before start"),
        ('{"event":"stop"}', "stop before start"),
        ('{"event":"start"}', "names no call"),
        ('{"event":"start","start":[]}', "names no call"),
        (start(callSid=""), "length >= 1 - at `$.call_sid`"),
        (start(callSid="a\nb"), "control characters"),
        (start({"role": "boss"}), "$.role"),
        (start({"language": "tlh"}), "$.language"),
        (start({"record": "perhaps"}), "$.record"),
        (start({"role": "unknown"}), "both channels are called unknown"),
        (start({"x": [1]}), "$.custom_parameters"),
        (start(tracks=["third"]), "a track named third"),
        (start(tracks=7), "$.tracks"),
        (start(None, {"encoding": "OPUS"}), "encoding opus: use mu-law"),
        (start(None, {"encoding": "L16", "sampleRate": 24000}), "1 channels at 24000 Hz"),
        (start(None, {"channels": 2}), "2 channels at 8000 Hz"),
        (start(None, {"encoding": "L16;rate=" + "9" * 999}), "at 9999999999 Hz"),
    ],
)
def test_no_start_is_refused_with_the_reason(message, reason):
    it = TwilioCodec()
    with pytest.raises(ProtocolError) as refused:
        it.receive(message)
    assert reason in str(refused.value)
    assert isinstance(it.receive(start())[0], ev.CallStarted)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (media(b"", track="outbound"), "media of outbound: start named inbound only"),
        ('{"event":"media","media":{"payload":"%%"}}', "base64"),
        ('{"event":"media","media":{}}', "payload"),
        ('{"event":"dtmf","dtmf":{"digit":"12"}}', "$.dtmf.digit"),
        (start(), "started already"),
        (b"\0", "a binary frame"),
    ],
)
def test_nonsense_in_a_call_is_refused_with_the_reason(message, reason):
    with pytest.raises(ProtocolError) as refused:
        codec(tracks=["inbound"]).receive(message)
    assert reason in str(refused.value)


def test_marks_and_what_others_say_besides_mean_nothing_here():
    it = codec()
    for said in ('{"event":"mark","mark":{"name":"x"}}', '{"event":"clearedAudio"}'):
        assert it.receive(said) == []
    pressed = '{"event":"dtmf","dtmf":{"track":"inbound_track","digit":"1"}}'
    assert it.receive(pressed) == [ev.DigitPressed("1")]
    assert it.receive('{"event":"stop"}') == [ev.LegEnded()]


def test_out_of_order_is_put_in_order():
    assert order(codec(), 3, 5, 6, 4, 8, 7, 9) == [3, 4, 5, 6, 7, 8, 9]


def test_what_does_not_come_is_not_waited_for_long():
    it = codec()
    assert order(it, 1, *range(3, 11)) == [1]
    assert order(it, 11) == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert order(it, 2) == []  # too late


def test_what_comes_twice_is_told_once():
    assert order(codec(), 3, 4, 4, 3, 5) == [3, 4, 5]


def test_what_waits_at_the_stop_is_told_before_it():
    it = codec()
    assert order(it, 1, 3) == [1]
    *chunks, ended = it.receive('{"event":"stop","sequenceNumber":"9"}')
    assert sound(chunks) == from_mulaw(b"\3" * 160)
    assert ended == ev.LegEnded()


def test_without_numbers_the_order_is_that_of_arrival():
    it = codec()
    heard = sound(e for n in (5, 3, 4) for e in it.receive(media(bytes([n]))))
    assert heard == from_mulaw(b"\5\3\4")


def test_tracks_may_be_numbered_each_by_itself():
    it = codec()
    said = [
        media(bytes([n]), n, track=track)
        for n in (1, 2, 3)
        for track in ("inbound", "outbound")
    ]
    events = [event for each in said for event in it.receive(each)]
    for party in (CUSTOMER, AGENT):
        assert sound(e for e in events if e.party is party) == from_mulaw(b"\1\2\3")


def seconds(events):
    return len(sound(events)) / 16000


@pytest.mark.parametrize(
    ("times", "heard"),
    [
        ([5, 25, 45], 0.06),
        ([5, 25, 125], 0.06),  # jitter
        ([5, 25, 345], 0.36),  # 0.3 s lost
        ([5, 25, 345, 365, 385], 0.40),
        ([5, 25, 9_000, 9_020], 0.08),  # a pause: the clock tells it
        ([5, 25, 9_000, 9_320], 0.38),  # and then something is lost
        ([9_000, 5, 25, 345], 0.38),  # begun anew
        (["5", "later", None, "1" * 20], 0.08),
        ([1e300, 5, 25], 0.06),
    ],
)
def test_lost_audio_leaves_silence_in_its_place(times, heard):
    it = codec()
    events = [e for at in times for e in it.receive(media(b"\1" * 160, at=at))]
    assert seconds(events) == pytest.approx(heard)


async def test_one_connection_for_each_track_and_the_last_to_stop_ends_the_call():
    async with house(settings(grace=30.0)) as it, it.connect(at=AT) as ours:
        await ours.send(start(tracks=["inbound"]))
        await it.sinks.until("c", ev.CallOpened)
        async with it.connect(at=AT) as theirs:
            await theirs.send(start(tracks=["outbound"]))
            await theirs.send('{"event":"stop"}')
            assert await goodbye(theirs) == (1000, "its call goes on")
        await ours.send('{"event":"stop"}')
        assert await goodbye(ours) == (1000, "call over")


async def test_nothing_is_ever_sent_to_a_stream():
    async with house() as it, it.connect(at=AT) as socket:
        await socket.send(start())
        for message in both_say(SAID, SAID, 800):
            await socket.send(message)
        await it.sinks.until("c", ev.Transcript)
        it.sinks.lines["c"].reply("an alert")
        await socket.send('{"event":"stop"}')
        assert [message async for message in socket] == []
