"""Who did what, when and from where: an append-only file of JSON lines. Never what was said."""

import asyncio
import logging
import os
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

log = logging.getLogger(__name__)

Act: TypeAlias = Literal[
    "sign_in", "sign_in_failed", "sign_out", "ticket", "key_refused", "call_view", "clip_play",
    "feed_open", "drafts_open", "acknowledge", "resolve", "false_alarm", "note", "accepted",
    "dismissed", "not_useful", "whisper", "seen", "search", "swap", "announce",
    "help", "help_withdrawn", "embed", "rules_changed",
]  # fmt: skip


class Entry(msgspec.Struct, frozen=True, rename={"address": "from"}):
    """`what` names the thing acted on (a call id, an alert id); it is no text of a call."""

    wall: str
    who: str
    act: Act
    what: str
    address: str


class Audit:
    """Entries are written in order by one task, off the event loop. A full queue makes those
    who act wait: nothing goes unrecorded because the disk is slow."""

    def __init__(self, path: Path, waiting: int = 1000) -> None:
        self._path = path
        self._queue: asyncio.Queue[Entry] = asyncio.Queue(maxsize=waiting)

    async def record(self, entry: Entry) -> None:
        await self._queue.put(entry)

    def tell(self, entry: Entry) -> None:
        """For what strangers do: they must not make those who act wait. Where no more can
        wait, it is logged in place of being recorded."""
        try:
            self._queue.put_nowait(entry)
        except asyncio.QueueFull:
            log.error("the audit is full: %s", msgspec.json.encode(entry).decode())

    async def run(self) -> None:
        """Writes until cancelled; then writes what still waits, and ends."""
        try:
            while True:
                entries = [await self._queue.get(), *self._waiting()]
                await self._write(entries)
        finally:
            self._append(self._waiting())

    async def _write(self, entries: list[Entry]) -> None:
        writing = asyncio.ensure_future(asyncio.to_thread(self._append, entries))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await writing  # a thread cannot be stopped: what comes after must wait for it
            raise

    def _waiting(self) -> list[Entry]:
        return [self._queue.get_nowait() for _ in range(self._queue.qsize())]

    def _append(self, entries: list[Entry]) -> None:
        if not entries:
            return
        lines = b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                file.write(lines)
        except OSError:
            # The screens must not go dark because a disk is full: the record goes to the log.
            log.exception("the audit file cannot be written: %s", lines.decode())
