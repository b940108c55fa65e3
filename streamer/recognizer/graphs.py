"""The network as CUDA graphs, one for every bucket of batch and length.

On a GPU the encoder's seventy layers cost what launching their kernels costs: a graph launches
them all at once. A batch takes the smallest bucket that holds it; what is left of the bucket is
padding, and rows without a clip are one frame long (over nothing attention is not a number).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import torch
from torch import Tensor

from streamer.recognizer.hearing import QUERIES
from streamer.recognizer.network import Network
from streamer.recognizer.sanm import Padding

BATCHES = (1, 2, 4, 8, 16, 32)
FRAMES = tuple(range(64, 513, 64))  # queries included; 512 frames are 30 s
_WARM_UP = 3

Said: TypeAlias = tuple[Tensor, Tensor]
"""What `Network` answers."""
Capture: TypeAlias = Callable[[Callable[[], Said]], Callable[[], Said]]
"""Records what a call without arguments does, and gives back how to do it again; its answer
lies where the first one's did."""


def bucket(batch: int, frames: int) -> tuple[int, int] | None:
    """The smallest (batch, frames) that holds as much; None if none does."""
    rows = next((each for each in BATCHES if each >= batch), None)
    length = next((each for each in FRAMES if each >= frames), None)
    return None if rows is None or length is None else (rows, length)


class _Stage:
    """One bucket: where its input lies, and how to run it."""

    def __init__(self, network: Network, capture: Capture, batch: int, frames: int) -> None:
        device, width = network.queries.device, network.queries.shape[1]
        self._frames = frames
        self._speech = torch.zeros(batch, frames - QUERIES, width, device=device)
        self._rows = torch.zeros(batch, QUERIES, dtype=torch.long, device=device)
        self._lengths = torch.ones(batch, dtype=torch.long, device=device)
        self._replay = capture(lambda: self._run(network))

    def __call__(self, speech: Tensor, rows: Tensor, lengths: Tensor) -> Said:
        count, frames = speech.shape[:2]
        self._speech[:count, :frames].copy_(speech, non_blocking=True)
        self._rows[:count].copy_(rows, non_blocking=True)
        self._lengths.fill_(1)
        self._lengths[:count].copy_(lengths, non_blocking=True)
        best, asked = self._replay()
        # Copies: the next batch overwrites what the graph gave.
        return best[:count, : QUERIES + frames].clone(), asked[:count].clone()

    def _run(self, network: Network) -> Said:
        return network(self._speech, self._rows, Padding.of(self._lengths, self._frames))


@dataclass(frozen=True, slots=True)
class Graphs:
    """As `Network`, for the batches that fit a bucket. Not for two threads at once."""

    network: Network
    capture: Capture
    stages: dict[tuple[int, int], _Stage] = field(default_factory=dict)

    @torch.inference_mode()
    def warm(self, batches: Sequence[int] = BATCHES, frames: Sequence[int] = FRAMES) -> None:
        """Captures every bucket, the largest first, whose memory the others share. Takes
        seconds; a bucket left out is captured when it is first needed."""
        for rows in sorted(batches, reverse=True):
            for length in sorted(frames, reverse=True):
                self._stage(rows, length)

    def __call__(self, speech: Tensor, rows: Tensor, lengths: Tensor) -> Said | None:
        """`speech` (batch, frames, features), `rows` (batch, queries) and `lengths` (batch,),
        queries included, in host memory. None where no bucket is large enough."""
        fits = bucket(len(speech), QUERIES + speech.shape[1])
        return None if fits is None else self._stage(*fits)(speech, rows, lengths)

    def _stage(self, batch: int, frames: int) -> _Stage:
        if (batch, frames) not in self.stages:
            self.stages[batch, frames] = _Stage(self.network, self.capture, batch, frames)
        return self.stages[batch, frames]


def cuda_capture() -> Capture:
    """Captures on the current CUDA device; all graphs share one pool of memory."""
    pool = torch.cuda.graph_pool_handle()

    def capture(run: Callable[[], Said]) -> Callable[[], Said]:
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(_WARM_UP):
                run()
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        # Thread-local: other threads of this process may well use the device meanwhile.
        with torch.cuda.graph(graph, pool=pool, capture_error_mode="thread_local"):
            said = run()

        def replay() -> Said:
            graph.replay()
            return said

        return replay

    return capture
