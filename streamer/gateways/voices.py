"""Interleaved audio -> the voices in it, however it is cut into frames."""

from collections.abc import Sequence
from typing import Final

from streamer.events import SAMPLE_BYTES, AudioChunk, Party
from streamer.pcm import deinterleave

STEP: Final = 0.02
"""Seconds. Audio is handed on in steps no longer than this, so that of two interleaved parties
neither is ever heard far ahead of the other, however large the gateway's frames are."""


def voices(pcm: bytes, parties: Sequence[Party], sample_rate: int) -> list[AudioChunk]:
    """`pcm` holds whole samples of every party."""
    apart = deinterleave(pcm, len(parties))
    step = int(STEP * sample_rate) * SAMPLE_BYTES
    if 0 < len(apart[0]) <= step:  # by far the most usual
        return list(map(AudioChunk, parties, apart))
    return [
        AudioChunk(party, voice[i : i + step])
        for i in range(0, len(apart[0]), step)
        for party, voice in zip(parties, apart, strict=True)
    ]


class WholeSamples:
    """Keeps what is cut off within a sample until the rest of it comes: fewer than `size`
    bytes, the bytes of one sample of every channel."""

    def __init__(self, size: int) -> None:
        self._size, self._rest = size, b""

    def push(self, audio: bytes) -> bytes:
        audio = self._rest + audio
        whole = len(audio) - len(audio) % self._size
        self._rest = audio[whole:]
        return audio[:whole]
