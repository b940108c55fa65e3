"""A bounded keeping place whose things leave by the log's time. Without I/O."""

import math
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

_Kept = TypeVar("_Kept")


class Shelf(Generic[_Kept]):
    """Holds at most `limit` things by key. `stays(thing)` says for how many milliseconds after
    it was last put it is kept; None for as long as there is room.

    When it is full, what would leave soonest goes first; then what was put longest ago.
    """

    def __init__(self, limit: int, stays: Callable[[_Kept], int | None]) -> None:
        self._limit, self._stays = limit, stays
        self._kept: dict[str, tuple[int, _Kept]] = {}  # ordered by the time of the last put

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[_Kept]:
        return (thing for _, thing in self._kept.values())

    def get(self, key: str) -> _Kept | None:
        kept = self._kept.get(key)
        return kept[1] if kept else None

    def put(self, key: str, thing: _Kept, now: int) -> None:
        self._kept.pop(key, None)
        self._kept[key] = (now, thing)
        if len(self._kept) > self._limit:
            del self._kept[self._first_to_go()]

    def sweep(self, now: int) -> None:
        """Let go of what has stayed its time at `now`."""
        for key in [key for key in self._kept if self._leaves_at(key) <= now]:
            del self._kept[key]

    def _first_to_go(self) -> str:
        return min(self._kept, key=self._leaves_at)

    def _leaves_at(self, key: str) -> float:
        put_at, thing = self._kept[key]
        stays = self._stays(thing)
        return math.inf if stays is None else put_at + stays
