"""From the log into the archive: everything published, once, whatever dies in between.

A batch is written in one transaction, and only then said to be done. What was written and not
said comes again, and changes nothing (`insights.writing`). While the database is away the log
keeps what comes, for as many hours as it is kept (`log_hours`).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from alerts.wire import Message
from insights.archive import Archive, ArchiveAwayError, UnfitError

log = logging.getLogger(__name__)

_BLOCK_MS: Final = 1000
_BACKOFF: Final = (0.2, 10.0)  # seconds


class Group(Protocol):
    """The log, of which each entry comes until it is said to be done."""

    async def read(
        self, block_ms: int
    ) -> tuple[Sequence[tuple[str, Message]], Sequence[str]]: ...
    async def done(self, ids: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """`fault` says why nothing is written now, since the wall time `since`; "" if it is."""

    fault: str = ""
    since: str = ""
    written: int = 0  # messages
    unfit: int = 0  # that the database takes in no form


class Consumer:
    """`run` must be running. `group_of` is asked with the archive's name once it is open."""

    def __init__(
        self, archive: Archive, group_of: Callable[[str], Group], wall: Callable[[], str]
    ) -> None:
        self._archive, self._group_of, self._wall = archive, group_of, wall
        self.state = ArchiveState()
        self.opened = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled. Survives any fault of the database and of Redis."""
        shortest, longest = _BACKOFF
        pause = shortest
        group: Group | None = None
        while True:
            try:
                if group is None:
                    group = self._group_of(await asyncio.to_thread(self._archive.open))
                    self.opened.set()
                await self._take(group)
                pause = shortest
                continue
            except OSError as fault:  # ArchiveAwayError and RedisAwayError are such
                self._away(fault)
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)

    async def _take(self, group: Group) -> None:
        entries, ids = await group.read(_BLOCK_MS)
        unfit = await self._write(entries)
        await group.done(ids)
        if self.state.fault:
            log.info("the archive is written again")
        written = self.state.written + len(entries) - unfit
        self.state = ArchiveState(written=written, unfit=self.state.unfit + unfit)

    async def _write(self, entries: Sequence[tuple[str, Message]]) -> int:
        """Returns how many were left out: one message that cannot be kept costs itself only."""
        try:
            if entries:
                await _to_the_end(self._archive.take, [message for _, message in entries])
        except UnfitError as fault:
            if len(entries) > 1:
                return sum([await self._write([entry]) for entry in entries])
            log.error(
                "the archive cannot hold a message: %s", fault, extra={"id": entries[0][0]}
            )
            return 1
        return 0

    def _away(self, fault: OSError) -> None:
        what = "archive" if isinstance(fault, ArchiveAwayError) else "redis"
        if not self.state.fault:
            log.warning("the archive is not written: %s", fault)
        since = self.state.since or self._wall()
        self.state = ArchiveState(what, since, self.state.written, self.state.unfit)


async def _to_the_end(
    work: Callable[[Sequence[Message]], None], messages: Sequence[Message]
) -> None:
    """A thread cannot be stopped: whoever cancels waits until it is done."""
    working = asyncio.ensure_future(asyncio.to_thread(work, messages))
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        await working
        raise
