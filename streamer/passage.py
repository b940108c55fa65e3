"""Speech going on: how long it lasts, when it is believed, and where it is cut.

frames   . . . . x . x x x x x x . x x x . . . . . . . . . . . . . . .
         |<-lead_in->|              |<>|     hangover
         start       began  speech_end        end = speech_end + tail
                                       |<------ end_silence ------->|
"""

import numpy as np

from streamer.endpointing import (
    FRAMES_PER_SECOND,
    FrameCounts,
    Growing,
    Heard,
    SpeechEnded,
    SpeechStarted,
    Spoken,
)
from streamer.events import Seconds

_CUT_WITHIN = 2 * FRAMES_PER_SECOND  # an overlong utterance is cut in its last 2 s


class Passage:
    """From the lead-in of one utterance to the quiet after it, or after its continuations.

    `base` is the time of frame 0, and `first` the number of the first frame kept.
    """

    def __init__(self, counts: FrameCounts, base: Seconds, first: int) -> None:
        self._counts, self._base, self._first = counts, base, first
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
        return self._time(max(self._last - self._counts.hangover, self._began))

    @property
    def over(self) -> bool:
        """Nothing more belongs to it: it is to be finished."""
        now = self._first + len(self._frames)
        if not self._believed and now - self._began >= self._counts.doubtful:
            return True
        return now - self._last >= self._counts.end_silence

    def hear(self, frame: bytes, speech: bool) -> list[Heard]:
        """One more frame. `speech` is false for every frame of the lead-in."""
        self._frames.append(frame)
        self._speech.append(speech)
        if speech:
            self._last = self._first + len(self._frames)
            self._began = self._last - 1 if self._began < 0 else self._began
            self._voiced += 1
        if self._believed:
            too_long = len(self._frames) >= self._counts.longest
            return [self._cut()] if too_long else self._growing()
        if self._voiced < self._counts.min_speech:
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
        spoken = self._take(len(self._frames), self._counts.tail, rest)
        return [SpeechEnded(spoken.speech_end), spoken], self._frames

    def _growing(self) -> list[Heard]:
        if not self._voiced or not self._grown(len(self._frames)):
            return []
        # Of the quiet after speech only so much is kept, should nothing follow.
        tail = self._counts.tail
        kept = min(self._speech_end(self._speech) + tail, len(self._frames))
        if not self._grown(kept):
            return []
        self._told = kept
        start, end = self._time(self._first), self._time(self._first + kept)
        spoken = self._voiced / FRAMES_PER_SECOND
        return [Growing(start, end, spoken, b"".join(self._frames[:kept]))]

    def _grown(self, frames: int) -> bool:
        return frames - self._told >= self._counts.told_every

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
        return max(last - self._counts.hangover, speech.index(True) + 1) if quiet else last

    def _time(self, frame: int) -> Seconds:
        return self._base + frame / FRAMES_PER_SECOND


def _quietest(frames: list[bytes]) -> int:
    """Which of the frames has the least energy; the latest of them if several have."""
    samples = np.frombuffer(b"".join(frames), "<i2").reshape(len(frames), -1)
    energy = np.square(samples.astype(np.int64)).sum(axis=1)
    return len(frames) - 1 - int(np.argmin(energy[::-1]))
