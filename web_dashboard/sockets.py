"""The feeds as websockets, one a viewer."""

import asyncio
from typing import TypeAlias

import msgspec
from litestar import WebSocket, websocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler
from litestar.params import FromPath

from web_dashboard.boundary import unslashed
from web_dashboard.doors import refusal, sight_at, turned_away
from web_dashboard.live import Viewer
from web_dashboard.parts import Parts
from web_dashboard.telling import FAREWELL, Frame, tell
from web_dashboard.who import asker, audit, parts_of

Socket: TypeAlias = WebSocket[None, None, State]


@websocket("/api/v1/feed")
async def board_feed(socket: Socket) -> None:
    await _serve(socket, None)


@websocket("/api/v1/agents/{agent_id:str}/feed")
async def agent_feed(socket: Socket, agent_id: FromPath[str]) -> None:
    await _serve(socket, unslashed(agent_id))


ROUTES: list[WebsocketRouteHandler] = [board_feed, agent_feed]


async def _serve(socket: Socket, agent_id: str | None) -> None:
    """`?after=` needs no answer of its own: a viewer that comes again gets a snapshot, which
    holds every alert that it may have missed."""
    parts = parts_of(socket)
    await socket.accept()
    refused = refusal(socket, agent_id)
    if refused:
        await socket.close(refused)
        return
    await audit(socket, asker(socket).name, "feed_open", agent_id or "")
    with parts.feed.viewer(sight_at(socket, agent_id)) as viewer:
        try:
            await _attend(socket, parts, viewer, agent_id)
        except* (WebSocketDisconnect, OSError):
            pass  # the browser is gone: that is how a feed ends


async def _attend(socket: Socket, parts: Parts, viewer: Viewer, agent_id: str | None) -> None:
    async def send(frame: Frame) -> None:
        await socket.send_data(msgspec.json.encode(frame), mode="text")

    def refused() -> int:
        return turned_away(socket, agent_id, viewer.sight)

    async with asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(tell(parts, viewer, send, refused), name="tell")
        hearing = tasks.create_task(hear(socket), name="hear")
        await viewer.closed.wait()
        telling.cancel()
        async with asyncio.timeout(FAREWELL):  # who reads nothing does not read this either
            await socket.close(viewer.code)
        hearing.cancel()


async def hear(socket: Socket) -> None:
    """A viewer has nothing to say; this is how its leaving is noticed."""
    while True:
        await socket.receive_data(mode="text")
