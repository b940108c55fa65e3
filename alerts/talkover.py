"""For how long two people spoke over each other, both of them really saying something."""

import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from alerts.settings import TalkOver
from alerts.sounding import plain
from streamer.events import Party, Seconds, Transcript

KEPT = 4
"""Sentences of each party that a new one may lie over; older ones are long over."""
_SIGNS = re.compile(r"[\W_]+")


class Turn(msgspec.Struct, frozen=True):
    """When one sentence was said, and when each of its characters."""

    party: Party
    start: Seconds
    end: Seconds
    tokens: tuple[tuple[str, Seconds], ...]


class Overlaps:
    """One per call; it remembers the latest sentences of both parties."""

    def __init__(self, settings: TalkOver) -> None:
        self._settings = settings
        self.turns: list[Turn] = []

    def hear(self, said: Transcript, words: str) -> Seconds:
        """The seconds of `said` in which another party spoke too: 0 unless each said enough
        of it, or where either was but a "嗯", which listeners say. `words`: its plain text."""
        if _only_listens(words, self._settings.backchannels):
            return 0.0
        turn = Turn(said.party, said.start, said.end, said.tokens)
        latest = turn.start + self._settings.least
        beside = [t for t in self.turns if t.end >= latest and t.party is not turn.party]
        longest = max((self._overlap(turn, other) for other in beside), default=0.0)
        self.turns = [*self.turns[1 - 2 * KEPT :], turn]
        return longest

    def _overlap(self, one: Turn, other: Turn) -> Seconds:
        start, end = max(one.start, other.start), min(one.end, other.end)
        if end - start < self._settings.least:
            return 0.0
        said = min(_within(turn.tokens, start, end) for turn in (one, other))
        return end - start if said >= self._settings.characters else 0.0


def _within(tokens: tuple[tuple[str, Seconds], ...], start: Seconds, end: Seconds) -> int:
    return sum(start <= at < end and bool(_SIGNS.sub("", piece)) for piece, at in tokens)


def _only_listens(words: str, backchannels: tuple[str, ...]) -> bool:
    return len(words) < 16 and bool(_listening(backchannels)(_SIGNS.sub("", words)))


@lru_cache(maxsize=8)
def _listening(backchannels: tuple[str, ...]) -> Callable[[str], object]:
    words = sorted(map(plain, backchannels), key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, words)) + ")*").fullmatch
