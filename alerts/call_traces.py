"""Every call's input as JSON lines on disk, so that a new playbook can be tried on real calls.

What is written is what the rules were told: words masked, no audio, nobody's feelings without
their consent, no telephone numbers. It is personal data all the same (docs/operating.md).
"""

import asyncio
import contextlib
import hashlib
import logging
import os
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from alerts import metrics
from alerts.traces import line
from streamer.events import CallClosed, CallId, CallInfo, CallNews, CallOpened, Seconds

log = logging.getLogger(__name__)

MOST_OF_A_CALL = 16_000_000
"""Bytes: hours of speech with its drafts. What comes after is not recorded."""
_AT_ONCE = 16  # events that are written together
_DAY: Seconds = 86_400.0


class TraceFolder:
    """One file a call, 0600, named by a hash: call ids come from outside. Past `most` bytes the
    oldest files go. A call of the same id takes the place of the one before."""

    def __init__(self, directory: Path, keep_days: float, most: int) -> None:
        """Raises OSError if the directory cannot be made."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory, self._keep, self._most = directory, keep_days * _DAY, most
        self._lock = threading.Lock()
        self._bytes = sum(size for _, size, _ in self._files())

    def call(self, info: CallInfo, *, resumed: bool = False) -> "CallTrace | None":
        """Where that call's events go; nowhere without its caller's consent to be recorded."""
        return CallTrace(self, info, resumed=resumed) if info.record else None

    def begin(self, call: CallId) -> Path:
        """An empty file for the call; what an earlier one of that id left is gone."""
        path = self.path(call)
        with self._lock:
            self._delete(path)
        return path

    def path(self, call: CallId) -> Path:
        name = hashlib.sha256(call.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self._directory / f"{name}.jsonl"

    def append(self, path: Path, data: bytes) -> None:
        """Raises OSError. It writes to the disk: for a thread."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        with self._lock:
            with open(os.open(path, flags, 0o600), "ab") as file:
                file.write(data)
            self._bytes += len(data)
            if self._bytes > self._most:
                self._make_room()

    async def sweep(self, now: float) -> int:
        """Deletes what was last written to `keep_days` before `now` (seconds since the epoch);
        returns how many calls that were."""
        return await asyncio.to_thread(self._sweep, now - self._keep)

    def _sweep(self, oldest: float) -> int:
        with self._lock:
            old = [path for written, _, path in self._files() if written < oldest]
            for path in old:
                self._delete(path)
        return len(old)

    def _make_room(self) -> None:
        """A little more than is needed, so that it is not needed again at once."""
        for _, _, path in sorted(self._files()):
            if self._bytes <= self._most * 0.9:
                break
            self._delete(path)

    def _delete(self, path: Path) -> None:
        try:
            size = path.stat().st_size
            path.unlink()
        except FileNotFoundError:
            return
        self._bytes -= size

    def _files(self) -> Iterable[tuple[float, int, Path]]:
        for path in self._directory.glob("*.jsonl"):
            with contextlib.suppress(FileNotFoundError):  # another server deleted it
                found = path.stat()
                yield found.st_mtime, found.st_size, path


class CallTrace:
    """One call's, told every event as it may be published, in order. A disk that is full or
    gone ends the trace, not the call."""

    def __init__(self, folder: TraceFolder, info: CallInfo, *, resumed: bool) -> None:
        self._folder, self._call, self._bytes = folder, info.call, 0
        self._waiting: list[CallNews] = []
        self._begun = resumed and folder.path(info.call).exists()
        if resumed and not self._begun:  # its beginning lies with another server
            self._waiting.append(CallOpened(info))
        self._over = False

    async def keep(self, event: CallNews) -> None:
        self._waiting.append(event)
        if len(self._waiting) >= _AT_ONCE or isinstance(event, CallClosed):
            await self.flush()

    async def flush(self) -> None:
        """What waits is written now."""
        events, self._waiting = self._waiting, []
        if self._over or not events:
            return
        try:
            self._over = await asyncio.to_thread(self._write, events)
        except OSError:
            self._over = True
            metrics.traces_failed.inc()
            log.exception("a call's trace breaks off", extra={"call": self._call})

    def _write(self, events: list[CallNews]) -> bool:
        """Whether there is no more room for this call."""
        path = self._folder.path(self._call) if self._begun else self._folder.begin(self._call)
        self._begun = True
        data = "".join(line(_impersonal(event)) for event in events).encode()
        self._folder.append(path, data)
        self._bytes += len(data)
        return self._bytes >= MOST_OF_A_CALL


def _impersonal(event: CallNews) -> CallNews:
    """No rule asks for the telephone numbers, the order, or what else the gateway said."""
    if not isinstance(event, CallOpened):
        return event
    return CallOpened(replace(event.info, customer="", dialled="", order_id="", meta={}))
