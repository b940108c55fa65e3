"""How training goes on: step counts, learning rate, and what is trained on when."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.clips import Item

SHORT = 330  # frames of 10 ms
Group = list[list[int]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """`frames` of 10 ms are in a batch of one process; shares are of all steps."""

    steps: int = 6300
    frames: int = 6000
    rate: float = 1.5e-3
    warmup: int = 200
    decay_from: float = 0.2
    ranks: int = 2
    seed: int = 0
    short_share: float = 0.03  # only short clips
    core_share: float = 0.08  # only the core voices
    full_strength: float = 0.4  # from here on augmentation has its full strength
    align_full: float = 0.1  # true alignments count wholly until here,
    align_until: float = 0.75  # and nothing from here on
    checkpoint_seconds: float = 120
    log_every: int = 50

    def share(self, step: int) -> float:
        return step / self.steps

    def learning_rate(self, step: int) -> float:
        """Warm-up, plateau, cosine decay to 2 %."""
        late = max(0.0, (self.share(step) - self.decay_from) / (1 - self.decay_from))
        cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, late)))
        return self.rate * min(1.0, step / self.warmup) * (0.98 * cosine + 0.02)

    def align_weight(self, step: int) -> float:
        late = (self.share(step) - self.align_full) / (self.align_until - self.align_full)
        return min(1.0, max(0.0, 1 - late))

    def strength(self, step: int) -> float:
        """Of augmentation, from 0 to 1."""
        return min(1.0, self.share(step) / self.full_strength)

    def phase(self, step: int) -> int:
        """0 short clips, 1 core voices, 2 everything."""
        share = self.share(step)
        return (share >= self.short_share) + (share >= self.core_share)


def eligible(item: Item, length: int, phase: int) -> bool:
    """Whether a clip of `length` frames is trained on in a phase."""
    if phase == 0 and length > SHORT:
        return False
    return phase == 2 or not item.group.startswith("wide")


def epoch(
    lengths: dict[int, int], frames: int, ranks: int, rng: random.Random
) -> Iterator[Group]:
    """Once over the clips (index: length): groups of `ranks` batches of about equal length."""
    order = sorted(lengths, key=lambda i: lengths[i] * rng.uniform(0.85, 1.15))
    batches: Group = []
    current: list[int] = []
    for i in order:
        current.append(i)
        if len(current) * lengths[i] >= frames:
            batches.append(current)
            current = []
    if current and len(batches) < ranks:
        batches += [current] * (ranks - len(batches))
    groups = [batches[i : i + ranks] for i in range(0, len(batches) - ranks + 1, ranks)]
    rng.shuffle(groups)
    yield from groups


def schedule(
    items: Sequence[Item], lengths: Sequence[int], recipe: Recipe, start: int
) -> Iterator[Group]:
    """The groups of batches of every step from `start` on; the same in every process."""
    rng = random.Random(recipe.seed * 1000 + start)
    step = start
    while step < recipe.steps:
        phase = recipe.phase(step)
        kept = {
            i: n
            for i, (item, n) in enumerate(zip(items, lengths, strict=True))
            if eligible(item, n, phase)
        }
        for group in epoch(kept, recipe.frames, recipe.ranks, rng):
            yield group
            step += 1
            if step >= recipe.steps or recipe.phase(step) != phase:
                break
