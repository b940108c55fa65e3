"""The outermost layer: which requests are heard at all, and the headers every answer carries.

It stands outside the routing, so that an answer for a path that does not exist is no exception.
"""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from web_dashboard.errors import ApiError, foreign_host, foreign_origin

_SAFE = ("GET", "HEAD", "OPTIONS")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
FOREIGN = 4403

_ENCODED_SLASH = re.compile(rb"%2f", re.IGNORECASE)
_SLASH = "\x1f"  # stands for one in a path: no id holds control characters

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors "
)
POLICY = f"{_POLICY}'none'"
_HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-frame-options": b"DENY",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}


def framed_by(origins: Iterable[str]) -> dict[str, str]:
    """The headers of a page that pages of these origins, and no others, may show in a frame.
    X-Frame-Options knows no list and is left out."""
    return {
        "Content-Security-Policy": _POLICY + " ".join(origins),
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def is_loopback(host: str) -> bool:
    """Whether the address or name (no port, brackets allowed) is this machine itself."""
    address = _address(host)
    return host.lower() == "localhost" or (address is not None and address.is_loopback)


def unslashed(part: str) -> str:
    """The id that a part of a path names. It may hold slashes: SIP allows them in call ids."""
    return part.replace(_SLASH, "/")


class Boundary:
    """Refuses foreign Host headers (DNS rebinding), changes without our header or from a
    foreign Origin (cross-site forms), and websockets from a foreign Origin - unless a key or a
    ticket is shown, which no browser does by itself."""

    def __init__(self, app: ASGIApp, host: str, allowed_hosts: Iterable[str] = ()) -> None:
        self.app = app
        # An address cannot be rebound to another one: where we serve a network, any will do.
        self._any_address = not is_loopback(host)
        self._hosts = {name.lower() for name in (*_LOOPBACK, host, *allowed_hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._fault(scope)
        _keep_slashes(scope)
        if _is_socket(scope):
            await (self.app(scope, receive, send) if fault is None else _close(receive, send))
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_more_headers(message["headers"])]
            await send(message)

        if fault is None:
            await self.app(scope, receive, send_with_headers)
        else:
            await _refuse(fault, send_with_headers)

    def _fault(self, scope: Scope) -> ApiError | None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        if not self._is_ours(host):
            return foreign_host()
        is_change = scope.get("method", "") not in _SAFE  # a websocket has no method
        # No browser shows a key or a ticket by itself: who has one may ask from anywhere.
        if (
            not is_change
            or bears_key(headers.get(b"authorization", ""))
            or ticket_in(scope) is not None
        ):
            return None
        has_header = _is_socket(scope) or headers.get(b"x-earwitness") == "1"
        is_same = same_origin(headers.get(b"origin", ""), host)
        return None if has_header and is_same else foreign_origin()

    def _is_ours(self, host: str) -> bool:
        name = _without_port(host)
        return name in self._hosts or (self._any_address and _address(name) is not None)


def _keep_slashes(scope: Scope) -> None:
    """ASGI decodes the path before anyone can see where its parts end."""
    raw = scope.get("raw_path") or b""
    if _ENCODED_SLASH.search(raw):
        kept = _ENCODED_SLASH.sub(_SLASH.encode(), raw.partition(b"?")[0])
        scope["path"] = unquote(kept.decode("latin-1"))


def _is_socket(scope: Scope) -> bool:
    return scope["type"] == ScopeType.WEBSOCKET


def ticket_in(scope: Scope) -> str | None:
    """What is shown as one. Only feeds are opened with tickets, and whoever shows one is its
    holder or nobody, whatever else is shown."""
    headers = dict(scope["headers"])
    if not _is_socket(scope) and not headers.get(b"accept", b"").startswith(
        b"text/event-stream"
    ):
        return None
    shown = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return shown["ticket"][-1] if "ticket" in shown else None


def bears_key(authorization: str) -> bool:
    return authorization.lower().startswith("bearer ")


def same_origin(origin: str, host: str) -> bool:
    # The scheme is not compared: TLS may end at a proxy before us.
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def _without_port(host: str) -> str:
    name, _, port = host.lower().rpartition(":")
    return name if name and port.isdigit() else host.lower()


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _more_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Those that the answer does not have a word of its own on."""
    said = {name.lower() for name, _ in headers}
    may_be_framed = b"content-security-policy" in said
    return [
        (name, value)
        for name, value in _HEADERS.items()
        if name not in said and not (may_be_framed and name == b"x-frame-options")
    ]


async def _refuse(fault: ApiError, send: Send) -> None:
    body = msgspec.json.encode({"code": fault.code, "message": fault.message})
    length = (b"content-length", str(len(body)).encode())
    headers = [(b"content-type", b"application/json"), length]
    await send({"type": "http.response.start", "status": fault.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _close(receive: Receive, send: Send) -> None:
    # Only a socket that was accepted can tell the browser why it is closed.
    await receive()
    await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
    await send({"type": "websocket.close", "code": FOREIGN, "reason": "foreign origin"})
