"""Cuts one party's audio into utterances. Time is counted in audio, never on a clock.

A speaker is noticed when `start_frames` of the last `start_window` frames are speech, and
believed when `min_speech` of it was heard: until then it may turn out to have been a cough, and
then it never was. `streamer.passage` has the rest of a passage's life.
"""

from collections import deque

from streamer.endpointing import FRAMES_PER_SECOND, Endpointing, FrameCounts, Heard
from streamer.events import SAMPLE_BYTES, Seconds
from streamer.passage import Passage
from streamer.ports import VoiceDetector


class Segmenter:
    """One party on one connection. `base` is the call's time at the first sample."""

    def __init__(
        self, detector: VoiceDetector, sample_rate: int, ends: Endpointing, base: Seconds = 0.0
    ) -> None:
        self._is_speech, self._ends, self._base = detector.is_speech, ends, base
        self._counts = FrameCounts.of(ends)
        self._frame_bytes = sample_rate // FRAMES_PER_SECOND * SAMPLE_BYTES
        self._byte_rate = sample_rate * SAMPLE_BYTES
        self._rest = b""  # bytes short of a frame
        self._count = 0  # frames heard since `base`
        self._signs = 0  # the last `start_window` frames, a bit each: 1 is speech
        self._window = (1 << ends.start_window) - 1
        # Reaches back to the lead-in of speech that is noticed a window late; frames of an
        # utterance are never in it, so that nothing is heard twice.
        self._before: deque[bytes] = deque(maxlen=self._counts.lead_in + ends.start_window)
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
        return self._passage is not None or self._signs > 0

    def push(self, pcm: bytes) -> list[Heard]:
        """Audio of any length, whole samples."""
        size = self._frame_bytes
        if not self._rest and len(pcm) == size:  # by far the most usual
            return self._hear(pcm)
        pcm = self._rest + pcm
        whole = len(pcm) - len(pcm) % size
        self._rest = pcm[whole:]
        frames = (pcm[i : i + size] for i in range(0, whole, size))
        return [heard for frame in frames for heard in self._hear(frame)]

    def flush(self) -> list[Heard]:
        """No more audio for now: let go of speech still open, to its last sample."""
        heard = self._passage.finish(self._rest)[0] if self._passage else []
        self._base, self._count, self._rest = self.at, 0, b""
        self._passage = None
        self._signs = 0
        self._before.clear()
        return heard

    def skip(self, seconds: Seconds) -> None:
        """For so long nothing was sent: the next sample comes that much later. Speech still
        open is forgotten: `flush` first."""
        self.flush()
        self._base += seconds

    def _hear(self, frame: bytes) -> list[Heard]:
        speech = self._is_speech(frame)
        self._count += 1
        if self._passage is None:
            return self._wait(frame, speech)
        heard = self._passage.hear(frame, speech)
        return heard + self._close(self._passage) if self._passage.over else heard

    def _wait(self, frame: bytes, speech: bool) -> list[Heard]:
        self._signs = (self._signs << 1 | speech) & self._window
        self._before.append(frame)
        if self._signs.bit_count() < self._ends.start_frames:
            return []
        kept = list(self._before)[-(self._counts.lead_in + self._since_first_sign()) :]
        self._passage = Passage(self._counts, self._base, self._count - len(kept))
        flags = [bool(self._signs >> ago & 1) for ago in reversed(range(len(kept)))]
        pairs = zip(kept, flags, strict=True)
        return [heard for each in pairs for heard in self._passage.hear(*each)]

    def _close(self, passage: Passage) -> list[Heard]:
        heard, left = passage.finish()
        self._passage = None
        self._signs = 0
        self._before.clear()
        self._before.extend(left)
        return heard

    def _since_first_sign(self) -> int:
        """How many frames ago the oldest frame of speech in the window began; 0 without one."""
        return self._signs.bit_length()

    def _time(self, frame: int) -> Seconds:
        return self._base + frame / FRAMES_PER_SECOND
