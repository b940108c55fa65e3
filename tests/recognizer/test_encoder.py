"""Our encoder against funasr's, frame by frame, and in fewer bits."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamer.errors import ModelError
from streamer.recognizer.encoder import Encoder
from streamer.recognizer.loading import build
from streamer.recognizer.precision import (
    Dense,
    Packed,
    Precision,
    Quantized,
    check_offered,
    linear_at,
    switch,
)
from streamer.recognizer.sanm import Padding

pytestmark = pytest.mark.model
CPU, GPU = torch.device("cpu"), torch.device("cuda")


@pytest.fixture(scope="module")
def theirs(directory):
    return build(directory, "cpu", None)[0].encoder


@pytest.fixture(scope="module")
def ours(theirs):
    return Encoder.of(theirs)


def noise(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lengths=st.lists(st.integers(1, 40), min_size=1, max_size=5), seed=st.integers(0, 99))
def test_the_same_numbers_as_funasrs(theirs, ours, lengths, seed):
    frames = noise(len(lengths), max(lengths), 560, seed=seed)
    counts = torch.tensor(lengths)
    with torch.inference_mode():
        wanted, _ = theirs(frames.clone(), counts)
        got = ours(frames, Padding.of(counts, max(lengths)))
    for i, n in enumerate(lengths):
        torch.testing.assert_close(got[i, :n], wanted[i, :n], atol=1e-4, rtol=1e-4)


@torch.inference_mode()
def test_what_lies_in_the_padding_is_never_heard(ours):
    frames, counts = noise(2, 20, 560), torch.tensor([20, 7])
    padding = Padding.of(counts, 20)
    quiet = ours(frames, padding)
    frames[1, 7:] = 1e6
    torch.testing.assert_close(ours(frames, padding)[1, :7], quiet[1, :7])


@torch.inference_mode()
def test_without_padding_nothing_has_to_be_masked(ours):
    frames, counts = noise(2, 20, 560), torch.tensor([20, 20])
    torch.testing.assert_close(ours(frames, None), ours(frames, Padding.of(counts, 20)))


@torch.inference_mode()
def test_the_callers_frames_are_left_alone(ours):
    frames = noise(1, 9, 560)
    before = frames.clone()
    ours(frames, None)
    assert torch.equal(frames, before)


@torch.inference_mode()
def test_a_clip_longer_than_usual(theirs, ours):
    frames = noise(1, 530, 560)
    wanted, _ = theirs(frames.clone(), torch.tensor([530]))
    torch.testing.assert_close(ours(frames, None), wanted, atol=1e-4, rtol=1e-4)


def test_an_encoder_that_is_put_together_otherwise_is_refused(directory):
    odd = build(directory, "cpu", None)[0].encoder
    odd.encoders[1].normalize_before = False
    with pytest.raises(ModelError, match="not served"):
        Encoder.of(odd)


@torch.inference_mode()
@pytest.mark.parametrize(
    ("precision", "most"),
    [(Precision.BF16, 0.01), (Precision.FP16, 0.002), (Precision.INT8, 0.02)],
)
def test_a_linear_layer_in_fewer_bits(precision, most):
    weight, bias, x = noise(48, 32, seed=1), noise(48, seed=2), noise(3, 5, 32)
    x[1, 2] *= 1000  # one loud row must not cost the others their bits
    exact = Dense(weight, bias)
    wanted, got = exact(x), linear_at(exact, precision)(x).float()
    error = (got - wanted).norm(dim=-1) / wanted.norm(dim=-1)
    assert got.shape == (3, 5, 48)
    assert 0 < error.max() < most


@torch.inference_mode()
def test_in_8_bits_a_row_of_zeros_is_a_row_of_biases():
    bias = noise(4)
    torch.testing.assert_close(Quantized(noise(4, 8), bias)(torch.zeros(2, 8))[1], bias)


@torch.inference_mode()
def test_what_leaves_float16_stays_a_number():
    wide = Dense(torch.full((1, 64), 60_000.0).half(), torch.zeros(1).half())
    assert wide(torch.full((1, 64), 100.0)).isfinite().all()


def test_only_what_is_as_it_was_loaded_can_be_converted():
    half = linear_at(Dense(noise(4, 4), noise(4)), Precision.BF16)
    with pytest.raises(ValueError, match="as it was loaded"):
        linear_at(half, Precision.INT8)


@torch.inference_mode()
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("rows", [1, 7, 54, 700])
def test_packed_weights_multiply_as_they_did(dtype, rows):
    weight, bias = noise(48, 32, seed=1).to(dtype), noise(48, seed=2).to(dtype)
    x = noise(2, rows, 32)
    got, wanted = Packed(weight, bias)(x), Dense(weight, bias)(x)
    assert got.dtype is dtype
    torch.testing.assert_close(
        got, wanted, atol=0.05 if dtype is torch.bfloat16 else 1e-5, rtol=0
    )


@torch.inference_mode()
@pytest.mark.parametrize(
    ("precision", "kind"),
    [(Precision.FP32, Packed), (Precision.BF16, Packed), (Precision.INT8, Quantized)],
)
def test_in_any_precision_it_hears_nearly_the_same(directory, precision, kind):
    encoder = Encoder.of(build(directory, "cpu", None)[0].encoder)
    frames, counts = noise(2, 30, 560), torch.tensor([30, 11])
    padding = Padding.of(counts, 30)
    wanted = encoder(frames, padding)
    other = encoder.at(precision)
    error = (other(frames, padding)[0] - wanted[0]).norm() / wanted[0].norm()
    assert error < (1e-5 if precision is Precision.FP32 else 0.03)
    assert precision is Precision.FP32 or error > 0
    assert not encoder.first, "it is used up: no weight is held twice"
    first, *others = [layer.feed_forward.widen for layer in (*other.first, *other.later)]
    assert isinstance(first, Packed)
    assert first.dtype is torch.float32
    assert {type(each) for each in others} == {kind}
    assert precision is not Precision.BF16 or {each.dtype for each in others} == {
        torch.bfloat16
    }


@pytest.mark.parametrize(("name", "device"), [("tf32", CPU), ("fp16", CPU), ("int8", GPU)])
def test_what_a_device_does_not_offer_is_refused(name, device):
    with pytest.raises(ModelError, match=f"precision {name} is not for {device}: choose fp32,"):
        check_offered(Precision(name), device)


def test_a_gpu_rounds_only_when_asked():
    matmul, conv = torch.backends.cuda.matmul, torch.backends.cudnn.conv
    before = matmul.fp32_precision, conv.fp32_precision
    try:
        switch(Precision.TF32, GPU)
        assert (matmul.fp32_precision, conv.fp32_precision) == ("tf32", "ieee")
        switch(Precision.FP32, GPU)
        assert (matmul.fp32_precision, conv.fp32_precision) == ("ieee", "ieee")
    finally:
        matmul.fp32_precision, conv.fp32_precision = before
