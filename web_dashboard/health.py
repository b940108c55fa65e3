"""For load balancers and monitoring: alive, ready, and the figures."""

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from web_dashboard.boundary import is_loopback
from web_dashboard.parts import Parts
from web_dashboard.who import Connection, address_of, key_of, parts_of, stranger

_PROXIED = ("forwarded", "x-forwarded-for", "x-real-ip")


def neighbours(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard: this machine itself, but not what a proxy on it passes on; or a bearer key."""
    is_proxied = any(name in connection.headers for name in _PROXIED)
    if is_loopback(address_of(connection)) and not is_proxied:
        return
    key = key_of(connection)
    if key is None or parts_of(connection).key_name(key) is None:
        raise stranger(connection)


@get("/live", guards=[neighbours], sync_to_thread=False)
def live() -> dict[str, bool]:
    return {"live": True}


@get("/ready", guards=[neighbours], sync_to_thread=False)
def ready(request: Request[None, None, State]) -> Response[dict[str, object]]:
    parts = parts_of(request)
    missing = _missing(parts)
    body: dict[str, object] = {
        "ready": not missing,
        "missing": missing,
        "model": parts.model().name,
        "demonstration": parts.model().demonstration,
        "version": parts.settings.version,
    }
    return Response(body, status_code=503 if missing else 200)


@get("/metrics", guards=[neighbours], include_in_schema=False, sync_to_thread=False)
def metrics() -> Response[bytes]:
    return Response(generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})


ROUTES: list[HTTPRouteHandler] = [live, ready, metrics]


def _missing(parts: Parts) -> dict[str, str]:
    """What keeps the server from taking calls, and why."""
    model, load, redis = parts.model(), parts.load(), parts.redis()
    found = {
        "model": "" if model.state == "ready" else model.detail or model.state,
        "redis": f"away since {redis.since}" if redis.state == "away" else "",
        "load": f"{load.lag_ms} ms behind" if load.overloaded else "",
        "board": "" if parts.feed.folded else "the log has not been read yet",
        "server": "shutting down" if parts.draining() else "",
    }
    return {name: reason for name, reason in found.items() if reason}
