"""Sign-ins that have gone to the identity provider and are to come back. Pure."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest

GOOD_FOR = 600.0


@dataclass(frozen=True, slots=True)
class Going:
    """`nonce` has to come back in the token, `verifier` is shown for it (PKCE); `browser` is
    in a cookie of who went, and who comes back has to have it."""

    nonce: str
    verifier: str = field(repr=False)
    browser: str = field(repr=False)
    next: str
    began: float

    @property
    def challenge(self) -> str:
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


class Pending:
    """Each comes back once, within 10 minutes. At most `limit`; beyond that the oldest is
    forgotten. `now` is the monotonic clock, seconds."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._going: dict[str, Going] = {}

    def begin(self, after: str, now: float) -> tuple[str, Going]:
        """The state to be sent along, and what is kept of it."""
        state, nonce, verifier, browser = (secrets.token_urlsafe(32) for _ in range(4))
        self._going[state] = Going(nonce, verifier, browser, after, now)
        if len(self._going) > self._limit:
            del self._going[next(iter(self._going))]
        return state, self._going[state]

    def end(self, state: str, browser: str, now: float) -> Going | None:
        """None if nobody went with it, lately and in that browser."""
        going = self._going.get(state)
        if going is None or not compare_digest(going.browser.encode(), browser.encode()):
            return None
        del self._going[state]
        return going if now - going.began < GOOD_FOR else None
