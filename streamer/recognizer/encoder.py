"""SenseVoice's encoder: the same numbers as funasr's from a fraction of the kernels.

Nothing synchronises, nothing is written into the caller's tensor, and the shape is static for a
given batch and length, so that a CUDA graph can hold it.
"""

import math
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from streamer.recognizer.precision import Precision
from streamer.recognizer.sanm import Layer, Norm, Padding

_USUAL = 512  # frames of 60 ms


@dataclass(frozen=True, slots=True, eq=False)
class Encoder:
    """Frames of a batch in, what the network makes of them out."""

    size: int
    first: deque[Layer]
    middle: Norm
    later: deque[Layer]
    last: Norm
    positions: Tensor  # (frames, features), for clips of usual length

    @classmethod
    def of(cls, encoder: Any) -> "Encoder":  # noqa: ANN401 - funasr's own
        """Raises `ModelError` for an encoder that is put together otherwise."""
        first = [Layer.of(each) for each in (*encoder.encoders0, *encoder.encoders)]
        depth = encoder.encoders0[0].in_size
        return cls(
            size=int(encoder.output_size()),
            first=deque(first),
            middle=Norm.of(encoder.after_norm),
            later=deque(Layer.of(each) for each in encoder.tp_encoders),
            last=Norm.of(encoder.tp_norm),
            positions=_sinusoids(_USUAL, depth).to(encoder.after_norm.weight.device),
        )

    def at(self, precision: Precision) -> "Encoder":
        """The same in `precision`; this one is used up, layer by layer, so that hardly a weight
        is ever held twice.

        The first layer stays exact, since all others build on it, and so do, in half
        precision, queries, keys and values everywhere. A network of random weights keeps 98.3 %
        of its frames with everything in bfloat16, and more than 99 % like this
        (docs/performance.md).
        """
        first, later = deque[Layer](), deque[Layer]()
        while self.first:
            first.append(self.first.popleft().at(precision if first else Precision.FP32))
        while self.later:
            later.append(self.later.popleft().at(precision))
        return replace(self, first=first, later=later)

    def __call__(self, x: Tensor, padding: Padding | None) -> Tensor:
        """(batch, frames, features) float32 -> (batch, frames, size) float32. Without `padding`
        every clip fills all frames."""
        x = x * self.size**0.5 + self._positions(x)
        for layer in self.first:
            x = layer(x, padding)
        x = self.middle(x)
        for layer in self.later:
            x = layer(x, padding)
        return self.last(x)

    def _positions(self, x: Tensor) -> Tensor:
        frames, depth = x.shape[1:]
        if frames <= len(self.positions):
            return self.positions[:frames]
        return _sinusoids(frames, depth).to(x.device)


def _sinusoids(frames: int, depth: int) -> Tensor:
    """As in funasr: positions from 1, sines first, then cosines. In float32: half precision
    would lose their phase."""
    step = math.log(10_000.0) / (depth / 2 - 1)
    frequencies = torch.exp(torch.arange(depth // 2, dtype=torch.float32) * -step)
    angles = torch.arange(1, frames + 1, dtype=torch.float32)[:, None] * frequencies
    return torch.cat([angles.sin(), angles.cos()], 1)
