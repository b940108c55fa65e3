"""One server a state directory: a second one would write into the same Redis files."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from streamer.errors import SettingsError


@contextlib.contextmanager
def claimed(state: Path) -> Iterator[None]:
    """Holds `state` for this process; the system lets go of it however the process ends. Raises
    `SettingsError` if another process holds it, or if it cannot be written to."""
    try:
        lock = os.open(state / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SettingsError(f"state_dir {state} cannot be used: {error.strerror}") from error
    with open(lock, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"state_dir {state} is in use: Earwitness is running already. "
                "A second server needs a state_dir and ports of its own."
            ) from None
        yield
