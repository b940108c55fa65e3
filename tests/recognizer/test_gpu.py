"""On a GPU the same is heard as on the CPU. Skips, saying so, where torch finds none."""

import numpy as np
import pytest
import soundfile
import torch

from streamer.recognizer import agreement
from streamer.recognizer.hub import TINY_DIRECTORY, How, open_model
from streamer.recognizer.precision import ON_GPU
from streamer.recognizer.sensevoice import Clip, SenseVoice

pytestmark = [
    pytest.mark.model,
    pytest.mark.gpu,
    pytest.mark.skipif(
        not torch.cuda.is_available(), reason="needs a CUDA device: torch finds none"
    ),
]


def test_the_gpu_hears_what_the_cpu_hears():
    samples, _ = soundfile.read(TINY_DIRECTORY / "selftest.wav", dtype="float32")
    clips = [Clip(samples), Clip(np.tile(samples, 2)), Clip(np.zeros(8000, np.float32))]
    here, there = (
        SenseVoice.load(TINY_DIRECTORY, device).hear(clips) for device in ("cpu", "cuda")
    )
    assert [heard.raw for heard in here] == [heard.raw for heard in there]
    for one, other in zip(here, there, strict=True):
        for emotion, p in one.emotion_p.items():
            assert other.emotion_p[emotion] == pytest.approx(p, abs=2e-3)


@pytest.mark.parametrize("precision", ON_GPU)
def test_each_precision_and_its_graphs_hear_the_same(precision, tmp_path):
    """The start itself compares; the longest clip fits no bucket and is heard without."""
    model = open_model("tiny", tmp_path, How("cuda", precision, graphs=True))
    plain = SenseVoice.load(TINY_DIRECTORY, "cuda", precision=precision)
    clips = [*agreement.clips(), Clip(np.tile(agreement.clips()[0].samples, 9))]
    found = agreement.compared(model.vocabulary, plain.answers(clips), model.answers(clips))
    assert found.good, str(found)
