"""What a supervisor whispers to an agent, and the agent's word that it was seen."""

from typing import Annotated, cast

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from alerts.ids import new_ulid
from alerts.wire import Whisper
from web_dashboard.boundary import unslashed
from web_dashboard.errors import (
    bad_request,
    no_such_call,
    no_such_message,
    nobody_to_tell,
    not_allowed,
)
from web_dashboard.parts import Parts
from web_dashboard.view import CallState
from web_dashboard.who import asker, audit, may_see_call, parts_of, signed_in, supervisors

LONGEST = 300  # characters: the agent reads it with a customer in the ear


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(max_length=LONGEST)]


@post("/api/v1/calls/{call_id:str}/message", status_code=200, guards=[supervisors])
async def whisper(
    request: Request[None, None, State], call_id: FromPath[str], data: JSONBody[Said]
) -> Whisper:
    """To the agent of a call that goes on. Personal numbers are masked like the customer's."""
    parts, who = parts_of(request), asker(request)
    text = " ".join(data.text.split())  # one line, whatever was pasted
    if not text:
        raise bad_request(400)
    if not may_see_call(parts, who, unslashed(call_id)):
        raise not_allowed()
    call = _call(parts, unslashed(call_id))
    said = Whisper(
        new_ulid(), call.call_id, call.agent_id, who.shown, parts.mask(text), False, call.at
    )
    await audit(request, who.name, "whisper", f"{call.call_id} {said.id}")
    return cast(Whisper, parts.publish(said))


@post("/api/v1/messages/{message_id:str}/seen", status_code=200, guards=[signed_in])
async def seen(request: Request[None, None, State], message_id: FromPath[str]) -> Whisper:
    """By the agent it was for. Idempotent."""
    parts, who = parts_of(request), asker(request)
    told = parts.feed.board.message(message_id)
    if who.role != "agent" or (told and told.agent_id != who.agent_id):
        raise not_allowed()
    if told is None:
        raise no_such_message()
    if told.seen:
        return told
    await audit(request, who.name, "seen", message_id)
    return cast(Whisper, parts.publish(msgspec.structs.replace(told, seen=True)))


ROUTES: list[HTTPRouteHandler] = [whisper, seen]


def _call(parts: Parts, call_id: str) -> CallState:
    call = parts.feed.board.call(call_id)
    if call is None:
        raise no_such_call()
    if call.ended or not call.agent_id:
        raise nobody_to_tell(over=call.ended)
    return call
