import numpy as np
import pytest
import soundfile
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.random_network import FRONTEND
from streamer.errors import ModelError
from streamer.recognizer.features import Frontend
from streamer.recognizer.funasr_part import part_of_funasr
from tests.recognizer.conftest import murmur

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def theirs(directory):
    frontend = part_of_funasr("funasr.frontends.wav_frontend").WavFrontend(
        cmvn_file=str(directory / "am.mvn"), dither=0.0, **FRONTEND
    )

    def extract(samples):
        sound = torch.from_numpy(samples)[None]
        return frontend(sound, torch.tensor([len(samples)]))[0][0]

    return extract


def sounds():
    t = np.arange(16000) / 16000
    rng = np.random.default_rng(1)
    return {
        "murmur": murmur(2.5),
        "digital silence": np.zeros(8000, np.float32),
        "one bit of noise": (rng.integers(-1, 2, 8000) / 32768).astype(np.float32),
        "tone": (0.9 * np.sin(2 * np.pi * 440 * t)).astype(np.float32),
        "square": np.sign(np.sin(2 * np.pi * 200 * t)).astype(np.float32),
        "click": np.eye(1, 16000, 9000, dtype=np.float32)[0],
        "constant": np.full(8000, 0.5, np.float32),
    }


@pytest.mark.parametrize("name", sounds())
def test_equals_funasr(model, theirs, name):
    samples = sounds()[name]
    ours = model.frontend.extract(samples)
    assert ours.shape == theirs(samples).shape
    assert (ours - theirs(samples)).abs().max() < 1e-3


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(count=st.integers(400, 40_000), seed=st.integers(0, 99))
def test_equals_funasr_at_any_length(model, theirs, count, seed):
    samples = murmur(count / 16000, seed)
    ours = model.frontend.extract(samples)
    assert ours.shape == theirs(samples).shape
    assert (ours - theirs(samples)).abs().max() < 1e-3


@pytest.mark.data
def test_equals_funasr_on_speech(model, theirs, data):
    samples, _ = soundfile.read(data / "calls" / "zh-16k.wav", dtype="float32")
    assert (model.frontend.extract(samples) - theirs(samples)).abs().max() < 1e-3


@pytest.mark.parametrize(
    ("count", "frames"), [(0, 0), (399, 0), (400, 1), (1359, 1), (1360, 2)]
)
def test_one_frame_every_sixty_milliseconds(model, count, frames):
    assert len(model.frontend.extract(np.zeros(count, np.float32))) == frames


def test_another_frontend_is_refused(directory):
    with pytest.raises(ModelError, match="lfr_n 5"):
        Frontend.load(FRONTEND | {"lfr_n": 5}, directory / "am.mvn")


@pytest.mark.parametrize(
    "text", ["", "<AddShift> 1 [ 1 2 ]", "<AddShift> [ x ] <Rescale> [ 1 ]"]
)
def test_statistics_that_are_none(tmp_path, text):
    (tmp_path / "am.mvn").write_text(text)
    with pytest.raises(ModelError, match=r"am\.mvn"):
        Frontend.load(FRONTEND, tmp_path / "am.mvn")


def test_statistics_of_another_size(tmp_path):
    (tmp_path / "am.mvn").write_text("<AddShift> [ 1 2 ] <Rescale> [ 1 2 ]")
    with pytest.raises(ModelError, match="560"):
        Frontend.load(FRONTEND, tmp_path / "am.mvn")
