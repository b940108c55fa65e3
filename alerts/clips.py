"""Voice clips: the seconds of a call that made a rule speak, kept on disk for some days."""

import asyncio
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from alerts.clip_names import clip_name
from streamer.events import Seconds

log = logging.getLogger(__name__)

BEFORE: Seconds = 7.5
AFTER: Seconds = 0.5
_DAY: Seconds = 86_400.0


def around(end: Seconds) -> tuple[Seconds, Seconds]:
    """The stretch to keep for something said until `end`: 8 s, less at the call's start."""
    return round(max(0.0, end - BEFORE), 2), round(end + AFTER, 2)


def clip_url(call_id: str, start: Seconds, end: Seconds) -> str:
    """Where the dashboard serves it."""
    return f"/api/v1/calls/{quote(call_id, safe='')}/clip?from={_plain(start)}&to={_plain(end)}"


def _plain(seconds: Seconds) -> str:
    return f"{seconds:.2f}".rstrip("0").rstrip(".")


class Clips(Protocol):
    """Where clips are kept: here on disk, or in a store of `alerts.s3_clips`."""

    async def save(self, call_id: str, start: Seconds, end: Seconds, wav: bytes) -> None:
        """Raises OSError where it is known at once that it cannot be kept."""
        ...

    async def read(self, call_id: str, start: Seconds, end: Seconds) -> bytes | None: ...

    async def sweep(self, now: float) -> int: ...


@dataclass(frozen=True, slots=True)
class ClipStore:
    """One directory per call, named by a hash. Directories are 0700, files 0600."""

    directory: Path
    keep_days: float = 30.0

    async def save(self, call_id: str, start: Seconds, end: Seconds, wav: bytes) -> None:
        """Off the event loop; whole or not at all. Raises OSError (no room, no permission)."""
        if name := clip_name(call_id, start, end):
            await asyncio.to_thread(self._write, self.directory / name, wav)

    def find(self, call_id: str, start: Seconds, end: Seconds) -> Path | None:
        """The clip saved for just that stretch, or None. Reads the disk: for a thread."""
        name = clip_name(call_id, start, end)
        path = self.directory / name if name else None
        return path if path and path.is_file() else None

    async def read(self, call_id: str, start: Seconds, end: Seconds) -> bytes | None:
        """The clip saved for just that stretch, or None."""
        return await asyncio.to_thread(self._read, call_id, start, end)

    async def sweep(self, now: float) -> int:
        """Deletes what is older than `keep_days` at `now` (seconds since the epoch); returns
        how many clips that were."""
        return await asyncio.to_thread(self._sweep, now - self.keep_days * _DAY)

    def _read(self, call_id: str, start: Seconds, end: Seconds) -> bytes | None:
        path = self.find(call_id, start, end)
        try:
            return path.read_bytes() if path else None
        except FileNotFoundError:
            return None  # it expired between the two

    def _write(self, path: Path, wav: bytes) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        # mkstemp makes it 0600; a half-written file never carries the clip's name.
        handle, unfinished = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(wav)
            os.replace(unfinished, path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise

    def _sweep(self, oldest: float) -> int:
        deleted = 0
        for call in self.directory.iterdir() if self.directory.is_dir() else ():
            for clip in call.iterdir() if call.is_dir() else ():
                if _is_older(clip, oldest):
                    clip.unlink(missing_ok=True)
                    deleted += clip.suffix == ".wav"
            if call.is_dir() and not any(call.iterdir()):
                _remove_empty(call)
        return deleted


def _is_older(clip: Path, oldest: float) -> bool:
    try:
        return clip.stat().st_mtime < oldest
    except FileNotFoundError:
        return False  # one being saved, that has just got its name


def _remove_empty(directory: Path) -> None:
    try:
        directory.rmdir()
    except OSError:  # a clip was saved into it just now
        log.debug("a clip directory is in use again")
