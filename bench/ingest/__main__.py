"""How many two-channel 8 kHz calls one core takes in, for each protocol, without recognition.

    python -m bench.ingest --json --calls 300
    python -m bench.ingest --json --calls 5 --speed 60 --seconds 3600 --protocol /raw

`inside`: codec, session (VAD, utterances, silences) and the call's own tasks, as fast as they
go, on a clock that is the calls' own; CPU seconds of that process. `loopback`: a real server in
a process of its own, real sockets, `--calls` calls at `--speed`; CPU seconds of the server's
process alone. `calls_a_core` is seconds of call, as far as it was heard by the end, through
CPU seconds: on a busy machine less than all is heard by then (`heard_share`). Both hear the
demo calls and the recorded call, webrtcvad at 8 kHz; each utterance is resampled to 16 kHz as
the model would have it, the model itself answers at once. Loop lag is how late a 10 ms timer of
the server's loop is; `idle` is the same of a server without calls at that time: the machine's.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from bench.ingest import inside, loopback
from bench.ingest.tapes import Tape, recordings, tapes
from streamer.events import Seconds
from streamer.wires import PATHS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--json", action="store_true", help="only one JSON object, last line")
    add("--calls", type=int, default=100, help="two-channel calls at once over loopback")
    add("--seconds", type=float, default=20.0, help="of each call")
    add("--speed", type=float, default=1.0, help="over loopback; 1.0 is real time")
    add("--protocol", choices=PATHS, action="append", help="default: every one")
    it = parser.parse_args()
    found = {
        "calls": it.calls,
        "seconds": it.seconds,
        "speed": it.speed,
        "recordings": len(recordings()),
        "protocols": {
            path: measure(path, it.calls, it.seconds, it.speed) for path in it.protocol or PATHS
        },
    }
    if not it.json:
        for path, figures in found["protocols"].items():
            print(f"{path:12} {figures}", file=sys.stderr)
    print(json.dumps(found))


def measure(path: str, calls: int, seconds: Seconds, speed: float) -> dict[str, Any]:
    its = tapes(path, calls, seconds)
    return {
        "inside": _inside(its[:10]),
        "loopback": _loopback(asyncio.run(loopback.play(its, calls, speed))),
    }


def _inside(its: Sequence[Sequence[Tape]]) -> dict[str, float]:
    found = inside.play(its)
    return {
        "cpu_ms_per_call_s": round(1000 * found.cpu / found.calls, 3),
        "calls_a_core": round(found.calls / found.cpu),
        "speech_share": round(found.speech / found.calls / 2, 3),
    }


def _loopback(found: loopback.Loopback) -> dict[str, Any]:
    heard = found.heard / 2
    return {
        "cpu_ms_per_call_s": round(1000 * found.cpu / heard, 3),
        "calls_a_core": round(heard / found.cpu),
        "heard_share": round(heard / found.calls, 4),
        "lost": found.lost,
        "loop_lag_ms": _quantiles(found.lags),
        "idle_lag_ms": _quantiles(found.idle),
        "gateway_late_ms": round(1000 * found.late, 1),
        "rss_mb": [round(each) for each in found.rss_mb],
    }


def _quantiles(lags: Sequence[Seconds]) -> dict[str, float]:
    at = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    last = len(lags) - 1
    return {name: round(1000 * lags[round(share * last)], 2) for name, share in at.items()}


if __name__ == "__main__":
    main()
