"""A server process of one's own for benchmarks and end-to-end tests, with fresh state."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]


class ServerFailedError(Exception):
    """The server ended or was not ready in time; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where it listens. `accounts` are the first sign-ins it printed, name to password."""

    pid: int
    stream: str
    web: str
    redis_url: str
    accounts: Mapping[str, str]
    state: Path

    def memory_mb(self) -> float:
        """Resident memory of the server process, without its Redis."""
        status = Path(f"/proc/{self.pid}/status").read_text("utf-8")
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024

    def cpu_seconds(self) -> float:
        """User and system time of the server process so far, all its threads, without Redis."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@asynccontextmanager
async def server(state: Path, *flags: str, within: float = 120.0) -> AsyncIterator[Running]:
    """Runs `run_server.py serve --model tiny` with `flags` after it until the block ends; then
    SIGTERM, and the exit status must be 0. Raises `ServerFailedError`."""
    stream, web, redis = free_port(), free_port(), free_port()
    ports = {"stream-port": stream, "web-port": web, "redis-port": redis, "state-dir": state}
    given = [f"--{name}={value}" for name, value in ports.items()]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("EARWITNESS_")}
    said = state / "server.log"
    state.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - nothing runs yet
    with said.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "run_server.py"),
            "serve",
            "--model=tiny",
            *given,
            *flags,
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        await _ready(process, f"http://127.0.0.1:{web}/ready", within, said)
        found = dict(re.findall(r"\b(supervisor|agent) / (\S+)", said.read_text("utf-8")))
        url_file = state / "redis-url"
        yield Running(
            pid=process.pid,
            stream=f"ws://127.0.0.1:{stream}/raw",
            web=f"http://127.0.0.1:{web}",
            redis_url=url_file.read_text("utf-8").strip() if url_file.exists() else "",
            accounts=found,
            state=state,
        )
    finally:
        await _stop(process)
    if process.returncode:
        raise ServerFailedError(f"status {process.returncode}: {_tail(said)}")


async def _ready(
    process: asyncio.subprocess.Process, url: str, within: float, said: Path
) -> None:
    try:
        async with asyncio.timeout(within):
            while process.returncode is None:
                if await asyncio.to_thread(_answers, url):
                    return
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise ServerFailedError(f"not ready within {within:.0f} s: {_tail(said)}") from None
    raise ServerFailedError(f"ended with status {process.returncode}: {_tail(said)}")


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback address
            return bool(json.load(answer))
    except (HTTPError, URLError, OSError):
        return False


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(30):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _tail(said: Path) -> str:
    return said.read_text("utf-8", "replace")[-2000:]
