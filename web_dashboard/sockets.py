"""The feeds: one websocket a viewer. First a snapshot, then events as they are published."""

import asyncio
import contextlib
from typing import TypeAlias

import msgspec
from litestar import WebSocket, websocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler
from litestar.params import FromPath

from web_dashboard.account import Account
from web_dashboard.boundary import unslashed
from web_dashboard.live import GOING_AWAY, Viewer
from web_dashboard.parts import Parts
from web_dashboard.sight import Sight, of_agent
from web_dashboard.view import Events, Snapshot, StatusFrame
from web_dashboard.who import (
    LOOKING,
    account_of,
    asker,
    audit,
    may_see_agent,
    parts_of,
    sight_of,
)

NOT_SIGNED_IN, NOT_ALLOWED = 4401, 4403
STATUS_EVERY = 5.0
_GATHER = 0.05  # seconds in which what is published travels in one frame
FAREWELL = 5.0

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
    refused = _refusal(socket, agent_id)
    if refused:
        await socket.close(refused)
        return
    account = asker(socket)
    await audit(socket, account.name, "feed_open", agent_id or "")
    with parts.feed.viewer(_sight(parts, account, agent_id)) as viewer:
        try:
            await _attend(socket, parts, viewer, agent_id)
        except* (WebSocketDisconnect, OSError):
            pass  # the browser is gone: that is how a feed ends


def _refusal(socket: Socket, agent_id: str | None) -> int:
    account = account_of(socket)
    if account is None:
        return NOT_SIGNED_IN
    allowed = (
        account.role in LOOKING
        if agent_id is None
        else may_see_agent(parts_of(socket), account, agent_id)
    )
    return 0 if allowed else NOT_ALLOWED


def _sight(parts: Parts, account: Account, agent_id: str | None) -> Sight:
    return sight_of(parts, account) if agent_id is None else of_agent(agent_id)


async def _attend(socket: Socket, parts: Parts, viewer: Viewer, agent_id: str | None) -> None:
    async with asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(_tell(socket, parts, viewer, agent_id), name="tell")
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


async def _tell(socket: Socket, parts: Parts, viewer: Viewer, agent_id: str | None) -> None:
    clock = asyncio.get_running_loop().time
    away, due = parts.feed.away_since, clock() + STATUS_EVERY
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(due):
                await viewer.wake.wait()
        # By the clock: on a busy board something always comes first.
        is_due = clock() >= due
        if is_due and (refused := _refusal(socket, agent_id)):
            viewer.close(refused)  # signed out, disabled or expired meanwhile
            return
        if is_due and _sight(parts, asker(socket), agent_id) != viewer.sight:
            viewer.close(GOING_AWAY)  # of other teams now: to come again
            return
        viewer.wake.clear()
        frame = _next_frame(parts, viewer)
        if frame is not None:
            await socket.send_data(msgspec.json.encode(frame), mode="text")
        if frame is None or is_due or away != parts.feed.away_since:
            away, due = parts.feed.away_since, clock() + STATUS_EVERY
            status = StatusFrame(parts.wall(), parts.status())
            await socket.send_data(msgspec.json.encode(status), mode="text")
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
