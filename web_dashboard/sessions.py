"""Who is signed in. Time is an argument; nothing is stored but digests of the tokens."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from web_dashboard.account import Account

COOKIE = "ew_session"


@dataclass(frozen=True, slots=True)
class Local:
    """An account of ours and the hash of the password it signed in with: a new password ends
    the sessions of the old one."""

    name: str
    password: str


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A program, by the name of its integrator's key."""

    name: str


@dataclass(frozen=True, slots=True)
class Delegate:
    """An agent for whom the program of that key has vouched: in a panel within its pages."""

    key: str
    agent_id: str


Subject: TypeAlias = Local | KeyHolder | Delegate | Account
"""An `Account` is somebody for whom another identity provider has vouched."""


@dataclass(frozen=True, slots=True)
class _Session:
    who: Subject
    began: float
    used: float


class Sessions:
    """Lives in memory: a restart signs everybody out. `now` is the monotonic clock, seconds.

    Ends after `idle` without a request, after `longest` in any case (after `idle` for whom
    another provider has vouched), and when more than `limit`
    are open: then the one unused for longest goes.
    """

    def __init__(
        self, *, idle: float = 12 * 3600.0, longest: float = 7 * 86400.0, limit: int = 5000
    ) -> None:
        self._idle, self._longest, self._limit = idle, longest, limit
        self._open: dict[bytes, _Session] = {}  # ordered by last use

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, who: Subject, now: float) -> str:
        """A new token for the account, to be set as a cookie and kept nowhere else."""
        token = secrets.token_urlsafe(32)
        self._open[_digest(token)] = _Session(who, now, now)
        if len(self._open) > self._limit:
            del self._open[next(iter(self._open))]
        return token

    def find(self, token: str | None, now: float) -> Subject | None:
        """Who signed in, if the token is good at `now`. Counts as use."""
        key = _digest(token or "")
        session = self._open.pop(key, None)
        if session is None:
            return None
        # Whether another provider still vouches for somebody is not known until it is asked.
        longest = self._idle if isinstance(session.who, Account) else self._longest
        if now - session.used >= self._idle or now - session.began >= longest:
            return None
        self._open[key] = _Session(session.who, session.began, now)
        return session.who

    def end(self, token: str | None) -> None:
        """Sign out. Idempotent."""
        self._open.pop(_digest(token or ""), None)


def _digest(token: str) -> bytes:
    # By digest: neither a dump of the memory nor the time a look-up takes tells a token.
    return sha256(token.encode("utf-8", "surrogateescape")).digest()
