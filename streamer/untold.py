"""Which speech of a call nobody can vouch for yet, because its words are not known. Pure."""

from collections.abc import Iterable
from typing import TypeAlias

from streamer.events import Party, Seconds, Utterance

Stretch: TypeAlias = tuple[Party, Seconds, Seconds]
"""What one party said from when to when."""


class Untold:
    """Utterances from when they were let go of until their words are known. Forgets those that
    are `seconds` older than the newest: their audio is gone too."""

    def __init__(self, seconds: Seconds) -> None:
        self._seconds = seconds
        self._waiting: dict[int, Stretch] = {}

    def add(self, it: Utterance) -> None:
        oldest = it.end - self._seconds
        self._waiting = {n: each for n, each in self._waiting.items() if each[2] > oldest}
        self._waiting[it.number] = (it.party, it.start, it.end)

    def take(self, number: int) -> Stretch | None:
        """Its words are known, or never will be."""
        return self._waiting.pop(number, None)

    def stretches(self) -> list[Stretch]:
        return list(self._waiting.values())

    def numbered(self) -> dict[int, Stretch]:
        return dict(self._waiting)


def within(stretches: Iterable[Stretch], start: Seconds, end: Seconds) -> list[Stretch]:
    """Those that reach into the time from `start` to `end`."""
    return [each for each in stretches if each[1] < end and each[2] > start]
