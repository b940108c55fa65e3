"""The bundled model, as it is served."""

import numpy as np
import pytest

from streamer.events import Emotion
from streamer.recognizer.gates import Gates, believed
from streamer.recognizer.hearing import Clip
from streamer.recognizer.hub import open_model

pytestmark = pytest.mark.model

T = np.arange(48_000) / 16_000
NOISE = np.random.default_rng(3).normal(0, 1, 48_000)
NOBODY_SPEAKS = {
    "digital silence": 0 * T,
    "line noise": 0.003 * NOISE,
    "noise": 0.05 * NOISE,
    "dial tone": 0.3 * np.sin(2 * np.pi * 425 * T),
    "key": 0.2 * np.sin(2 * np.pi * 770 * T) + 0.2 * np.sin(2 * np.pi * 1336 * T),
    "click": 0.9 * (T == 1.0),
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return open_model("tiny", tmp_path_factory.mktemp("cache"))


def test_it_passes_its_self_test(tiny):
    assert tiny.vocabulary.languages.keys() >= {"zh", "en", "nospeech"}


@pytest.mark.parametrize("sound", NOBODY_SPEAKS)
def test_where_nobody_speaks_nothing_is_heard(tiny, sound):
    samples = NOBODY_SPEAKS[sound].astype(np.float32)
    heard = believed(tiny.hear([Clip(samples)])[0], Gates())
    assert (heard.text, heard.emotion) == ("", Emotion.UNKNOWN)
    assert heard.emotion_p[Emotion.ANGRY] == 0.0
