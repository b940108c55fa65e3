"""The last minute of a call, to be listened to: kept in memory, never written anywhere."""

import math
import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from streamer.events import SAMPLE_BYTES, Party, Seconds, Span
from streamer.pcm import resample
from streamer.untold import Stretch

_SIDES = ((Party.CUSTOMER, Party.UNKNOWN), (Party.AGENT, Party.UNKNOWN))  # left, right
_SLACK = 2
"""Seconds. Forgotten in steps of this, not a chunk at a time."""


class VoiceRing:
    """Per party the last `seconds` of PCM, each sample at its media time; gaps are zeros."""

    def __init__(self, seconds: Seconds = 60.0) -> None:
        self._seconds = seconds
        self._voices: dict[Party, _Voice] = {}

    def push(self, party: Party, at: Seconds, pcm: bytes, sample_rate: int) -> None:
        """`pcm` begins at `at`. What overlaps audio held already is not kept twice."""
        voice = self._voices.get(party)
        if voice is None or voice.rate != sample_rate:
            voice = _Voice(sample_rate, self._seconds, voice)
            self._voices[party] = voice
        voice.push(at, pcm)

    def hide(self, start: Seconds, end: Seconds, party: Party | None = None) -> None:
        """A tone over what is held of that stretch, for good: of `party`, or of everybody."""
        for whose, voice in self._voices.items():
            if party in (None, whose):
                voice.hide(start, end)

    def cut(self, start: Seconds, end: Seconds, unclear: Sequence[Stretch] = ()) -> bytes:
        """A WAV file, customer left and agent right (who is unknown, on both), clipped to what
        is held; empty where nothing is. 16 kHz if any party is heard at 16 kHz, else 8. A tone
        over each stretch `unclear` of its party."""
        held = [voice.held for voice in self._voices.values()]
        newest = max((last for _, last in held), default=0.0)
        oldest = min((first for first, _ in held), default=0.0)
        start, end = max(start, oldest, newest - self._seconds), min(end, newest)
        if not start < end:
            return b""
        rate = max(voice.rate for voice in self._voices.values())
        sides = [self._mix(side, (start, end), rate, unclear) for side in _SIDES]
        return _wav(np.column_stack(sides).astype("<i2").tobytes(), rate)

    def _mix(
        self, side: tuple[Party, ...], when: Span, rate: int, unclear: Sequence[Stretch]
    ) -> npt.NDArray[np.int32]:
        mixed = np.zeros(round((when[1] - when[0]) * rate), np.int32)
        for party in side:
            if voice := self._voices.get(party):
                hidden = [(first, last) for whose, first, last in unclear if whose is party]
                pcm = voice.cut(*when, hidden)
                samples = np.frombuffer(resample(pcm, voice.rate, rate), "<i2")
                mixed[: len(samples)] += samples[: len(mixed)]
        return mixed.clip(-32768, 32767)


class _Voice:
    """One party's samples in a row, the first of them number `first` since the call began."""

    def __init__(self, rate: int, seconds: Seconds, before: "_Voice | None") -> None:
        self.rate = rate
        self._longest = round(seconds * rate)
        self._first, self._pcm = 0, bytearray()
        self._most = (self._longest + round(_SLACK * rate)) * SAMPLE_BYTES
        if before and before._pcm:  # the party came back with another sample rate
            self.push(before.held[0], resample(bytes(before._pcm), before.rate, rate))

    @property
    def held(self) -> tuple[Seconds, Seconds]:
        oldest = max(self._first, self._end - self._longest)
        return oldest / self.rate, self._end / self.rate

    @property
    def _end(self) -> int:
        return self._first + len(self._pcm) // SAMPLE_BYTES

    def push(self, at: Seconds, pcm: bytes) -> None:
        start = round(at * self.rate)
        if start == self._end:  # by far the most usual
            self._pcm += pcm
        elif not self._pcm or start - self._end >= self._longest:
            self._first, self._pcm = start, bytearray(pcm)
        else:
            self._pcm += bytes(max(0, start - self._end) * SAMPLE_BYTES)
            self._pcm += pcm[max(0, self._end - start) * SAMPLE_BYTES :]
        if len(self._pcm) > self._most:
            self._forget()

    def cut(self, start: Seconds, end: Seconds, hidden: Sequence[Span] = ()) -> bytes:
        """From `start` to `end`, with zeros where nothing is held and a tone over `hidden`."""
        cut = _Voice(self.rate, end - start, None)
        first, last = round(start * self.rate), round(end * self.rate)
        begin, stop = max(first, self._first), min(last, self._end)
        cut._first, cut._pcm = first, bytearray((last - first) * SAMPLE_BYTES)
        if begin < stop:
            cut._pcm[cut._bytes(begin, stop)] = self._pcm[self._bytes(begin, stop)]
        for each in hidden:
            cut.hide(*each)
        return bytes(cut._pcm)

    def hide(self, start: Seconds, end: Seconds) -> None:
        begin = max(math.floor(start * self.rate), self._first)
        stop = min(math.ceil(end * self.rate), self._end)
        if begin < stop:
            self._pcm[self._bytes(begin, stop)] = tone(begin, stop, self.rate)

    def _bytes(self, begin: int, stop: int) -> slice:
        """Where the samples from `begin` to before `stop` lie; all of them are held."""
        return slice((begin - self._first) * SAMPLE_BYTES, (stop - self._first) * SAMPLE_BYTES)

    def _forget(self) -> None:
        excess = len(self._pcm) // SAMPLE_BYTES - self._longest
        del self._pcm[: excess * SAMPLE_BYTES]
        self._first += excess


def tone(begin: int, stop: int, rate: int) -> bytes:
    """What is put over words that nobody may hear: 1 kHz, 18 dB below the loudest, in step with
    any other piece of it."""
    at = np.arange(begin, stop) % rate
    return bytes((4096 * np.sin(2000 * np.pi / rate * at)).round().astype("<i2"))


def _wav(samples: bytes, rate: int) -> bytes:
    """Two channels of 16-bit PCM as a RIFF file."""
    block = 2 * SAMPLE_BYTES
    form = struct.pack("<HHIIHH", 1, 2, rate, rate * block, block, 8 * SAMPLE_BYTES)
    chunks = b"WAVE" + _chunk(b"fmt ", form) + _chunk(b"data", samples)
    return _chunk(b"RIFF", chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content
