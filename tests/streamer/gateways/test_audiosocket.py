"""AudioSocket's frames and codec. The port itself is in tests/streamer/test_audiosocket.py."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer import events as ev
from streamer.errors import ProtocolError
from streamer.gateways.audiosocket import (
    HANG_UP,
    AudioSocketCodec,
    Expected,
    Frames,
    Kind,
    announced,
    frame,
    silence,
)
from streamer.gateways.limits import LONGEST_REASON
from streamer.ports import Farewell
from tests.streamer.fakes import AGENT, CUSTOMER

NAME = UUID("40325ec2-5efd-4bd3-805f-53576e581d13")
WHO = Expected(ev.CallInfo(ev.CallId("c"), queue="vip"), CUSTOMER, "crm")
# As Asterisk 22.10.1 sent them.
FIRST = bytes.fromhex("010010") + NAME.bytes
DIGIT = bytes.fromhex("03000135")
SLIN = bytes.fromhex("100140") + bytes(320)
SLIN16 = bytes.fromhex("120280") + bytes(640)


def after_first():
    frames = Frames()
    frames.push(FIRST)
    return frames


def begun(kind=Kind.SLIN):
    codec = AudioSocketCodec(WHO)
    codec.receive(frame(kind, bytes(2)))
    return codec


def test_what_asterisk_sends_is_cut_into_its_frames():
    assert Frames().push(FIRST + SLIN + DIGIT) == [FIRST, SLIN, DIGIT]


payloads = st.one_of(
    st.tuples(st.just(Kind.UUID), st.binary(min_size=16, max_size=16)),
    st.tuples(st.sampled_from([Kind.DTMF, Kind.ERROR]), st.binary(min_size=1, max_size=1)),
    st.tuples(st.just(Kind.HANG_UP), st.just(b"")),
    st.tuples(st.sampled_from([Kind.SLIN, Kind.SLIN16]), st.binary(min_size=1, max_size=900)),
)


@given(st.lists(payloads, max_size=8), st.lists(st.integers(1, 400)))
def test_how_the_network_cuts_it_does_not_matter(sent, sizes):
    whole = [FIRST, *(frame(*each) for each in sent)]
    data, frames, got = b"".join(whole), Frames(), []
    for size in [*sizes, len(data) + 1]:
        got += frames.push(data[:size])
        data = data[size:]
    assert got == whole
    assert frames.whole


def test_a_frame_that_is_cut_off_is_not_whole():
    frames = after_first()
    for cut in (SLIN[:1], SLIN[1:2], SLIN[2:3], SLIN[3:100]):
        assert frames.push(cut) == []
        assert not frames.whole
    assert frames.push(SLIN[100:]) == [SLIN]
    assert frames.whole


def test_the_longest_frame_is_kept_until_it_is_whole():
    longest = frame(Kind.SLIN, bytes(65535))
    frames = after_first()
    assert frames.push(longest[:-1]) == []
    assert frames.push(longest[-1:]) == [longest]


@pytest.mark.parametrize(
    "header",
    [
        "000001",  # hang-up with something
        "01000f",  # a UUID of 15 bytes
        "010011",
        "030000",  # no digit
        "030002",
        "100000",  # no audio
        "ff0000",
        "020001",  # no such kind
        "470045",  # "G" of GET
    ],
)
def test_a_header_that_can_be_none_is_refused_at_once(header):
    frames = after_first()
    assert frames.push(SLIN + bytes.fromhex(header) + SLIN) == [SLIN]
    assert 0 < len(frames.fault) <= LONGEST_REASON
    assert frames.push(SLIN) == []


@given(st.binary(max_size=64), st.booleans())
def test_any_bytes_are_frames_or_a_protocol_error(data, within):
    codec, frames = AudioSocketCodec(WHO), after_first() if within else Frames()
    reason = "understood"
    try:
        for each in frames.push(data):
            codec.receive(each)
    except ProtocolError as refused:
        reason = str(refused)
    assert 0 < len(reason) <= LONGEST_REASON
    assert len(frames.fault) <= LONGEST_REASON


def test_the_first_frame_says_which_connection_it_is():
    assert announced(FIRST) == NAME


@pytest.mark.parametrize("header", ["030001", "100140", "160301", "000000", "474554"])
def test_whatever_else_comes_first_is_refused_at_once(header):
    """16 03 01 is how TLS begins, and 47 45 54 is a GET."""
    frames = Frames()
    assert frames.push(bytes.fromhex(header)) == []
    assert frames.fault


@pytest.mark.parametrize(
    ("sent", "rate"), [(SLIN, 8000), (SLIN16, 16000)], ids=["slin", "slin16"]
)
def test_the_call_begins_with_its_first_audio_which_says_the_rate(sent, rate):
    codec = AudioSocketCodec(WHO)
    assert codec.receive(DIGIT) == []
    started, *audio = codec.receive(sent)
    assert started == ev.CallStarted(WHO.info, (CUSTOMER,), rate, ends_by_closing=True)
    assert audio == [ev.AudioChunk(CUSTOMER, sent[3:])]
    assert codec.receive(DIGIT) == [ev.DigitPressed("5")]
    assert codec.receive(sent) == audio


def test_the_party_is_the_one_that_was_announced():
    codec = AudioSocketCodec(Expected(WHO.info, AGENT, "crm"))
    started, audio = codec.receive(SLIN)
    assert (started.parties, audio.party) == ((AGENT,), AGENT)


def test_a_sample_may_be_cut_in_two():
    codec = begun()
    first = codec.receive(frame(Kind.SLIN, b"\x01\x02\x03"))
    second = codec.receive(frame(Kind.SLIN, b"\x04\x05"))
    third = codec.receive(frame(Kind.SLIN, b"\x06"))
    pcm = [event.pcm for event in (*first, *second, *third)]
    assert pcm == [b"\x01\x02", b"\x03\x04", b"\x05\x06"]


@pytest.mark.parametrize("kind", [Kind.SLIN12, Kind.SLIN24, Kind.SLIN44, Kind.SLIN192])
def test_rates_that_are_not_heard_say_which_are(kind):
    with pytest.raises(ProtocolError, match=r"Hz.*c\(slin16\)"):
        AudioSocketCodec(WHO).receive(frame(kind, bytes(4)))


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (FIRST, "a second UUID"),
        (SLIN16, "16000 Hz after 8000"),
        (frame(Kind.ERROR, b"\x02"), "could not be forwarded"),
        (frame(Kind.ERROR, b"\x04"), "memory"),
        (frame(Kind.ERROR, b"\x63"), "code 99"),
        ("text", "AudioSocket has none"),
    ],
)
def test_what_is_out_of_order_within_a_call(sent, why):
    with pytest.raises(ProtocolError, match=why):
        begun().receive(sent)


@pytest.mark.parametrize("sent", [HANG_UP, frame(Kind.ERROR, b"\x01")])
def test_a_hang_up_is_the_end_and_nothing_follows_it(sent):
    codec = begun()
    assert codec.receive(sent) == [ev.LegEnded()]
    for more in (sent, SLIN, FIRST, SLIN16, "text"):
        assert codec.receive(more) == []


def test_before_any_audio_a_hang_up_ends_nothing():
    assert AudioSocketCodec(WHO).receive(HANG_UP) == []


def test_it_hangs_up_and_publishes_nothing_back():
    codec = begun()
    assert codec.farewell(1000, "call over") == Farewell((HANG_UP,))
    assert codec.relay('{"type":"alert"}') == []
    assert bytes(3) == HANG_UP


@pytest.mark.parametrize(("kind", "sent"), [(Kind.SLIN, SLIN), (Kind.SLIN16, SLIN16)])
def test_silence_is_20_ms_of_the_audio_that_was_heard_last(kind, sent):
    frames = after_first()
    assert frames.newest == Kind.SLIN
    frames.push(sent + DIGIT)
    assert frames.newest == kind
    assert silence(kind) == sent
