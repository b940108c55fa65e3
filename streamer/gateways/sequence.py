"""Numbered messages -> their order, where a network may deliver them out of it."""

from typing import Generic, TypeVar

T = TypeVar("T")

MOST_WAITING = 8
"""Messages. What has not come when so many wait for it is taken for lost."""


class Sequence(Generic[T]):
    """At most `MOST_WAITING` messages are kept back. Some number all messages of a stream, some
    those of each track: what comes late is told only if its track has come no farther."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._waiting: dict[int, tuple[str, T]] = {}
        self._newest: dict[str, int] = {}

    def push(self, number: int | None, track: str, message: T) -> list[T]:
        """What is next, in order. A message without a number is next when it comes."""
        if number is None:
            return [message]
        if self._next is None:
            self._next = number
        if number < self._next:
            return self._late(number, track, message)
        self._waiting[number] = track, message
        if len(self._waiting) > MOST_WAITING:
            self._next = min(self._waiting)
        return self._due()

    def rest(self) -> list[T]:
        """What waited for others that will not come."""
        waiting = [self._waiting[number][1] for number in sorted(self._waiting)]
        self._waiting.clear()
        return waiting

    def _due(self) -> list[T]:
        due = []
        while self._next is not None and self._next in self._waiting:
            track, message = self._waiting.pop(self._next)
            self._newest[track] = self._next
            self._next += 1
            due.append(message)
        return due

    def _late(self, number: int, track: str, message: T) -> list[T]:
        if number <= self._newest.get(track, -1):
            return []
        self._newest[track] = number
        return [message]
