"""A phrase spoken in the manner of an emotion, with the true time of every syllable.

Voices are named as on espeak's command line: `f2` or `m3` for a variant, "" for none.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import ArrayLike
from scipy.signal import lfilter

from training.espeak import END, WORD, Mark, Tune, espeak
from training.phrases import Phrase
from training.sounds import RATE, Samples, unit

LANGUAGE_VOICE = {
    "zh": "cmn-latn-pinyin",
    "yue": "yue",
    "en": "en-us",
}  # plain cmn cannot read Hanzi
CORE_VOICES = ("m1", "m2", "m3", "m5", "m7", "f1", "f2", "f4", "f5", "", "adam")
MORE_VOICES = [
    "m6",
    "m8",
    "Alex",
    "Alicia",
    "Andrea",
    "Andy",
    "benjamin",
    "boris",
    "ed",
    "edward2",
    "grandma",
    "gustave",
    "iven",
    "john",
    "linda",
    "marcelo",
    "max",
    "michel",
    "miguel",
    "norbert",
    "pablo",
    "paul",
    "pedro",
    "quincy",
    "rob",
    "robert",
    "sandro",
    "shelby",
    "steph2",
    "travis",
    "victor",
    "zac",
    "belinda",
    "anika",
    "Denis",
    "Diogo",
    "Gene",
    "Henrique",
    "Hugo",
    "Jacky",
    "Lee",
    "Marco",
    "Mario",
    "antonio",
    "aunty",
]
HELD_OUT_VOICES = ("m4", "f3", "david", "Michael", "steph", "Annie", "edward", "Mike")
ENGLISH_SLOWER = 12
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Manner:
    """How an emotion is spoken: ranges to draw from.

    Speed, pitch and range in espeak's units, level in dBFS; a tilt above 0 is brighter.
    """

    speed: tuple[int, int]
    pitch: tuple[int, int]
    range: tuple[int, int]
    level: tuple[float, float]
    drive: tuple[float, float]
    tilt: tuple[float, float]


# Levels overlap on purpose: loudness alone must not decide, and the network does not see it.
MANNERS = {
    "NEUTRAL": Manner((145, 185), (35, 55), (40, 58), (-30, -14), (0, 0), (-0.1, 0.1)),
    "ANGRY": Manner((205, 255), (58, 88), (60, 95), (-22, -9), (2, 6), (0.15, 0.5)),
    "SAD": Manner((105, 132), (10, 32), (10, 35), (-34, -18), (0, 0), (-0.5, -0.15)),
    "HAPPY": Manner((150, 185), (80, 99), (75, 100), (-26, -12), (0, 0), (0.05, 0.3)),
    "EMO_UNKNOWN": Manner((186, 204), (36, 62), (45, 75), (-28, -12), (0, 1), (-0.1, 0.3)),
}


@dataclass(frozen=True, slots=True)
class Utterance:
    """Samples of RMS 1, the level in dBFS to play them at, and the seconds of each unit."""

    samples: Samples
    level: float
    spans: tuple[Span, ...]


def units(text: str, language: str) -> list[tuple[int, str]]:
    """(position, unit) of each Hanzi, or of each English word."""
    pattern = r"[A-Za-z']+" if language == "en" else r"[\u3400-\u9fff]"
    return [(m.start(), m.group()) for m in re.finditer(pattern, text)]


def unit_spans(text: str, language: str, marks: Sequence[Mark], end: float) -> list[Span]:
    """Seconds of each unit; nothing where espeak joined words, as it does with "has been"."""
    starts = {m.position - 1: m.ms / 1000 for m in marks if m.kind == WORD and m.length}
    stops = sorted([m.ms / 1000 for m in marks if m.kind in (WORD, END)] + [end])
    spans = []
    for position, _ in units(text, language):
        if position not in starts:
            return []
        begin = starts[position]
        spans.append((begin, next((s for s in stops if s > begin), end)))
    return spans


def speak(
    phrase: Phrase, voice: str, emotion: str, rng: random.Random, speed: int | None = None
) -> Utterance:
    """Say a phrase; the silence around it is cut to 10 ms and 50 ms."""
    manner = MANNERS[emotion]
    name = LANGUAGE_VOICE[phrase.language] + (f"+{voice}" if voice else "")
    if speed is None:
        slower = ENGLISH_SLOWER if phrase.language == "en" else 0
        speed = rng.randint(*manner.speed) - slower
    tune = Tune(speed, rng.randint(*manner.pitch), rng.randint(*manner.range))
    machine = espeak()
    raw, marks = machine.say(phrase.spoken, name, tune)
    spans = unit_spans(phrase.spoken, phrase.language, marks, len(raw) / machine.rate)
    x = soxr.resample(raw, machine.rate, RATE)
    loud = np.flatnonzero(np.abs(x) > 1e-3)
    first, last = (max(0, loud[0] - 160), loud[-1] + 800) if len(loud) else (0, len(x))
    x = _colour(x[first:last], manner, emotion, rng)
    shift = float(first / RATE)
    moved = tuple((a - shift, b - shift) for a, b in spans)
    return Utterance(x, rng.uniform(*manner.level), moved)


def _colour(x: Samples, manner: Manner, emotion: str, rng: random.Random) -> Samples:
    """Spectral tilt and, for anger, the saturation of a raised voice."""
    tilt = rng.uniform(*manner.tilt)
    filtered: ArrayLike = (
        lfilter([1, -tilt], [1], x) if tilt > 0 else lfilter([1 + tilt], [1, tilt], x)
    )
    y = unit(filtered)
    if manner.drive[1] and rng.random() < 0.8:
        drive = max(rng.uniform(*manner.drive), 0.1)
        y = unit(np.tanh(y * drive / 4))
    if emotion == "SAD" and rng.random() < 0.5:
        y = unit(y * np.linspace(1, rng.uniform(0.4, 0.9), len(y)))
    return y
