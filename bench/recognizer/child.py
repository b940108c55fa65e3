"""One contestant in a process of its own: `python -m bench.recognizer.child NAME DIRECTORY`.

Reads one JSON request a line, writes one JSON answer a line; `process.Child` is the other side.
What libraries print goes to standard error.
"""

import argparse
import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.recognizer.sounds import Samples, lengths, speechlike
from streamer.events import Seconds

THREE: Seconds = 3.0


def main() -> None:
    began = time.monotonic() - _age()
    given = _arguments()
    os.sched_setaffinity(0, given.cores)
    # The protocol keeps the real standard output; whatever prints meanwhile does it elsewhere.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    from bench.recognizer.contestants import make  # noqa: PLC0415 - the affinity comes first

    clips = [speechlike(seconds, i) for i, seconds in enumerate(lengths(given.utterances))]
    three = [speechlike(THREE, i) for i in range(32)]
    contestant = make(given.name, given.directory, len(given.cores), given.device)
    contestant.hear(three[:1], 1)
    loaded = {"start_seconds": time.monotonic() - began, "rss_mb": memory("VmRSS")}
    print(json.dumps(loaded), file=out, flush=True)
    answers = requests(contestant, clips, three, len(given.cores))
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(answers[asked.pop("what")](**asked)), file=out, flush=True)


def requests(
    contestant: Any,  # noqa: ANN401 - ours has more to it than the others
    clips: list[Samples],
    three: list[Samples],
    threads: int,
) -> dict[str, Callable[..., dict[str, Any]]]:
    """What may be asked, by name."""

    def hear(batch: int) -> dict[str, Any]:
        began = time.perf_counter()
        texts = contestant.hear(clips, batch)
        took = time.perf_counter() - began
        return {"seconds": took, "audio": sum(map(len, clips)) / 16000, "texts": texts}

    def latency(count: int) -> dict[str, Any]:
        began = time.perf_counter()
        contestant.hear(three[:count], count)
        return {"seconds": time.perf_counter() - began}

    def said() -> dict[str, Any]:
        answers: dict[str, Any] = contestant.said(clips)
        return answers

    def peak() -> dict[str, Any]:
        return {"peak_mb": memory("VmHWM")}

    def busy(batch: int, seconds: Seconds) -> dict[str, Any]:
        from bench.recognizer import load  # noqa: PLC0415 - the peers have no need of it

        # As the server does it: one core is the event loop's.
        spare = max(1, threads - 1)
        return {"late": asyncio.run(load.busy(contestant.model, spare, batch, seconds))}

    def calls(count: int, batch: int, seconds: Seconds) -> dict[str, Any]:
        from bench.recognizer import load  # noqa: PLC0415

        spare = max(1, threads - 1)
        coming = load.arrivals(count, seconds)
        told = asyncio.run(load.calls_at_once(contestant.model, spare, batch, coming))
        return {"took": told}

    return {f.__name__: f for f in (hear, latency, said, peak, busy, calls)}


def memory(which: str) -> float:
    """MB of this process: `VmRSS` (resident now) or `VmHWM` (at most so far)."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(re.findall(rf"{which}:\s+(\d+) kB", status)[0]) / 1024


def _age() -> Seconds:
    """Seconds since this process began, before Python had read a line."""
    ticks = int(Path("/proc/self/stat").read_text("utf-8").rpartition(")")[2].split()[19])
    uptime = float(Path("/proc/uptime").read_text("utf-8").split()[0])
    return uptime - ticks / os.sysconf("SC_CLK_TCK")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--cores", type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--utterances", type=int, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
