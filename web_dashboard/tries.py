"""How often someone may guess a password. Time is an argument."""

from collections import deque


class Tries:
    """At most `limit` wrong tries per key within `window` seconds; at most `keys` keys are
    kept, and beyond that the one tried longest ago is forgotten.

    A try counts as wrong from its beginning until `right` is called, so that many tries at
    once do not slip through while the first is still being checked.
    """

    def __init__(self, limit: int = 5, window: float = 300.0, keys: int = 10_000) -> None:
        self._limit, self._window, self._keys = limit, window, keys
        self._wrong: dict[str, deque[float]] = {}

    def wait(self, key: str, now: float) -> float:
        """Seconds until `key` may try again; 0 if it may now."""
        wrong = self._wrong.get(key, deque())
        while wrong and now - wrong[0] >= self._window:
            wrong.popleft()
        if len(wrong) < self._limit:
            return 0.0
        return self._window - (now - wrong[0])

    def begin(self, key: str, now: float) -> None:
        wrong = self._wrong.pop(key, None)
        self._wrong[key] = deque(maxlen=self._limit) if wrong is None else wrong
        self._wrong[key].append(now)
        if len(self._wrong) > self._keys:
            del self._wrong[next(iter(self._wrong))]

    def right(self, key: str) -> None:
        """The password was right: what `key` got wrong before is forgiven."""
        self._wrong.pop(key, None)
