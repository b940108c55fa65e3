"""What a gateway shows of itself: a key, or a signature where it has no place for one."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest, digest
from typing import Final, Protocol
from urllib.parse import urlsplit

from streamer.events import Seconds
from streamer.handshake import Handshake
from streamer.message_signature import SignatureError, check

_TWILIOS: Final = "X-Twilio-Signature"


class Signature(Protocol):
    """What a vendor signs its requests with. `fits` takes as long for a wrong one."""

    @property
    def name(self) -> str:
        """Whose calls they are."""
        ...

    @property
    def wanted(self) -> Mapping[str, str]:
        """What would fit, for who shows something else: in `zh` and `en`."""
        ...

    def fits(self, handshake: Handshake) -> bool: ...


@dataclass(frozen=True, slots=True)
class TwilioSignature:
    """X-Twilio-Signature: HMAC-SHA1 of the address that it was told to connect to, exactly as
    it was told. Behind a proxy nobody here knows that address, so it is a setting."""

    token: str = field(repr=False)
    url: str

    @property
    def name(self) -> str:
        return "twilio (signed)"

    @property
    def wanted(self) -> Mapping[str, str]:
        return {
            "zh": f"对 {self.url} 的正确 {_TWILIOS}",
            "en": f"a right {_TWILIOS} of {self.url}",
        }

    def fits(self, handshake: Handshake) -> bool:
        """Whether one signature was shown, and it is right."""
        shown = handshake.headers.get(_TWILIOS.lower(), ())
        right = b64encode(digest(self.token.encode(), self.url.encode(), "sha1"))
        offered = shown[0].encode(errors="surrogateescape") if len(shown) == 1 else b""
        return compare_digest(right, offered)


@dataclass(frozen=True, slots=True)
class ClientSecrets:
    """By the names of keys, secrets by which their holders sign each request (Genesys
    AudioHook). Such a key admits at `path` only, and only with a right signature of `url`; if
    that is empty, of the address as it was asked for here."""

    path: str
    secrets: Mapping[str, bytes] = field(repr=False)
    url: str = ""

    def check(self, name: str, handshake: Handshake, now: Seconds) -> None:
        """Raises `SignatureError`. `now`: seconds since 1970."""
        if name not in self.secrets:
            return
        if handshake.path != self.path:
            raise SignatureError(f"a key with a client secret is for {self.path} only")
        check(self._asked(handshake), self.secrets[name], now)

    def _asked(self, it: Handshake) -> Handshake:
        """As the gateway asked for it, whatever a proxy has made of it."""
        if not self.url:
            return it
        address = urlsplit(self.url)
        target = address.path + (f"?{address.query}" if address.query else "")
        headers = {**it.headers, "host": (address.netloc,)}
        return Handshake(it.path, target, it.query, headers)


def key_in(authorization: Sequence[str]) -> str | None:
    """The key in the last of these headers, if there is one: as bearer, or as the password
    where a gateway knows names and passwords only."""
    scheme, _, shown = (authorization or [""])[-1].partition(" ")
    match scheme.lower():
        case "bearer":
            return shown.strip() or None
        case "basic":
            return password(shown.strip()) or None
        case _:
            return None


def password(credentials: str) -> str:
    """Of `user:password` in base64; empty if it is not that."""
    try:
        return b64decode(credentials, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
