"""The public model's own clips serve as a self-test where there is no other."""

import logging
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from streamer.errors import ModelError
from streamer.recognizer import examples, hub, selftest
from streamer.recognizer.examples import EXAMPLES, error_rate
from streamer.recognizer.sensevoice import SenseVoice
from tests.recognizer.conftest import murmur

pytestmark = pytest.mark.model


class Ear:
    """Says what it is told to of a clip in each language."""

    def __init__(self, said, like):
        self._said, self._like, self.clips = said, like, []

    def hear(self, clips):
        self.clips = clips
        return [replace(self._like, text=self._said[clip.language]) for clip in clips]


@pytest.fixture
def folder(tmp_path):
    """The example folder as it is published: MP3, 16 and 22.05 kHz, one in stereo."""
    (tmp_path / "example").mkdir()
    for example, rate in zip(EXAMPLES, (16000, 22050, 16000), strict=True):
        sound = np.resize(murmur(1.0), rate)
        sound = np.column_stack([sound, sound]) if example.language == "yue" else sound
        soundfile.write(tmp_path / example.path, sound, rate, format="MP3")
    return tmp_path


RIGHT = {example.language: example.texts[0] for example in EXAMPLES}


def test_what_is_published_passes(folder, model, caplog):
    ear = Ear(RIGHT, model.nothing())
    with caplog.at_level(logging.INFO):
        selftest.run(ear, folder)
    assert "self-test passed, by the examples" in caplog.messages
    assert [clip.language for clip in ear.clips] == ["zh", "en", "yue"]
    assert all(clip.samples.dtype == np.float32 for clip in ear.clips)
    for clip in ear.clips:  # MP3 pads what it holds
        assert 16000 <= len(clip.samples) < 20000


@pytest.mark.parametrize(
    "text",
    ["开饭时间早上九点至下午五点", "开放时间：早上9点至下午5点", "开饭时间早上9点到下午5点。"],
)
def test_numbers_and_a_character_may_differ(folder, model, text):
    selftest.run(Ear(RIGHT | {"zh": text}, model.nothing()), folder)


def test_numbers_may_be_written_out(folder, model):
    written = RIGHT["en"].replace("50", "fifty")
    selftest.run(Ear(RIGHT | {"en": written}, model.nothing()), folder)


@pytest.mark.parametrize(
    ("language", "text"), [("zh", ""), ("zh", "嗯。"), ("en", "The."), ("yue", "我想讲嘅意思")]
)
def test_other_words_fail(folder, model, language, text):
    with pytest.raises(ModelError, match=f"example/{language}.mp3 is {text!r} instead of"):
        selftest.run(Ear(RIGHT | {language: text}, model.nothing()), folder)


def test_a_real_model_that_hears_something_else_fails(folder, model):
    with pytest.raises(ModelError, match=r"example/zh\.mp3"):
        selftest.run(model, folder)


def test_some_of_the_clips_are_enough(folder, model, caplog):
    (folder / EXAMPLES[0].path).unlink()
    selftest.run(Ear(RIGHT, model.nothing()), folder)
    assert "no self-test" not in caplog.text


def test_what_cannot_be_read_is_not_the_models_fault(folder, model, caplog):
    for example in EXAMPLES:
        (folder / example.path).write_bytes(b"nonsense")
    selftest.run(Ear(RIGHT, model.nothing()), folder)
    assert "zh.mp3 cannot be read" in caplog.text
    assert "no self-test" in caplog.text


def test_they_are_downloaded_with_the_model():
    assert {example.path for example in EXAMPLES} <= set(hub._NEEDED)


@pytest.mark.parametrize(
    ("heard", "text", "rate"),
    [
        ("a b", "A, b!", 0.0),
        ("abc", "abd", 1 / 3),
        ("", "ab", 1.0),
        ("abc", "ab", 0.5),
        ("", "", 0),
    ],
)
def test_character_error_rate(heard, text, rate):
    assert error_rate(heard, text) == pytest.approx(rate)


def test_the_protocol_is_what_is_loaded(directory):
    assert examples.check(SenseVoice.load(directory), directory) is False
