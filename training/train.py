"""Training on every core: one single-threaded process per core, gradients averaged each step.

Two processes of one thread do nearly twice the work of one process of two threads on matrices
this small. Stopped at any time it goes on from its last checkpoint with the same command.
"""

import json
import logging
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn

from training import corpus
from training.batches import Feeder, Stored, cmvn
from training.losses import losses
from training.network import build, encoder_conf
from training.pieces import Pieces
from training.recipe import Recipe, schedule

log = logging.getLogger("training")
EMA_DECAY = 0.998
CHECKPOINT = "checkpoint.pt"


class Flat:
    """All parameters and gradients of a model as two vectors.

    One operation each for the optimizer, the average over processes and the moving average.
    """

    def __init__(self, model: nn.Module) -> None:
        params = list(model.parameters())
        self.data = nn.Parameter(torch.cat([p.detach().reshape(-1) for p in params]))
        self.grad = torch.zeros_like(self.data)
        self.data.grad = self.grad
        at = 0
        for p in params:
            p.data = self.data.data[at : at + p.numel()].view_as(p)
            p.grad = self.grad[at : at + p.numel()].view_as(p)
            at += p.numel()
        self.ema = self.data.detach().clone()

    def follow(self, step: int) -> None:
        """Let the moving average follow, faster in the first steps."""
        self.ema.lerp_(self.data.data, 1 - min(EMA_DECAY, step / (step + 30)))


class Trainer:
    """One process of the training."""

    def __init__(
        self, rank: int, stored: Sequence[Stored], pieces: Pieces, recipe: Recipe, out: Path
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.rank, self.stored, self.recipe = rank, stored, recipe
        self.checkpoint = out / CHECKPOINT
        self.conf = encoder_conf()
        self.model = build(self.conf, len(pieces)).train()
        self.flat = Flat(self.model)
        self.optimizer = torch.optim.AdamW(
            [self.flat.data], lr=recipe.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True
        )
        self.cmvn = cmvn(stored)
        self.step = 0
        self.resume()
        seed = recipe.seed + 7 * rank + 31 * self.step
        self.feeder = Feeder(stored, pieces, self.cmvn, random.Random(seed))

    def resume(self) -> None:
        if self.checkpoint.exists():
            saved = torch.load(self.checkpoint, weights_only=True)
            self.flat.data.data.copy_(saved["data"])
            self.flat.ema.copy_(saved["ema"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.step = saved["step"]
            self.cmvn = saved["mean"].numpy(), saved["scale"].numpy()

    def save(self) -> None:
        state = {
            "data": self.flat.data.data,
            "ema": self.flat.ema,
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "conf": self.conf,
            "vocab": self.model.ctc.ctc_lo.out_features,
            "mean": torch.from_numpy(self.cmvn[0]),
            "scale": torch.from_numpy(self.cmvn[1]),
        }
        part = self.checkpoint.with_suffix(".part")
        torch.save(state, part)
        os.replace(part, self.checkpoint)

    def update(self, indices: list[int]) -> dict[str, float]:
        """One step on a batch of this process, and the losses of it."""
        recipe, flat, step = self.recipe, self.flat, self.step
        batch = self.feeder.batch(indices, recipe.strength(step))
        flat.grad.zero_()
        loss, parts = losses(self.model, batch, recipe.align_weight(step))
        loss.backward()  # type: ignore[no-untyped-call]
        if recipe.ranks > 1:
            dist.all_reduce(flat.grad)
            flat.grad /= recipe.ranks
        nn.utils.clip_grad_norm_([flat.data], 2.0)
        self.optimizer.param_groups[0]["lr"] = recipe.learning_rate(step + 1)
        self.optimizer.step()
        self.step += 1
        flat.follow(self.step)
        return parts

    def run(self) -> list[dict[str, float]]:
        """Train to the last step; returns the reports, the mean losses of `log_every` steps."""
        items, lengths = [i for i, _ in self.stored], [len(x) for _, x in self.stored]
        started = saved = time.monotonic()
        recent: list[dict[str, float]] = []
        reports = []
        for group in schedule(items, lengths, self.recipe, self.step):
            recent.append(self.update(group[self.rank]))
            if self.rank == 0 and self.step % self.recipe.log_every == 0:
                reports.append(mean_of(recent))
                recent = []
                seconds = time.monotonic() - started
                log.info("step %d, %.0f s, %s", self.step, seconds, json.dumps(reports[-1]))
            if self.rank == 0 and time.monotonic() - saved > self.recipe.checkpoint_seconds:
                self.save()
                saved = time.monotonic()
        if self.rank == 0:
            self.save()
        return reports


def mean_of(parts: Sequence[dict[str, float]]) -> dict[str, float]:
    """The mean of every loss over the steps that have it."""
    names = {name for p in parts for name in p}
    values = {name: [p[name] for p in parts if name in p] for name in sorted(names)}
    return {name: round(sum(v) / len(v), 3) for name, v in values.items()}


def _worker(rank: int, stored: list[Stored], pieces: Path, recipe: Recipe, out: Path) -> None:
    torch.set_num_threads(1)
    if recipe.ranks > 1:
        meeting = f"file://{out / 'rendezvous'}"
        dist.init_process_group("gloo", meeting, rank=rank, world_size=recipe.ranks)
    trainer = Trainer(rank, stored, Pieces(pieces), recipe, out)
    _speak_up()
    size = trainer.flat.data.numel() / 1e6
    log.info("%d clips, %.2f M parameters, from step %d", len(stored), size, trainer.step)
    trainer.run()


def _speak_up() -> None:
    """Our own handler, set after funasr's import has rearranged the root's."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def train(data: Path, pieces: Path, out: Path, recipe: Recipe) -> None:
    """Train from the shards in `data` into `out`/checkpoint.pt."""
    out = out.resolve()  # a file:// address must be absolute
    out.mkdir(parents=True, exist_ok=True)
    (out / "rendezvous").unlink(missing_ok=True)
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    stored = list(corpus.read(data))
    if not stored:
        raise SystemExit(f"no corpus in {data}: run `python -m training synthesise` first")
    context: Any = mp.get_context("fork")  # the features are shared, not copied
    jobs = [(rank, stored, pieces, recipe, out) for rank in range(recipe.ranks)]
    workers = [context.Process(target=_worker, args=job) for job in jobs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise SystemExit("training stopped: a process failed")
