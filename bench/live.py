"""Live calls over loopback, timed from the last sample of speech to a Redis subscriber.

    python -m bench.live --json --calls 8 --seconds 60

A server of its own with the model `tiny` hears the bundled demo calls at real-time pace. When
each sample was sent and when it was spoken are known from the recordings' true times, so that
nothing the server says about itself goes into the latencies.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from redis.asyncio import Redis

from bench.server import Running, server
from bench.truth import ALERTS, Line, customer_silences, lines
from streamer.endpointing import Endpointing
from streamer.events import Seconds
from streamer.recording import Recording, demo
from streamer.send import Manner, send

PROMPT_AFTER = 2.0
LINGER = 4.0  # seconds for what is still on its way after the last sample


@dataclass(slots=True)
class Call:
    """One call sent. `began` is when its first sample was due, on the monotonic clock."""

    number: int
    seconds: Seconds
    began: Seconds = 0.0

    def said(self) -> list[Line]:
        return [line for line in lines(self.number) if line.end <= self.seconds]


@dataclass(slots=True)
class Received:
    """What the subscriber got: (arrival on the monotonic clock, message)."""

    messages: list[tuple[Seconds, dict[str, Any]]] = field(default_factory=list)

    def of(self, kind: str) -> list[tuple[Seconds, dict[str, Any]]]:
        return [(at, m) for at, m in self.messages if m["type"] == kind]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="only one JSON object, last line")
    parser.add_argument("--calls", type=int, default=8, help="two-channel calls at once")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="of each recording, at most"
    )
    arguments = parser.parse_args()
    found = asyncio.run(measure(arguments.calls, arguments.seconds))
    if not arguments.json:
        for name, value in found.items():
            print(f"{name:32} {value}", file=sys.stderr)
    print(json.dumps(found))


async def measure(count: int, seconds: Seconds) -> dict[str, Any]:
    """Runs the server and `count` calls; the figures by name."""
    with tempfile.TemporaryDirectory() as state:
        async with server(Path(state), f"--max-calls={count + 1}") as running:
            before = running.cpu_seconds()
            calls, received = await play(running, count, seconds)
            cpu = running.cpu_seconds() - before
            lag = metric(await asyncio.to_thread(fetch, f"{running.web}/metrics"))
            memory = running.memory_mb()
    return {
        "calls": count,
        "seconds": seconds,
        "model": "tiny (demonstration model, synthetic speech)",
        **latencies(calls, received),
        **prompts(calls, received),
        **counts(calls, received),
        "loop_lag_ms_p99": lag,
        "rss_mb": round(memory),
        "cpu_s_per_call_s": round(cpu / sum(call.seconds for call in calls.values()), 4),
    }


async def play(
    running: Running, count: int, seconds: Seconds
) -> tuple[dict[str, Call], Received]:
    """Sends the demo calls in turn, started over one second, and listens on every channel."""
    received, calls = Received(), {}
    async with Redis.from_url(running.redis_url) as redis, redis.pubsub() as channels:
        await channels.psubscribe("ew:*")
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(listen(channels, received))
            async with asyncio.TaskGroup() as sending:
                for index in range(count):
                    recording = cut(demo(index % 4 + 1), seconds)
                    call = Call(index % 4 + 1, recording.seconds)
                    calls[f"bench-{index}"] = call
                    sending.create_task(stream(running, recording, f"bench-{index}", call))
                    await asyncio.sleep(1.0 / count)
            await asyncio.sleep(LINGER)
            listening.cancel()
    return calls, received


def cut(recording: Recording, seconds: Seconds) -> Recording:
    samples = recording.samples[: round(seconds * recording.sample_rate)]
    return Recording(recording.parties, recording.sample_rate, samples, recording.fields)


async def stream(running: Running, recording: Recording, name: str, call: Call) -> None:
    clock = asyncio.get_running_loop().time

    def progress(sent: Seconds) -> None:
        # The earliest frame by this reckoning was the least delayed: that is the schedule.
        call.began = min(call.began or clock() - sent, clock() - sent)

    await send(recording, running.stream, Manner(name, encoding="mulaw", progress=progress))


async def listen(channels: Any, received: Received) -> None:  # noqa: ANN401 - redis's own type
    clock = asyncio.get_running_loop().time
    async for message in channels.listen():
        if message["type"] == "pmessage":
            received.messages.append((clock(), json.loads(message["data"])))


def latencies(calls: dict[str, Call], received: Received) -> dict[str, float | None]:
    """From the true end of the newest sentence in an alert's evidence to its arrival; and the
    server's own part of it, from the VAD's decision that the sentence is over. That falls a
    hang-over (the detector goes on saying "speech" for so long) and the endpoint silence after
    the true end, both as configured: `Endpointing`."""
    ends = Endpointing()
    decision = 1000 * (ends.hangover + ends.end_silence)
    heard = {
        (said["call_id"], said["party"], said["end"]): at
        for at, said in received.of("transcript")
    }
    found = []
    for arrived, alert in received.of("alert"):
        call, about = (
            calls[alert["call_id"]],
            alert["evidence"][-1] if alert["evidence"] else {},
        )
        told = heard.get((alert["call_id"], about.get("party"), about.get("end")))
        # By a draft, a sentence that still goes on: that has no end to count from.
        by_draft = told is None or told > arrived
        if alert["kind"] == "ANGRY" and alert["state"] == "active" and not by_draft:
            found.append(1000 * (arrived - call.began - true_end(call, about)))
    return {
        **{f"speech_end_to_alert_ms_p{p}": quantile(found, p) for p in (50, 95, 99)},
        **{
            f"server_part_ms_p{p}": quantile([each - decision for each in found], p)
            for p in (50, 95, 99)
        },
    }


def true_end(call: Call, about: dict[str, Any]) -> Seconds:
    """Of the line whose sound was taken for this evidence."""
    ends = (line.end for line in call.said() if line.party == about["party"])
    return min(ends, key=lambda end: abs(end - float(about["end"])))


def prompts(calls: dict[str, Call], received: Received) -> dict[str, float | int | None]:
    """How far the first prompt after each true silence was from 2.0 s after its start."""
    errors, missing = [], 0
    for name, call in calls.items():
        for line in customer_silences(call.number, PROMPT_AFTER + 0.2):
            due = call.began + line.end + PROMPT_AFTER
            if line.end + PROMPT_AFTER + 0.2 > call.seconds:
                continue
            shown = [
                arrived - due
                for arrived, prompt in received.of("prompt")
                if prompt["call_id"] == name
                and prompt["state"] == "shown"
                and abs(arrived - due) < 1.0
            ]
            missing += not shown
            errors += [1000 * abs(min(shown, key=abs))] if shown else []
    return {
        "prompts_expected": len(errors) + missing,
        "prompts_missing": missing,
        "prompt_error_ms_p50": quantile(errors, 50),
        "prompt_error_ms_p99": quantile(errors, 99),
    }


def counts(calls: dict[str, Call], received: Received) -> dict[str, int]:
    """Alerts by the script of the calls that were played whole, and by what came."""
    whole = {n: c for n, c in calls.items() if c.seconds >= lines(c.number)[-1].end}
    grave = {  # "watch" is for looking at, not for counting on
        alert["id"]: (alert["call_id"], alert["kind"])
        for _, alert in received.of("alert")
        if alert["severity"] != "watch" and alert["call_id"] in whole
    }
    raised = Counter(grave.values())
    wanted = [(name, kind) for name, call in whole.items() for kind in ALERTS[call.number]]
    revisions = Counter((alert["id"], alert["rev"]) for _, alert in received.of("alert"))
    return {
        "alerts_expected": len(wanted),
        "alerts_received": sum(1 for each in wanted if raised[each]),
        "alerts_unexpected": sum(n for each, n in raised.items() if each not in wanted),
        "alerts_duplicate": sum(n - 1 for n in revisions.values())
        + sum(n - 1 for each, n in raised.items() if each in wanted and n > 1),
    }


def metric(text: str) -> float | None:
    """p99 of how late the event loop was over the last minute, in ms."""
    for row in text.splitlines():
        if row.startswith("earwitness_event_loop_lag_p99_seconds "):
            return round(1000 * float(row.split()[1]), 1)
    return None


def fetch(url: str) -> str:
    with urlopen(url, timeout=10) as answer:  # noqa: S310 - our own loopback address
        return str(answer.read().decode())


def quantile(values: list[float], percent: int) -> float | None:
    """The nearest-rank percentile; None of nothing."""
    ordered = sorted(values)
    rank = max(0, -(-percent * len(ordered) // 100) - 1)
    return round(ordered[rank], 1) if ordered else None


if __name__ == "__main__":
    main()
