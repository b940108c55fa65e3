"""An utterance -> what the model is given; what the model heard -> a transcript. Pure."""

from streamer.events import Transcript, Utterance
from streamer.pcm import to_model_rate
from streamer.recognizer.gates import Gates, believed, loudness
from streamer.recognizer.growth import Sound
from streamer.recognizer.hearing import Clip, Hearing


def prepared(
    utterance: Utterance, gates: Gates, *, itn: bool, sound: Sound | None = None
) -> Clip | None:
    """The clip to hear; None where it is too quiet to hold speech. A language that the model
    does not know, as a gateway may name one, is no hint. `sound` is what was made of its audio
    already."""
    samples = sound.samples if sound else to_model_rate(utterance.pcm, utterance.sample_rate)
    if loudness(samples) < gates.min_dbfs:
        return None
    hint = utterance.language if utterance.language in gates.languages else "auto"
    return Clip(samples, hint, itn, sound.features if sound else None)


def transcript(utterance: Utterance, hearing: Hearing, gates: Gates) -> Transcript:
    """In the call's time; without what the gates do not believe."""
    believable = believed(hearing, gates)
    return Transcript(
        call=utterance.call,
        number=utterance.number,
        party=utterance.party,
        start=utterance.start,
        end=utterance.speech_end,
        speech_end_clock=utterance.speech_end_clock,
        text=believable.text,
        language=believable.language,
        language_p=believable.language_p,
        emotion=believable.emotion,
        emotion_p=believable.emotion_p,
        events=believable.events,
        events_p=believable.events_p,
        tokens=tuple(
            (text, round(utterance.start + onset, 3)) for text, onset in believable.tokens
        ),
        raw=believable.raw,
        languages_p=believable.languages_p,
    )
