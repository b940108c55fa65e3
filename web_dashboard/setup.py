"""What a board needs to know of its installation besides the calls."""

from typing import Any

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler

from web_dashboard.view import StreamDoor
from web_dashboard.who import overseers, parts_of


class Setup(msgspec.Struct, frozen=True):
    """`stream` is null until gateways can stream calls in; `phrases` are whispers to choose
    from, none where the board's own are good enough."""

    stream: StreamDoor | None
    phrases: tuple[str, ...]


@get("/api/v1/setup", guards=[overseers], sync_to_thread=False)
def setup(request: Request[Any, Any, Any]) -> Setup:
    parts = parts_of(request)
    return Setup(parts.stream(), parts.settings.phrases)


ROUTES: list[HTTPRouteHandler] = [setup]
