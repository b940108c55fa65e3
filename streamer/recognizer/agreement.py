"""Does a faster way of computing hear what 32 bits hear? Asked of the very weights at hand.

Whether rounding matters depends on the weights: what is harmless for one model makes another
answer with silence. So whoever asks for less than 32 bits, or for CUDA graphs, has the model
hear a bundled demo call both ways at the start, and it must agree, or the start stops.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from streamer.errors import ModelError
from streamer.events import MODEL_RATE, Emotion, Seconds
from streamer.recognizer.gates import loudness
from streamer.recognizer.hearing import Answer, Clip, hearing
from streamer.recognizer.tags import Vocabulary
from streamer.recording import demo

LEAST_FRAMES = 0.99
MOST_DP = 0.02
_DEMO = 1
_PIECE: Seconds = 4.0
_AUDIBLE = -50.0  # dBFS


@dataclass(frozen=True, slots=True)
class Agreement:
    """`texts` clips of `clips` have other words; `frames` is the share of frames with the same
    likeliest piece; `dp_angry` the largest difference of P(ANGRY)."""

    clips: int
    texts: int
    frames: float
    dp_angry: float

    @property
    def good(self) -> bool:
        return not self.texts and self.frames >= LEAST_FRAMES and self.dp_angry <= MOST_DP

    def __str__(self) -> str:
        return (
            f"{self.texts} of {self.clips} texts differ, {self.frames:.2%} of the frames "
            f"agree, P(ANGRY) differs by up to {self.dp_angry:.3f}"
        )


def compared(
    vocabulary: Vocabulary, exact: Sequence[Answer | None], other: Sequence[Answer | None]
) -> Agreement:
    """Both in the same order of clips, of which one at least was long enough to be heard."""
    place = len(vocabulary.languages) + list(vocabulary.emotions).index(Emotion.ANGRY)
    pairs = [(x, y) for x, y in zip(exact, other, strict=True) if x and y]
    frames = [a == b for x, y in pairs for a, b in zip(x.labels, y.labels, strict=True)]
    texts = [hearing(vocabulary, x).text != hearing(vocabulary, y).text for x, y in pairs]
    apart = [abs(x.asked[place] - y.asked[place]) for x, y in pairs]
    return Agreement(len(pairs), sum(texts), sum(frames) / len(frames), max(apart))


def check(found: Agreement, option: str) -> None:
    """Raises `ModelError` unless `option` agrees with 32 bits."""
    if not found.good:
        raise ModelError(
            f"{option} does not agree with 32 bits on these weights: {found}. "
            "Start without it (--precision fp32, --cuda-graphs false)."
        )


def clips() -> list[Clip]:
    """A demo call, party by party, in pieces of 4 s; those in which something is heard."""
    length = round(_PIECE * MODEL_RATE)
    pieces = [
        (samples[at : at + length] / 32768).astype(np.float32)
        for samples in demo(_DEMO, MODEL_RATE).samples.T
        for at in range(0, len(samples), length)
    ]
    return [Clip(piece) for piece in pieces if loudness(piece) > _AUDIBLE]
