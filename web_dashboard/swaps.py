"""A supervisor's word that the customer and the agent of a call are the other way round."""

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from web_dashboard.boundary import unslashed
from web_dashboard.errors import call_elsewhere, call_over, no_such_call, not_allowed
from web_dashboard.parts import Parts
from web_dashboard.who import asker, audit, may_see_call, parts_of, supervisors


class Swapped(msgspec.Struct, frozen=True):
    """`swapped`: from now on they are the other way round than the gateway says."""

    call_id: str
    swapped: bool


@post("/api/v1/calls/{call_id:str}/swap", status_code=200, guards=[supervisors])
async def swap(request: Request[None, None, State], call_id: FromPath[str]) -> Swapped:
    """Of a call that goes on: for what is heard from now on, on all its connections and on
    those that come back. Once more, and it is as before."""
    parts, who, call_id = parts_of(request), asker(request), unslashed(call_id)
    if not may_see_call(parts, who, call_id):
        raise not_allowed()
    _require_live(parts, call_id)
    try:
        swapped = parts.swap(call_id, who.shown)
    except LookupError:
        raise call_elsewhere() from None
    await audit(request, who.name, "swap", f"{call_id} {'swapped' if swapped else 'as told'}")
    return Swapped(call_id, swapped)


ROUTES: list[HTTPRouteHandler] = [swap]


def _require_live(parts: Parts, call_id: str) -> None:
    call = parts.feed.board.call(call_id)
    if call is None:
        raise no_such_call()
    if call.ended:
        raise call_over()
