"""What a measurement stands on: the dashboard process, a bus of one's own to publish by, people
who are signed in, and viewers that are no browsers."""

import asyncio
import json
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from alerts import wire
from alerts.redis_bus import RedisBus
from bench.board.house import wall_at
from bench.board.traffic import alert, panel_call, prompt
from bench.server import ROOT, ServerFailedError

_WITHIN = 60.0
_PROBE = "probe-"


@dataclass(frozen=True, slots=True)
class Stand:
    """`cookies` are sessions by account. `publish` stamps what is published with the wall time
    of the house."""

    web: str
    cookies: Mapping[str, str]
    publish: Callable[[wire.Message], wire.Message]


@asynccontextmanager
async def stand(speed: float = 1.0) -> AsyncIterator[Stand]:
    """Raises `ServerFailedError` where the house does not answer."""
    with tempfile.TemporaryDirectory() as directory:
        async with _house(Path(directory), speed) as told:
            bus = RedisBus(told["redis"], wall=wall_at(speed, told["began"]))
            async with asyncio.TaskGroup() as tasks:
                delivering = tasks.create_task(bus.run())
                cookies = {who: await _sign_in(told, who) for who in told["people"]}
                bus.publish(panel_call(""))
                yield Stand(told["web"].rstrip("/"), cookies, bus.publish)
                delivering.cancel()
            await bus.close()


@asynccontextmanager
async def _house(state: Path, speed: float) -> AsyncIterator[dict]:  # type: ignore[type-arg]
    command = [sys.executable, "-m", "bench.board.house", str(state), str(speed)]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None:
            raise AssertionError("it was asked for")
        async with asyncio.timeout(_WITHIN):
            line = await process.stdout.readline()
        if not line:
            raise ServerFailedError("the dashboard process ended before it answered")
        yield json.loads(line)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def _sign_in(told: dict, who: str) -> str:  # type: ignore[type-arg]
    web, body = told["web"], {"name": who, "password": told["people"][who]}
    headers = {"X-Earwitness": "1", "Origin": web.rstrip("/")}
    async with httpx.AsyncClient(base_url=web, headers=headers) as client:
        answer = await client.post("/api/v1/login", json=body)
        answer.raise_for_status()
        return str(client.cookies["ew_session"])


async def play(
    stand: Stand, messages: Iterator[tuple[float, wire.Message]], speed: float = 1.0
) -> None:
    """Publishes each when it is due, until cancelled."""
    clock = asyncio.get_running_loop().time
    began = clock()
    for count, (due, message) in enumerate(messages):
        wait = began + due / speed - clock()
        if wait > 0 or count % 100 == 0:
            await asyncio.sleep(max(0.0, wait))
        stand.publish(message)


@dataclass(slots=True)
class Probes:
    """Alerts and prompts to look for, and when each was handed to the bus: the system's clock,
    ms."""

    published: dict[str, float] = field(default_factory=dict)
    at_socket: dict[str, float] = field(default_factory=dict)

    async def send(self, stand: Stand, seconds: float, every: float = 1.3) -> None:
        """One alert and one prompt at a time, each there for a second, at moments that keep no
        step with anything in the page."""
        clock = asyncio.get_running_loop().time
        ends, number = clock() + seconds, 0
        while clock() < ends:
            number += 1
            for kind, made in (("alert", alert), ("prompt", prompt)):
                name = f"{_PROBE}{kind}-{number}"
                self.published[name] = 1000 * time.time()
                stand.publish(made(name))
                await asyncio.sleep(0.037)
            await asyncio.sleep(0.77 * every)
            stand.publish(alert(f"{_PROBE}alert-{number}", over=True))
            stand.publish(prompt(f"{_PROBE}prompt-{number}", over=True))
            await asyncio.sleep(0.23 * every + 0.0173 * (number % 13))

    def arrived(self, frame: str) -> None:
        """A frame of the feed at a viewer's socket."""
        now = 1000 * time.time()
        if f'"{_PROBE}' in frame:
            for event in json.loads(frame).get("events", ()):
                if event.get("id") in self.published:
                    self.at_socket.setdefault(event["id"], now)


@dataclass(slots=True)
class Viewers:
    """Websockets that follow the board's feed and read it, as supervisors' pages do."""

    frames: int = 0
    megabytes: float = 0.0
    cut: int = 0

    async def watch(self, stand: Stand, seen: Callable[[str], None] | None = None) -> None:
        """One of them, until cancelled."""
        headers = {"Cookie": f"ew_session={stand.cookies['lead']}", "Origin": stand.web}
        url = f"{stand.web.replace('http', 'ws', 1)}/api/v1/feed"
        async with connect(url, additional_headers=headers, max_size=None) as socket:
            try:
                while True:
                    frame = str(await socket.recv())
                    self.frames += 1
                    self.megabytes += len(frame) / 1e6
                    if seen is not None:
                        seen(frame)
            except ConnectionClosed:
                self.cut += 1
