"""How fast SenseVoiceSmall is heard here, beside funasr and ONNX Runtime, on the same cores.

    python -m bench.recognizer --json --network DIR --random-weights

DIR holds config, tokenizer and statistics of a SenseVoiceSmall (its weights only without
`--random-weights`: cost does not depend on their values). The last line printed is one JSON
object. In it `throughput_ratio_best_peer` is ours divided by the best peer's (above 1: we are
faster) and `latency_ratio_best_peer` ours divided by the best peer's (below 1: we are faster),
both as the median over rounds in which all took turns; `ours` says at which precision: the
fastest that agrees with fp32 on 99 % of the frames and on P(ANGRY) within 0.02.
ONNX Runtime needs `pip install -c constraints.txt -e '.[bench]'`.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.recognizer import contest, gpu
from bench.recognizer.contest import QUICK, Measured, Plan
from bench.recognizer.contestants import GRAPHS, precisions
from bench.recognizer.network import onnx_missing
from bench.recognizer.report import markdown, written_into
from bench.recognizer.sounds import LONGEST, MEDIAN, SEED, SHORTEST, SPREAD

PEERS = ("funasr", "onnxruntime fp32", "onnxruntime int8")


def main() -> None:
    given = _arguments()
    with tempfile.TemporaryDirectory() as scratch:
        directory = given.work or Path(scratch)
        directory.mkdir(parents=True, exist_ok=True)
        contest.made(given.network, directory, random_weights=given.random_weights)
        plan = QUICK if given.quick else Plan(rounds=given.rounds)
        found = measure(directory, plan, given.cores)
    found["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    found["weights"] = "random, seeded" if given.random_weights or not given.network else "real"
    found["network"] = given.network.name if given.network else "small"
    found["command"] = "python -m bench.recognizer " + " ".join(_shown(given))
    if given.markdown:
        written_into(given.markdown, markdown(found))
    if not given.json:
        print(markdown(found), file=sys.stderr)
    print(json.dumps(found))


def measure(directory: Path, plan: Plan, cores: Sequence[int]) -> dict[str, Any]:
    """The whole contest; the figures by name."""
    why_no_onnx, why_no_gpu = onnx_missing(), gpu.missing()
    ours = [f"ours {name}" for name in precisions("cpu")]
    peers = [name for name in PEERS if not (why_no_onnx and name.startswith("onnx"))]
    found = {
        "machine": machine(cores),
        "utterances": f"{plan.utterances} a round, {SHORTEST:.0f}-{LONGEST:.0f} s, log-normal "
        f"(median {MEDIAN} s, spread {SPREAD}, seed {SEED}), synthetic and speech-like",
        **on_cpu(ours, peers, directory, plan, cores),
        "not_measured": {"onnxruntime": why_no_onnx} if why_no_onnx else {},
        "gpu": None,
        "gpu_reason": why_no_gpu,
    }
    if why_no_gpu is None:
        on_gpu = [f"ours {name}{how}" for name in precisions("cuda") for how in ("", GRAPHS)]
        found["gpu"] = gpu.measure(on_gpu, directory, plan, cores)
    return found


def on_cpu(
    ours: Sequence[str], peers: Sequence[str], directory: Path, plan: Plan, cores: Sequence[int]
) -> dict[str, Any]:
    children, found = contest.start([*ours, *peers], directory, plan, cores, "cpu")
    try:
        contest.throughput(children, found, plan)
        for name, took in contest.latency(children, plan.latency_rounds).items():
            found[name].latencies = took
        contest.peaks(children, found)
        contest.compare(children, found, ours)
        ratios = contest.ratios(found, ours, peers)
        best = fastest(ours, found)
        return {
            **headline(best, ratios),
            "contestants": {
                name: it.figures(found[ours[0]].texts) for name, it in found.items()
            },
            "ratios": ratios,
            "loop_lag_ms_p99": {name: contest.busy(children[name], plan) for name in ours},
            "calls": {name: contest.calls_table(children[name], plan) for name in ours},
        }
    finally:
        for child in children.values():
            child.stop()


def fastest(names: Sequence[str], found: Mapping[str, Measured]) -> str:
    """Of those that agree with fp32, as fp32 itself does: no other would be served."""
    agreeing = [name for name in names if found[name].agrees]
    return max(agreeing, key=lambda name: statistics.median(found[name].throughputs))


def headline(
    ours: str, ratios: Mapping[str, Mapping[str, Mapping[str, float]]]
) -> dict[str, object]:
    """Against the peer that is hardest to beat, for each question; and fp32 against fp32."""
    at = ratios[ours]
    like = {peer: it for peer, it in ratios["ours fp32"].items() if "int8" not in peer}
    return {
        "ours": ours,
        "throughput_ratio_best_peer": min(it["throughput"] for it in at.values()),
        "latency_ratio_best_peer": max(it["latency"] for it in at.values()),
        "throughput_ratio_best_fp32_peer": min(it["throughput"] for it in like.values()),
        "latency_ratio_best_fp32_peer": max(it["latency"] for it in like.values()),
    }


def machine(cores: Sequence[int]) -> dict[str, object]:
    import torch  # noqa: PLC0415 - slow to import

    rows = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    names = [row.partition(":")[2].strip() for row in rows if row.startswith("model name")]
    return {
        "cpu": names[0] if names else platform.machine(),
        "cores": len(cores),
        "of": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "torch": str(torch.__version__),
        "date": datetime.now(UTC).date().isoformat(),
    }


def _shown(given: argparse.Namespace) -> list[str]:
    """The options that matter to the figures, without anybody's paths."""
    network = ["--network", given.network.name] if given.network else []
    flags = [name for name in ("random_weights", "quick") if getattr(given, name)]
    rounds = [] if given.rounds == Plan().rounds else ["--rounds", str(given.rounds)]
    return [*network, *rounds, *(f"--{name.replace('_', '-')}" for name in flags)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="only one JSON object")
    parser.add_argument("--network", type=Path, metavar="DIR", help="else a small random one")
    parser.add_argument("--random-weights", action="store_true")
    parser.add_argument("--rounds", type=int, default=Plan().rounds, help="of throughput")
    parser.add_argument(
        "--quick", action="store_true", help="does it run? figures mean nothing"
    )
    parser.add_argument(
        "--work", type=Path, metavar="DIR", help="keep what is made for it here"
    )
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write the tables into this document"
    )
    parser.add_argument(
        "--cores", type=lambda text: [int(n) for n in text.split(",")], metavar="N,N",
        default=sorted(os.sched_getaffinity(0))[:2], help="the first two",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    main()
