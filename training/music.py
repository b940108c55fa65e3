"""Hold music from oscillators: chords, arpeggios, bells, bass, drums; form as in sounds.py."""

import numpy as np
from numpy.random import Generator

from training.sounds import RATE, Wave, between, clock, white
from training.vocal import envelope, place

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 7, 10))
PROGRESSIONS = ((0, 4, 5, 3), (0, 5, 3, 4), (0, 3, 4, 0), (5, 3, 0, 4), (0, 2, 5, 4))


def pitch(root: float, scale: tuple[int, ...], degree: int) -> float:
    octave, step = divmod(degree, len(scale))
    return float(root * 2 ** (octave + scale[step] / 12))


def note(hertz: float, seconds: float, timbre: int, g: Generator) -> Wave:
    """One note: 0 organ, 1 plucked, 2 FM bell, 3 soft pad, 4 square."""
    t = clock(int(RATE * seconds))
    w = 2 * np.pi * hertz * t
    if timbre == 0:
        return np.asarray(
            sum(np.sin(h * w) / h for h in (1, 2, 3, 4, 6)) * np.minimum(1, t / 0.02)
        )
    if timbre == 1:
        return np.asarray(sum(np.sin(h * w) / h * np.exp(-t * (2 + h)) for h in range(1, 8)))
    if timbre == 2:
        depth = between(g, 1, 4) * np.exp(-t * 4)
        return np.sin(w + depth * np.sin(w * 3.5)) * np.exp(-t * 3)
    if timbre == 3:
        slow = 1 + 0.01 * np.sin(2 * np.pi * 5 * t)
        return (np.sin(w * slow) + 0.5 * np.sin(2.003 * w)) * np.minimum(1, t / 0.15)
    return np.sign(np.sin(w)) * 0.5 * np.exp(-t * 2)


def drum(g: Generator, low: bool) -> Wave:
    n = int(RATE * 0.12)
    if low:
        return np.sin(2 * np.pi * (50 + 80 * np.exp(-clock(n) * 30)) * clock(n)) * envelope(
            n, 0.002, 0.05
        )
    return np.diff(white(n + 1, g)) * envelope(n, 0.001, 0.02)


def music(n: int, g: Generator) -> Wave:
    """A piece in a random key, tempo, mode and instrumentation."""
    beat = 60 / between(g, 65, 160)
    root, scale = between(g, 110, 330), SCALES[int(g.integers(len(SCALES)))]
    chords = PROGRESSIONS[int(g.integers(len(PROGRESSIONS)))]
    lead, pad, style = int(g.integers(5)), int(g.integers(5)), int(g.integers(1, 8))
    x, first = 0.001 * white(n, g), int(g.integers(4))
    for k in range(int(n / RATE / beat) + 2):
        at, chord = int(RATE * (k * beat)), chords[(k // 4 + first) % 4]
        if style & 1 and k % 4 == 0:
            for degree in (0, 2, 4):
                place(x, 0.3 * note(pitch(root, scale, chord + degree), 4 * beat, pad, g), at)
        if style & 2:
            for half in (0, 1):
                degree = chord + int(g.choice([0, 2, 4, 7, 9]))
                place(
                    x,
                    0.6 * note(pitch(root, scale, degree), beat, lead, g),
                    at + int(half * RATE * beat / 2),
                )
        if style & 4:
            place(x, 0.5 * note(pitch(root / 2, scale, chord), beat, 1, g), at)
            place(x, between(g, 0.2, 0.6) * drum(g, k % 2 == 0), at)
    return x
