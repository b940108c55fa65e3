import json

import pytest

from streamer import events as ev
from streamer.errors import ProtocolError
from streamer.gateways.limits import LONGEST_AUDIO, LONGEST_REASON, LONGEST_TEXT
from streamer.gateways.raw import RawCodec
from streamer.pcm import interleave, to_alaw, to_mulaw
from tests.streamer.fakes import AGENT, CUSTOMER

START = {"v": 1, "call_id": "7dd5e34e", "channels": ["customer", "agent"]}


def start(**fields):
    return json.dumps({**START, **fields})


def codec(**fields):
    it = RawCodec()
    it.receive(start(**fields))
    return it


def heard(chunks):
    """The audio of each party, however it was cut."""
    return {
        party: b"".join(chunk.pcm for chunk in chunks if chunk.party is party)
        for party in dict.fromkeys(chunk.party for chunk in chunks)
    }


def test_the_example_of_the_contract():
    whole = {
        "v": 1,
        "call_id": "7dd5e34e",
        "sample_rate": 8000,
        "encoding": "pcm_s16le",
        "channels": ["customer", "agent"],
        "agent_id": "8001",
        "queue": "after-sales",
        "from": "13800000000",
        "to": "95588",
        "order_id": "20241105",
        "language": "zh",
        "consent": {"record": True, "emotion": False},
        "meta": {"vip": "yes"},
        "subscribe": True,
    }
    info = ev.CallInfo(
        ev.CallId("7dd5e34e"),
        agent_id="8001",
        queue="after-sales",
        customer="13800000000",
        dialled="95588",
        order_id="20241105",
        language="zh",
        record=True,
        emotion=False,
        meta={"vip": "yes"},
    )
    expected = ev.CallStarted(info, (CUSTOMER, AGENT), 8000)
    codec = RawCodec()
    assert codec.receive(json.dumps(whole)) == [expected]
    assert codec.relay("an alert") == ["an alert"]


def test_what_need_not_be_said():
    least = '{"v":1,"call_id":"c","channels":["unknown"],"from_the_future":[1]}'
    expected = ev.CallStarted(ev.CallInfo(ev.CallId("c")), (ev.Party.UNKNOWN,), 16000)
    assert RawCodec().receive(least) == [expected]


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [("pcm_s16le", bytes), ("mulaw", to_mulaw), ("alaw", to_alaw)],
)
def test_interleaved_audio_is_told_apart(encoding, encode):
    ours, theirs = b"\x84\x01" * 1000, b"\x04\xfe" * 1000
    chunks = codec(encoding=encoding).receive(encode(interleave([ours, theirs])))
    voices = heard(chunks)
    assert [encode(voices[CUSTOMER]), encode(voices[AGENT])] == [encode(ours), encode(theirs)]
    assert len(voices[CUSTOMER]) == len(ours)


def test_no_party_is_heard_more_than_20_ms_ahead_of_the_other():
    chunks = codec(sample_rate=8000).receive(bytes(4 * 400))
    assert [(c.party, len(c.pcm)) for c in chunks] == [
        (CUSTOMER, 320),
        (AGENT, 320),
        (CUSTOMER, 320),
        (AGENT, 320),
        (CUSTOMER, 160),
        (AGENT, 160),
    ]


def test_events():
    it = codec()
    assert it.receive('{"event":"hold"}') == [ev.HoldStarted()]
    assert it.receive('{"event":"unhold"}') == [ev.HoldEnded()]
    assert it.receive('{"event":"dtmf","digit":"#"}') == [ev.DigitPressed("#")]
    assert it.receive('{"event":"swap"}') == [ev.PartiesSwapped()]
    assert it.receive(b"") == []
    assert it.receive('{"event":"end"}') == [ev.CallEnded()]


