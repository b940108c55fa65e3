"""`/twilio`."""

import json
from base64 import b64encode

from hypothesis import strategies as st

from streamer.pcm import to_mulaw
from tests.streamer.gateways.protocols.protocol import CALL, Protocol, texts


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
