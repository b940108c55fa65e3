"""Connections that cannot say whose call they carry: a program says it before they come."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from streamer.errors import OverloadError, ProtocolError, RefusedError
from web_dashboard.errors import (
    announced_already,
    audiosocket_off,
    bad_request,
    not_allowed,
    too_many_announced,
    wrong_announcement,
)
from web_dashboard.who import Connection, asker, audit, parts_of

_OWN = ("uuid", "expires_in")
GOOD_FOR = 60.0
"""Seconds, unless the program says otherwise."""


class Announcement(msgspec.Struct, frozen=True):
    """Which connection it is about, and for how many seconds. What else is said is of its call,
    in the words of an address of /asterisk."""

    uuid: UUID
    expires_in: Annotated[float, msgspec.Meta(gt=0, le=3600)] = GOOD_FOR


class Awaited(msgspec.Struct, frozen=True):
    """`expires_in` is in seconds."""

    uuid: UUID
    expires_in: float


def integrators(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard. Raises 401, or 403 for people: they have no connections to announce."""
    if asker(connection).role != "integrator":
        raise not_allowed()


@post("/api/v1/audiosocket", status_code=201, guards=[integrators])
async def announce(request: Request[None, None, State]) -> Awaited:
    """An AudioSocket connection that is about to come, to this server: once, within
    `expires_in`. JSON, or a form as Asterisk's CURL() sends it."""
    parts, who = parts_of(request), asker(request)
    if parts.announce is None:
        raise audiosocket_off()
    told = await _told(request)
    try:
        said = msgspec.convert(told, Announcement, strict=False)
        words = {name: _text(it) for name, it in told.items() if name not in _OWN}
        parts.announce(said.uuid, words, who.name, said.expires_in)
    except (msgspec.ValidationError, ProtocolError) as error:
        raise wrong_announcement(str(error)) from error
    except RefusedError as error:
        raise announced_already() from error
    except OverloadError as error:
        raise too_many_announced() from error
    await audit(request, who.name, "announce", f"{words['call_id']} {said.uuid}")
    return Awaited(said.uuid, said.expires_in)


ROUTES: list[HTTPRouteHandler] = [announce]


async def _told(request: Request[None, None, State]) -> dict[str, Any]:
    if request.content_type[0] == RequestEncodingType.URL_ENCODED:
        form = await request.form()
        return {name: form[name] for name in form}
    try:
        told = msgspec.json.decode(await request.body())
    except msgspec.DecodeError as error:
        raise bad_request(400) from error
    if not isinstance(told, dict):
        raise bad_request(400)
    return told


def _text(value: object) -> str:
    """As an address would say it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