def test_what_follows_the_end_was_under_way_and_is_ignored():
    it = codec()
    it.receive('{"event":"end"}')
    assert it.receive(bytes(640)) == it.receive('{"event":"end"}') == it.receive("{") == []


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("", "truncated"),
        ('{"v":1,"call_id":"c"', "truncated"),
        ("[]", "Expected `object`, got `array`"),
        ("null", "Expected `object`, got `null`"),
        ("{}", "missing required field `v`"),
        (start(v=2), "Invalid enum value 2 - at `$.v`"),
        (start(v="1"), "Expected `int`, got `str` - at `$.v`"),
        (start(call_id=""), "length >= 1 - at `$.call_id`"),
        (start(call_id="c" * 129), "length <= 128 - at `$.call_id`"),
        (start(call_id="a\nb"), "call_id holds control characters"),
        (start(call_id="a\x9bb"), "call_id holds control characters"),
        (start(call_id=7), "Expected `str`, got `int` - at `$.call_id`"),
        (start(channels=[]), "length >= 1 - at `$.channels`"),
        (start(channels=["customer", "agent", "unknown"]), "$.channels"),
        (start(channels=["agent", "agent"]), "both channels are called agent"),
        (start(channels=["supervisor"]), "Invalid enum value 'supervisor'"),
        (start(sample_rate=44100), "Invalid enum value 44100 - at `$.sample_rate`"),
        (start(encoding="opus"), "Invalid enum value 'opus' - at `$.encoding`"),
        (start(language="tlh"), "$.language"),
        (start(consent={"record": "no"}), "$.consent.record"),
        (start(meta={"a": 1}), "Expected `str`, got `int`"),
        (start(queue="q" * 257), "$.queue"),
        (start(queue="客" * 40000), "at most 65536"),
        ('{"v":1,"call_id":"\\ud800","channels":["agent"]}', "not understood"),
        ("\ud800", "not understood"),
        ('{"v":1,"call_id":"c","channels":["agent"],"x":' + "[" * 60000, "recursion"),
        ('{"event":"hold"}', "missing required field `v`"),
        (bytes(640), "audio before the first text frame"),
    ],
)
def test_no_start_is_refused_with_the_reason(message, reason):
    it = RawCodec()
    with pytest.raises(ProtocolError) as refused:
        it.receive(message)
    assert reason in str(refused.value)
    assert len(str(refused.value).encode()) <= LONGEST_REASON
    with pytest.raises(ProtocolError, match="audio before"):
        it.receive(bytes(4))


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (start(), "the call has been started already"),
        (bytes(LONGEST_AUDIO + 4), "at most 262144"),
        (" " * LONGEST_TEXT + "{}", "at most 65536"),
        ('{"event":"transfer"}', "Invalid enum value 'transfer' - at `$.event`"),
        ('{"event":"dtmf"}', "dtmf without a digit"),
        ('{"event":"dtmf","digit":"55"}', "$.digit"),
        ('{"event":"dtmf","digit":5}', "$.digit"),
        ("{}", "missing required field `event`"),
        ('"hold"', "Expected `object`, got `str`"),
        ('{"event":"客' + "客" * 100 + '"}', "Invalid enum value"),
        ("[" * 60000, "recursion"),
    ],
)
def test_nonsense_in_a_call_is_refused_with_the_reason(message, reason):
    with pytest.raises(ProtocolError) as refused:
        codec().receive(message)
    assert reason in str(refused.value)
    assert len(str(refused.value).encode()) <= LONGEST_REASON


@pytest.mark.parametrize("size", [1, 2, 3, 5, 639])
@pytest.mark.parametrize("channels", [["agent"], ["customer", "agent"]])
@pytest.mark.parametrize(
    ("encoding", "encode"),
    [("pcm_s16le", bytes), ("mulaw", to_mulaw), ("alaw", to_alaw)],
)
def test_a_part_of_a_sample_is_kept_until_the_rest_of_it_comes(
    encode, encoding, channels, size
):
    ours, theirs = b"\x84\x01" * 1000, b"\x04\xfe" * 1000
    its = [theirs] if len(channels) == 1 else [ours, theirs]
    audio = encode(interleave(its))
    it = codec(encoding=encoding, channels=channels)
    frames = [audio[i : i + size] for i in range(0, len(audio), size)]
    voices = heard([chunk for frame in frames for chunk in it.receive(frame)])
    assert [encode(voices[ev.Party(name)]) for name in channels] == [encode(v) for v in its]
