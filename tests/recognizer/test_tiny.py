"""The bundled model, as it is served."""

import re

import numpy as np
import pytest

from bench.truth import lines
from streamer.events import Emotion, Party
from streamer.pcm import to_model_rate
from streamer.recognizer.gates import Gates, believed
from streamer.recognizer.hearing import Clip
from streamer.recognizer.hub import TINY_DIRECTORY, open_model
from streamer.recording import demo
from tests.recognizer.test_sensevoice import generate, quiet_root

__all__ = ["quiet_root"]  # a fixture

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


@pytest.fixture(scope="module")
def said():
    """Lines of all the demo calls, in the lengths in which they are said."""
    clips = []
    for number in (1, 2, 3, 4):
        recording = demo(number)
        for line in (line for line in lines(number) if line.text):
            first, last = (round(at * recording.sample_rate) for at in (line.start, line.end))
            side = recording.parties.index(Party(line.party))
            pcm = recording.samples[first:last, side].tobytes()
            samples = to_model_rate(pcm, recording.sample_rate)
            clips.append(Clip(samples, itn=bool(len(clips) % 2)))
    return clips[::3]


@pytest.mark.usefixtures("quiet_root")
def test_it_hears_what_funasr_does(tiny, said):
    """Text and tags, over real lengths, heard in one batch by us and one by one by funasr."""
    assert len(said) > 10
    heard = [it.raw for it in tiny.hear(said)]
    assert heard == generate(TINY_DIRECTORY, said)
    assert len(set(heard)) > 8


def test_a_batch_is_heard_as_its_clips_are(tiny, said):
    for together, clip in zip(tiny.hear(said), said, strict=True):
        alone = tiny.hear([clip])[0]
        assert (together.text, together.raw) == (alone.text, alone.raw)
        for group in ("languages_p", "emotion_p", "events_p"):
            ours, theirs = getattr(together, group), getattr(alone, group)
            assert max(abs(ours[label] - theirs[label]) for label in ours) < 1e-3
            assert sum(ours.values()) == pytest.approx(1.0, abs=1e-5)


def test_anger_is_told_at_frame_1_and_speech_at_frame_2(tiny, said):
    """The tags as funasr prints them, in the order of the frames."""
    for it in tiny.hear(said):
        tags = re.findall(r"<\|(.*?)\|>", it.raw)
        assert tags[:3] == [it.language, it.emotion, it.events[0]]
    assert {it.emotion for it in tiny.hear(said)} >= {Emotion.ANGRY, Emotion.NEUTRAL}
