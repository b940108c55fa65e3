"""How stored clips become a batch: distorted features, targets, alignments and labels."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from training.augment import Spans, add_noise, distort, excerpt, window
from training.clips import NO_EVENT, NO_SPEECH, SPEECH, Item
from training.features import STACK, STRIDE, Features, lfr
from training.network import LANGUAGE_ROW, TEXTNORM_ROW
from training.phrases import PUNCTUATION
from training.pieces import Pieces

ITN_SHARE = 0.45
EXCERPT_SHARE = 0.3
WINDOW_SHARE = 0.4
MIXED_SHARE = 0.4  # of quiet sounds, with one another
SHORTEST_CUT = 4  # units
LONGEST_PIECE = 24.0  # frames of 10 ms; a unit's time runs on into a pause after it
NAMED_LANGUAGE_SHARE = 0.3
Stored = tuple[Item, Features]


@dataclass(frozen=True, slots=True)
class Example:
    """LFR features, piece ids, (LFR frame, piece) pairs, query rows, and the four tags' ids."""

    feats: Features
    target: list[int]
    aligned: list[tuple[int, int]]
    rows: tuple[int, int]
    tags: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Batch:
    """`lens` counts LFR frames; `aligned` rows are (clip, LFR frame, piece)."""

    feats: Tensor
    lens: Tensor
    language: Tensor
    textnorm: Tensor
    targets: Tensor
    target_lens: Tensor
    aligned: Tensor
    tags: Tensor


class Feeder:
    """Examples and batches of one process, from features shared by all."""

    def __init__(
        self,
        stored: Sequence[Stored],
        pieces: Pieces,
        cmvn: tuple[Features, Features],
        rng: random.Random,
    ) -> None:
        self._stored = stored
        self._pieces = pieces
        self._mean, self._scale = cmvn
        self._rng = rng
        self._noises = [x for item, x in stored if item.language == NO_SPEECH]
        self._quiet = [x for item, x in stored if item.event == NO_EVENT]

    def example(self, index: int, strength: float) -> Example:
        """Clip `index` as it is met this time."""
        rng, tag = self._rng, self._pieces.tag
        item, x = self._stored[index]
        itn = rng.random() < ITN_SHARE
        ids, groups = self._target(item, itn)
        spans = list(item.spans) if len(groups) == len(item.spans) else []
        if len(spans) > SHORTEST_CUT and not itn and rng.random() < EXCERPT_SHARE:
            first = rng.randrange(len(spans) - 2)
            last = rng.randrange(first + 1, len(spans))
            x, spans = excerpt(x, spans, first, last)
            groups = groups[first : last + 1]
            ids = [i for group in groups for i in group]
        speech = item.event == SPEECH
        if not speech and rng.random() < WINDOW_SHARE:
            x = window(x, rng)
        if item.event == NO_EVENT and rng.random() < MIXED_SHARE:
            x = add_noise(x.astype(np.float32), self._quiet, rng)
        feats, moved = distort(x, spans, self._noises if speech else None, strength, rng)
        stacked = (lfr(feats) - self._mean) * self._scale
        named = item.language != NO_SPEECH and rng.random() < NAMED_LANGUAGE_SHARE
        norm = "withitn" if itn else "woitn"
        return Example(
            feats=stacked,
            target=ids,
            aligned=align(moved, groups, len(stacked)) if moved else [],
            rows=(LANGUAGE_ROW[item.language if named else "auto"], TEXTNORM_ROW[norm]),
            tags=(tag(item.language), tag(item.emotion), tag(item.event), tag(norm)),
        )

    def _target(self, item: Item, itn: bool) -> tuple[list[int], list[list[int]]]:
        """All pieces of the transcript, and the pieces of each unit where the two agree."""
        if item.event != SPEECH:
            return [], []
        text = item.written if itn else item.plain
        ids = self._pieces.encode(text, item.language)
        if item.language == "en":
            return ids, [] if itn else self._pieces.words(ids)
        units = PUNCTUATION.sub("", text)
        return ids, [self._pieces.encode(c, item.language) for c in units]

    def batch(self, indices: Sequence[int], strength: float) -> Batch:
        """These clips, padded to the longest."""
        made = [self.example(i, strength) for i in indices]
        feats = pad_sequence([torch.from_numpy(e.feats) for e in made], batch_first=True)
        marks = [(k, *pair) for k, e in enumerate(made) for pair in e.aligned]
        rows = torch.tensor([e.rows for e in made])
        return Batch(
            feats=feats.float(),
            lens=torch.tensor([len(e.feats) for e in made]),
            language=rows[:, 0],
            textnorm=rows[:, 1],
            targets=torch.tensor([i for e in made for i in e.target], dtype=torch.long),
            target_lens=torch.tensor([len(e.target) for e in made]),
            aligned=torch.tensor(marks, dtype=torch.long).reshape(-1, 3),
            tags=torch.tensor([e.tags for e in made]),
        )


def align(spans: Spans, groups: list[list[int]], steps: int) -> list[tuple[int, int]]:
    """(LFR frame, piece) where a frame's middle lies in a unit; its pieces share its time."""
    out = []
    for (begin, end), group in zip(spans, groups, strict=True):
        width = min((end - begin) / len(group), LONGEST_PIECE)
        for k, piece in enumerate(group):
            a, b = begin + k * width, begin + (k + 1) * width
            first = max(0, -int(-a // STRIDE))
            inside = range(first, min(steps, int(b // STRIDE) + 1))
            frames = list(inside) or [min(steps - 1, max(0, round((a + b) / 2 / STRIDE)))]
            out += [(frame, piece) for frame in frames]
    return out


def cmvn(stored: Sequence[Stored]) -> tuple[Features, Features]:
    """Mean and inverse deviation of the 560 inputs over speech, digital silence floored."""
    speech = [
        np.maximum(x[::3].astype(np.float32), -2) for item, x in stored if item.event == SPEECH
    ]
    every = np.concatenate(speech[:3000])
    mean, deviation = every.mean(0), every.std(0)
    return np.tile(mean, STACK), np.tile(1 / deviation, STACK)
