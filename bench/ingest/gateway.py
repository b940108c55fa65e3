"""A gateway that costs next to nothing: frames made beforehand, written straight to sockets.

It has to share the machine with the server that is measured.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from websockets.frames import Frame, Opcode

from bench.ingest.tapes import Tape
from streamer.events import Seconds
from streamer.send import FRAME

T = TypeVar("T")

ORDERLY = b"\x03\xe8"  # 1000, without a reason

_HANDSHAKE = (
    "GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Upgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n"
)


class RefusedError(Exception):
    """The server did not take the connection, or hung up; the text is its answer."""


@dataclass(frozen=True, slots=True)
class Line:
    """One connection, and what to write to it in each 20 ms."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    ticks: Sequence[bytes]


async def connect(port: int, tape: Tape, ticks: Sequence[bytes], call: str) -> Line:
    """Raises `RefusedError`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    its = tape.handshake(call)
    told = "".join(f"{name}: {value}\r\n" for name, [value] in its.headers.items())
    writer.write(_HANDSHAKE.format(target=its.target, headers=told).encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    if not answer.startswith(b"HTTP/1.1 101"):
        raise RefusedError(answer.decode().partition("\r\n")[0])
    writer.write(packed(tape.begin(call)))
    if tape.answered:
        await _read(reader)
    return Line(reader, writer, ticks)


async def stream(
    lines: Sequence[Line], speed: float, look: Callable[[], Awaitable[T]]
) -> tuple[Seconds, T]:
    """Each line's frames at their time, those of different lines spread over the 20 ms as those
    of strangers are. Returns how late the latest was, and what there was to see after a quarter
    of them."""
    loop, count = asyncio.get_running_loop(), len(lines[0].ticks)
    began, every, latest = loop.time(), FRAME / speed, 0.0
    seen: list[T] = []
    for number in range(count):
        for place, line in enumerate(lines):
            due = began + (number + place / len(lines)) * every
            if (ahead := due - loop.time()) > 0.001:
                await asyncio.sleep(ahead)
            latest = max(latest, loop.time() - due)
            line.writer.write(line.ticks[number])
            if line.writer.transport.get_write_buffer_size():
                await line.writer.drain()  # the server is behind: so is this gateway
        if number == count // 4:
            seen.append(await look())
    return latest, seen[0]


async def answer(line: Line) -> None:
    """Its pings, until it is closed: the server gives up a line that never answers one. Raises
    `RefusedError` if the server does not close it in order."""
    opcode, data = await _read(line.reader)
    while opcode is not Opcode.CLOSE:
        if opcode is Opcode.PING:
            line.writer.write(_frame(Opcode.PONG, data))
        opcode, data = await _read(line.reader)
    line.writer.close()
    if data != ORDERLY:
        code, reason = int.from_bytes(data[:2], "big"), data[2:].decode()
        raise RefusedError(f"closed with {code}: {reason}")


def hang_up(lines: Sequence[Line]) -> None:
    """`answer` returns once the server has closed them."""
    for line in lines:
        line.writer.write(_frame(Opcode.CLOSE, ORDERLY))


def packed(messages: Sequence[str | bytes]) -> bytes:
    """As frames of a websocket client."""
    return b"".join(
        _frame(Opcode.TEXT, message.encode())
        if isinstance(message, str)
        else _frame(Opcode.BINARY, message)
        for message in messages
    )


async def _read(reader: asyncio.StreamReader) -> tuple[Opcode, bytes]:
    head = await reader.readexactly(2)
    length = head[1]  # or how many bytes tell it
    if more := {126: 2, 127: 8}.get(length):
        length = int.from_bytes(await reader.readexactly(more), "big")
    return Opcode(head[0] & 0x0F), await reader.readexactly(length)


def _frame(opcode: Opcode, data: bytes) -> bytes:
    return Frame(opcode, data).serialize(mask=True)
