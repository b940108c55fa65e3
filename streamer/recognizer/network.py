"""The whole network: speech and four queries in, the likeliest piece of every frame out, and
the probabilities of the tags."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from streamer.recognizer.encoder import Encoder
from streamer.recognizer.precision import Precision
from streamer.recognizer.sanm import Padding
from streamer.recognizer.tags import Vocabulary

_ROWS_AT_ONCE = 512  # of frames by vocabulary: 50 MB of logits with the public vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Weights on one device. No call synchronises with it, and none writes into its input."""

    queries: Tensor  # (16, features): the embedding of what can be asked
    encode: Callable[[Tensor, Padding | None], Tensor]
    head: Tensor  # (pieces, size)
    head_bias: Tensor
    asked: tuple[Tensor, ...]  # the ids that answer each of the first query frames

    @classmethod
    def of(cls, network: Any, vocabulary: Vocabulary) -> "Network":  # noqa: ANN401 - funasr's
        """Shares the weights of funasr's module. Raises `ModelError` for an encoder that is put
        together otherwise."""
        head = network.ctc.ctc_lo
        device = head.weight.device
        groups = (vocabulary.languages, vocabulary.emotions, vocabulary.events)
        return cls(
            queries=network.embed.weight.detach(),
            encode=Encoder.of(network.encoder),
            head=head.weight.detach(),
            head_bias=head.bias.detach(),
            asked=tuple(torch.tensor(list(ids.values()), device=device) for ids in groups),
        )

    def at(self, precision: Precision) -> "Network":
        """The same in `precision`; this one is used up."""
        if not isinstance(self.encode, Encoder):
            raise ValueError("only a network with an encoder of ours can be converted")
        return replace(self, encode=self.encode.at(precision))

    def __call__(
        self, speech: Tensor, rows: Tensor, padding: Padding | None
    ) -> tuple[Tensor, Tensor]:
        """`speech` is (batch, frames, features) float32, `rows` (batch, queries), which rows of
        the query embedding go before it; `padding` covers both, queries first.

        Answers (batch, queries + frames), the likeliest piece of every frame, without a
        softmax; and (batch, tags) float32, the probabilities of each group among its own tags
        at its own query frame, end to end.
        """
        heard = self.encode(torch.cat([self.queries[rows], speech], 1), padding)
        flat = heard.flatten(0, 1)
        best = [self._logits(part).argmax(-1) for part in torch.split(flat, _ROWS_AT_ONCE)]
        return torch.cat(best).view(heard.shape[:2]), self._tags(heard)

    def _logits(self, heard: Tensor) -> Tensor:
        return functional.linear(heard, self.head, self.head_bias)

    def _tags(self, heard: Tensor) -> Tensor:
        groups = [
            functional.linear(heard[:, frame], self.head[ids], self.head_bias[ids]).softmax(-1)
            for frame, ids in enumerate(self.asked)
        ]
        return torch.cat(groups, 1)
