"""The figures as tables, and into a document between two marks, so that they stay together."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- bench.recognizer: begin -->", "<!-- bench.recognizer: end -->"


def markdown(found: Mapping[str, Any]) -> str:
    """Everything of a run that a reader needs."""
    it = found["machine"]
    parts = [
        f"`{found['command']}`, {it['date']}: {it['cores']} cores of {it['of']} ({it['cpu']}), "
        f"torch {it['torch']}; load {it['load_before']} before it began, {it['load_after']} at "
        f"its end. Network: {found['network']}, weights: {found['weights']}. Utterances: "
        f"{found['utterances']}.",
        _contestants(found),
        f"Ours (`{found['ours']}`) divided by the best peer's: throughput "
        f"**{found['throughput_ratio_best_peer']}**, latency "
        f"**{found['latency_ratio_best_peer']}**; fp32 against fp32 "
        f"{found['throughput_ratio_best_fp32_peer']} and "
        f"{found['latency_ratio_best_fp32_peer']}.",
        *_worker(found),
        *_gpu(found),
        *[f"Not measured: {who}: {why}" for who, why in found["not_measured"].items()],
    ]
    return "\n\n".join(parts)


def written_into(path: Path, text: str) -> None:
    """Replaces what stands between the marks. Raises `ValueError` where they are missing."""
    before, begin, rest = path.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{path} lacks the marks {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")


def _contestants(found: Mapping[str, Any]) -> str:
    columns = {
        "seconds of audio per second": "throughput",
        "at batch": "best_batch",
        "3 s p50 ms": "latency_3s_ms_p50",
        "p95 ms": "latency_3s_ms_p95",
        "start s": "start_seconds",
        "memory MB": "rss_mb",
        "peak MB": "peak_mb",
        "frames": "frames_agree",
        "dp angry": "dp_angry",
        "same text": "same_text",
        "similarity": "text_similarity",
    }
    rows = [
        [name, *("" if figures[key] is None else figures[key] for key in columns.values())]
        for name, figures in found["contestants"].items()
    ]
    return table(["", *columns], rows)


def _worker(found: Mapping[str, Any]) -> list[str]:
    lag = ", ".join(f"{name} {ms} ms" for name, ms in found["loop_lag_ms_p99"].items())
    return [
        f"Lag of the event loop beside the worker at full load, p99: {lag}.",
        *_calls(found["calls"]),
    ]


def _gpu(found: Mapping[str, Any]) -> list[str]:
    measured = found["gpu"]
    if measured is None:
        return [f"GPU: not measured ({found['gpu_reason']})."]
    columns = list(next(iter(measured["contestants"].values())))
    rows = [[name, *it.values()] for name, it in measured["contestants"].items()]
    return [
        f"GPU: {measured['device']}.",
        table(["", *columns], rows),
        *_calls(measured["calls"]),
    ]


def _calls(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """End of utterance to transcript, by two-channel calls at once."""
    columns = ("calls", "utterances", "ms_p50", "ms_p95", "ms_p99")
    rows = [
        [name, *(row.get(column, "") for column in columns)]
        for name, rows in tables.items()
        for row in rows
    ]
    return [table(["", *columns], rows)]


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
