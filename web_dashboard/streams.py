"""The same feeds as event streams (Server-Sent Events), for programs and pages of others."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from litestar import Request, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import Receive, Scope
from litestar.types import Send as AsgiSend

from web_dashboard.boundary import unslashed
from web_dashboard.doors import NOT_SIGNED_IN, refusal, sight_at, turned_away
from web_dashboard.errors import not_allowed, not_signed_in
from web_dashboard.live import GOING_AWAY, Viewer
from web_dashboard.sight import Sight
from web_dashboard.telling import FAREWELL, Frame, tell
from web_dashboard.view import StatusFrame
from web_dashboard.who import asker, audit, page_of, parts_of

Asked: TypeAlias = Request[None, None, State]

_OPENING = b"retry: 2000\n\n"  # milliseconds until a browser comes again by itself


@dataclass(frozen=True, slots=True)
class EventStream:
    """An answer that goes on until the viewer leaves or is closed. `after` is the log id that
    it has got to: it is told what it missed if that is still known, else a snapshot."""

    request: Asked
    agent_id: str | None
    sight: Sight
    after: str

    async def __call__(self, scope: Scope, receive: Receive, send: AsgiSend) -> None:
        async def write(chunk: bytes, *, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": chunk, "more_body": more})

        async def say(frame: Frame) -> None:
            await write(event(frame))

        parts = parts_of(self.request)
        with parts.feed.viewer(self.sight, after=self.after) as viewer:
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": _headers(page_of(self.request)),
                }
            )
            await write(_OPENING)
            async with asyncio.TaskGroup() as tasks:
                telling = tasks.create_task(
                    tell(parts, viewer, say, self._refused), name="tell"
                )
                leaving = tasks.create_task(_leaves(receive, viewer), name="leaving")
                await viewer.closed.wait()
                telling.cancel()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(FAREWELL):  # who reads nothing is left so
                        await write(b"", more=False)
                leaving.cancel()

    def _refused(self) -> int:
        return turned_away(self.request, self.agent_id, self.sight)


@get("/api/v1/feed", media_type="text/event-stream")
async def board_stream(request: Asked) -> EventStream:
    return await _open(request, None)


@get("/api/v1/agents/{agent_id:str}/feed", media_type="text/event-stream")
async def agent_stream(request: Asked, agent_id: FromPath[str]) -> EventStream:
    return await _open(request, unslashed(agent_id))


ROUTES: list[HTTPRouteHandler] = [board_stream, agent_stream]


def event(frame: Frame) -> bytes:
    """The frame as one event; its id is how far its reader has got then. JSON has no line
    breaks of its own."""
    got = b"" if isinstance(frame, StatusFrame) else b"id: " + frame.last.encode() + b"\n"
    return got + b"data: " + msgspec.json.encode(frame) + b"\n\n"


async def _open(request: Asked, agent_id: str | None) -> EventStream:
    if refused := refusal(request, agent_id):
        raise not_signed_in() if refused == NOT_SIGNED_IN else not_allowed()
    await audit(request, asker(request).name, "feed_open", agent_id or "")
    after = str(request.headers.get("last-event-id") or request.query_params.get("after", ""))
    return EventStream(request, agent_id, sight_at(request, agent_id), after)


def _headers(page: str) -> list[tuple[bytes, bytes]]:
    """`page` is the origin of the page whose ticket was shown: its scripts may read this."""
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"x-accel-buffering", b"no"),  # nginx: as it comes
        (b"vary", b"Origin"),
    ]
    if page:
        headers.append((b"access-control-allow-origin", page.encode("latin-1")))
    return headers


async def _leaves(receive: Receive, viewer: Viewer) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    viewer.close(GOING_AWAY)
