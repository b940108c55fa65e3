"""What was heard, in the form in which a person reads it (docs/contracts.md, Rich text)."""

from collections.abc import Iterable

from streamer.events import AudioEvent, Emotion

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
