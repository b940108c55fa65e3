"""What a gateway shows of itself: a key, or a signature where it has no place for one."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hmac import compare_digest, digest
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class TwilioSignature:
    """X-Twilio-Signature: HMAC-SHA1 of the address that it was told to connect to, exactly as
    it was told. Behind a proxy nobody here knows that address, so it is a setting."""

    header: ClassVar[str] = "X-Twilio-Signature"
    name: ClassVar[str] = "twilio (signed)"
    """Whose calls they are."""

    token: str = field(repr=False)
    url: str

    def fits(self, shown: Sequence[str]) -> bool:
        """Whether one signature was shown, and it is right. Takes as long for a wrong one."""
        right = b64encode(digest(self.token.encode(), self.url.encode(), "sha1"))
        offered = shown[0].encode(errors="surrogateescape") if len(shown) == 1 else b""
        return compare_digest(right, offered)


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
