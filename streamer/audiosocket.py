"""The port of AudioSocket: plain TCP, without keys, so only connections that were announced."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from typing import Final

from websockets.exceptions import ConnectionClosed, ConnectionClosedError, ConnectionClosedOK
from websockets.frames import Close

from streamer.admission import Failures, Refused
from streamer.announcements import Announcements
from streamer.errors import (
    EarwitnessError,
    OverloadError,
    ProtocolError,
    RefusedError,
    SettingsError,
)
from streamer.gateways.audiosocket import (
    HANG_UP,
    AudioSocketCodec,
    Expected,
    Frames,
    announced,
    silence,
)
from streamer.intake import bound
from streamer.reception import Reception

log = logging.getLogger(__name__)

MOST_STRANGERS: Final = 64
"""Connections that have not said yet what they are. More are closed at once."""
CHUNK: Final = 64 * 1024
"""Bytes read at once; no more are kept than that and one frame."""
STIR: Final = 1.0
"""Seconds without a frame after which we send one of silence: Asterisk's application gives up
on both the connection and its channel after 2 s in which no frame went either way."""


class FramedSocket:
    """A TCP connection as a `Socket`: every message is one whole frame. Raises `ProtocolError`
    for what is none."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._frames = Frames()
        self._waiting: deque[bytes] = deque()

    async def recv(self) -> bytes:
        while not self._waiting:
            if self._frames.fault:
                raise ProtocolError(self._frames.fault)
            try:
                received = await self._stirring()
            except OSError as error:
                raise ConnectionClosedError(None, None) from error
            if not received and self._frames.whole:
                raise ConnectionClosedOK(Close(1000, ""), None)
            if not received:
                raise ConnectionClosedError(None, None)
            self._waiting += self._frames.push(received)
        return self._waiting.popleft()

    async def _stirring(self) -> bytes:
        while True:
            try:
                async with asyncio.timeout(STIR):
                    return await self._reader.read(CHUNK)
            except TimeoutError:
                transport = self._writer.transport
                if not transport.is_closing() and not transport.get_write_buffer_size():
                    self._writer.write(silence(self._frames.newest))

    async def send(self, message: str | bytes) -> None:
        try:
            self._writer.write(message.encode() if isinstance(message, str) else message)
            await self._writer.drain()
        except OSError as error:
            raise ConnectionClosedError(None, None) from error

    async def close(self, code: int, reason: str) -> None:
        """The other side cannot be told why: whoever reads the log can."""
        if code != 1000:
            log.warning("an AudioSocket connection was closed: %s", reason)
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


class AudioSocketPort:
    """Listens from `start` to `stop`; its connections live in the group it is given."""

    def __init__(
        self,
        address: tuple[str, int],
        announcements: Announcements,
        reception: Reception,
        refused: Callable[[Refused], None],
    ) -> None:
        """`refused` is told who came without having been announced."""
        self._address, self._reception, self._audit = address, reception, refused
        self._announcements, self._failures = announcements, Failures()
        self._clock = asyncio.get_running_loop().time
        self._strangers = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, group: asyncio.TaskGroup) -> None:
        """Returns when it listens. Raises `SettingsError` if the address is taken."""

        def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = group.create_task(self._meet(reader, writer), name="audiosocket")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        try:
            self._server = await asyncio.start_server(
                come, *self._address, limit=CHUNK, start_serving=False
            )
            bound(self._server.sockets)
            await self._server.start_serving()
        except OSError as error:
            where = f"audiosocket: cannot listen on {self._address[0]}:{self._address[1]}"
            raise SettingsError(f"{where}: {error.strerror}") from error

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Calls are over by now: what is still connected has none."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await self._server.wait_closed()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        socket = FramedSocket(reader, writer)
        try:
            expected = await self._introduced(socket)
            await self._reception.serve(socket, AudioSocketCodec(expected), expected.owner)
        except ConnectionClosed:
            pass  # it went away without a word
        except EarwitnessError as error:
            self._refused(error, str((writer.get_extra_info("peername") or ("",))[0]))
            with contextlib.suppress(ConnectionClosed):
                await socket.send(HANG_UP)
        except Exception:
            log.exception("an AudioSocket connection broke down")
        finally:
            await socket.close(1000, "")

    async def _introduced(self, socket: FramedSocket) -> Expected:
        """Raises `ProtocolError`, `RefusedError` or `OverloadError`."""
        if self._strangers >= MOST_STRANGERS:
            raise OverloadError(f"{self._strangers} connections have not said their UUID yet")
        first = self._reception.patience.first
        self._strangers += 1
        try:
            async with asyncio.timeout(first):
                name = announced(await socket.recv())
        except TimeoutError:
            raise RefusedError(f"no UUID for {first:g} s") from None
        finally:
            self._strangers -= 1
        expected = self._announcements.take(name, self._clock())
        if expected is None:
            raise RefusedError("a UUID that was not announced, was used, or has expired")
        if full := self._reception.room(expected.info.call):
            raise OverloadError(f"no room for another call now: {full}")
        return expected

    def _refused(self, error: EarwitnessError, address: str) -> None:
        self._reception.tally.rejected[type(error).__name__] += 1
        if self._failures.add(address, self._clock()):
            return
        log.warning("AudioSocket from %s was refused: %s", address, error)
        if isinstance(error, RefusedError):
            self._audit(Refused(address, "AudioSocket", str(error)))
