"""The training forward is funasr's own function."""

import pytest
import torch

from training.network import DepthwiseMemory, build, encode, encoder_conf

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return build(encoder_conf(size=32, units=64, blocks=3, tp_blocks=1), 50).eval()


@torch.no_grad()
def test_encode_equals_the_class(model):
    feats, lens = torch.randn(2, 12, 560), torch.tensor([12, 7])
    language, textnorm = torch.tensor([0, 3]), torch.tensor([14, 15])
    ours = encode(model, feats, lens, language, textnorm)
    rows = torch.stack([language, torch.ones(2).long(), 2 * torch.ones(2).long(), textnorm], 1)
    theirs, _ = model.encoder(torch.cat([model.embed(rows), feats], 1), lens + 4)
    theirs = model.ctc.ctc_lo(theirs)
    assert torch.allclose(ours[0], theirs[0], atol=1e-4)
    assert torch.allclose(ours[1, :11], theirs[1, :11], atol=1e-4)


def test_the_gradient_of_the_memory_is_right():
    padded = torch.randn(2, 9, 3, dtype=torch.double, requires_grad=True)
    kernel = torch.randn(4, 3, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(DepthwiseMemory.apply, (padded, kernel))
