"""One layer of SenseVoice's encoder: self-attention with a memory block (SANM), feed-forward.

Our own forward over the weights that funasr holds: attention in one kernel, the memory block as
one convolution over the layout that the linear layers leave behind, no mask where no clip is
padded.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from streamer.errors import ModelError
from streamer.recognizer.precision import Dense, Linear, Precision, linear_at


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """Layer normalisation; always in float32."""

    weight: Tensor
    bias: Tensor
    eps: float

    @classmethod
    def of(cls, norm: torch.nn.LayerNorm) -> "Norm":
        return cls(norm.weight.detach(), norm.bias.detach(), norm.eps)

    def __call__(self, x: Tensor) -> Tensor:
        return functional.layer_norm(x, x.shape[-1:], self.weight, self.bias, self.eps)


@dataclass(frozen=True, slots=True, eq=False)
class Padding:
    """Which frames of a batch are none: `speech` is (batch, frames, 1), 1 for a frame and 0 for
    padding; `bias` is (batch, 1, 1, frames), 0 and minus infinity, for attention."""

    speech: Tensor
    bias: Tensor

    @classmethod
    def of(cls, lengths: Tensor, frames: int) -> "Padding":
        """`lengths` is (batch,), each at least 1: attention over nothing is not a number."""
        inside = torch.arange(frames, device=lengths.device) < lengths[:, None]
        bias = torch.zeros(inside.shape, device=lengths.device).masked_fill(~inside, -math.inf)
        return cls(inside[:, :, None].float(), bias[:, None, None])


@dataclass(frozen=True, slots=True, eq=False)
class Attention:
    """Self-attention with a memory block (SANM)."""

    norm: Norm
    qkv: Linear
    out: Linear
    memory: Tensor  # (size, 1, 1, taps), the frame itself added to its middle tap
    heads: int

    def at(self, precision: Precision) -> "Attention":
        """In half precision queries, keys and values stay exact: of what is rounded there,
        softmax makes most. In 8 bits they do not: whoever wants these wants the memory."""
        asked = precision if precision is Precision.INT8 else Precision.FP32
        return replace(self, qkv=linear_at(self.qkv, asked), out=linear_at(self.out, precision))

    def __call__(self, x: Tensor, padding: Padding | None) -> Tensor:
        """(batch, frames, in) -> (batch, frames, size)."""
        q, k, v = self.qkv(self.norm(x)).chunk(3, -1)
        bias = None if padding is None else padding.bias.to(q.dtype)
        heard = functional.scaled_dot_product_attention(
            self._by_head(q), self._by_head(k), self._by_head(v), attn_mask=bias
        )
        return self._remembered(v, padding) + self.out(heard.transpose(1, 2).flatten(2))

    def _by_head(self, x: Tensor) -> Tensor:
        batch, frames, size = x.shape
        return x.view(batch, frames, self.heads, size // self.heads).transpose(1, 2)

    def _remembered(self, v: Tensor, padding: Padding | None) -> Tensor:
        """What lies close by: a convolution for every value, over frames only. As an image one
        pixel high with its channels last, nothing has to be moved for it."""
        v = v.float() if padding is None else v * padding.speech
        image = v.contiguous()[:, None].permute(0, 3, 1, 2)
        channels, reach = len(self.memory), self.memory.shape[-1] // 2
        near = functional.conv2d(image, self.memory, padding=(0, reach), groups=channels)
        near = near.permute(0, 2, 3, 1)[:, 0]
        return near if padding is None else near * padding.speech


@dataclass(frozen=True, slots=True, eq=False)
class FeedForward:
    """What is made of each frame by itself."""

    norm: Norm
    widen: Linear
    narrow: Linear

    def at(self, precision: Precision) -> "FeedForward":
        widen, narrow = linear_at(self.widen, precision), linear_at(self.narrow, precision)
        return replace(self, widen=widen, narrow=narrow)

    def __call__(self, x: Tensor) -> Tensor:
        return self.narrow(self.widen(self.norm(x)).relu_())


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Attention, then feed-forward, each added to what it was given."""

    attention: Attention
    feed_forward: FeedForward
    residual: bool  # not around the first attention: the features have another size

    @classmethod
    def of(cls, layer: Any) -> "Layer":  # noqa: ANN401 - funasr carries no types
        """Raises `ModelError` for a layer that is put together otherwise."""
        attention, feed = layer.self_attn, layer.feed_forward
        lopsided = attention.pad_fn.padding[0] != attention.pad_fn.padding[1]
        if lopsided or layer.concat_after or not layer.normalize_before:
            raise ModelError("config.yaml describes an encoder whose layers are not served")
        return cls(
            Attention(
                Norm.of(layer.norm1),
                _exact(attention.linear_q_k_v),
                _exact(attention.linear_out),
                _memory(attention.fsmn_block.weight.detach()),
                attention.h,
            ),
            FeedForward(Norm.of(layer.norm2), _exact(feed.w_1), _exact(feed.w_2)),
            residual=layer.in_size == layer.size,
        )

    def at(self, precision: Precision) -> "Layer":
        return replace(
            self,
            attention=self.attention.at(precision),
            feed_forward=self.feed_forward.at(precision),
        )

    def __call__(self, x: Tensor, padding: Padding | None) -> Tensor:
        """(batch, frames, in) -> (batch, frames, size), float32."""
        attended = self.attention(x, padding)
        x = x + attended if self.residual else attended
        return x + self.feed_forward(x)


def _exact(layer: torch.nn.Linear) -> Linear:
    return Dense(layer.weight.detach(), layer.bias.detach())


def _memory(taps: Tensor) -> Tensor:
    memory = taps[:, :, None].clone(memory_format=torch.contiguous_format)
    memory[..., memory.shape[-1] // 2] += 1.0
    return memory.contiguous(memory_format=torch.channels_last)
