"""Rounds of all contestants in turn, and what comes of them.

The machine is shared and noisy: a contestant is compared with another within a round, when both
had the same neighbours, and the median of those ratios counts, not the ratio of two medians.
"""

import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from bench.recognizer.process import ROOT, Child
from streamer.events import Seconds

LEAST_FRAMES, MOST_DP = 0.99, 0.02
"""As `streamer.recognizer.agreement` has them: nothing here may import torch."""

BATCH = 16
"""The server's default for `max_batch`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. `utterances` make one round's throughput."""

    utterances: int = 48
    rounds: int = 5
    latency_rounds: int = 20
    probes: int = 1
    batches: tuple[int, ...] = (1, 4, 16)
    busy_seconds: Seconds = 12.0
    calls_seconds: Seconds = 20.0
    calls_limit_ms: float = 250.0
    most_calls: int = 1024


QUICK = Plan(
    utterances=3, rounds=1, latency_rounds=1, probes=1, batches=(1, 2),
    busy_seconds=0.3, calls_seconds=1.0, most_calls=1,
)  # fmt: skip
"""Shows that everything runs; its figures mean nothing."""


@dataclass(slots=True)
class Measured:
    """One contestant. Throughputs are seconds of audio per second, by batch or by round."""

    start_seconds: Seconds
    rss_mb: float
    probed: dict[int, list[float]] = field(default_factory=dict)
    throughputs: list[float] = field(default_factory=list)
    latencies: list[Seconds] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    peak_mb: float = 0.0
    frames_agree: float | None = None  # with ours at fp32; of ours only
    dp_angry: float | None = None

    @property
    def agrees(self) -> bool:
        """The server would serve at this precision, as far as frames and anger go. Texts are
        not asked for: with random weights one frame in a hundred changes many."""
        if self.frames_agree is None or self.dp_angry is None:
            return False
        return self.frames_agree >= LEAST_FRAMES and self.dp_angry <= MOST_DP

    @property
    def best_batch(self) -> int:
        return max(self.probed, key=lambda batch: statistics.median(self.probed[batch]))

    def figures(self, reference: Sequence[str]) -> dict[str, Any]:
        return {
            "throughput": round(statistics.median(self.throughputs), 2),
            "best_batch": self.best_batch,
            "throughput_by_batch": {
                batch: round(statistics.median(found), 2)
                for batch, found in self.probed.items()
            },
            "latency_3s_ms_p50": milliseconds(self.latencies, 50),
            "latency_3s_ms_p95": milliseconds(self.latencies, 95),
            "start_seconds": round(self.start_seconds, 1),
            "rss_mb": round(self.rss_mb),
            "peak_mb": round(self.peak_mb),
            "frames_agree": self.frames_agree,
            "dp_angry": self.dp_angry,
            **agreement(self.texts, reference),
        }


def start(
    names: Sequence[str], directory: Path, plan: Plan, cores: Sequence[int], device: str
) -> tuple[dict[str, Child], dict[str, Measured]]:
    """All contestants by name, warm and idle, loaded one after another."""
    flags = [f"--utterances={plan.utterances}", f"--device={device}"]
    children, found = {}, {}
    for name in names:
        children[name] = Child.start(name, directory, flags, cores)
        found[name] = Measured(**children[name].answer())
    return children, found


def throughput(children: Mapping[str, Child], found: dict[str, Measured], plan: Plan) -> None:
    """First every batch size for everybody, then rounds at the best of each."""
    for _ in range(plan.probes):
        for batch in plan.batches:
            for name, child in children.items():
                answer = child.ask("hear", batch=batch)
                found[name].probed.setdefault(batch, []).append(_speed(answer))
    for _ in range(plan.rounds):
        for name, child in children.items():
            answer = child.ask("hear", batch=found[name].best_batch)
            found[name].throughputs.append(_speed(answer))
            found[name].texts = answer["texts"]


