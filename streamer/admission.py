"""Who may open a connection: judged at the handshake, answered in HTTP with its reason."""

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from streamer.certificates import names_in
from streamer.credentials import ClientSecrets, Signature, key_in
from streamer.events import Seconds
from streamer.handshake import Handshake
from streamer.message_signature import SignatureError
from streamer.ports import ANONYMOUS, KeyRing
from streamer.quotas import Quotas
from streamer.refusal import Refusal
from streamer.tally import Tally

log = logging.getLogger(__name__)


COMPRESSED = frozenset({"/freeswitch"})
"""mod_audio_stream offers permessage-deflate by default, and may use it."""


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
class Refused:
    """Somebody without a right key. `why` is for the operator: gateways are not told."""

    address: str
    path: str
    why: str


@dataclass(frozen=True, slots=True)
class House:
    """What the doorman asks of the server. `room(call_id)` says why there is none for a
    connection (of that call, if it names one in its query), or "" if there is; `full` the same
    for the calls of one key (see `Quotas`). At the paths of `signatures` a right one does in
    place of a key, and without either nobody comes in. `certificates`: by a name in a client's
    certificate, which key it stands for."""

    paths: Container[str]
    listed: tuple[str, ...]
    keys: KeyRing
    room: Callable[[str], str]
    full: Callable[[str, str, int], bool]
    tally: Tally
    signatures: Mapping[str, Signature] = field(default_factory=dict)
    secrets: ClientSecrets = ClientSecrets("", {})  # noqa: RUF009 - a frozen value
    certificates: Mapping[str, str] = field(default_factory=dict)
    refused: Callable[[Refused], None] = lambda _: None


class Doorman:
    """The `process_request` of the telephony port. Leaves the key's name in
    `connection.username`. `wall`: seconds since 1970, as gateways count that sign."""

    def __init__(self, house: House, wall: Callable[[], Seconds] = time.time) -> None:
        self._house, self._failures, self._wall = house, Failures(), wall
        self._quotas = Quotas(house.keys, house.full)

    def __call__(self, connection: ServerConnection, request: Request) -> Response | None:
        handshake = handshake_of(request)
        refusal = (
            self._unknown(handshake.path)
            or self._stranger(connection, handshake)
            or self._page(connection.username, handshake.header("origin"))
            or self._full(handshake.query.get("call_id", ""))
            or self._quotas.refusal(
                connection.username or "",
                handshake.query.get("call_id", ""),
                asyncio.get_running_loop().time(),
            )
        )
        if refusal is None:
            decline_compression(request, handshake.path)
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
        name = self._name(shown, certified(connection))
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
        why = self._why_not(shown)
        log.warning("a gateway was refused: %s", why, extra={"address": address})
        self._house.refused(Refused(address, shown.path, why))
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

    def _name(self, shown: Handshake, names: Sequence[str]) -> str | None:
        house = self._house
        signature, name = house.signatures.get(shown.path), house.keys.name_of(key_of(shown))
        if name in (None, ANONYMOUS):
            stood_for = (house.certificates.get(each, "") for each in names)
            name = next((key for key in stood_for if house.keys.holds(key)), name)
        if name is not None and not self._signed(name, shown):
            return None
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

    def _why_not(self, shown: Handshake) -> str:
        key = key_of(shown)
        name = self._house.keys.name_of(key)
        if name not in (None, ANONYMOUS):
            return f"key {name}: its signature is not right"
        if key is None and shown.path in self._house.signatures:
            return "no right signature"
        return self._house.keys.why_not(key)

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


def key_of(shown: Handshake) -> str | None:
    return (
        key_in(shown.headers.get("authorization", ()))
        or shown.query.get("token")
        or shown.header("x-api-key")
        or None
    )


def certified(connection: ServerConnection) -> list[str]:
    """The names in the certificate that its client has shown, if it was asked for one."""
    return names_in(connection.transport.get_extra_info("peercert"))


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


def decline_compression(request: Request, path: str) -> None:
    """Of speech it saves nothing, and it costs a window a connection: elsewhere the offer is as
    if it had not been made."""
    if path not in COMPRESSED and "Sec-WebSocket-Extensions" in request.headers:
        del request.headers["Sec-WebSocket-Extensions"]


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
