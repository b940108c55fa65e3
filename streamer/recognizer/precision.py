"""How exactly the network computes, and what each choice does to a linear layer.

Only the linear layers are lowered, and not all of them (`encoder`). The residual stream,
normalisation, positions and the vocabulary's logits stay in 32 bits whatever the precision:
half precision loses their phase, overflows, or makes ties of two pieces.
"""

from enum import StrEnum
from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

from streamer.errors import ModelError


class Precision(StrEnum):
    """`FP32` is the reference; every other one has to agree with it (`agreement`)."""

    FP32 = "fp32"
    TF32 = "tf32"  # 32-bit weights, 10 bits of mantissa inside a GPU's matrix products
    BF16 = "bf16"
    FP16 = "fp16"
    INT8 = "int8"


ON_CPU = (Precision.FP32, Precision.BF16, Precision.INT8)
ON_GPU = (Precision.FP32, Precision.TF32, Precision.BF16, Precision.FP16)
_HALF = {Precision.BF16: torch.bfloat16, Precision.FP16: torch.float16}
_PACKABLE = (torch.float32, torch.bfloat16)
_ROWS = 512  # frames at once that the order of packed weights is chosen for
_LARGEST = 64_000.0
"""Just inside float16: SenseVoice's activations are known to leave it, and then nothing but NaN
is heard."""


def check_offered(precision: Precision, device: torch.device) -> None:
    """Raises `ModelError` where `device` does not compute like that."""
    offered = ON_GPU if device.type == "cuda" else ON_CPU
    if precision not in offered:
        raise ModelError(
            f"precision {precision} is not for {device}: choose {', '.join(offered)}"
        )


def switch(precision: Precision, device: torch.device) -> None:
    """Turns torch's own switches, which are the whole process's: by default its convolutions
    on a GPU round to TF32 without being asked."""
    if device.type == "cuda":
        rounded = "tf32" if precision is Precision.TF32 else "ieee"
        torch.backends.cuda.matmul.fp32_precision = rounded
        torch.backends.cudnn.conv.fp32_precision = "ieee"  # type: ignore[attr-defined]


class Dense:
    """A linear layer in the floating-point type of its weights."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """(out, in) and (out,), of one type."""
        self.weight, self.bias = weight, bias

    def __call__(self, x: Tensor) -> Tensor:
        """(..., in) of any float type -> (..., out) in the type of the weights."""
        y = functional.linear(x.to(self.weight.dtype), self.weight, self.bias)
        return y.clamp_(-_LARGEST, _LARGEST) if y.dtype is torch.float16 else y


class Packed:
    """The same for a CPU, its weights in the order in which oneDNN multiplies: a third faster
    in bfloat16, a seventh in float32, and they need not be put in order at every call. By the
    operators that torch's own compiler uses; they are not public, hence the exact pin of
    torch, and a test against `Dense`."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """(out, in) and (out,), of one type, float32 or bfloat16."""
        self.dtype = weight.dtype
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight, _ROWS)
        self._bias = bias

    def __call__(self, x: Tensor) -> Tensor:
        """(..., in) of any float type -> (..., out) in the type of the weights."""
        y: Tensor = torch.ops.mkldnn._linear_pointwise(
            x.to(self.dtype), self._weight, self._bias, "none", [], None
        )
        return y


class Quantized:
    """A linear layer in 8 bits: a scale for every output and, found anew each time, for every
    row of the input, multiplied as whole numbers, the way torchao does it. CPU only."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """(out, in) and (out,) in float32."""
        self._scale = _scale(weight)[:, 0].clone()
        self._weight = (weight / self._scale[:, None]).round_().to(torch.int8).t()
        self._bias = bias

    def __call__(self, x: Tensor) -> Tensor:
        """(..., in) of any float type -> (..., out) in float32."""
        rows = x.flatten(0, -2).float()
        scale = _scale(rows)
        whole = torch._int_mm((rows / scale).round_().to(torch.int8), self._weight)
        y = whole.float().mul_(scale).mul_(self._scale).add_(self._bias)
        return y.view(*x.shape[:-1], -1)


Linear: TypeAlias = Dense | Packed | Quantized


def linear_at(layer: Linear, precision: Precision) -> Linear:
    """`layer`, which is exact and as it was loaded, as `precision` computes it."""
    if not isinstance(layer, Dense) or layer.weight.dtype is not torch.float32:
        raise ValueError("only a layer in 32 bits as it was loaded can be converted")
    if precision is Precision.INT8:
        return Quantized(layer.weight, layer.bias)
    dtype = _HALF.get(precision, torch.float32)
    weight, bias = layer.weight.to(dtype), layer.bias.to(dtype)
    can_pack: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    packs = can_pack and weight.device.type == "cpu" and dtype in _PACKABLE
    return Packed(weight, bias) if packs else Dense(weight, bias)


def _scale(rows: Tensor) -> Tensor:
    return rows.abs().amax(-1, keepdim=True).clamp_min_(1e-8).div_(127.0)
