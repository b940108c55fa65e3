import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch

from bench.random_network import FRONTEND, SMALL, write_network
from streamer.recognizer.features import Frontend
from streamer.recognizer.sensevoice import SenseVoice

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def directory(tmp_path_factory):
    """A whole model directory, with random weights. Not to be written to."""
    # So small a network gains nothing by threads, and loses much on a busy machine.
    torch.set_num_threads(1)
    return write_network(tmp_path_factory.mktemp("network") / "random", SMALL)


@pytest.fixture(scope="session")
def model(directory):
    return SenseVoice.load(directory)


@pytest.fixture(scope="session")
def data():
    """The recordings and the public model's tokenizer, which are not part of the repository."""
    if not DATA.is_dir():
        pytest.skip(f"{DATA} is not there")
    return DATA


def plain_frontend():
    """The frontend of any model, but that nothing is normalised."""
    with tempfile.TemporaryDirectory() as folder:
        cmvn = Path(folder) / "am.mvn"
        zeros, ones = (" ".join([value] * 560) for value in "01")
        cmvn.write_text(f"<AddShift> [ {zeros} ] <Rescale> [ {ones} ]")
        return Frontend.load(FRONTEND, cmvn)


def murmur(seconds, seed=0, level=0.1):
    """Sound that changes all the time, so that its frames are heard as different things."""
    rng = np.random.default_rng(seed)
    count = int(seconds * 16000)
    pitch = np.cumsum(rng.normal(0, 2, count // 160 + 1)).repeat(160)[:count] + 300
    tone = np.sin(np.cumsum(2 * np.pi * pitch / 16000))
    return (level * (tone + rng.normal(0, 0.3, count))).astype(np.float32)
