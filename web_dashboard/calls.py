"""One call: what was said on it, and how it sounded."""

import math
from typing import Annotated

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from web_dashboard.account import Account
from web_dashboard.boundary import unslashed
from web_dashboard.errors import (
    ApiError,
    bad_request,
    clips_away,
    log_away,
    no_clip,
    no_clip_without_consent,
    no_clip_yet,
    no_such_call,
    not_allowed,
)
from web_dashboard.feed import Board
from web_dashboard.parts import Parts
from web_dashboard.view import CallDetail, CallState
from web_dashboard.who import asker, audit, parts_of, sight_of, signed_in

_LONGEST_CLIP = 120.0
_LATEST = 30.0  # seconds of the call after which a clip is kept, or never


@get("/api/v1/calls/{call_id:str}", guards=[signed_in])
async def call(request: Request[None, None, State], call_id: FromPath[str]) -> CallDetail:
    parts, who, call_id = parts_of(request), asker(request), unslashed(call_id)
    board = await _board(parts, who, call_id)
    state = board.call(call_id)
    if state is None:
        raise no_such_call()
    await audit(request, who.name, "call_view", call_id)
    return CallDetail(state, board.events(call_id, alerts=sight_of(parts, who).alerts))


@get("/api/v1/calls/{call_id:str}/clip", guards=[signed_in], media_type="audio/wav")
async def clip(
    request: Request[None, None, State],
    call_id: FromPath[str],
    start: Annotated[float, QueryParameter(name="from")],
    end: Annotated[float, QueryParameter(name="to")],
) -> Response[bytes]:
    parts, who, call_id = parts_of(request), asker(request), unslashed(call_id)
    if not sight_of(parts, who).whole:
        await _board(parts, who, call_id)
    if not (math.isfinite(start) and start < end <= start + _LONGEST_CLIP):
        raise bad_request(400)
    try:
        wav = await parts.clips.read(call_id, start, end)
    except OSError:
        raise clips_away() from None
    if wav is None:
        raise _missing(parts.feed.board.call(call_id), end)
    await audit(request, who.name, "clip_play", f"{call_id} {start:g}-{end:g}")
    return Response(wav, media_type="audio/wav")


ROUTES: list[HTTPRouteHandler] = [call, clip]


def _missing(call: CallState | None, end: float) -> ApiError:
    """Why there is no clip that ends at `end`."""
    if call is None:
        return no_clip()
    if not call.record:
        return no_clip_without_consent()
    return no_clip_yet() if end > call.at - _LATEST else no_clip()


async def _board(parts: Parts, who: Account, call_id: str) -> Board:
    """A board that has the call, if there is any. Whoever may not see it learns nothing of it,
    not even whether it is there: raises 403."""
    board = parts.feed.board
    if board.call(call_id) is None and who.role != "agent":
        board = await _from_the_log(parts, call_id)
    if not board.within(sight_of(parts, who), call_id):
        raise not_allowed()
    return board


async def _from_the_log(parts: Parts, call_id: str) -> Board:
    """A board of that one call: it has left the live one, but its alerts may still be there."""
    board = parts.feed.new_board()
    try:
        messages = await parts.feed.source.history(call_id)
    except OSError:
        raise log_away() from None
    for entry, message in enumerate(messages, start=1):
        board.apply(f"{entry}-0", message)
    return board
