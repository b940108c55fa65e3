"""When speech begins and ends, and what is said of it. Values only."""

import math
from dataclasses import dataclass, field, fields
from typing import TypeAlias

from streamer.events import Seconds

FRAMES_PER_SECOND = 50
"""Speech is detected in frames of exactly 20 ms."""


def frames_in(seconds: Seconds) -> int:
    """The fewest frames that last so long."""
    return math.ceil(seconds * FRAMES_PER_SECOND - 1e-6)


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
class FrameCounts:
    """An `Endpointing` counted in frames, once: it is asked of every frame."""

    lead_in: int
    end_silence: int
    min_speech: int
    longest: int
    hangover: int
    tail: int
    doubtful: int
    told_every: int

    @classmethod
    def of(cls, ends: Endpointing) -> "FrameCounts":
        return cls(**{each.name: frames_in(getattr(ends, each.name)) for each in fields(cls)})


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
