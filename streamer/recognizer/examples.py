"""The clips that the public model travels with, and what is said in them, as it is published.

For models without a self-test of their own. The texts are those that the model's own card, and
others who serve it, print for these clips; numbers are written either way.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from streamer.errors import ModelError
from streamer.events import MODEL_RATE
from streamer.recognizer.hearing import Clip, Hearing

log = logging.getLogger(__name__)

ENOUGH = 0.2
"""Character error rate up to which a clip is heard rightly: a published clip may be heard with
a character or two otherwise (开放 for 开饭), a model that does not work hears other words."""


@dataclass(frozen=True, slots=True)
class Example:
    path: str  # within the model's directory
    language: str
    texts: tuple[str, ...]


EXAMPLES = (
    Example(
        "example/zh.mp3", "zh", ("开饭时间早上9点至下午5点。", "开饭时间早上九点至下午五点。")
    ),
    Example(
        "example/en.mp3",
        "en",
        ("The tribal chieftain called for the boy and presented him with 50 pieces of gold.",),
    ),
    Example("example/yue.mp3", "yue", ("呢几个字都表达唔到，我想讲嘅意思。",)),
)


class Model(Protocol):
    def hear(self, clips: Sequence[Clip]) -> list[Hearing]: ...


def check(model: Model, directory: Path) -> bool:
    """Whether there was any clip to hear. Raises `ModelError` where one is heard wrongly."""
    held = [example for example in EXAMPLES if (directory / example.path).is_file()]
    read = [(each, samples(directory / each.path)) for each in held]
    clips = [(each, sound) for each, sound in read if sound is not None]
    heard = model.hear([Clip(sound, each.language) for each, sound in clips])
    wrong = [
        f"{example.path} is {it.text!r} instead of {example.texts[0]!r}"
        for (example, _), it in zip(clips, heard, strict=True)
        if min(error_rate(it.text, text) for text in example.texts) > ENOUGH
    ]
    if wrong:
        raise ModelError(
            f"the model in {directory} fails its self-test: {'; '.join(wrong)}. Where these "
            "weights are tuned for other speech, give it a self-test of its own (selftest.wav "
            "and selftest.json) or remove the folder example."
        )
    return bool(clips)


def samples(path: Path) -> NDArray[np.float32] | None:
    """A sound file at the model's rate, its channels mixed; None, with a warning, where
    libsndfile cannot read it (before 1.1 it knew no MP3): that is no fault of the model."""
    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError) as error:
        log.warning("%s cannot be read, and is not heard: %s", path, error)
        return None
    return np.asarray(soxr.resample(sound.mean(1), rate, MODEL_RATE), np.float32)


def error_rate(heard: str, text: str) -> float:
    """Wrong, missing and added characters by those of `text`; only letters and digits count."""
    given, wanted = (
        [character for character in each.lower() if character.isalnum()]
        for each in (heard, text)
    )
    row = list(range(len(wanted) + 1))
    for i, one in enumerate(given, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(wanted, 1):
            change = before + (one != other)
            before, row[j] = row[j], min(change, row[j] + 1, row[j - 1] + 1)
    return row[-1] / max(len(wanted), 1)
