"""Calls over real sockets: what the whole telephony port costs, in a process of its own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from bench.ingest.gateway import answer, connect, hang_up, packed, stream
from bench.ingest.tapes import Tape
from bench.server import ROOT
from streamer.events import Seconds


@dataclass(frozen=True, slots=True)
class Loopback:
    """Of the server's process alone. `late` is the gateway's own: it shares the machine."""

    cpu: Seconds
    calls: Seconds  # of call
    heard: Seconds  # of audio, both parties
    lost: int
    lags: Sequence[Seconds]  # sorted
    idle: Sequence[Seconds]  # of a server without calls at that time, sorted
    late: Seconds
    rss_mb: Sequence[float]  # before, at a quarter, at the end


class Listening:
    """The server's process. `figures` are what it answers."""

    def __init__(
        self, port: int, ask: asyncio.StreamWriter, answers: asyncio.StreamReader
    ) -> None:
        self.port, self._ask, self._answers = port, ask, answers

    async def figures(self) -> dict[str, Any]:
        """Since its start; the lags since it was asked last."""
        self._ask.write(b"\n")
        return dict(json.loads(await self._answers.readline()))


@asynccontextmanager
async def listening() -> AsyncIterator[Listening]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.ingest.listening",
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24,
    )  # fmt: skip
    ask = cast(asyncio.StreamWriter, process.stdin)
    answers = cast(asyncio.StreamReader, process.stdout)
    try:
        yield Listening(int(await answers.readline()), ask, answers)
    finally:
        ask.close()
        await process.wait()


async def play(calls: Sequence[Sequence[Tape]], count: int, speed: float) -> Loopback:
    """`count` calls, those given by turns."""
    frames = [[[packed(each) for each in tape.ticks] for tape in call] for call in calls]
    async with listening() as server, listening() as idle, asyncio.TaskGroup() as tasks:
        lines = [
            await connect(server.port, tape, ticks, f"c{n}")
            for n in range(count)
            for tape, ticks in zip(calls[n % len(calls)], frames[n % len(calls)], strict=True)
        ]
        answering = [tasks.create_task(answer(line)) for line in lines]
        before = await server.figures()
        await idle.figures()
        late, quarter = await stream(lines, speed, server.figures)
        after, resting = await server.figures(), await idle.figures()
        hang_up(lines)
        await asyncio.gather(*answering)
        end = await server.figures()
    return Loopback(
        after["cpu"] - before["cpu"],
        count * calls[0][0].seconds,
        after["audio"] - before["audio"],
        end["lost"],
        sorted([*quarter["lags"], *after["lags"]]),
        resting["lags"],
        late,
        (before["rss_mb"], quarter["rss_mb"], after["rss_mb"]),
    )
