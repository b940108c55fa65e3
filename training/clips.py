"""One clip of the corpus, made from its number alone, but for a jitter of espeak below 1 ms."""

import random
from dataclasses import dataclass

import numpy as np

from training import phrases, speech
from training.channel import decibels, telephone, transmit
from training.music import music
from training.sounds import QUIET, RATE, Samples, unit
from training.speech import Span
from training.vocal import VOCAL

SPEECH, NO_EVENT, NO_EMOTION, NO_SPEECH = "Speech", "Event_UNK", "EMO_UNKNOWN", "nospeech"
EMOTIONS = {"NEUTRAL": 0.38, "ANGRY": 0.24, "SAD": 0.14, "HAPPY": 0.14, "EMO_UNKNOWN": 0.10}
TESTED_EMOTIONS = ("NEUTRAL", "ANGRY", "SAD", "HAPPY")
OWN_EMOTION_SHARE = 0.6  # of demo lines; the others are said in any manner
NAMED = {"music": ("BGM", music), **VOCAL}
LOUD = ("dtmf", "ringback", "busy", "beep")
TEST_SEED = 500_000_003


@dataclass(frozen=True, slots=True)
class Item:
    """A clip's four labels, both transcripts and, of speech, the frames (10 ms) of each unit.

    Groups: zh and wide (core and other voices), en, yue, demo, quiet-KIND, named-KIND; a
    sentence of no template has `-fixed` behind its group.
    """

    number: int
    group: str
    language: str
    emotion: str
    event: str
    voice: str = ""
    spoken: str = ""
    plain: str = ""
    written: str = ""
    spans: tuple[Span, ...] = ()


def clip(number: int, group: str, test: bool) -> tuple[Item, Samples]:
    """Clip `number` of a group, as 16 kHz samples; the test side never meets the other's."""
    rng = random.Random(number * 7919 + 13 + (TEST_SEED if test else 0))
    if group == "quiet":
        return _quiet(number, rng)
    if group == "named":
        return _named(number, rng)
    phrase, label, emotion = _choose(number, group, test, rng)
    voice = _voice(group, test, rng)
    said = speech.speak(phrase, voice, emotion, rng)
    x, lead = transmit(said.samples, said.level, rng)
    item = Item(
        number=number,
        group=label,
        language=phrase.language,
        emotion=emotion,
        event=SPEECH,
        voice=voice,
        spoken=phrase.spoken,
        plain=phrase.label(itn=False),
        written=phrase.written,
        spans=tuple(
            (round((a + lead) * 100, 1), round((b + lead) * 100, 1)) for a, b in said.spans
        ),
    )
    return item, x


def _choose(
    number: int, group: str, test: bool, rng: random.Random
) -> tuple[phrases.Phrase, str, str]:
    """What is said, its group with its kind, and the emotion."""
    emotion = rng.choices(list(EMOTIONS), list(EMOTIONS.values()))[0]
    if group == "demo":
        phrase, own = rng.choice(phrases.demo_lines())
        return phrase, group, own if rng.random() < OWN_EMOTION_SHARE else emotion
    language = group if group in ("en", "yue") else "zh"
    phrase, kind = phrases.sample(language, test, rng)
    if test:
        emotion = TESTED_EMOTIONS[number % len(TESTED_EMOTIONS)]
    return phrase, f"{group}-fixed" if kind == "fixed" else group, emotion


def _voice(group: str, test: bool, rng: random.Random) -> str:
    if group != "wide":
        return rng.choice(speech.CORE_VOICES)
    return rng.choice(speech.HELD_OUT_VOICES if test else speech.MORE_VOICES)


def _length(rng: random.Random) -> tuple[int, np.random.Generator]:
    g = np.random.default_rng(rng.randrange(1 << 62))
    return int(RATE * rng.uniform(0.6, 4.5)), g


def _quiet(number: int, rng: random.Random) -> tuple[Item, Samples]:
    n, g = _length(rng)
    kind = rng.choice(list(QUIET))
    level = rng.uniform(-75, -14 if kind in LOUD else -28)
    x = unit(QUIET[kind](n, g)) * decibels(level)
    x = telephone(x) if rng.random() < 0.7 else x
    return Item(number, f"quiet-{kind}", NO_SPEECH, NO_EMOTION, NO_EVENT), x


def _named(number: int, rng: random.Random) -> tuple[Item, Samples]:
    n, g = _length(rng)
    kind = rng.choice(list(NAMED))
    event, make = NAMED[kind]
    level = rng.uniform(-34, -12)
    x, _ = transmit(unit(make(n, g)), level, rng, padded=rng.random() < 0.5)
    return Item(number, f"named-{kind}", NO_SPEECH, NO_EMOTION, event), x
