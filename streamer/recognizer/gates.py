"""What is not believed: words heard in silence, in music, in a click; anger in a dial tone.

SenseVoice answers everything, and noise best of all with a short English word. Each gate is a
setting; what a gate closes keeps its raw string, so that it can be looked into, and is counted
by its reason.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from streamer.errors import SettingsError
from streamer.events import MODEL_RATE, Emotion, Seconds
from streamer.recognizer.hearing import Hearing
from streamer.recognizer.tags import NO_SPEECH, SPOKEN
from streamer.recognizer.tones import is_tones

_WINDOW = MODEL_RATE // 10
_SILENT = -120.0  # dBFS; below one step of 16 bits
_FILLERS = frozenset(
    "the a i oh uh um hmm mm yeah yes okay ok so and you bye "  # noqa: SIM905 - reads as a list
    "嗯 啊 哦 呃 唔 哎 喂 对 好 是 我".split()
)
_WORDS = re.compile(r"[^\W_a-zA-Z]|[a-zA-Z']+")  # a character of Chinese, a word of English
_SCRIPTS = {"ja": re.compile("[ぁ-ゖァ-ヺ]"), "ko": re.compile("[가-힣]")}
"""Where calls may not be in these languages, nobody said what is written so."""
SHORT: Seconds = 1.0
SHORT_P = 0.08
"""How much probability all emotions of less speech than `SHORT` may have together. Less than
the 0.1 that `least_known` of the bundled playbook asks for: it is no evidence, whoever asks."""


class Closed(StrEnum):
    """Which gate closed: by the sound, before the model hears it; or by what it answered."""

    QUIET = "quiet"
    TONES = "tones"
    NO_SPEECH = "nospeech"
    UNLIKELY = "unlikely"  # little evidence of speech, as in music
    WORDLESS = "wordless"  # nothing, or punctuation alone
    FILLER = "filler"  # lone words that noise is often taken for
    FOREIGN = "foreign"  # written in a script that no allowed language has


@dataclass(frozen=True, slots=True)
class Gates:
    """`languages` are those that a call may be in; `nospeech` may always be answered.

    Comfort noise lies at -60 dBFS and below, quiet telephone speech above -45; what a line
    carries over from the other party lies between.
    """

    languages: frozenset[str] = frozenset({"zh", "en", "yue"})
    min_dbfs: float = -60.0
    min_speech_p: float = 0.2
    filler_speech_p: float = 0.6
    """What noise is often taken for needs this much evidence of speech."""
    lead_in: Seconds = 0.3
    """What an utterance holds before its speech: as the segmenter is set."""

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


def silenced(samples: NDArray[np.float32], gates: Gates) -> Closed | None:
    """Why 16 kHz samples are not worth hearing; None where they are."""
    if loudness(samples) < gates.min_dbfs:
        return Closed.QUIET
    return Closed.TONES if is_tones(samples) else None


def doubted(hearing: Hearing, gates: Gates) -> Closed | None:
    """Why what was heard is taken for nothing; None where it is believed."""
    language = _likeliest(_allowed(hearing.languages_p, gates))
    words = _WORDS.findall(hearing.text.lower())
    sure = hearing.speech_p >= gates.filler_speech_p
    reasons = {
        Closed.NO_SPEECH: language == NO_SPEECH,
        Closed.UNLIKELY: hearing.speech_p < gates.min_speech_p,
        Closed.WORDLESS: not words,
        Closed.FILLER: not sure and _FILLERS.issuperset(words),
        Closed.FOREIGN: not sure and _foreign(hearing.text, gates),
    }
    return next((reason for reason, applies in reasons.items() if applies), None)


def believed(hearing: Hearing, gates: Gates) -> Hearing:
    """The hearing as it may be published: without words and emotion where nobody spoke, and in
    one of the languages allowed."""
    languages_p = _allowed(hearing.languages_p, gates)
    kept = replace(hearing, language=_likeliest(languages_p), languages_p=languages_p)
    return _without_words(kept) if doubted(hearing, gates) else kept


def _allowed(languages_p: Mapping[str, float], gates: Gates) -> Mapping[str, float]:
    """The probabilities among the languages allowed: those of the others are 0."""
    # Never quite 0, or a clip that is certainly in another language would have none left.
    allowed = gates.languages | {NO_SPEECH}
    kept = {name: p + 1e-9 for name, p in languages_p.items() if name in allowed}
    if len(kept) == len(languages_p):
        return languages_p
    total = sum(kept.values())
    return {name: kept.get(name, 0.0) / total for name in languages_p}


def _likeliest(languages_p: Mapping[str, float]) -> str:
    return max(languages_p, key=languages_p.__getitem__)


def _foreign(text: str, gates: Gates) -> bool:
    others = (script for name, script in _SCRIPTS.items() if name not in gates.languages)
    return any(script.search(text) for script in others)


def _without_words(hearing: Hearing) -> Hearing:
    """No words are no evidence of an emotion either: hold music sounds happy, or angry."""
    nothing = {emotion: float(emotion is Emotion.UNKNOWN) for emotion in hearing.emotion_p}
    return replace(hearing, text="", tokens=(), emotion=Emotion.UNKNOWN, emotion_p=nothing)


def tempered(hearing: Hearing, spoken: Seconds) -> Hearing:
    """Half a second of voice says little of how somebody feels: of so short speech the
    emotions are scaled down together, and `EMO_UNKNOWN` takes what they lose."""
    known = 1.0 - hearing.emotion_p[Emotion.UNKNOWN]
    if spoken >= SHORT or known <= SHORT_P:
        return hearing
    emotion_p = {label: p * SHORT_P / known for label, p in hearing.emotion_p.items()}
    emotion_p[Emotion.UNKNOWN] = 1.0 - SHORT_P
    return replace(hearing, emotion=Emotion.UNKNOWN, emotion_p=emotion_p)
