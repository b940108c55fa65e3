"""A sentence as the rules see it: weighed once, looked at by every rule. Pure."""

from collections.abc import Mapping

import msgspec

from alerts.wire import Evidence
from streamer.events import AudioEvent, Emotion, Party, Seconds, Transcript

FAINT = 0.01
"""Probabilities below this say nothing and are not kept."""


class Heard(msgspec.Struct, frozen=True):
    """One utterance and what became of it. `feels` is P(emotion | an emotion was heard), empty
    where the voice gave no evidence or may not be looked at.

    A moment without words (the stream has stopped, hold has begun) has the number 0.
    """

    number: int
    party: Party
    start: Seconds
    end: Seconds
    text: str = ""
    said: str = ""  # plain
    language: str = ""
    emotion: Emotion = Emotion.UNKNOWN
    feels: dict[Emotion, float] = {}
    events: tuple[AudioEvent, ...] = ()
    events_p: dict[AudioEvent, float] = {}
    overlap: Seconds = 0.0  # for so long the other party spoke too
    silence: Seconds = 0.0  # for so long nobody has spoken since
    stalled: Seconds = 0.0
    held: bool = False

    @property
    def lasted(self) -> Seconds:
        return self.end - self.start


def heard(
    said: Transcript, words: str, least_known: float, *, felt: bool, overlap: Seconds = 0.0
) -> Heard:
    """What the rules keep of `said`, whose plain text is `words`. Unless `felt`, its emotion is
    not looked at; nor is that of music, which sounds happy, or angry, whoever plays it."""
    felt = felt and not is_music(said)
    return Heard(
        number=said.number,
        party=said.party,
        start=said.start,
        end=said.end,
        text=said.text,
        said=words,
        language=said.language,
        emotion=said.emotion if felt else Emotion.UNKNOWN,
        feels=known_feelings(said.emotion_p, least_known) if felt else {},
        events=said.events,
        events_p={e: p for e, p in said.events_p.items() if p >= FAINT},
        overlap=overlap,
    )


def is_music(said: Transcript) -> bool:
    """Rather music than speech, though it may have words: of a song, or over a radio."""
    p = said.events_p.get
    music = p(AudioEvent.MUSIC, 0.0) + p(AudioEvent.SING, 0.0)
    return music > p(AudioEvent.SPEECH, 0.0) + p(AudioEvent.SPEECH_NOISE, 0.0)


def quote(heard: Heard, emotion: Emotion | None = None) -> Evidence:
    """It as evidence: of `emotion`, or of what it sounded most like."""
    shown = emotion or heard.emotion
    p = heard.feels.get(shown, 0.0)
    return Evidence(heard.start, heard.end, heard.party, heard.text, shown, round(p, 3))


def known_feelings(
    emotion_p: Mapping[Emotion, float], least_known: float
) -> dict[Emotion, float]:
    """P(emotion | an emotion was heard); empty where that is less likely than `least_known`.
    EMO_UNKNOWN is no evidence: what it took of the probability is shared out again."""
    known = sum(emotion_p.values()) - emotion_p.get(Emotion.UNKNOWN, 0.0)
    if known <= 0 or known < least_known:
        return {}
    return {
        emotion: p / known
        for emotion, p in emotion_p.items()
        if p >= FAINT * known and emotion is not Emotion.UNKNOWN
    }
