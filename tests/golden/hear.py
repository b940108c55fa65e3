"""Demo calls through codec, session and webrtcvad: what they are cut into, in order."""

import json

from streamer import events as ev
from streamer.adapters.webrtc import WebRtcDetector
from streamer.gateways.raw import RawCodec
from streamer.recording import demo
from streamer.session import CallSession, SessionSettings

FRAME = 160  # samples of 20 ms at 8 kHz


def session_events(number: int) -> list[ev.SessionEvent]:
    """What the session says of demo call `number`, each frame coming in when its audio ends."""
    recording = demo(number)
    codec, session = RawCodec(), CallSession(WebRtcDetector, SessionSettings())
    start = {
        **recording.fields,
        "v": 1,
        "call_id": f"demo-{number}",
        "sample_rate": 8000,
        "channels": ["customer", "agent"],
    }
    frames = range(0, len(recording.samples), FRAME)
    audio = [recording.samples[at : at + FRAME].tobytes() for at in frames]
    said: list[ev.SessionEvent] = []
    for count, message in enumerate([json.dumps(start), *audio, '{"event":"end"}']):
        for event in codec.receive(message):
            now = 1000.0 + count * 0.02
            if isinstance(event, ev.CallStarted):
                said += session.join(1, event, now)
            else:
                said += session.receive(1, event, now)
    return said
