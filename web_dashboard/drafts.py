"""What is being said on a call this moment, for those who look at that call.

Drafts are worth something only while they are new, so nothing is queued for anybody: whoever
looks is told the newest there is, as often as it can be read.
"""

import asyncio

import msgspec
from litestar import websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler
from litestar.params import FromPath

from alerts.wire import Draft
from web_dashboard.boundary import unslashed
from web_dashboard.doors import NOT_ALLOWED, NOT_SIGNED_IN
from web_dashboard.live import TOO_SLOW
from web_dashboard.parts import Parts
from web_dashboard.sockets import Socket, hear
from web_dashboard.telling import FAREWELL
from web_dashboard.who import account_of, audit, may_see_call, parts_of, stranger

_LOOK = 0.25  # seconds between looks: a draft comes after every 1.5 s of speech
_AWAY = 2.0
_PATIENCE = 5.0
OVER = 1000


@websocket("/api/v1/calls/{call_id:str}/drafts")
async def call_drafts(socket: Socket, call_id: FromPath[str]) -> None:
    """Closed with 1000 when the call is over."""
    parts, call_id = parts_of(socket), unslashed(call_id)
    await socket.accept()
    if code := _code(socket, parts, call_id):
        await socket.close(code)
        return
    account = account_of(socket)
    await audit(socket, account.name if account else "", "drafts_open", call_id)
    try:
        async with asyncio.TaskGroup() as tasks:
            hearing = tasks.create_task(hear(socket), name="hear")
            code = await _tell(socket, parts, call_id)
            async with asyncio.timeout(FAREWELL):
                await socket.close(code)
            hearing.cancel()
    except* (WebSocketDisconnect, OSError):
        pass  # the browser is gone: that is how it ends


ROUTES: list[WebsocketRouteHandler] = [call_drafts]


def _code(socket: Socket, parts: Parts, call_id: str) -> int:
    """What the socket is to be closed with now, 0 for nothing."""
    account, call = account_of(socket), parts.feed.board.call(call_id)
    if account is None:
        stranger(socket)  # writes down a wrong key; a websocket's answer is a code
        return NOT_SIGNED_IN
    if not may_see_call(parts, account, call_id):
        return NOT_ALLOWED
    return OVER if call is not None and call.ended else 0


async def _tell(socket: Socket, parts: Parts, call_id: str) -> int:
    """Goes on until the viewer must go, and gives the code to close with."""
    told: Draft | None = None
    while not (code := _code(socket, parts, call_id)):
        draft, pause = await _newest(parts, call_id)
        if draft is not None and draft != told:
            try:
                async with asyncio.timeout(_PATIENCE):
                    await socket.send_data(msgspec.json.encode(draft), mode="text")
            except TimeoutError:
                return TOO_SLOW
            told = draft
        await asyncio.sleep(pause)
    return code


async def _newest(parts: Parts, call_id: str) -> tuple[Draft | None, float]:
    """The draft to show, if any, and how long to wait before the next look."""
    try:
        draft = await parts.live.draft(call_id)
    except OSError:
        return None, _AWAY  # the feed says that Redis is away
    return (parts.feed.board.provisional(draft) if draft else None), _LOOK
