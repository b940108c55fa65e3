"""Demo calls through codec, session and webrtcvad: what is heard of them, in order."""

import json
from collections.abc import Callable

from alerts.playbook import BUNDLED, parse, silence_marks
from streamer import events as ev
from streamer.adapters.webrtc import WebRtcDetector
from streamer.gateways.raw import RawCodec
from streamer.recording import demo
from streamer.session import CallSession, SessionSettings
from streamer.sounds import verdict

FRAME = 160  # samples of 20 ms at 8 kHz
DELAY = 15  # frames from an utterance to its words
MARKS = silence_marks(parse(BUNDLED.read_text("utf-8")))


def call_events(
    number: int, recognize: Callable[[ev.Utterance], ev.Transcript]
) -> list[ev.CallEvent]:
    """What the sink is told of demo call `number`, each frame coming in when its audio ends,
    and the words of an utterance 0.3 s after it."""
    recording = demo(number)
    codec = RawCodec()
    session = CallSession(WebRtcDetector, SessionSettings(silence_marks=MARKS))
    start = {
        **recording.fields,
        "v": 1,
        "call_id": f"demo-{number}",
        "sample_rate": 8000,
        "channels": ["customer", "agent"],
    }
    frames = range(0, len(recording.samples), FRAME)
    audio = [recording.samples[at : at + FRAME].tobytes() for at in frames]
    said: list[ev.CallEvent] = []
    waiting: list[tuple[int, ev.Utterance]] = []
    for count, message in enumerate([json.dumps(start), *audio, '{"event":"end"}']):
        now = 1000.0 + count * 0.02
        for event in codec.receive(message):
            if isinstance(event, ev.CallStarted):
                heard = session.join(1, event, now)
            else:
                heard = session.receive(1, event, now)
            waiting += [(count + DELAY, e) for e in heard if isinstance(e, ev.Utterance)]
            said += [e for e in heard if not isinstance(e, ev.Utterance | ev.Speaking)]
        while waiting and (waiting[0][0] <= count or session.closed):
            words = recognize(waiting.pop(0)[1])
            said += [words, *session.judge(words.number, verdict(words), now)]
    # The call's end is told last.
    return sorted(said, key=lambda event: isinstance(event, ev.CallClosed))
