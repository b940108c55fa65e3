"""What waits to be sent to one viewer. Without I/O."""

from collections import deque

import msgspec


class Outbox:
    """Bounded. A viewer whose outbox is full does not read: it is cut off (4408) and comes
    again for a snapshot, so that what it missed is not missing and nobody waits for it."""

    def __init__(self, limit: int = 1000) -> None:
        self._limit = limit
        self._waiting: deque[msgspec.Raw] = deque()
        self.last = ""
        self.overflowed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, entry: str, raw: msgspec.Raw) -> None:
        """Once it has overflowed it takes nothing more."""
        if self.overflowed:
            return
        if len(self._waiting) >= self._limit:
            self.overflowed = True
            self._waiting.clear()
            return
        self._waiting.append(raw)
        self.last = entry

    def take(self) -> tuple[msgspec.Raw, ...]:
        """All that waits, oldest first."""
        taken = tuple(self._waiting)
        self._waiting.clear()
        return taken
