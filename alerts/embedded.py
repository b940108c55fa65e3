"""A real redis-server of our own, where none is configured: a child that dies with us.

Its password never shows on a command line: the configuration goes in by standard input.
"""

import asyncio
import logging
import os
import secrets
import socket
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from alerts.redis_child import HOST, EmbeddedRedisError, die_with_parent, find_binary, ping

log = logging.getLogger(__name__)

_READY_WITHIN = 20.0  # seconds; a long append-only file takes a while to load
_BACKOFF = (0.1, 2.0)


class EmbeddedRedis:
    """`start` once, then `run` for as long as it must live, then `stop`.

    Its data lie in `state`/redis, its whole URL in `state`/redis-url (0600).
    """

    def __init__(self, state: Path, port: int = 6391) -> None:
        self._state, self._port = state, port
        self._password = secrets.token_urlsafe(24)
        self._process: Process | None = None
        self._stopping = False

    @property
    def url(self) -> str:
        # With the user's name: redis-cli takes ":password" for a user without one.
        return f"redis://default:{self._password}@{HOST}:{self._port}/0"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> str:
        """Returns the URL when it answers. Raises EmbeddedRedisError."""
        binary = find_binary()
        self._refuse_taken_port()
        try:
            (self._state / "redis").mkdir(mode=0o700, parents=True, exist_ok=True)
            await self._launch(binary)
            _write_secret(self._state / "redis-url", self.url + "\n")
        except OSError as fault:  # a disk that is full or may not be written to
            await self._end()
            raise EmbeddedRedisError(f"Our redis-server cannot be started: {fault}") from fault
        return self.url

    async def run(self) -> None:
        """Starts it again whenever it ends, until `stop` or cancelled."""
        shortest, longest = _BACKOFF
        pause = shortest
        while self._process is not None:
            status = await self._process.wait()
            if self._stopping:
                return
            log.error("our redis-server has ended; starting it again", extra={"status": status})
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)
            try:
                await self._launch(find_binary())
                pause = shortest
            except (EmbeddedRedisError, OSError):  # the calls go on in any case
                log.exception("our redis-server does not start")

    async def stop(self) -> None:
        """Lets it write what it has and ends it. Idempotent."""
        self._stopping = True
        await self._end()

    async def _launch(self, binary: str) -> None:
        with (self._state / "redis" / "redis.log").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                binary,
                "-",
                stdin=PIPE,
                stdout=output,
                stderr=output,
                preexec_fn=die_with_parent(),
                start_new_session=True,  # Ctrl-C is ours to handle: it is needed until we end
            )
        assert self._process.stdin is not None  # noqa: S101 - PIPE was asked for
        self._process.stdin.write(self._configuration().encode())
        self._process.stdin.close()
        try:
            async with asyncio.timeout(_READY_WITHIN):
                await self._answers(self._process)
        except TimeoutError:
            await self._end()
            raise self._failed(f"did not answer within {_READY_WITHIN:.0f} s") from None

    async def _answers(self, process: Process) -> None:
        """Returns when it answers PING; its own end is no reason to go on asking."""
        while process.returncode is None:
            if await ping(self._port, self._password):
                return
            await asyncio.sleep(0.02)
        raise self._failed(f"ended at once with status {process.returncode}")

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(5.0):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    def _configuration(self) -> str:
        directory = str((self._state / "redis").absolute())
        quoted = directory.replace("\\", "\\\\").replace('"', '\\"')
        return "\n".join(
            [
                f"bind {HOST}",
                f"port {self._port}",
                f"requirepass {self._password}",
                f'dir "{quoted}"',
                "daemonize no",
                'save ""',
                "appendonly yes",
                "appendfsync everysec",
                "maxmemory-policy noeviction",
                "",
            ]
        )

    def _refuse_taken_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, self._port))
            except OSError as fault:
                raise EmbeddedRedisError(
                    f"Port {self._port} for our own redis-server is taken ({fault.strerror}). "
                    "Is Earwitness running already? Else set redis_port, or redis_url."
                ) from fault

    def _failed(self, how: str) -> EmbeddedRedisError:
        journal = self._state / "redis" / "redis.log"
        last = journal.read_text(errors="replace").splitlines()[-3:] if journal.exists() else []
        return EmbeddedRedisError("\n".join([f"Our redis-server {how}; see {journal}:", *last]))


def _write_secret(path: Path, text: str) -> None:
    """Never readable by others, not even for a moment, also where the file was there."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    os.replace(unfinished, path)
