"""A sound on its way to the recognizer: room, padding, level, line noise, 8 kHz mu-law."""

import random

import numpy as np
import soxr
from numpy.typing import ArrayLike, NDArray
from scipy.signal import fftconvolve, lfilter

from training.sounds import RATE, Samples, line_noise, unit

TELEPHONE_SHARE = 0.85
ROOM_SHARE = 0.15
NOISE_SHARE = 0.6
LEAD = (0.05, 0.45)
TAIL = (0.1, 0.6)
TELEPHONE_RATE = 8000


def decibels(level: float) -> float:
    return float(10 ** (level / 20))


def mulaw(x: Samples) -> Samples:
    """Through G.711 mu-law companding at the sample rate it has; |x| <= 1."""
    coded = (
        np.round(np.sign(x) * np.log1p(255 * np.minimum(np.abs(x), 1)) / np.log(256) * 127)
        / 127
    )
    return np.asarray(np.sign(coded) * (256 ** np.abs(coded) - 1) / 255, np.float32)


def telephone(x: ArrayLike) -> Samples:
    """16 kHz samples as they are after 8 kHz mu-law and back."""
    narrow = soxr.resample(np.asarray(x, np.float32), RATE, TELEPHONE_RATE)
    return np.asarray(soxr.resample(mulaw(narrow), TELEPHONE_RATE, RATE), np.float32)


def room(x: Samples, rng: random.Random) -> Samples:
    length = int(RATE * rng.uniform(0.1, 0.35))
    noise = np.random.default_rng(rng.randrange(1 << 30)).standard_normal(length)
    response = noise * np.exp(-6.9 * np.arange(length) / length) * 0.25
    response[0] = 3
    return np.asarray(fftconvolve(x, response)[: len(x) + length // 4], np.float32)


def transmit(
    x: Samples, level: float, rng: random.Random, padded: bool = True
) -> tuple[Samples, float]:
    """What arrives of a sound sent at `level` dBFS, and the seconds put before it."""
    if rng.random() < ROOM_SHARE:
        x = room(x, rng)
    lead = rng.uniform(*LEAD) if padded else 0.0
    tail = rng.uniform(*TAIL) if padded else 0.0
    y: NDArray[np.float64] = np.concatenate(
        [np.zeros(int(RATE * lead)), unit(x), np.zeros(int(RATE * tail))]
    )
    y = y * decibels(level)
    if rng.random() < NOISE_SHARE:
        y = y + line_noise(len(y), rng) * decibels(level - rng.uniform(12, 40))
    y = np.clip(y, -1, 1)
    if rng.random() < TELEPHONE_SHARE:
        if rng.random() < 0.5:
            y = lfilter([1, -1], [1, -0.9], y)  # the high pass of a handset
        return telephone(y), lead
    return np.asarray(y, np.float32), lead
