"""What is heard in the benchmark: sound like speech, in the lengths of real calls.

Voiced syllables of wandering pitch with three formants, fricatives between them, pauses. It
says nothing, and costs a network what speech of that length costs it.
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from streamer.events import MODEL_RATE, Seconds

SHORTEST, LONGEST = 1.0, 8.0
MEDIAN, SPREAD = 2.2, 0.9
"""Log-normal between those limits. So the segmenter cuts a recorded service call of four
minutes: a median of 2.2 s, a standard deviation of 0.9 of the logarithms."""
SEED = 20

Samples = NDArray[np.float32]


def lengths(count: int, seed: int = SEED) -> list[Seconds]:
    """Seconds of `count` utterances, in the order in which they come."""
    rng = np.random.default_rng(seed)
    drawn: list[float] = []
    while len(drawn) < count:
        length = float(rng.lognormal(np.log(MEDIAN), SPREAD))
        if SHORTEST <= length <= LONGEST:
            drawn.append(round(length, 2))
    return drawn


def speechlike(seconds: Seconds, seed: int) -> Samples:
    """16 kHz in [-1, 1], as loud as telephone speech."""
    rng = np.random.default_rng(seed)
    count = int(seconds * MODEL_RATE)
    sound = np.zeros(count)
    at = 0
    while at < count:
        length = min(int(MODEL_RATE * rng.uniform(0.12, 0.32)), count - at)
        make = _vowel if rng.random() < 0.75 else _hiss
        sound[at : at + length] = make(length, rng) * np.hanning(length)
        at += length + int(MODEL_RATE * rng.choice([0.0, 0.02, 0.15], p=[0.6, 0.3, 0.1]))
    sound += 0.003 * rng.standard_normal(count)
    loudest = max(float(np.abs(sound).max()), 1e-9)
    return np.asarray(0.25 * sound / loudest, np.float32)


def _vowel(count: int, rng: Generator) -> NDArray[np.float64]:
    pitch = rng.uniform(90, 240) * np.linspace(1, rng.uniform(0.8, 1.2), count)
    phase = 2 * np.pi * np.cumsum(pitch) / MODEL_RATE
    formants = rng.uniform((300, 900, 2200), (800, 2100, 3200))
    harmonics = np.arange(1, 25)
    near = [np.exp(-(((harmonics * pitch.mean() - f) / 150.0) ** 2)) for f in formants]
    loud = near[0] + 0.5 * near[1] + 0.25 * near[2] + 0.02
    return np.asarray(loud @ np.sin(harmonics[:, None] * phase))


def _hiss(count: int, rng: Generator) -> NDArray[np.float64]:
    return np.diff(rng.standard_normal(count + 1)) * rng.uniform(0.1, 0.4)
