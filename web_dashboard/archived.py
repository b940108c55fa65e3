"""A call of long ago, from the archive: what was said on it, and what is left of its sound."""

import math
from typing import Annotated, Any, Final

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from insights.call import ArchivedCall
from web_dashboard.errors import (
    archive_away,
    bad_request,
    clips_away,
    no_clip,
    no_clip_without_consent,
    no_such_call,
    not_allowed,
)
from web_dashboard.who import asker, audit, overseers, parts_of, sight_of

Asked = Request[Any, Any, State]
_LARGEST: Final = 2**31 - 1  # of the archive's numbers, in every database
_LONGEST_CLIP: Final = 120.0


@get("/api/v1/archive/calls/{call:int}", guards=[overseers])
async def archived_call(request: Asked, call: FromPath[int]) -> ArchivedCall:
    found = await _seen(request, call)
    await audit(request, asker(request).name, "call_view", found.call["call_id"])
    return found


@get("/api/v1/archive/calls/{call:int}/clip", guards=[overseers], media_type="audio/wav")
async def archived_clip(
    request: Asked,
    call: FromPath[int],
    start: Annotated[float, QueryParameter(name="from")],
    end: Annotated[float, QueryParameter(name="to")],
) -> Response[bytes]:
    if not (math.isfinite(start) and start < end <= start + _LONGEST_CLIP):
        raise bad_request(400)
    row = (await _seen(request, call)).call
    try:
        wav = await parts_of(request).clips.read(row["call_id"], start, end)
    except OSError:
        raise clips_away() from None
    if wav is None:
        raise no_clip() if row["record"] else no_clip_without_consent()
    what = f"{row['call_id']} {start:g}-{end:g}"
    await audit(request, asker(request).name, "clip_play", what)
    return Response(wav, media_type="audio/wav")


ROUTES: list[HTTPRouteHandler] = [archived_call, archived_clip]


async def _seen(request: Asked, call: int) -> ArchivedCall:
    """Whoever may not see it learns nothing of it, not even whether it is there."""
    parts = parts_of(request)
    sight = sight_of(parts, asker(request))
    try:
        found = await parts.insights.call(call) if 0 < call <= _LARGEST else None
    except OSError:
        raise archive_away() from None
    if found is None:
        raise no_such_call() if sight.whole else not_allowed()
    if not sight.takes_in(found.call["agent_id"], found.call["queue"]):
        raise not_allowed()
    return found
