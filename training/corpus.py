"""The corpus: a plan of clips, stored in shards of features.

A shard is an NPZ: `features` float16 (frames, 80), `lengths`, `items` as JSON lines, on the
test side also the samples. Shards that exist are kept: interrupted, it goes on.
"""

import json
import os
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm  # type: ignore[import-untyped]

from training.clips import Item, clip
from training.features import fbank
from training.sounds import Samples

SHARD = 1000
PLAN_SEED = 11
Job = tuple[int, list[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of clips on one side, by group; see clips.Item."""

    zh: int
    wide: int
    en: int
    yue: int
    demo: int
    quiet: int
    named: int


TRAIN = Size(zh=14000, wide=9000, en=2600, yue=500, demo=1500, quiet=2200, named=3300)
TEST = Size(zh=400, wide=400, en=100, yue=20, demo=100, quiet=165, named=210)
SMOKE = Size(zh=40, wide=10, en=6, yue=2, demo=4, quiet=11, named=7)


def plan(size: Size) -> list[str]:
    """The group of every clip, by its number."""
    out = [f.name for f in fields(size) for _ in range(getattr(size, f.name))]
    random.Random(PLAN_SEED).shuffle(out)
    return out


def synthesise(folder: Path, size: Size, test: bool, workers: int = 2) -> None:
    """Fill `folder` with the shards of one side."""
    folder.mkdir(parents=True, exist_ok=True)
    members = list(enumerate(plan(size)))
    shards = [members[i : i + SHARD] for i in range(0, len(members), SHARD)]
    job = partial(_shard, folder=folder, test=test)
    with Pool(workers) as pool, tqdm(total=len(members), unit="clip", desc=folder.name) as bar:
        for count in pool.imap_unordered(job, enumerate(shards)):
            bar.update(count)


def _shard(job: Job, folder: Path, test: bool) -> int:
    index, members = job
    path = folder / f"{index:04d}.npz"
    if not path.exists():
        _write(path, [clip(number, group, test) for number, group in members], test)
    return len(members)


def _write(path: Path, made: list[tuple[Item, Samples]], test: bool) -> None:
    """Whole or not at all."""
    feats = [fbank(x).astype(np.float16) for _, x in made]
    lines = [json.dumps(asdict(item), ensure_ascii=False) for item, _ in made]
    arrays: dict[str, NDArray[np.generic]] = {
        "items": np.array("\n".join(lines)),
        "features": np.concatenate(feats),
        "lengths": np.array([len(f) for f in feats]),
    }
    if test:
        arrays["waves"] = np.concatenate(
            [np.round(x * 32767).astype(np.int16) for _, x in made]
        )
        arrays["samples"] = np.array([len(x) for _, x in made])
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type] # numpy's stub takes them for flags
    os.replace(part, path)


def read(folder: Path) -> Iterator[tuple[Item, NDArray[np.float16]]]:
    """Every clip of a side with its features."""
    yield from _read(folder, "features", "lengths")


def read_waves(folder: Path) -> Iterator[tuple[Item, Samples]]:
    """Every test clip with its samples in [-1, 1]."""
    for item, wave in _read(folder, "waves", "samples"):
        yield item, wave.astype(np.float32) / np.float32(32767)


def _read(folder: Path, content: str, sizes: str) -> Iterator[tuple[Item, NDArray[np.float16]]]:
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as shard:
            parts = np.split(shard[content], np.cumsum(shard[sizes])[:-1])
            lines = str(shard["items"]).split("\n")
            for line, part in zip(lines, parts, strict=True):
                yield Item(**json.loads(line)), part
