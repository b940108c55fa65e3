"""Recordings heard as fast as the machine can: what a call's sink would have been told."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from streamer import events as ev
from streamer.adapters.webrtc import WebRtcDetector
from streamer.recording import Recording
from streamer.session import CallSession, SessionSettings
from streamer.sounds import verdict

DELAY = 15  # frames from an utterance to its words, as from a server that is not busy
_FRAMES_PER_SECOND = 50

Recognize = Callable[[ev.Utterance], ev.Transcript]


def heard(
    recording: Recording,
    info: ev.CallInfo,
    settings: SessionSettings,
    recognize: Recognize,
    progress: Callable[[ev.Seconds], None] = lambda _: None,
) -> Iterator[ev.CallNews]:
    """Each frame comes in when its audio ends, by a clock that begins at 0; words 0.3 s after
    their utterance. Without drafts. `progress` is told how many seconds have been heard."""
    session = CallSession(WebRtcDetector, settings)
    start = ev.CallStarted(info, recording.parties, recording.sample_rate)
    waiting: list[tuple[int, ev.Utterance]] = []
    yield from _events(session.join(1, start, 0.0), waiting, 0)
    size, closing = recording.sample_rate // _FRAMES_PER_SECOND, None
    for count, first in enumerate(range(0, len(recording.samples), size), 1):
        now = count / _FRAMES_PER_SECOND
        for party, samples in zip(
            recording.parties, recording.samples[first : first + size].T, strict=True
        ):
            chunk = ev.AudioChunk(party, samples.tobytes())
            yield from _events(session.receive(1, chunk, now), waiting, count)
        while waiting and waiting[0][0] <= count:
            yield from _words(session, recognize(waiting.pop(0)[1]), now)
        progress(now)
    end = recording.seconds
    for event in _events(session.close("ended", end), waiting, 0):
        if isinstance(event, ev.CallClosed):
            closing = event
        else:
            yield event
    for _, utterance in waiting:
        yield from _words(session, recognize(utterance), end)
    if closing:
        yield closing


def settings_for(marks: tuple[ev.Seconds, ...], like: SessionSettings) -> SessionSettings:
    """Without drafts, which a file that is heard at once has no use for."""
    return replace(like, silence_marks=marks, draft_every=0.0)


def _events(
    said: list[ev.SessionEvent], waiting: list[tuple[int, ev.Utterance]], count: int
) -> Iterator[ev.CallNews]:
    for event in said:
        if isinstance(event, ev.Utterance):
            waiting.append((count + DELAY, event))
        elif not isinstance(event, ev.Speaking | ev.CallResumed):
            yield event


def _words(
    session: CallSession, words: ev.Transcript, now: ev.Seconds
) -> Iterator[ev.CallNews]:
    yield words
    for event in session.judge(words.number, verdict(words), now):
        if not isinstance(event, ev.Utterance | ev.Speaking | ev.CallResumed):
            yield event
