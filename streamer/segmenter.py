"""Cuts one party's audio into utterances. Time is counted in audio, never on a clock.

A speaker is noticed when `start_frames` of the last `start_window` frames are speech, and
believed when `min_speech` of it was heard: until then it may turn out to have been a cough, and
then it never was. `streamer.passage` has the rest of a passage's life.
"""

from collections import deque

from streamer.events import SAMPLE_BYTES, Seconds
from streamer.passage import (
    FRAMES_PER_SECOND,
    Endpointing,
    Growing,
    Heard,
    Passage,
    SpeechEnded,
    SpeechStarted,
    Spoken,
    frames_in,
)
from streamer.ports import VoiceDetector

__all__ = [
    "Endpointing",
    "Growing",
    "Heard",
    "Segmenter",
    "SpeechEnded",
    "SpeechStarted",
    "Spoken",
]


class Segmenter:
    """One party on one connection. `base` is the call's time at the first sample."""

    def __init__(
        self, detector: VoiceDetector, sample_rate: int, ends: Endpointing, base: Seconds = 0.0
    ) -> None:
        self._detector, self._ends, self._base = detector, ends, base
        self._frame_bytes = sample_rate // FRAMES_PER_SECOND * SAMPLE_BYTES
        self._byte_rate = sample_rate * SAMPLE_BYTES
        self._rest = b""  # bytes short of a frame
        self._count = 0  # frames heard since `base`
        self._window: deque[bool] = deque(maxlen=ends.start_window)
        # Reaches back to the lead-in of speech that is noticed a window late; frames of an
        # utterance are never in it, so that nothing is heard twice.
        self._before: deque[bytes] = deque(maxlen=frames_in(ends.lead_in) + ends.start_window)
        self._passage: Passage | None = None

    @property
    def at(self) -> Seconds:
        """The time at which what was heard so far ends."""
        return self._time(self._count) + len(self._rest) / self._byte_rate

    @property
    def settled(self) -> Seconds:
        """Up to here it is known when this party spoke; it never goes back."""
        if self._passage:
            return self._passage.settled
        return self._time(self._count - self._since_first_sign())

    @property
    def unsaid(self) -> Seconds:
        """From here on something may have been said that was not let go of as an utterance."""
        return self._passage.start if self._passage else self.settled

    @property
    def open(self) -> bool:
        """Something is going on that may be speech."""
        return self._passage is not None or any(self._window)

    def push(self, pcm: bytes) -> list[Heard]:
        """Audio of any length, whole samples."""
        pcm = self._rest + pcm
        size = self._frame_bytes
        whole = len(pcm) - len(pcm) % size
        self._rest = pcm[whole:]
        frames = (pcm[i : i + size] for i in range(0, whole, size))
        return [heard for frame in frames for heard in self._hear(frame)]

    def flush(self) -> list[Heard]:
        """No more audio for now: let go of speech still open, to its last sample."""
        heard = self._passage.finish(self._rest)[0] if self._passage else []
        self._base, self._count, self._rest = self.at, 0, b""
        self._passage = None
        self._window.clear()
        self._before.clear()
        return heard

    def skip(self, seconds: Seconds) -> None:
        """For so long nothing was sent: the next sample comes that much later. Speech still
        open is forgotten: `flush` first."""
        self.flush()
        self._base += seconds

    def _hear(self, frame: bytes) -> list[Heard]:
        speech = self._detector.is_speech(frame)
        self._count += 1
        if self._passage is None:
            return self._wait(frame, speech)
        heard = self._passage.hear(frame, speech)
        return heard + self._close(self._passage) if self._passage.over else heard

    def _wait(self, frame: bytes, speech: bool) -> list[Heard]:
        self._window.append(speech)
        self._before.append(frame)
        if sum(self._window) < self._ends.start_frames:
            return []
        signs = list(self._window)[-self._since_first_sign() :]
        kept = list(self._before)[-(frames_in(self._ends.lead_in) + len(signs)) :]
        self._passage = Passage(self._ends, self._base, self._count - len(kept))
        lead_in = [False] * (len(kept) - len(signs))
        flags = zip(kept, lead_in + signs, strict=True)
        return [heard for each in flags for heard in self._passage.hear(*each)]

    def _close(self, passage: Passage) -> list[Heard]:
        heard, left = passage.finish()
        self._passage = None
        self._window.clear()
        self._before.clear()
        self._before.extend(left)
        return heard

    def _since_first_sign(self) -> int:
        """How many frames ago the oldest frame of speech in the window began; 0 without one."""
        return next((len(self._window) - i for i, s in enumerate(self._window) if s), 0)

    def _time(self, frame: int) -> Seconds:
        return self._base + frame / FRAMES_PER_SECOND