def compare(
    children: Mapping[str, Child], found: Mapping[str, Measured], ours: Sequence[str]
) -> None:
    """Frame by frame with the first of `ours`, which is fp32."""
    said = {name: children[name].ask("said") for name in ours}
    exact = said[ours[0]]
    for name, it in said.items():
        pairs = [
            a == b
            for clip, reference in zip(it["labels"], exact["labels"], strict=True)
            for a, b in zip(clip, reference, strict=True)
        ]
        apart = [abs(a - b) for a, b in zip(it["angry"], exact["angry"], strict=True)]
        found[name].frames_agree = round(sum(pairs) / len(pairs), 4)
        found[name].dp_angry = round(max(apart), 4)


def latency(
    children: Mapping[str, Child], rounds: int, count: int = 1
) -> dict[str, list[Seconds]]:
    """Of `count` utterances of 3 s at once, by contestant and round."""
    took: dict[str, list[Seconds]] = {name: [] for name in children}
    for _ in range(rounds):
        for name, child in children.items():
            took[name].append(child.ask("latency", count=count)["seconds"])
    return took


def peaks(children: Mapping[str, Child], found: dict[str, Measured]) -> None:
    for name, child in children.items():
        found[name].peak_mb = child.ask("peak")["peak_mb"]


def busy(child: Child, plan: Plan) -> float:
    """p99 of how late a 10 ms timer is beside our worker at full load, in ms."""
    late = child.ask("busy", batch=BATCH, seconds=plan.busy_seconds)["late"]
    return milliseconds(late, 99)


def calls_table(child: Child, plan: Plan) -> list[dict[str, float]]:
    """One row for 1, 2, 4, ... calls, up to the first whose p95 passes the limit."""
    rows: list[dict[str, float]] = []
    count = 1
    while count <= plan.most_calls:
        took = child.ask("calls", count=count, batch=BATCH, seconds=plan.calls_seconds)["took"]
        row: dict[str, float] = {"calls": count, "utterances": len(took)}
        if took:
            row |= {f"ms_p{p}": milliseconds(took, p) for p in (50, 95, 99)}
        rows.append(row)
        if row.get("ms_p95", 0.0) > plan.calls_limit_ms:
            break
        count *= 2
    return rows


def ratios(
    found: Mapping[str, Measured], ours: Sequence[str], peers: Sequence[str]
) -> dict[str, dict[str, dict[str, float]]]:
    """Ours divided by the peer's, by our name and theirs: of throughput, where more is better,
    and of latency, where less is."""
    return {
        name: {
            peer: {
                "throughput": paired(found[name].throughputs, found[peer].throughputs),
                "latency": paired(found[name].latencies, found[peer].latencies),
            }
            for peer in peers
        }
        for name in ours
    }


def paired(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios within rounds."""
    return round(statistics.median(o / t for o, t in zip(ours, theirs, strict=True)), 3)


def agreement(texts: Sequence[str], reference: Sequence[str]) -> dict[str, float]:
    """Share of equal tagged strings, and their mean similarity."""
    pairs = list(zip(texts, reference, strict=True))
    alike = [SequenceMatcher(None, a, b, autojunk=False).ratio() for a, b in pairs]
    return {
        "same_text": round(sum(a == b for a, b in pairs) / len(pairs), 3),
        "text_similarity": round(statistics.mean(alike), 4),
    }


def milliseconds(seconds: Sequence[Seconds], percent: int) -> float:
    """The nearest-rank percentile of at least one value."""
    ordered = sorted(seconds)
    return round(1000 * ordered[max(0, -(-percent * len(ordered) // 100) - 1)], 1)


def made(source: Path | None, directory: Path, *, random_weights: bool) -> None:
    """The directory that all load, made by a process whose memory is nobody's."""
    command = [sys.executable, "-m", "bench.recognizer.network", str(directory)]
    command += [f"--network={source}"] if source else []
    command += ["--random-weights"] if random_weights else []
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _speed(answer: Mapping[str, Any]) -> float:
    return float(answer["audio"]) / float(answer["seconds"])
