"""SenseVoice's tagged string, and the form in which a person reads it.

The model writes `<|zh|><|ANGRY|><|Speech|><|withitn|>你们是不是压单啊`. Any of the tags may be
missing, and where recordings were joined tags stand in the middle of the text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from streamer.events import AudioEvent, Emotion

LANGUAGES = ("zh", "yue", "en", "ja", "ko", "nospeech")
_NORMALISED = {"withitn": True, "woitn": False}
_TAG = re.compile(r"<\|([^|<>]*)\|>")

_SHOWN_EMOTIONS = frozenset(Emotion) - {Emotion.NEUTRAL, Emotion.UNKNOWN, Emotion.OTHER}
_SHOWN_EVENTS = {
    AudioEvent.LAUGHTER: "LAUGHTER",
    AudioEvent.MUSIC: "BGM",
    AudioEvent.APPLAUSE: "APPLAUSE",
    AudioEvent.CRY: "CRY",
    AudioEvent.COUGH: "COUGH",
    AudioEvent.SNEEZE: "SNEEZE",
    AudioEvent.BREATH: "BREATH",
}


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tagged string taken apart. `language` is "" and `normalised` None where the tag is
    missing, `emotion` is then `UNKNOWN`, which says nothing."""

    text: str
    language: str = ""
    emotion: Emotion = Emotion.UNKNOWN
    events: tuple[AudioEvent, ...] = ()
    normalised: bool | None = None  # digits and punctuation are as one writes them


def parse(raw: str) -> Tagged:
    """The first tag of each kind counts; of the events each, once. Tags that SenseVoice does
    not have are left out of the text like the others. Never raises."""
    tags = _TAG.findall(raw)
    emotions = [Emotion(tag) for tag in tags if tag in frozenset(Emotion)]
    events = [AudioEvent(tag) for tag in tags if tag in frozenset(AudioEvent)]
    return Tagged(
        text=_TAG.sub("", raw).strip(),
        language=next((tag for tag in tags if tag in LANGUAGES), ""),
        emotion=next(iter(emotions), Emotion.UNKNOWN),
        events=tuple(dict.fromkeys(events)),
        normalised=next((_NORMALISED[tag] for tag in tags if tag in _NORMALISED), None),
    )


def write(tagged: Tagged) -> str:
    """The tagged string in SenseVoice's own order; `parse` gives back what was written, if the
    text holds no tags itself and no space around it."""
    itn = {True: ("withitn",), False: ("woitn",), None: ()}[tagged.normalised]
    language = (tagged.language,) if tagged.language else ()
    tags = (*language, tagged.emotion, *tagged.events, *itn)
    return "".join(f"<|{tag}|>" for tag in tags) + tagged.text


def readable(
    text: str, emotion: Emotion, events: Iterable[AudioEvent] = (), *, silence: bool = False
) -> str:
    """For a person, as in `这衣服尺码根本不对！[ANGRY] [SILENCE]`: the text, how it was said,
    what else was heard, and whether a silence followed. What says nothing has no tag: neutral
    or unknown emotion, speech as such."""
    tags = [emotion.value] if emotion in _SHOWN_EMOTIONS else []
    tags += [_SHOWN_EVENTS[event] for event in events if event in _SHOWN_EVENTS]
    tags += ["SILENCE"] if silence else []
    return text + " ".join(f"[{tag}]" for tag in tags)
