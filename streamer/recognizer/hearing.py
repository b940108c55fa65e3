"""What SenseVoice is given and what it answers, as values, and how its numbers become them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from streamer.events import AudioEvent, Emotion, Seconds
from streamer.recognizer.features import FRAME_SECONDS
from streamer.recognizer.tags import BLANK, NO_SPEECH, Vocabulary

QUERIES = 4
"""Frames before the speech, at which the network answers with tags."""
ALSO_HEARD = 0.3
"""An audio event is named beside the likeliest one from this probability on."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """What to hear: mono float32 samples at 16 kHz in [-1, 1].

    `language` is a hint (`auto` or one of `LANGUAGE_ROWS`); `itn` asks for punctuation
    and for numbers as digits. `features` are what the frontend makes of the samples, where
    that is known already.
    """

    samples: NDArray[np.float32] = field(repr=False)
    language: str = "auto"
    itn: bool = True
    features: Tensor | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the network said to one clip: the id of the likeliest piece of every frame, query
    frames included, and the probabilities of the language, emotion and event tags, end to end
    in the vocabulary's order."""

    labels: Sequence[int]
    asked: Sequence[float]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the network answered, unfiltered.

    `languages_p`, `emotion_p` and `events_p` each sum to 1 over the labels the model knows;
    `EMO_UNKNOWN` is the mass of "cannot tell". `tokens` are (piece, seconds from the clip's
    start at which it sets in). `raw` is the tagged string as funasr prints it.
    """

    text: str
    language: str
    languages_p: Mapping[str, float]
    emotion: Emotion
    emotion_p: Mapping[Emotion, float]
    events: tuple[AudioEvent, ...]
    events_p: Mapping[AudioEvent, float]
    tokens: tuple[tuple[str, Seconds], ...]
    raw: str

    @property
    def language_p(self) -> float:
        return self.languages_p[self.language]

    @property
    def speech_p(self) -> float:
        """How likely it is that somebody speaks, by the event frame."""
        speech = (AudioEvent.SPEECH, AudioEvent.SPEECH_NOISE)
        return sum(self.events_p.get(event, 0.0) for event in speech)


def hearing(vocabulary: Vocabulary, answer: Answer) -> Hearing:
    """The answer in words."""
    labels, spoken = answer.labels, iter(answer.asked)
    languages_p = {label: next(spoken) for label in vocabulary.languages}
    emotion_p = {label: next(spoken) for label in vocabulary.emotions}
    events_p = {label: next(spoken) for label in vocabulary.events}
    said = [(piece, frame) for piece, frame in _collapsed(labels[QUERIES:])]
    return Hearing(
        text=vocabulary.text([piece for piece, _ in said]),
        language=max(languages_p, key=languages_p.__getitem__),
        languages_p=languages_p,
        emotion=max(emotion_p, key=emotion_p.__getitem__),
        emotion_p=emotion_p,
        events=_events(events_p),
        events_p=events_p,
        tokens=tuple(
            (vocabulary.pieces[piece].replace("▁", " "), round(frame * FRAME_SECONDS, 3))
            for piece, frame in said
            if not vocabulary.is_tag(piece)
        ),
        raw=vocabulary.tagged([piece for piece, _ in _collapsed(labels)]),
    )


def _collapsed(labels: Sequence[int]) -> list[tuple[int, int]]:
    """CTC: a run of the same piece is one piece, at the frame where it sets in."""
    before = BLANK
    kept = []
    for frame, piece in enumerate(labels):
        if piece not in (before, BLANK):
            kept.append((piece, frame))
        before = piece
    return kept


def _events(events_p: Mapping[AudioEvent, float]) -> tuple[AudioEvent, ...]:
    """The likeliest event first, then any other that is likely too."""
    ranked = sorted(events_p, key=events_p.__getitem__, reverse=True)
    return (ranked[0], *(event for event in ranked[1:] if events_p[event] >= ALSO_HEARD))


def nothing(vocabulary: Vocabulary) -> Hearing:
    """The answer to less audio than one frame: no words, no language, no emotion, no event."""
    unknown = AudioEvent.UNKNOWN if AudioEvent.UNKNOWN in vocabulary.events else None
    return Hearing(
        text="",
        language=NO_SPEECH,
        languages_p={label: float(label == NO_SPEECH) for label in vocabulary.languages},
        emotion=Emotion.UNKNOWN,
        emotion_p={label: float(label is Emotion.UNKNOWN) for label in vocabulary.emotions},
        events=(unknown,) if unknown else (),
        events_p={label: float(label is unknown) for label in vocabulary.events},
        tokens=(),
        raw="",
    )
