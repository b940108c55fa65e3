"""What one viewer is told, over a websocket or an event stream alike: first a snapshot, then
events as they are published, and how things stand at least every 5 s."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Protocol, TypeAlias

from web_dashboard.live import Viewer
from web_dashboard.parts import Parts
from web_dashboard.view import Events, Snapshot, StatusFrame

STATUS_EVERY = 5.0
FAREWELL = 5.0
_GATHER = 0.05  # seconds in which what is published travels in one frame

Frame: TypeAlias = Snapshot | Events | StatusFrame


class Send(Protocol):
    async def __call__(self, frame: Frame) -> None: ...


async def tell(parts: Parts, viewer: Viewer, send: Send, refused: Callable[[], int]) -> None:
    """Until the viewer is closed, or `refused` gives a code to close it with: it is asked as
    often as the status is told."""
    clock = asyncio.get_running_loop().time
    away, due = parts.feed.away_since, clock() + STATUS_EVERY
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(due):
                await viewer.wake.wait()
        # By the clock: on a busy board something always comes first.
        is_due = clock() >= due
        if is_due and (code := refused()):
            viewer.close(code)
            return
        viewer.wake.clear()
        frame = _next_frame(parts, viewer)
        if frame is not None:
            await send(frame)
        if frame is None or is_due or away != parts.feed.away_since:
            away, due = parts.feed.away_since, clock() + STATUS_EVERY
            await send(StatusFrame(parts.wall(), parts.status()))
        await asyncio.sleep(_GATHER)


def _next_frame(parts: Parts, viewer: Viewer) -> Snapshot | Events | None:
    """Takes what waits for the viewer. The picture and the emptied outbox belong together:
    nothing may be awaited between the two."""
    events, now = viewer.outbox.take(), parts.wall()
    if viewer.anew:
        viewer.anew = False
        seen = parts.feed.board.picture(viewer.sight)
        status = parts.status()
        return Snapshot(
            seen.last, now, status, seen.calls, seen.alerts, seen.prompts, seen.messages
        )
    return Events(viewer.outbox.last, now, events) if events else None
