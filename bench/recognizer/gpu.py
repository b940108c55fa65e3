"""The section of the contest that needs a GPU."""

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.recognizer import contest
from bench.recognizer.contest import Plan, milliseconds, paired
from bench.recognizer.process import Child
from streamer.events import Seconds

PEER = "funasr"


def missing() -> str | None:
    """Why there is nothing to measure; None where there is a GPU."""
    import torch  # noqa: PLC0415 - slow to import

    return None if torch.cuda.is_available() else "torch finds no GPU on this machine"


def measure(
    ours: Sequence[str], directory: Path, plan: Plan, cores: Sequence[int], device: str = "cuda"
) -> dict[str, Any]:
    """One utterance of 3 s, 32 of them at once, and calls at once, ours beside funasr."""
    children, _ = contest.start([*ours, PEER], directory, plan, cores, device)
    try:
        one = contest.latency(children, plan.latency_rounds, 1)
        many = contest.latency(children, plan.latency_rounds, 32)
        return {
            "device": _name(device),
            "contestants": {name: _figures(name, one, many) for name in children},
            "calls": _calls(ours, children, plan),
        }
    finally:
        for child in children.values():
            child.stop()


def _figures(
    name: str, one: Mapping[str, list[Seconds]], many: Mapping[str, list[Seconds]]
) -> dict[str, float]:
    return {
        "latency_3s_ms_p50": milliseconds(one[name], 50),
        "latency_3s_ms_p95": milliseconds(one[name], 95),
        "latency_32_of_3s_ms_p50": milliseconds(many[name], 50),
        "throughput_32_of_3s": round(32 * 3.0 / statistics.median(many[name])),
        "times_as_fast_as_generate": paired(one[PEER], one[name]),
        "times_as_fast_as_generate_32": paired(many[PEER], many[name]),
    }


def _calls(
    ours: Sequence[str], children: Mapping[str, Child], plan: Plan
) -> dict[str, list[dict[str, float]]]:
    return {name: contest.calls_table(children[name], plan) for name in ours}


def _name(device: str) -> str:
    import torch  # noqa: PLC0415

    return torch.cuda.get_device_name() if device.startswith("cuda") else device
