"""Speech going on: how long it lasts, when it is believed, and where it is cut.

frames   . . . . x . x x x x x x . x x x . . . . . . . . . . . . . . .
         |<-lead_in->|              |<>|     hangover
         start       began  speech_end        end = speech_end + tail
                                       |<------ end_silence ------->|
"""

import math
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from streamer.events import Seconds

FRAMES_PER_SECOND = 50
"""Speech is detected in frames of exactly 20 ms."""
_CUT_WITHIN = 2 * FRAMES_PER_SECOND  # an overlong utterance is cut in its last 2 s


@dataclass(frozen=True, slots=True)
class Endpointing:
    """When speech begins and ends.

    `hangover` belongs to the detector. For webrtcvad in mode 2 it was measured: tests/streamer/
    test_hangover.py.
    """

    lead_in: Seconds = 0.3  # audio kept from before speech began
    end_silence: Seconds = 0.45  # quiet that ends an utterance
    min_speech: Seconds = 0.24  # with less speech than this it was a click or a cough
    longest: Seconds = 15.0  # an utterance is cut here even if nobody pauses
    start_frames: int = 3  # speech begins when so many of the last `start_window` frames are
    start_window: int = 5
    hangover: Seconds = 0.12  # how much longer than the speaker the detector says "speech"
    tail: Seconds = 0.24  # audio kept after the last sample of speech
    doubtful: Seconds = 1.0  # by then it has reached `min_speech`, or it was no speech
    told_every: Seconds = 0.3  # how much it has to grow before it is told of again


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """It is speech, and it began at `at` (said once `min_speech` of it was heard)."""

    at: Seconds


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The last sample of speech was at `at` (said `end_silence` later)."""

    at: Seconds


@dataclass(frozen=True, slots=True)
class Growing:
    """Speech that is believed and goes on: all of it that is certain to be in the utterance of
    the same `start`, unless that grows too long and is cut. A `Spoken` with that `start`
    follows. `spoken` is how much of it is speech."""

    start: Seconds
    end: Seconds
    spoken: Seconds
    pcm: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One utterance, or the first part of one that grew too long."""

    start: Seconds
    speech_end: Seconds
    end: Seconds
    pcm: bytes = field(repr=False)


Heard: TypeAlias = SpeechStarted | Growing | SpeechEnded | Spoken


def frames_in(seconds: Seconds) -> int:
    """The fewest frames that last so long."""
    return math.ceil(seconds * FRAMES_PER_SECOND - 1e-6)


class Passage:
    """From the lead-in of one utterance to the quiet after it, or after its continuations.

    `base` is the time of frame 0, and `first` the number of the first frame kept.
    """

    def __init__(self, ends: Endpointing, base: Seconds, first: int) -> None:
        self._ends, self._base, self._first = ends, base, first
        self._hangover = frames_in(ends.hangover)
        self._frames: list[bytes] = []
        self._speech: list[bool] = []  # whether each of them is speech
        self._began = self._last = -1  # the first frame of speech, the one after the last
        self._voiced = 0  # frames of speech since the last cut
        self._told = 0  # frames that `Growing` has told of since then
        self._ended: Seconds = base  # of the part before the last cut
        self._believed = False

    @property
    def start(self) -> Seconds:
        """Where the first frame begins that no utterance has taken."""
        return self._time(self._first)

    @property
    def settled(self) -> Seconds:
        """Up to here it is known whether this party spoke."""
        if not self._believed:
            return self._time(self._began)
        return self._time(max(self._last - self._hangover, self._began))

    @property
    def over(self) -> bool:
        """Nothing more belongs to it: it is to be finished."""
        now = self._first + len(self._frames)
        if not self._believed and now - self._began >= frames_in(self._ends.doubtful):
            return True
        return now - self._last >= frames_in(self._ends.end_silence)

    def hear(self, frame: bytes, speech: bool) -> list[Heard]:
        """One more frame. `speech` is false for every frame of the lead-in."""
        self._frames.append(frame)
        self._speech.append(speech)
        if speech:
            self._last = self._first + len(self._frames)
            self._began = self._last - 1 if self._began < 0 else self._began
            self._voiced += 1
        if self._believed:
            too_long = len(self._frames) >= frames_in(self._ends.longest)
            return [self._cut()] if too_long else self._growing()
        if self._voiced < frames_in(self._ends.min_speech):
            return []
        self._believed = True
        return [SpeechStarted(self._time(self._began)), *self._growing()]

    def finish(self, rest: bytes = b"") -> tuple[list[Heard], list[bytes]]:
        """What was said since the last cut, and the frames left over: they belong to nobody.

        `rest` is what follows the last frame and is too short to be one.
        """
        if not self._believed:
            return [], self._frames
        if not self._voiced:  # nothing was said after the last cut
            return [SpeechEnded(self._ended)], self._frames
        spoken = self._take(len(self._frames), frames_in(self._ends.tail), rest)
        return [SpeechEnded(spoken.speech_end), spoken], self._frames

    def _growing(self) -> list[Heard]:
        if not self._voiced or not self._grown(len(self._frames)):
            return []
        # Of the quiet after speech only so much is kept, should nothing follow.
        tail = frames_in(self._ends.tail)
        kept = min(self._speech_end(self._speech) + tail, len(self._frames))
        if not self._grown(kept):
            return []
        self._told = kept
        start, end = self._time(self._first), self._time(self._first + kept)
        spoken = self._voiced / FRAMES_PER_SECOND
        return [Growing(start, end, spoken, b"".join(self._frames[:kept]))]

    def _grown(self, frames: int) -> bool:
        return frames - self._told >= frames_in(self._ends.told_every)

    def _cut(self) -> Spoken:
        """Cut at the quietest moment: what follows is the next utterance, without lead-in."""
        count = len(self._frames)
        oldest = max(count - _CUT_WITHIN, count // 2, self._speech.index(True))
        cut = oldest + _quietest(self._frames[oldest:]) + 1
        return self._take(cut, cut, b"")

    def _take(self, length: int, tail: int, rest: bytes) -> Spoken:
        """The first `length` frames as an utterance, less the quiet beyond `tail`."""
        speech_end = self._speech_end(self._speech[:length])
        kept = min(speech_end + tail, length)
        pcm = b"".join(self._frames[:kept]) + (rest if kept == len(self._frames) else b"")
        start = self._time(self._first)
        self._ended = self._time(self._first + speech_end)
        self._first += kept
        del self._frames[:kept], self._speech[:kept]
        self._voiced, self._told = sum(self._speech), 0
        return Spoken(start, self._ended, self._time(self._first), pcm)

    def _speech_end(self, speech: list[bool]) -> int:
        """Frames up to the end of speech. Only quiet tells hang-over from speech: where the
        audio breaks off within speech, all of it is speech."""
        quiet = speech[::-1].index(True)
        last = len(speech) - quiet
        return max(last - self._hangover, speech.index(True) + 1) if quiet else last

    def _time(self, frame: int) -> Seconds:
        return self._base + frame / FRAMES_PER_SECOND


def _quietest(frames: list[bytes]) -> int:
    """Which of the frames has the least energy; the latest of them if several have."""
    samples = np.frombuffer(b"".join(frames), "<i2").reshape(len(frames), -1)
    energy = np.square(samples.astype(np.int64)).sum(axis=1)
    return len(frames) - 1 - int(np.argmin(energy[::-1]))
