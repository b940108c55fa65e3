"""How the tests of the contract speak each protocol: one more is one more of `PROTOCOLS`."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from streamer.pcm import interleave, to_mulaw

CALL = "c1"


@dataclass(frozen=True, repr=False)
class Protocol:
    """`begin` are the messages that start a call of a customer and an agent at 8 kHz; `said`
    makes messages of what each says (16-bit PCM), cut into the smallest pieces there may be, of
    which so many are in one message; `end` says that it is over. `words` are texts that mean
    something, or nearly do; `bad` is refused within a call."""

    path: str
    begin: tuple[str, ...]
    said: Callable[[bytes, bytes, int], list[str | bytes]]
    end: str
    words: st.SearchStrategy[str]
    bad: tuple[str | bytes, ...]

    def __repr__(self):
        return self.path


def interleaved(piece):
    """Pieces of `piece` bytes."""

    def said(customer, agent, pieces):
        audio, size = interleave([customer, agent]), piece * pieces
        return [audio[i : i + size] for i in range(0, len(audio), size)]

    return said


def texts(required, **optional):
    """JSON objects of these fields."""
    return st.fixed_dictionaries(required, optional=optional).map(json.dumps)


parties = st.lists(st.sampled_from(["customer", "agent", "unknown"]) | st.text(), max_size=3)
events = st.sampled_from(["hold", "unhold", "dtmf", "swap", "bye", "end"]) | st.text()
fields = {"meta": st.dictionaries(st.text(), st.text()), "from": st.text()}

RAW = Protocol(
    path="/raw",
    begin=(
        json.dumps(
            {"v": 1, "call_id": CALL, "channels": ["customer", "agent"], "sample_rate": 8000}
        ),
    ),
    said=interleaved(4),
    end='{"event":"end"}',
    words=texts({"v": st.just(1), "call_id": st.text(), "channels": parties}, **fields)
    | texts({"event": events}, digit=st.text()),
    bad=("{", "[]", '{"event":"dtmf"}', bytes(3)),
)

FREESWITCH = Protocol(
    path="/freeswitch",
    begin=(json.dumps({"call_id": CALL, "sample_rate": 8000}),),
    said=interleaved(1),
    end='{"event":"bye"}',
    words=texts(
        {"call_id": st.text()},
        channels=parties,
        role=st.sampled_from(["customer", "agent", "unknown"]),
        mixType=st.sampled_from(["mono", "mixed", "stereo"]) | st.text(),
        sampleRate=st.sampled_from([8000, 16000]) | st.integers(),
        **fields,
    )
    | texts({"event": events}, digit=st.text(), dtmf=st.text()),
    bad=("{", "[]", '{"event":"dtmf"}', '{"call_id":"another"}'),
)


def media(customer, agent, pieces):
    """Pieces of one sample, the two tracks by turns."""
    tracks = {"inbound": to_mulaw(customer), "outbound": to_mulaw(agent)}
    cut = [
        (track, at, audio[at : at + pieces])
        for at in range(0, len(customer) // 2, pieces)
        for track, audio in tracks.items()
    ]
    return [
        json.dumps(
            {
                "event": "media",
                "sequenceNumber": str(number),
                "media": {
                    "track": track,
                    "timestamp": str(at // 8),
                    "payload": b64encode(audio).decode(),
                },
            }
        )
        for number, (track, at, audio) in enumerate(cut, 2)
    ]


tracks = st.lists(st.sampled_from(["inbound", "outbound"]) | st.text(), max_size=3)
values = st.text() | st.integers() | st.none() | st.sampled_from(["agent", "true", "zh"])
numbers = st.integers() | st.integers(0, 20).map(str) | st.text()
inner = texts(
    {"event": st.sampled_from(["connected", "start", "media", "dtmf", "mark", "stop", "x"])},
    sequenceNumber=numbers,
    sequence_number=numbers,
    media=st.fixed_dictionaries(
        {"payload": st.binary().map(lambda audio: b64encode(audio).decode()) | st.text()},
        optional={
            "track": st.sampled_from(["inbound", "outbound_track"]) | st.text(),
            "timestamp": numbers,
        },
    ),
    dtmf=st.dictionaries(st.just("digit"), st.sampled_from("1*") | st.text()),
    start=st.fixed_dictionaries(
        {"callSid": st.text()},
        optional={
            "tracks": st.lists(
                st.sampled_from(["inbound", "outbound"]) | st.text(), max_size=3
            ),
            "customParameters": st.dictionaries(
                st.sampled_from(["role", "record", "language", "agentId"]) | st.text(),
                st.text()
                | st.integers()
                | st.none()
                | st.sampled_from(["agent", "true", "zh"]),
            ),
            "mediaFormat": st.fixed_dictionaries(
                {"encoding": st.sampled_from(["audio/x-mulaw", "L16;rate=16000"]) | st.text()},
                optional={"sampleRate": numbers, "channels": st.integers(0, 2)},
            ),
        },
    ),
)

TWILIO = Protocol(
    path="/twilio",
    begin=(
        '{"event":"connected","protocol":"Call","version":"1.0.0"}',
        json.dumps(
            {
                "event": "start",
                "sequenceNumber": "1",
                "streamSid": "MZ1",
                "start": {
                    "accountSid": "AC1",
                    "streamSid": "MZ1",
                    "callSid": CALL,
                    "tracks": ["inbound", "outbound"],
                    "mediaFormat": {
                        "encoding": "audio/x-mulaw",
                        "sampleRate": 8000,
                        "channels": 1,
                    },
                    "customParameters": {},
                },
            }
        ),
    ),
    said=media,
    end='{"event":"stop","sequenceNumber":"9","streamSid":"MZ1","stop":{"callSid":"c1"}}',
    words=inner,
    bad=(
        "{",
        "[]",
        bytes(4),
        '{"event":"media"}',
        '{"event":"media","media":{"payload":"?"}}',
        '{"event":"media","media":{"track":"third","payload":""}}',
        '{"event":"dtmf","dtmf":{"digit":"12"}}',
    ),
)

PROTOCOLS = (
    RAW,
    FREESWITCH,
    TWILIO,
)
