"""The outside of a server that only listens: a recognizer and a sink that answer at once."""

from streamer import events as ev
from streamer.adapters.webrtc import WebRtcDetector
from streamer.call import CallPorts
from streamer.pcm import to_model_rate
from streamer.ports import CallSink, Line, Quota


class AtOnce:
    """Resamples what it is given, as the model would have it, and hears one word in it."""

    def __init__(self) -> None:
        self.seconds: ev.Seconds = 0.0  # of speech heard

    async def transcribe(self, utterance: ev.Utterance) -> ev.Transcript:
        to_model_rate(utterance.pcm, utterance.sample_rate)
        self.seconds += utterance.end - utterance.start
        return _heard(utterance)

    async def draft(self, so_far: ev.Utterance) -> ev.Transcript:
        return _heard(so_far)

    def grow(self, so_far: ev.Utterance) -> None:
        pass


class Keys:
    """Whoever comes is admitted."""

    def name_of(self, key: str | None) -> str | None:
        return "bench"

    def holds(self, name: str) -> bool:
        return True

    def quota(self, name: str) -> Quota:
        return Quota()

    def why_not(self, key: str | None) -> str:
        return ""


def ports(recognizer: AtOnce) -> CallPorts:
    return CallPorts(WebRtcDetector, recognizer, _sink)


def _sink(line: Line) -> CallSink:
    line.remember(bytes)  # its state is kept, as that of every call, for nobody

    async def tell(event: ev.CallEvent) -> None:
        if isinstance(event, ev.Transcript):
            line.clear(event.number, ())

    return tell


def _heard(it: ev.Utterance) -> ev.Transcript:
    return ev.Transcript(
        it.call,
        it.number,
        it.party,
        it.start,
        it.speech_end,
        it.speech_end_clock,
        text="好",
        language="zh",
        language_p=1.0,
        emotion=ev.Emotion.NEUTRAL,
        emotion_p={ev.Emotion.NEUTRAL: 1.0},
        events=(ev.AudioEvent.SPEECH,),
        events_p={ev.AudioEvent.SPEECH: 1.0},
        tokens=(),
        raw="",
    )
