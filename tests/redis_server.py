"""A real redis-server for tests, which can be killed and started again."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

BINARY = shutil.which("redis-server")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RedisServer:
    """`persistent` keeps an append-only file, synced every second, as our own server does.
    `options` are redis.conf's; `binary` is another version's."""

    def __init__(
        self,
        directory: Path,
        *,
        persistent: bool = True,
        binary: str | None = BINARY,
        options: Mapping[str, object] | None = None,
    ) -> None:
        self._directory, self._persistent, self._binary = directory, persistent, binary
        self._options = options or {}
        self.port = free_port()
        self.command: list[str] = []  # if it is to be run in another way
        self.ready: Callable[[], Awaitable[bool]] = self._answers
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        """Returns when it answers."""
        assert self._binary is not None
        self._directory.mkdir(exist_ok=True)
        persistence = "yes" if self._persistent else "no"
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "dir": self._directory}
        options |= {"appendonly": persistence, "appendfsync": "everysec"}
        options |= self._options
        given = [str(part) for k, v in options.items() for part in (f"--{k}", v)]
        command = self.command or [self._binary, *given]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: ASYNC220
        async with asyncio.timeout(10):
            while not await self.ready():  # noqa: ASYNC110 - another process
                await asyncio.sleep(0)

    def kill(self) -> None:
        """kill -9: no goodbye, nothing flushed."""
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.write(b"PING\r\n")
        answer = await reader.readline()
        writer.close()
        await writer.wait_closed()
        # One that wants a password, or another command first, is up as well.
        return answer == b"+PONG\r\n" or answer.startswith(b"-NOAUTH")


def redis_or_skip() -> None:
    if BINARY is None:
        pytest.skip("no redis-server on PATH (apt install redis-server)")
