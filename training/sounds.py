"""Sounds made of numbers: silence, noise and line tones, where nobody speaks.

Each kind is a function of (number of samples, generator) that returns 16 kHz samples of any
level; `unit` scales them to RMS 1. Nothing here is a recording. The test side uses other seeds.
"""

import random
from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray
from scipy.signal import lfilter

RATE = 16000
Samples = NDArray[np.float32]
Wave = NDArray[np.float64]
Maker = Callable[[int, Generator], Wave]


def unit(x: ArrayLike) -> Samples:
    """Scaled to RMS 1; digital silence stays silent."""
    y = np.asarray(x, np.float64)
    return np.asarray(y / (np.sqrt(np.mean(y**2)) + 1e-9), np.float32)


def clock(n: int) -> Wave:
    return np.arange(n) / RATE


def between(g: Generator, low: float, high: float) -> float:
    return float(g.uniform(low, high))


def silence(n: int, g: Generator) -> Wave:
    return np.zeros(n)


def white(n: int, g: Generator) -> Wave:
    return g.standard_normal(n)


def pink(n: int, g: Generator) -> Wave:
    b, a = [0.049922, -0.095993, 0.050612, -0.004408], [1, -2.494956, 2.017265, -0.522189]
    return np.asarray(lfilter(b, a, white(n, g)))


def brown(n: int, g: Generator) -> Wave:
    return np.asarray(lfilter([1], [1, -0.97], white(n, g)))


def comfort(n: int, g: Generator) -> Wave:
    """Comfort noise: low-passed, slowly breathing."""
    x = np.asarray(lfilter([1], [1, -between(g, 0.3, 0.9)], white(n, g)))
    return x * (
        1 + 0.3 * np.sin(2 * np.pi * between(g, 0.1, 0.8) * clock(n) + between(g, 0, 6))
    )


def hum(n: int, g: Generator) -> Wave:
    t, base = clock(n), g.choice([50.0, 60.0])
    tones = sum(np.sin(2 * np.pi * base * h * t + between(g, 0, 6)) / h for h in (1, 2, 3, 5))
    return np.asarray(0.1 * white(n, g) + tones)


def clicks(n: int, g: Generator) -> Wave:
    x = 0.05 * white(n, g)
    for at in g.integers(0, max(1, n - 80), max(1, n // int(g.integers(1500, 6000)))):
        x[at : at + 80] += (
            g.standard_normal(80)[: n - at]
            * np.exp(-np.arange(80) / between(g, 8, 40))[: n - at]
            * 3
        )
    return x


def tones(n: int, g: Generator, hertz: tuple[float, ...], on: float, off: float) -> Wave:
    """A cadence of tones as exchanges send them, `on` and `off` in seconds."""
    t = clock(n)
    x = np.asarray(sum(np.sin(2 * np.pi * f * t) for f in hertz))
    x = x * ((t + between(g, 0, on)) % (on + off) < on)
    return x + 10 ** between(g, -4, -2) * white(n, g)


def dtmf(n: int, g: Generator) -> Wave:
    """Keys pressed one after another."""
    x = np.zeros(n)
    at = int(RATE * between(g, 0, 0.2))
    on, off = int(RATE * between(g, 0.06, 0.25)), int(RATE * between(g, 0.04, 0.3))
    while at < n:
        key = (float(g.choice([697, 770, 852, 941])), float(g.choice([1209, 1336, 1477])))
        part = min(on, n - at)
        x[at : at + part] = sum(np.sin(2 * np.pi * f * clock(part)) for f in key)
        at += on + off
    return x + 10 ** between(g, -4, -2) * white(n, g)


def ringback(n: int, g: Generator) -> Wave:
    return tones(n, g, (float(g.choice([425, 450, 440])),), between(g, 1, 2), 4)


def busy(n: int, g: Generator) -> Wave:
    return tones(n, g, (float(g.choice([425, 450, 480])),), *[between(g, 0.25, 0.5)] * 2)


def beep(n: int, g: Generator) -> Wave:
    return tones(n, g, (between(g, 300, 2000),), between(g, 0.1, 1.5), between(g, 0.1, 1))


QUIET: dict[str, Maker] = {
    "silence": silence,
    "white": white,
    "pink": pink,
    "brown": brown,
    "comfort": comfort,
    "hum": hum,
    "clicks": clicks,
    "dtmf": dtmf,
    "ringback": ringback,
    "busy": busy,
    "beep": beep,
}


def line_noise(n: int, rng: random.Random) -> Samples:
    """A stretch of one of the noises, RMS 1."""
    g = np.random.default_rng(rng.randrange(1 << 30))
    kind = rng.choice((white, pink, brown, comfort, hum, clicks))
    return unit(kind(n, g))
