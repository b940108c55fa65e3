"""Tickets for those who open a feed where no cookie goes. Time is an argument; nothing is
stored but digests."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from web_dashboard.sessions import Subject

GOOD_FOR = 30.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whom it stands for, only for feeds of the agent `agent_id` if it is not empty, and the
    origin of the page that may use it: empty for programs, which name none."""

    who: Subject
    agent_id: str = ""
    origin: str = ""


class Tickets:
    """Each is good once, within 30 s. At most `limit` wait to be used; beyond that the oldest
    is good no more. `now` is the monotonic clock, seconds."""

    def __init__(self, limit: int = 5000) -> None:
        self._limit = limit
        self._waiting: dict[bytes, tuple[Ticket, float]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def issue(self, ticket: Ticket, now: float) -> str:
        token = secrets.token_urlsafe(32)
        self._waiting[_digest(token)] = (ticket, now)
        if len(self._waiting) > self._limit:
            del self._waiting[next(iter(self._waiting))]
        return token

    def redeem(self, token: str, now: float) -> Ticket | None:
        ticket, issued = self._waiting.pop(_digest(token), (None, 0.0))
        return ticket if now - issued < GOOD_FOR else None


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()
