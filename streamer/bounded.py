"""A queue that never makes its producer wait: when full, something is shed and handed back.

Reading a call's socket must not stop because the model, the sink or the gateway is slow; so
each queue here is bounded, and its owner says which item has to go.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


def oldest(waiting: Sequence[object]) -> int:
    """Sheds what has waited longest."""
    return 0


class ShedQueue(Generic[Item]):
    """First in, first out, at most `limit` items, one consumer. `victim` gets all that wait,
    the new one last, and returns the index of the one to shed."""

    def __init__(self, limit: int, victim: Callable[[Sequence[Item]], int] = oldest) -> None:
        self._limit, self._victim = limit, victim
        self._waiting: deque[Item] = deque()
        self._stirred = asyncio.Event()
        self._finished = False

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def waiting(self) -> list[Item]:
        return list(self._waiting)

    def push(self, item: Item) -> Item | None:
        """Takes `item`; returns what had to be shed for it, which may be `item` itself. After
        `finish` every item is handed straight back."""
        if self._finished:
            return item
        self._waiting.append(item)
        self._stirred.set()
        if len(self._waiting) <= self._limit:
            return None
        index = self._victim(self._waiting)
        shed = self._waiting[index]
        del self._waiting[index]
        return shed

    def finish(self) -> None:
        """Nothing more will come: the consumer gets what waits, then None."""
        self._finished = True
        self._stirred.set()

    async def next(self) -> Item | None:
        """The next item; None when finished and empty. Cancelling loses nothing."""
        while not self._waiting and not self._finished:
            self._stirred.clear()
            await self._stirred.wait()
        return self._waiting.popleft() if self._waiting else None
