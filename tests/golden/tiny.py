"""The bundled model's part of a golden trace: needed only to write one anew."""

from functools import cache

from streamer import events as ev
from streamer.recognizer.gates import Closed, Gates
from streamer.recognizer.hub import TINY_DIRECTORY
from streamer.recognizer.sensevoice import SenseVoice
from streamer.recognizer.transcribing import prepared, transcript


def heard(event: ev.Utterance) -> ev.Transcript:
    """As the model hears it, through the same gates as in service."""
    gates, model = Gates(), tiny()
    clip = prepared(event, gates, itn=True)
    hearing = model.nothing() if isinstance(clip, Closed) else model.hear([clip])[0]
    return transcript(event, hearing, gates)


@cache
def tiny():
    return SenseVoice.load(TINY_DIRECTORY)
