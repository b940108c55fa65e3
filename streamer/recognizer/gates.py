"""What is not believed: words heard in silence, in music, in a click; anger in a dial tone.

SenseVoice answers everything, and noise best of all with a short English word. Each gate is a
setting; what a gate closes keeps its raw string, so that it can be looked into.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from streamer.errors import SettingsError
from streamer.events import MODEL_RATE, Emotion
from streamer.recognizer.hearing import Hearing
from streamer.recognizer.tags import NO_SPEECH, SPOKEN

_WINDOW = MODEL_RATE // 10
_SILENT = -120.0  # dBFS; below one step of 16 bits
_FILLERS = frozenset(
    "the a i oh uh um hmm mm yeah yes okay ok so and you bye "  # noqa: SIM905 - reads as a list
    "嗯 啊 哦 呃 唔 哎 喂 对 好 是 我".split()
)


@dataclass(frozen=True, slots=True)
class Gates:
    """`languages` are those that a call may be in; `nospeech` may always be answered.

    Comfort noise lies at -60 dBFS and below, quiet telephone speech above -45.
    """

    languages: frozenset[str] = frozenset({"zh", "en", "yue"})
    min_dbfs: float = -60.0
    min_speech_p: float = 0.2
    filler_speech_p: float = 0.6
    """A lone word that noise is often taken for needs this much evidence of speech."""

    def __post_init__(self) -> None:
        """Raises `SettingsError`: a language misspelt would leave a call without any words."""
        unknown = self.languages - set(SPOKEN)
        if unknown or not self.languages:
            given = ", ".join(sorted(unknown)) or "none"
            raise SettingsError(f"languages: {given}; choose of {', '.join(SPOKEN)}")


def loudness(samples: NDArray[np.float32]) -> float:
    """The loudest tenth of a second, in dBFS: a long pause does not make speech quiet."""
    if len(samples) == 0:
        return _SILENT
    whole = len(samples) // _WINDOW * _WINDOW
    windows = samples[:whole].reshape(-1, _WINDOW) if whole else samples[None]
    power = float(np.square(windows, dtype=np.float64).mean(1).max())
    return max(10 * float(np.log10(power)), _SILENT) if power > 0 else _SILENT


def believed(hearing: Hearing, gates: Gates) -> Hearing:
    """The hearing as it may be published: without words and emotion where nobody spoke, and in
    one of the languages allowed."""
    allowed = gates.languages | {NO_SPEECH}
    hearing = _in_languages(hearing, allowed)
    silent = hearing.language == NO_SPEECH or hearing.speech_p < gates.min_speech_p
    word = "".join(filter(str.isalnum, hearing.text)).lower()
    hallucinated = word in _FILLERS and hearing.speech_p < gates.filler_speech_p
    return _without_words(hearing) if silent or not word or hallucinated else hearing


def _in_languages(hearing: Hearing, allowed: frozenset[str]) -> Hearing:
    """The likeliest of the languages allowed; its probability is among those."""
    # Never quite 0, or a clip that is certainly in another language would have none left.
    kept = {name: p + 1e-9 for name, p in hearing.languages_p.items() if name in allowed}
    if len(kept) == len(hearing.languages_p):
        return hearing
    total = sum(kept.values())
    languages_p = {name: kept.get(name, 0.0) / total for name in hearing.languages_p}
    likeliest = max(languages_p, key=languages_p.__getitem__)
    return replace(hearing, language=likeliest, languages_p=languages_p)


def _without_words(hearing: Hearing) -> Hearing:
    """No words are no evidence of an emotion either: hold music sounds happy, or angry."""
    nothing = {emotion: float(emotion is Emotion.UNKNOWN) for emotion in hearing.emotion_p}
    return replace(hearing, text="", tokens=(), emotion=Emotion.UNKNOWN, emotion_p=nothing)
