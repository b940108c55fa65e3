"""How much of a connection waits here to be heard. What is more waits with its gateway: TCP
holds it back, and nothing of a call is ever dropped."""

import socket
from collections.abc import Iterable
from typing import Final

AHEAD: Final = 128 * 1024
"""Bytes that the system keeps of one connection: 2 s of the widest stream, two parties in
16-bit PCM at 16 kHz. Left to itself, Linux keeps up to 32 MiB: an hour of a narrow one."""

FRAMES: Final = 1
"""That may lie between the socket and its codec; with more there it is not read from."""


def bound(listening: Iterable[socket.socket]) -> None:
    """Before they listen, since that is when a connection's window is settled: what they accept
    has the same bound."""
    for each in listening:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, AHEAD)
