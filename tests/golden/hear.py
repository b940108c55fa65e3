"""A gateway's calls through codec, session and webrtcvad: what is heard of them, in order."""

from collections.abc import Callable, Iterable

from alerts.playbook import BUNDLED, parse, silence_marks
from streamer import events as ev
from streamer.adapters.webrtc import WebRtcDetector
from streamer.gateways.raw import RawCodec
from streamer.session import CallSession, SessionSettings
from streamer.sounds import verdict
from tests.golden.lines import FRAME_SECONDS, Step

DELAY = 15  # frames from an utterance to its words
MARKS = silence_marks(parse(BUNDLED.read_text("utf-8")))
Recognize = Callable[[ev.Utterance], ev.Transcript]


class Ear:
    """The shell of one call without its sockets: it calls `timeout` at every deadline."""

    def __init__(self, recognize: Recognize) -> None:
        self.said: list[ev.CallEvent] = []
        self._recognize = recognize
        self._session = CallSession(WebRtcDetector, SessionSettings(silence_marks=MARKS))
        self._codecs: dict[int, RawCodec] = {}
        self._waiting: list[tuple[float, ev.Utterance]] = []
        self._closing: list[ev.CallClosed] = []

    def take(self, step: Step) -> None:
        now = 1000.0 + step.at
        while (due := self._session.deadline) is not None and due < now:
            self._told(self._session.timeout(due), due)
            self._words(due)
        if step.message is None:
            self._told(self._session.leave(step.leg, now), now)
            del self._codecs[step.leg]
        else:
            self._message(step.leg, step.message, now)
        self._words(now)

    def _message(self, leg: int, message: str | bytes, now: float) -> None:
        codec = self._codecs.setdefault(leg, RawCodec())
        for event in codec.receive(message):
            if isinstance(event, ev.CallStarted):
                self._told(self._session.join(leg, event, now), now)
            else:
                self._told(self._session.receive(leg, event, now), now)

    def _told(self, said: Iterable[ev.SessionEvent], now: float) -> None:
        for event in said:
            match event:
                case ev.Utterance():
                    self._waiting.append((now + DELAY * FRAME_SECONDS, event))
                case ev.CallClosed():  # is told last, when all words are there
                    self._closing.append(event)
                case ev.Speaking():
                    pass
                case _:
                    self.said.append(event)

    def _words(self, now: float) -> None:
        while self._waiting and (self._waiting[0][0] <= now + 1e-6 or self._session.closed):
            words = self._recognize(self._waiting.pop(0)[1])
            self.said.append(words)
            self._told(self._session.judge(words.number, verdict(words), now), now)
        if self._closing and not self._waiting:
            self.said.append(self._closing.pop())


def call_events(steps: Iterable[Step], recognize: Recognize) -> list[ev.CallEvent]:
    """What the sink is told, the words of an utterance 0.3 s after it. Without drafts."""
    ear = Ear(recognize)
    for step in steps:
        ear.take(step)
    return ear.said
