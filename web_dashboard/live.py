"""The one task that follows the log, and the viewers it tells."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterator
from typing import TypeAlias

from prometheus_client import Counter, Gauge

from alerts.wire import Message
from web_dashboard.feed import Board, Folded, entry_time
from web_dashboard.lately import Lately
from web_dashboard.outbox import Outbox
from web_dashboard.ports import LogSource
from web_dashboard.sight import EVERYTHING, Sight

log = logging.getLogger(__name__)

Entry: TypeAlias = tuple[str, Message]

BLOCK_MS = 2000
_PATIENCE = 5.0  # seconds beyond BLOCK_MS after which a Redis that hangs counts as away
_RETRY = (0.1, 0.25, 0.5, 1.0, 2.0)
_FAREWELL = 2.0
_BEGINNING = "0-0"
_REMEMBERED = 5000  # ids of entries folded, to find our place in a log that lost some
_BREATH = 200  # messages folded before others may run

TOO_SLOW = 4408
GOING_AWAY = 1001

_viewers = Gauge("earwitness_feed_viewers", "Browsers that follow the feed")
_cut_off = Counter("earwitness_feed_cut_off_total", "Viewers closed because they did not read")
_applied = Counter("earwitness_feed_messages_total", "Log entries folded into the board")


class Viewer:
    """One open feed. `wake` is set when there is something to send, `closed` when the viewer
    must go, with the close code in `code`."""

    def __init__(self, sight: Sight, outbox: Outbox) -> None:
        self.sight, self.outbox = sight, outbox
        self.wake, self.closed = asyncio.Event(), asyncio.Event()
        self.code = GOING_AWAY
        self.anew = True  # what comes first is a snapshot
        self.wake.set()

    def close(self, code: int) -> None:
        if not self.closed.is_set():
            self.code = code
            self.closed.set()


class Feed:
    """Folds the log into the board and fans it out. Redis may go away: `away_since` (wall time)
    says since when; what was published meanwhile is read when it is back, once."""

    def __init__(
        self,
        source: LogSource,
        new_board: Callable[[], Board],
        wall: Callable[[], str],
        *,
        outbox: int = 1000,
        hear: Callable[[Message], None] = lambda _: None,
    ) -> None:
        """`hear` is told of everything in the log, in order, some of it perhaps twice."""
        self._hear = hear
        self.source, self.new_board, self._wall = source, new_board, wall
        self._outbox = outbox
        self._viewers: set[Viewer] = set()
        self._seen: deque[str] = deque(maxlen=_REMEMBERED)
        self._lately = Lately()
        self._stopped = False
        self._nobody = asyncio.Event()
        self._nobody.set()
        self.board = new_board()
        self.folded = False
        self.away_since = ""

    async def run(self) -> None:
        """Follows the log until cancelled."""
        failures = 0
        while True:
            try:
                await self._begin()
                failures = 0
                while True:
                    async with asyncio.timeout(BLOCK_MS / 1000 + _PATIENCE):
                        entries = await self.source.read(self.board.last, BLOCK_MS)
                    await self._take(entries)
            except OSError as fault:  # TimeoutError is one
                self._away(fault)
                await asyncio.sleep(_RETRY[min(failures, len(_RETRY) - 1)])
                failures += 1

    @contextlib.contextmanager
    def viewer(self, sight: Sight = EVERYTHING, *, after: str = "") -> Iterator[Viewer]:
        """A viewer from this moment on: the board's picture taken before the next await, and
        then its outbox, together miss nothing and hold nothing twice. Who has got to the log
        id `after` needs no picture where all that came since is still known."""
        viewer = self._returning(sight, after) or Viewer(sight, Outbox(self._outbox))
        if self._stopped:
            viewer.close(GOING_AWAY)
        self._viewers.add(viewer)
        self._nobody.clear()
        _viewers.inc()
        try:
            yield viewer
        finally:
            self._viewers.discard(viewer)
            _viewers.dec()
            if not self._viewers:
                self._nobody.set()

    def _returning(self, sight: Sight, after: str) -> Viewer | None:
        missed = self._lately.since(after, self.board.last) if after else None
        if missed is None:
            return None
        viewer = Viewer(sight, Outbox(self._outbox))
        viewer.anew = False
        for folded in missed:
            if self.board.visible(folded.message, sight):
                viewer.outbox.put(folded.entry, folded.raw)
        return None if viewer.outbox.overflowed else viewer

    async def close_viewers(self) -> None:
        """The server stops: every viewer is closed with 1001, and so is who still comes.
        Returns when all have gone, or after a short while."""
        self._stopped = True
        for viewer in self._viewers:
            viewer.close(GOING_AWAY)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                await self._nobody.wait()

    async def _begin(self) -> None:
        async with asyncio.timeout(BLOCK_MS / 1000 + _PATIENCE):
            entries = await self.source.recent()
        newest = entries[-1][0] if entries else _BEGINNING
        if entry_time(newest) < entry_time(self.board.last):
            log.warning("the log has lost entries that the board knows")
            entries = self._rewind(entries)
        elif self.folded:
            entries = []  # read page by page from where we were
        await self._take(entries)
        self.folded = True
        if self.away_since:
            log.warning("redis is back")
            self.away_since = ""
            self._wake_all()

    def _rewind(self, entries: list[Entry]) -> list[Entry]:
        """A Redis that was killed has forgotten its last entries. They are told again, and the
        board knows them when it sees them; so it only goes back, to the latest entry that both
        know. Gives what comes after that."""
        self._lately.clear()
        known = set(self._seen)
        shared = max((n for n, (i, _) in enumerate(entries) if i in known), default=-1)
        self.board.rewind(entries[shared][0] if shared >= 0 else _BEGINNING)
        return entries[shared + 1 :]

    def _away(self, fault: OSError) -> None:
        if not self.away_since:
            self.away_since = self._wall()
            log.warning("redis is away: %s", fault)
            self._wake_all()

    def _wake_all(self) -> None:
        for viewer in self._viewers:
            viewer.wake.set()

    async def _take(self, entries: list[Entry]) -> None:
        for count, (entry, message) in enumerate(entries, start=1):
            folded = self.board.apply(entry, message)
            self._hear(message)
            self._seen.append(entry)
            if folded:
                self._lately.put(folded)
                self._tell(folded)
            if count % _BREATH == 0:
                await asyncio.sleep(0)
        _applied.inc(len(entries))

    def _tell(self, folded: Folded) -> None:
        for viewer in self._viewers:
            if self.board.visible(folded.message, viewer.sight):
                viewer.outbox.put(folded.entry, folded.raw)
                viewer.wake.set()
                if viewer.outbox.overflowed and not viewer.closed.is_set():
                    _cut_off.inc()
                    viewer.close(TOO_SLOW)
