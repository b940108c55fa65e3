"""Laughter, crying, cough, sneeze, breath, applause; form as in sounds.py."""

import numpy as np
from numpy.random import Generator
from scipy.signal import lfilter

from training.sounds import RATE, Maker, Wave, between, clock, white


def resonate(x: Wave, hertz: float, width: float) -> Wave:
    """One formant: a two-pole resonator."""
    r = np.exp(-np.pi * width / RATE)
    a = [1, -2 * r * np.cos(2 * np.pi * hertz / RATE), r * r]
    return np.asarray(lfilter([1 - r], a, x))


def voiced(pitch: Wave, formants: tuple[float, ...], g: Generator, breath: float = 0.1) -> Wave:
    """A glottal pulse train of the given pitch in Hz per sample through formants."""
    phase = np.cumsum(pitch) / RATE
    pulse = np.where(np.diff(np.floor(phase), prepend=0) > 0, 1.0, 0.0)
    source = np.asarray(lfilter([1], [1, -0.9], pulse)) + breath * 0.1 * white(len(pitch), g)
    return np.asarray(sum(resonate(source, f, 60 + f / 12) for f in formants))


def envelope(n: int, rise: float, fall: float) -> Wave:
    """Rises over `rise` and decays with the constant `fall`, both in seconds."""
    t = clock(n)
    return np.minimum(1, t / max(rise, 1e-3)) * np.exp(-t / fall)


def place(x: Wave, part: Wave, at: int) -> None:
    room = max(0, min(len(part), len(x) - at))
    x[at : at + room] += part[:room]


def laughter(n: int, g: Generator) -> Wave:
    """Runs of breathy 'ha', four to seven a second, falling in pitch and level."""
    x = 0.002 * white(n, g)
    at, base = int(RATE * between(g, 0, 0.25)), between(g, 130, 420)
    vowel = (between(g, 650, 950), between(g, 1150, 1700), between(g, 2400, 3000))
    while at < n:
        rate, pitch, level = between(g, 4, 7), base * between(g, 0.9, 1.3), 1.0
        for _ in range(int(g.integers(3, 10))):
            step = int(RATE / rate * between(g, 0.9, 1.1))
            glide = np.linspace(
                pitch * between(g, 1.0, 1.15), pitch * between(g, 0.8, 1.0), int(step * 0.6)
            )
            ha = voiced(glide, vowel, g, 0.4) * np.hanning(len(glide))
            h = (
                0.15
                * resonate(white(int(step * 0.4), g), vowel[1], 500)
                * np.hanning(int(step * 0.4))
            )
            place(x, h / (np.abs(h).max() + 1e-9) * 0.25 * level, at)
            place(x, ha / (np.abs(ha).max() + 1e-9) * level, at + int(step * 0.35))
            at += step
            pitch *= between(g, 0.93, 1.0)
            level *= between(g, 0.85, 1.0)
        at += int(RATE * between(g, 0.15, 0.5))
    return x


def crying(n: int, g: Generator) -> Wave:
    """Long wavering wails with sobs of breath between."""
    x = 0.002 * white(n, g)
    at, base = int(RATE * between(g, 0, 0.3)), between(g, 280, 520)
    vowel = (between(g, 500, 800), between(g, 1000, 1400), between(g, 2500, 3100))
    while at < n:
        length = int(RATE * between(g, 0.5, 1.3))
        t = clock(length)
        arch = 1 + 0.25 * np.sin(np.pi * t / t[-1])
        shake = 1 + 0.04 * np.sin(2 * np.pi * between(g, 5, 9) * t)
        wail = voiced(base * arch * shake, vowel, g, 0.2) * np.hanning(length)
        place(x, wail / (np.abs(wail).max() + 1e-9), at)
        at += length
        sob = breath_noise(int(RATE * between(g, 0.15, 0.35)), g)
        place(x, 0.2 * sob, at)
        at += int(RATE * between(g, 0.2, 0.5))
    return x


def cough(n: int, g: Generator) -> Wave:
    """One to five explosive bursts with a voiced tail."""
    x = 0.002 * white(n, g)
    at = int(RATE * between(g, 0.02, 0.4))
    throat = (between(g, 400, 700), between(g, 900, 1600), between(g, 2000, 3200))
    for _ in range(int(g.integers(1, 6))):
        length = int(RATE * between(g, 0.18, 0.4))
        burst = sum(resonate(white(length, g), f, 250) for f in throat) * envelope(
            length, 0.004, between(g, 0.03, 0.08)
        )
        tail = voiced(np.full(length, between(g, 90, 220)), throat, g, 0.8) * envelope(
            length, 0.05, 0.07
        )
        both = burst / np.abs(burst).max() + between(g, 0.1, 0.4) * tail / (
            np.abs(tail).max() + 1e-9
        )
        place(x, both * between(g, 0.6, 1.0), at)
        at += int(RATE * between(g, 0.25, 0.7))
        if at >= n:
            break
    return x


def sneeze(n: int, g: Generator) -> Wave:
    """A drawn breath, then a loud hiss with a high onset."""
    x = 0.002 * white(n, g)
    gasp = breath_noise(int(RATE * between(g, 0.25, 0.5)), g)
    at = int(RATE * between(g, 0, 0.3))
    place(x, 0.15 * gasp, at)
    length = int(RATE * between(g, 0.3, 0.6))
    hiss = np.diff(white(length + 1, g)) * envelope(length, 0.01, between(g, 0.08, 0.16))
    vowel = voiced(np.linspace(320, 180, length), (600.0, 1500.0), g) * envelope(
        length, 0.03, 0.1
    )
    place(x, hiss / np.abs(hiss).max() + 0.4 * vowel / np.abs(vowel).max(), at + len(gasp))
    return x


def breath_noise(n: int, g: Generator) -> Wave:
    """One breath, peak 1."""
    x = resonate(white(n, g), between(g, 900, 2200), between(g, 600, 1500)) * np.hanning(n)
    return np.asarray(x / (np.abs(x).max() + 1e-9))


def breathing(n: int, g: Generator) -> Wave:
    """In and out, slowly."""
    x = 0.002 * white(n, g)
    at = int(RATE * between(g, 0, 0.3))
    while at < n:
        length = int(RATE * between(g, 0.5, 1.2))
        place(x, breath_noise(length, g) * between(g, 0.4, 1), at)
        at += length + int(RATE * between(g, 0.15, 0.6))
    return x


def applause(n: int, g: Generator) -> Wave:
    """Many hands: short band-passed bursts at random times, at a density that may swell."""
    x = 0.003 * white(n, g)
    count = max(8, int(n / RATE * between(g, 25, 220)))
    swell = between(g, 0.5, 2.0)
    for at in n * g.random(count) ** swell:
        length = int(RATE * between(g, 0.008, 0.03))
        clap = resonate(white(length, g), between(g, 700, 2600), between(g, 400, 1500))
        clap *= np.exp(-np.arange(length) / (length * between(g, 0.15, 0.4)))
        place(x, clap / (np.abs(clap).max() + 1e-9) * between(g, 0.2, 1), int(at))
    return x


VOCAL: dict[str, tuple[str, Maker]] = {
    "laughter": ("Laughter", laughter),
    "crying": ("Cry", crying),
    "cough": ("Cough", cough),
    "sneeze": ("Sneeze", sneeze),
    "breathing": ("Breath", breathing),
    "applause": ("Applause", applause),
}
