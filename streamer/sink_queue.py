"""One call's way to its sink: one event at a time, in order, never holding up who tells it."""

import asyncio
import logging
from collections.abc import Sequence

from streamer.bounded import ShedQueue
from streamer.events import (
    CallClosed,
    CallEvent,
    CallId,
    CallMoved,
    CallOpened,
    CallResumed,
    Draft,
    Seconds,
    Silence,
    Stalled,
)
from streamer.ports import CallSink
from streamer.tally import Tally

log = logging.getLogger(__name__)


class SinkQueue:
    """Keeps at most `limit` events for a slow sink; then the oldest draft goes, else the oldest
    silence, else the oldest stall, else the oldest of what was said - never the call's opening
    or closing. Each loss is counted."""

    def __init__(self, call: CallId, tally: Tally, limit: int, patience: Seconds) -> None:
        """The sink has `patience` seconds for each event."""
        self.tally = tally
        self._call, self._patience = call, patience
        self._moved = False
        self._news: ShedQueue[CallEvent] = ShedQueue(limit, least_missed)

    def __len__(self) -> int:
        return len(self._news)

    @property
    def waiting(self) -> list[CallEvent]:
        """What the sink has not been told, in order."""
        return self._news.waiting

    def push(self, event: CallEvent) -> None:
        if self._moved:
            return
        self._moved = isinstance(event, CallMoved)
        if (lost := self._news.push(event)) is not None:
            self._miss("lost", lost)
        if isinstance(event, CallClosed | CallMoved):
            self._news.finish()

    async def run(self, sink: CallSink) -> None:
        """Returns when `CallClosed` or `CallMoved` has been told. A sink that raises, or takes
        too long, costs that one event."""
        while event := await self._news.next():
            try:
                async with asyncio.timeout(self._patience):
                    await sink(event)
            except Exception:
                self._miss("failed", event, exc_info=True)

    def _miss(self, how: str, event: CallEvent, exc_info: bool = False) -> None:
        self.tally.lost[how] += 1
        log.error(
            "the sink missed a %s, %s",
            type(event).__name__,
            how,
            exc_info=exc_info,
            extra={"call": self._call},
        )


def least_missed(news: Sequence[CallEvent]) -> int:
    kinds = [type(event) for event in news]
    for droppable in (Draft, Silence, Stalled):
        if droppable in kinds:
            return kinds.index(droppable)
    kept = (CallOpened, CallResumed, CallMoved, CallClosed)
    return next(i for i, kind in enumerate(kinds) if kind not in kept)
