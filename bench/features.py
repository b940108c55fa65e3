"""Features: microseconds per second of audio, whole and as speech grows, beside funasr's own.

    python -m bench.features --json

All in one run, CPU time of one thread, the median of `--rounds`. `left_at_end` is what an
utterance still has to wait for when it is over. `speaking` is what telling of growing speech
costs the event loop, from the session to the features' thread.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np
import torch

from bench.random_network import FRONTEND
from streamer import events as ev
from streamer.endpointing import Endpointing
from streamer.pcm import to_model_rate
from streamer.recognizer.features import Frontend
from streamer.recognizer.funasr_part import part_of_funasr
from streamer.recognizer.gates import Gates
from streamer.recognizer.growth import Growth
from streamer.recognizer.hub import TINY_DIRECTORY
from streamer.recognizer.metrics import Metrics
from streamer.recognizer.preparation import Listening, Preparation
from streamer.session import CallSession, SessionSettings

CMVN = TINY_DIRECTORY / "am.mvn"
PIECE = Endpointing().told_every
CHUNK = 0.02
MICRO = 1e6


class Talking:
    """A detector for which everybody always speaks."""

    def is_speech(self, frame: bytes) -> bool:
        return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="only one JSON object, last line")
    parser.add_argument("--seconds", type=float, default=3.0, help="of one utterance")
    parser.add_argument("--rounds", type=int, default=30)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    found = measure(arguments.seconds, arguments.rounds)
    if not arguments.json:
        for name, value in found.items():
            print(f"{name:40} {value}", file=sys.stderr)
    print(json.dumps(found))


def measure(seconds: ev.Seconds, rounds: int) -> dict[str, Any]:
    frontend = Frontend.load(FRONTEND, CMVN)
    found: dict[str, Any] = {"seconds": seconds, "threads": 1}
    for rate in (8000, 16000):
        pcm = sound(seconds, rate)
        whole = timed(partial(at_once, frontend, pcm, rate), rounds)
        early = timed(partial(grown, frontend, pcm, rate), rounds)
        end = median(left_at_end(frontend, pcm, rate) for _ in range(rounds))
        key = f"{rate // 1000}k"
        found[f"whole_us_per_second_{key}"] = round(whole / seconds)
        found[f"incremental_us_per_second_{key}"] = round(early / seconds)
        found[f"left_at_end_us_{key}"] = round(end)
    wav = funasr_frontend()
    samples = to_model_rate(sound(seconds, 16000), 16000)
    theirs = timed(lambda: wav(samples), rounds)
    difference = (wav(samples) - frontend.extract(samples)).abs().max()
    found["wavfrontend_us_per_second"] = round(theirs / seconds)
    found["wavfrontend_max_difference"] = float(f"{float(difference):.1e}")
    found["times_as_fast_as_wavfrontend"] = round(
        theirs / seconds / found["whole_us_per_second_16k"], 1
    )
    return found | speaking(frontend, rounds)


def sound(seconds: ev.Seconds, rate: int) -> bytes:
    noise = np.random.default_rng(1).normal(0, 3000, round(seconds * rate))
    return noise.astype("<i2").tobytes()


def funasr_frontend() -> Callable[[Any], torch.Tensor]:
    kind = part_of_funasr("funasr.frontends.wav_frontend").WavFrontend
    frontend = kind(cmvn_file=str(CMVN), dither=0.0, **FRONTEND)

    def extract(samples: Any) -> torch.Tensor:  # noqa: ANN401 - numpy's
        sounds = torch.from_numpy(samples)[None]
        features: torch.Tensor = frontend(sounds, torch.tensor([len(samples)]))[0][0]
        return features

    return extract


def grow(frontend: Frontend, pcm: bytes, rate: int) -> Growth:
    """As speech goes on, up to a piece before its end."""
    growth, piece = Growth(frontend), 2 * round(PIECE * rate)
    for end in range(piece, len(pcm), piece):
        growth.grow(pcm[:end], rate)
    return growth


def at_once(frontend: Frontend, pcm: bytes, rate: int) -> None:
    frontend.extract(to_model_rate(pcm, rate))


def grown(frontend: Frontend, pcm: bytes, rate: int) -> None:
    grow(frontend, pcm, rate).whole(pcm, rate)


def left_at_end(frontend: Frontend, pcm: bytes, rate: int) -> float:
    growth = grow(frontend, pcm, rate)
    began = time.thread_time()
    growth.whole(pcm, rate)
    return (time.thread_time() - began) * MICRO


def timed(work: Callable[[], object], rounds: int) -> float:
    """Microseconds."""
    took = []
    work()
    for _ in range(rounds):
        began = time.thread_time()
        work()
        took.append((time.thread_time() - began) * MICRO)
    return median(took)


def speaking(frontend: Frontend, rounds: int) -> dict[str, float]:
    """One party speaks without a pause: the longest utterances, so the most to copy."""
    seconds = 15.0
    preparation = Preparation(Listening(frontend, Gates(), itn=True), Metrics())
    with_it, without = (
        timed(partial(session, preparation, seconds, every), max(3, rounds // 5))
        for every in (PIECE, 99.0)
    )
    preparation.close()
    return {
        "speaking_us_per_second_of_speech": round((with_it - without) / seconds, 1),
        "session_us_per_second_of_speech": round(without / seconds, 1),
    }


def session(preparation: Preparation, seconds: ev.Seconds, told_every: ev.Seconds) -> None:
    endpointing = Endpointing(told_every=told_every)
    call = CallSession(lambda rate: Talking(), SessionSettings(endpointing))
    info = ev.CallInfo(ev.CallId("bench"))
    call.join(1, ev.CallStarted(info, (ev.Party.CUSTOMER,), 8000), 0.0)
    chunk = sound(CHUNK, 8000)
    for count in range(round(seconds / CHUNK)):
        heard = call.receive(1, ev.AudioChunk(ev.Party.CUSTOMER, chunk), count * CHUNK)
        for event in heard:
            if isinstance(event, ev.Speaking):
                preparation.grow(event.so_far)


if __name__ == "__main__":
    main()
