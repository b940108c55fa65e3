"""On a GPU the same is heard as on the CPU. Skips, saying so, where torch finds none."""

import numpy as np
import pytest
import soundfile
import torch

from streamer.recognizer.hub import TINY_DIRECTORY
from streamer.recognizer.sensevoice import Clip, SenseVoice

pytestmark = [pytest.mark.model, pytest.mark.gpu]


@pytest.mark.skipif(
    not torch.cuda.is_available(), reason="needs a CUDA device: torch finds none"
)
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
