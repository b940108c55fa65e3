"""Who may open a connection: judged at the handshake, answered in HTTP with its reason."""

import asyncio
import json
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from streamer.credentials import ClientSecrets, Signature, key_in
from streamer.events import Seconds
from streamer.handshake import Handshake
from streamer.message_signature import SignatureError
from streamer.ports import ANONYMOUS, KeyRing
from streamer.tally import Tally

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer in place of the handshake. `en` and `zh` say why."""

    status: HTTPStatus
    code: str
    en: str
    zh: str
    retry_after: int = 0
    details: tuple[str, ...] = ()

    def response(self, connection: ServerConnection) -> Response:
        body: dict[str, object] = {
            "code": self.code,
            "message": {"zh": self.zh, "en": self.en},
        }
        if self.details:
            body["known"] = list(self.details)
        response = connection.respond(self.status, json.dumps(body, ensure_ascii=False) + "\n")
        del response.headers["Content-Type"]
        response.headers["Content-Type"] = "application/json; charset=utf-8"
        if self.retry_after:
            response.headers["Retry-After"] = str(self.retry_after)
        if self.status is HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = 'Bearer realm="earwitness"'
        return response


class Failures:
    """Wrong keys by address: at most `limit` within `window` seconds are answered in full.

    A right key is let in whatever came before it from the same address: gateways share
    addresses behind a proxy, and keys of 256 bits are not guessed. What is limited is the work
    and the log lines that a wrong key can cause. The oldest of 1024 addresses is forgotten.
    """

    def __init__(self, limit: int = 10, window: Seconds = 60.0, addresses: int = 1024) -> None:
        self._limit, self._window, self._addresses = limit, window, addresses
        self._seen: OrderedDict[str, deque[Seconds]] = OrderedDict()

    def add(self, address: str, now: Seconds) -> bool:
        """One more; true if there were too many."""
        times = self._seen.setdefault(address, deque(maxlen=self._limit + 1))
        self._seen.move_to_end(address)
        times.append(now)
        if len(self._seen) > self._addresses:
            self._seen.popitem(last=False)
        return len(times) > self._limit and now - times[0] < self._window


@dataclass(frozen=True, slots=True)
class House:
    """What the doorman asks of the server. `room(call_id)` says why there is none for a
    connection (of that call, if it names one in its query), or "" if there is. At the paths of
    `signatures` a right one does in place of a key, and without either nobody comes in."""

    paths: Container[str]
    listed: tuple[str, ...]
    keys: KeyRing
    room: Callable[[str], str]
    tally: Tally
    signatures: Mapping[str, Signature] = field(default_factory=dict)
    secrets: ClientSecrets = ClientSecrets("", {})  # noqa: RUF009 - a frozen value


class Doorman:
    """The `process_request` of the telephony port. Leaves the key's name in
    `connection.username`. `wall`: seconds since 1970, as gateways count that sign."""

    def __init__(self, house: House, wall: Callable[[], Seconds] = time.time) -> None:
        self._house, self._failures, self._wall = house, Failures(), wall

    def __call__(self, connection: ServerConnection, request: Request) -> Response | None:
        handshake = handshake_of(request)
        refusal = (
            self._unknown(handshake.path)
            or self._stranger(connection, handshake)
            or self._page(connection.username, handshake.header("origin"))
            or self._full(handshake.query.get("call_id", ""))
        )
        if refusal is None:
            return None
        self._house.tally.rejected[refusal.code] += 1
        return refusal.response(connection)

    def _unknown(self, path: str) -> Refusal | None:
        if path in self._house.paths:
            return None
        return Refusal(
            HTTPStatus.NOT_FOUND,
            "unknown_path",
            f"No gateway protocol lives here. Known: {', '.join(self._house.listed)}",
            f"此路径没有对应的网关协议。可用：{'、'.join(self._house.listed)}",
            details=self._house.listed,
        )

    def _stranger(self, connection: ServerConnection, shown: Handshake) -> Refusal | None:
        name = self._name(shown)
        if name is not None:
            connection.username = name
            return None
        address = str((connection.remote_address or ("",))[0])
        if self._failures.add(address, asyncio.get_running_loop().time()):
            return Refusal(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too_many_tries",
                "Too many wrong keys from this address.",
                "来自该地址的错误密钥过多。",
                retry_after=60,
            )
        log.warning("a gateway without a valid key was refused", extra={"address": address})
        if signature := self._house.signatures.get(shown.path):
            return Refusal(
                HTTPStatus.UNAUTHORIZED,
                "unauthorized",
                f"A gateway key is needed, or {signature.wanted['en']}.",
                f"需要网关密钥，或{signature.wanted['zh']}。",
            )
        return Refusal(
            HTTPStatus.UNAUTHORIZED,
            "unauthorized",
            "A gateway key is needed: Authorization: Bearer KEY, or ?token=KEY, or as the "
            "password of Authorization: Basic, or X-API-KEY (signed, if the key has a client "
            "secret: compare it, and the clocks).",
            "需要网关密钥：Authorization: Bearer KEY、?token=KEY、Basic 认证的密码，或 "
            "X-API-KEY（该密钥设有 client secret 时还需要正确签名：请核对 secret 与时钟）。",
        )

    def _name(self, shown: Handshake) -> str | None:
        key = (
            key_in(shown.headers.get("authorization", ()))
            or shown.query.get("token")
            or shown.header("x-api-key")
        )
        name = self._house.keys.name_of(key or None)
        if name is not None and not self._signed(name, shown):
            return None
        signature = self._house.signatures.get(shown.path)
        if signature is None or name not in (None, ANONYMOUS):
            return name
        return signature.name if signature.fits(shown) else None

    def _signed(self, name: str, shown: Handshake) -> bool:
        """Whether it is signed where the key asks for that."""
        try:
            self._house.secrets.check(name, shown, self._wall())
        except SignatureError as error:
            log.warning("a gateway's signature is refused: %s", error, extra={"gateway": name})
            return False
        return True

    def _page(self, name: str, origin: str) -> Refusal | None:
        """A web page that someone has open could make up calls on a server without keys; the
        browser says where the page is from. Gateways say nothing, or this machine."""
        host = host_of(origin)
        if name != ANONYMOUS or not origin or host is None or is_loopback(host):
            return None
        return Refusal(
            HTTPStatus.FORBIDDEN,
            "foreign_origin",
            "Without a key no web page from elsewhere may stream calls.",
            "没有密钥时，不接受来自其他网站页面的通话。",
        )

    def _full(self, call: str) -> Refusal | None:
        code = self._house.room(call)
        if not code:
            return None
        return Refusal(
            HTTPStatus.SERVICE_UNAVAILABLE,
            code,
            "No room for another call now.",
            "当前无法接入更多通话。",
            retry_after=5,
        )


def handshake_of(request: Request | None) -> Handshake:
    """Never None once there is a connection."""
    if request is None:
        return Handshake()
    path, _, after = request.path.partition("?")
    headers: dict[str, list[str]] = {}
    for name, value in request.headers.raw_items():
        headers.setdefault(name.lower(), []).append(value)
    query = {name: values[-1] for name, values in parse_qs(after).items()}
    return Handshake(path, request.path, query, headers)


def host_of(origin: str) -> str | None:
    """Where a page is from; "" if its browser will not say, None if it is no browser's."""
    try:
        return "" if origin == "null" else urlsplit(origin).hostname
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
