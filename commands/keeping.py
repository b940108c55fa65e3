"""What runs beside the calls for the archive: the log is read into it, and what is old goes."""

import asyncio
import logging
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from pathlib import Path
from typing import Final

from alerts.redis_bus import RedisBus
from alerts.wall import utc_now
from commands.settings import Settings
from insights.archive import Archive, ArchiveAwayError
from insights.consumer import Consumer
from insights.keeping import Keeping, expire

log = logging.getLogger(__name__)

EXPIRE_EVERY: Final = 3600.0  # seconds


def consumer(archive: Archive, bus: RedisBus, state: Path) -> Consumer:
    """Two servers of one archive share the work; each is known by where it keeps its state."""
    place = f"{socket.gethostname()}\0{state.resolve()}".encode()
    reader = blake2s(place, digest_size=8).hexdigest()
    return Consumer(archive, lambda name: bus.group(f"archive:{name}", reader), utc_now)


def oldest(settings: Settings, now: datetime) -> Keeping:
    """What began before may go."""
    it = settings.storage
    return Keeping(_before(now, it.archive_days), _before(now, it.words_days))


async def expire_now_and_then(
    archive: Archive, opened: asyncio.Event, keeping: Callable[[], Keeping]
) -> None:
    """Until cancelled."""
    await opened.wait()
    while True:
        try:
            while gone := await asyncio.to_thread(_expire, archive, keeping()):
                log.info("%d expired calls left the archive", gone)
        except ArchiveAwayError as fault:
            log.warning("what has expired stays in the archive for now: %s", fault)
        await asyncio.sleep(EXPIRE_EVERY)


def keeping_now(settings: Settings) -> Keeping:
    return oldest(settings, datetime.now(UTC))


def _expire(archive: Archive, keeping: Keeping) -> int:
    with archive.writing() as connection:
        return expire(connection, archive.index, keeping)


def _before(now: datetime, days: float) -> str:
    """As walls are written; "" where nothing expires."""
    if not days:
        return ""
    moment = now - timedelta(days=days)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
