"""An utterance -> what the model is given; what the model heard -> a transcript. Pure."""

from streamer.events import Transcript, Utterance
from streamer.pcm import to_model_rate
from streamer.recognizer.gates import Closed, Gates, believed, silenced, tempered
from streamer.recognizer.growth import Sound
from streamer.recognizer.hearing import Clip, Hearing


def prepared(
    utterance: Utterance, gates: Gates, *, itn: bool, sound: Sound | None = None
) -> Clip | Closed:
    """The clip to hear, or the gate that says that it holds no speech. A language that the
    model does not know, as a gateway may name one, is no hint. `sound` is what was made of its
    audio already."""
    samples = sound.samples if sound else to_model_rate(utterance.pcm, utterance.sample_rate)
    if (closed := silenced(samples, gates)) is not None:
        return closed
    hint = utterance.language if utterance.language in gates.languages else "auto"
    return Clip(samples, hint, itn, sound.features if sound else None)


def transcript(utterance: Utterance, hearing: Hearing, gates: Gates) -> Transcript:
    """In the call's time; without what the gates do not believe."""
    # The lead-in may be shorter, after a cut or at the call's start: then it errs on the side
    # of less speech, and of no evidence.
    spoken = round(utterance.speech_end - utterance.start - gates.lead_in, 6)
    believable = tempered(believed(hearing, gates), spoken)
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
