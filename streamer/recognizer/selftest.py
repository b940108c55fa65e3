"""A clip whose words are known, heard before the first call: the last proof that a model works.

Weights of the right shape and checksum can still be heard wrongly, by a broken build of torch
or by features that do not fit. The clip lies beside the weights as `selftest.wav`, what must be
heard of it as `selftest.json`: text, language, emotion, event, each optional. Without these the
clips that the public model travels with serve (`examples`).
"""

import json
import logging
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from streamer.errors import ModelError
from streamer.pcm import to_model_rate
from streamer.recognizer import examples
from streamer.recognizer.hearing import Clip, Hearing
from streamer.recognizer.sensevoice import SenseVoice

log = logging.getLogger(__name__)


def run(model: SenseVoice, directory: Path) -> None:
    """Raises `ModelError` if the model in `directory` does not hear what it must."""
    sound, expected = directory / "selftest.wav", directory / "selftest.json"
    if not (sound.is_file() and expected.is_file()):
        _by_example(model, directory)
        return
    log.info("hearing the self-test of %s", directory)
    wanted = _wanted(expected)
    heard = _answers(model.hear([Clip(_samples(sound))])[0])
    wrong = [
        f"{name} {heard[name]!r} instead of {wanted[name]!r}"
        for name in heard
        if name in wanted and heard[name] != wanted[name]
    ]
    if wrong:
        raise ModelError(f"the model in {directory} fails its self-test: {'; '.join(wrong)}")
    log.info("self-test passed")


def _by_example(model: SenseVoice, directory: Path) -> None:
    log.info("hearing the examples of %s", directory)
    if examples.check(model, directory):
        log.info("self-test passed, by the examples")
    else:
        log.warning("%s has no self-test: what the model hears is not checked", directory)


def _answers(heard: Hearing) -> dict[str, str]:
    event = heard.events[0] if heard.events else ""
    return {
        "text": heard.text,
        "language": heard.language,
        "emotion": heard.emotion,
        "event": event,
    }


def _wanted(path: Path) -> dict[str, str]:
    try:
        wanted = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): str(answer) for name, answer in wanted.items()}
    except (ValueError, AttributeError) as error:
        raise ModelError(f"{path} is no list of what must be heard: {error}") from error


def _samples(path: Path) -> NDArray[np.float32]:
    try:
        with wave.open(str(path)) as file:
            if file.getnchannels() != 1 or file.getsampwidth() != 2:
                raise ModelError(f"{path} is not mono with 16 bits a sample")
            return to_model_rate(file.readframes(file.getnframes()), file.getframerate())
    except (wave.Error, EOFError) as error:
        raise ModelError(f"{path} is no WAV file: {error}") from error
