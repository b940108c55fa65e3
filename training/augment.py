"""Distortion of stored log-mel features, its strength ramped from 0 to 1 over training.

Energies are logs of power: sounds are mixed with logaddexp, and a level is the log of the mean
energy (the mean of the logs would make digital silence, near -16, look like a level).
"""

import random
from collections.abc import Sequence

import numpy as np

from training.features import MELS, STRIDE, Features

Spans = list[tuple[float, float]]
STRETCH = 0.07
WARPS = 15


def _warp(factor: float) -> Features:
    """A matrix that moves every mel bin to `factor` times its place: another vocal tract."""
    at = np.clip(np.arange(MELS) * factor, 0, MELS - 1)
    low = np.floor(at).astype(int)
    part = at - low
    matrix = np.zeros((MELS, MELS), np.float32)
    np.add.at(matrix, (low, np.arange(MELS)), 1 - part)
    np.add.at(matrix, (np.minimum(low + 1, MELS - 1), np.arange(MELS)), part)
    return matrix


MATRICES = [_warp(float(f)) for f in np.linspace(0.9, 1.1, WARPS)]
TILT = np.linspace(-1, 1, MELS, dtype=np.float32)


def stretch(x: Features, spans: Spans, rng: random.Random) -> tuple[Features, Spans]:
    """Faster or slower by up to 7 %."""
    count = max(20, int(len(x) * rng.uniform(1 - STRETCH, 1 + STRETCH)))
    at = np.linspace(0, len(x) - 1, count)
    low = at.astype(int)
    part = (at - low)[:, None].astype(np.float32)
    ratio = count / len(x)
    y = x[low] * (1 - part) + x[np.minimum(low + 1, len(x) - 1)] * part
    return y, [(a * ratio, b * ratio) for a, b in spans]


def excerpt(x: Features, spans: Spans, first: int, last: int) -> tuple[Features, Spans]:
    """Only the units first..last, between the clip's own lead-in and tail."""
    lead, tail = int(spans[0][0]), int(spans[-1][1])
    a, b = int(spans[first][0]), int(spans[last][1]) + 1
    y = np.concatenate([x[:lead], x[a:b], x[tail:]])
    return y, [(s - a + lead, e - a + lead) for s, e in spans[first : last + 1]]


def window(x: Features, rng: random.Random) -> Features:
    """Some of a sound, at least a quarter of a second."""
    length = rng.randint(min(25, len(x)), len(x))
    start = rng.randint(0, len(x) - length)
    return x[start : start + length]


def loudness(x: Features) -> float:
    return float(np.log(np.exp(x.astype(np.float64)).mean() + 1e-12))


def add_noise(x: Features, noises: Sequence[Features], rng: random.Random) -> Features:
    """Under a random stretch of a random noise, 8 to 26 dB below the clip."""
    noise = noises[rng.randrange(len(noises))].astype(np.float32)
    noise = np.roll(noise, rng.randrange(len(noise)), 0)
    noise = np.resize(noise, x.shape)
    level = loudness(x) - loudness(noise) - rng.uniform(1.8, 6)
    return np.asarray(np.logaddexp(x, noise + np.float32(level)))


def mask(x: Features, strength: float, speech: bool, rng: random.Random) -> None:
    """Two stripes over mel bins and two over time are set to the mean, in place."""
    mean = x.mean()
    for _ in range(2):
        if rng.random() < 0.7 * strength:
            width = rng.randrange(1, 11)
            start = rng.randrange(MELS - width)
            x[:, start : start + width] = mean
        if speech and rng.random() < 0.5 * strength:
            width = rng.randrange(1, 8)
            start = rng.randrange(max(1, len(x) - width))
            x[start : start + width] = mean


def distort(
    x: Features,
    spans: Spans,
    noises: Sequence[Features] | None,
    strength: float,
    rng: random.Random,
) -> tuple[Features, Spans]:
    """One random distortion; sounds have no `noises`, and are neither drowned nor cut."""
    x = x.astype(np.float32)
    if rng.random() < 0.5 * strength:
        x, spans = stretch(x, spans, rng)
    if rng.random() < 0.5 * strength:
        x = x @ MATRICES[rng.randrange(WARPS)]
    x = x + (rng.uniform(-1.4, 1.4) + TILT * rng.uniform(-0.7, 0.7))
    if noises and rng.random() < 0.35 * strength:
        x = add_noise(x, noises, rng)
    x = np.logaddexp(x, np.float32(rng.uniform(-16, 3)))
    shift = rng.randrange(STRIDE)
    x = x[shift:]
    mask(x, strength, noises is not None, rng)
    return x, [(a - shift, b - shift) for a, b in spans]
