"""How much one key may ask for: calls at once, connections a minute. Time is an argument."""

import math
from collections import deque
from collections.abc import Callable
from http import HTTPStatus

from streamer.events import Seconds
from streamer.ports import KeyRing
from streamer.refusal import Refusal

MINUTE = 60.0


class Quotas:
    """Judges connections whose key is right. `full(owner, call, most)`: whether a connection
    of that key (for that call, if it says so) would be one call too many."""

    def __init__(self, keys: KeyRing, full: Callable[[str, str, int], bool]) -> None:
        self._keys, self._full = keys, full
        self._opened: dict[str, deque[Seconds]] = {}  # by key: no more than there are keys

    def refusal(self, owner: str, call: str, now: Seconds) -> Refusal | None:
        """None lets it in, and counts it. `now` in seconds, from any moment on."""
        its = self._keys.quota(owner)
        if its.calls and self._full(owner, call, its.calls):
            return Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "key_calls",
                f"This key may have {its.calls} calls at once, and has them.",
                f"此密钥最多同时 {its.calls} 通电话，已满。",
                retry_after=5,
            )
        wait = self._wait(owner, its.per_minute, now) if its.per_minute else 0.0
        if not wait:
            return None
        return Refusal(
            HTTPStatus.TOO_MANY_REQUESTS,
            "key_rate",
            f"This key may open {its.per_minute} connections a minute.",
            f"此密钥每分钟最多建立 {its.per_minute} 个连接。",
            retry_after=math.ceil(wait),
        )

    def _wait(self, owner: str, most: int, now: Seconds) -> Seconds:
        opened = self._opened.setdefault(owner, deque())
        while opened and now - opened[0] >= MINUTE:
            opened.popleft()
        if len(opened) >= most:
            return opened[-most] + MINUTE - now
        opened.append(now)
        return 0.0
