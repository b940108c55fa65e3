"""However a gateway cuts the audio and whenever it sends it, the same is said at the same time
of the call."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer import events as ev
from streamer.ear import ABSENT
from streamer.gateways import GatewaySettings, codecs
from streamer.session import CallSession
from tests.streamer.fakes import loud_is_speech, sound
from tests.streamer.gateway import SETTINGS
from tests.streamer.gateways.protocols import PROTOCOLS
from tests.streamer.gateways.protocols.protocol import handshake

CODECS = codecs(GatewaySettings())
RATE = 8000
RUNS = st.lists(st.tuples(st.booleans(), st.integers(1, 160)), min_size=1, max_size=6)

JITTER = st.floats(0, ABSENT - 0.2)
"""Seconds. With the longest piece (0.19 s) that is a gap which is not yet taken for quiet."""

every = pytest.mark.parametrize("protocol", PROTOCOLS, ids=str)
binary = pytest.mark.parametrize(
    "protocol",
    [it for it in PROTOCOLS if isinstance(it.said(bytes(4), bytes(4), 1)[0], bytes)],
    ids=str,
)


def both(runs):
    """What two parties say, of one length."""
    voices = [sound(each) for each in runs]
    longest = max(map(len, voices))
    return [voice.ljust(longest, b"\0") for voice in voices]


def told(protocol, messages, seconds, jitter=(0.0,)):
    """What a session says of them, each sent when it is spoken or, by turns, so much later."""
    session = CallSession(loud_is_speech, SETTINGS)
    codec, said, late = (
        CODECS[protocol.path](handshake(protocol.path + protocol.query)),
        [],
        0.0,
    )
    for message in protocol.begin:
        for event in codec.receive(message):
            if isinstance(event, ev.CallStarted):
                said += session.join(0, event, 1000.0)
    for number, message in enumerate(messages, 1):
        spoken = 1000.0 + seconds * number / len(messages)
        late = max(late, spoken + jitter[number % len(jitter)])  # TCP keeps the order
        if session.deadline is not None and session.deadline <= late:
            said += session.timeout(late)
        for event in codec.receive(message):
            said += session.receive(0, event, late)
    said += session.close("ended", late)
    return [timeless(event) for event in said if not isinstance(event, ev.Speaking)]


def timeless(event):
    """But for readings of the clock, and the rounding of times."""
    times = ("start", "end", "speech_end", "since", "lasted", "at")
    rest = ("party", "number", "pcm", "last_speaker", "ended", "reason")
    return (
        type(event).__name__,
        *(round(getattr(event, name, 0.0), 6) for name in times),
        *(getattr(event, name, None) for name in rest),
    )


def cut(audio, sizes):
    """Pieces of these sizes, in turn, until it is all there."""
    ends = [0]
    while ends[-1] < len(audio):
        ends += [ends[-1] + at for at in accumulate(sizes)]
    return [audio[a:b] for a, b in pairwise(ends) if a < len(audio)]


@every
@settings(max_examples=12, deadline=None)
@given(st.tuples(RUNS, RUNS), st.integers(20, 1500), st.lists(JITTER, min_size=1))
def test_pieces_of_any_size_with_any_jitter(protocol, runs, pieces, jitter):
    voices = both(runs)
    seconds = len(voices[0]) / 2 / RATE
    in_step = told(protocol, protocol.said(*voices, 160), seconds)
    assert told(protocol, protocol.said(*voices, pieces), seconds, jitter) == in_step


@binary
@settings(max_examples=12, deadline=None)
@given(st.tuples(RUNS, RUNS), st.lists(st.integers(1, 3000), min_size=1, max_size=8))
def test_pieces_of_all_sizes_even_odd_ones(protocol, runs, sizes):
    voices = both(runs)
    seconds = len(voices[0]) / 2 / RATE
    in_step = protocol.said(*voices, 160)
    audio = b"".join(in_step)
    assert told(protocol, cut(audio, sizes), seconds) == told(protocol, in_step, seconds)
