"""What a sentence that goes on may raise: `watch`, and nothing that lasts."""

from collections.abc import Callable

import msgspec

from alerts.episodes import Episodes, Finding
from alerts.heard import Heard
from alerts.wire import Alert
from streamer.events import Party, Seconds


class Memory(msgspec.Struct):
    """`over`: of each party, the highest number of a sentence that is over. `trying`: whose
    sentence the tentative alert is about, and its number."""

    over: dict[Party, int] = {}
    trying: tuple[Party, int] | None = None


class Drafts:
    """One rule's on one call. A draft never counts: the sentence decides once it is over. Tell
    `over` of every one, after the rule has looked at it."""

    def __init__(self, episodes: Episodes) -> None:
        self._episodes = episodes
        self._memory = Memory()

    def see(self, so_far: Heard, find: Callable[[], Finding | None]) -> list[Alert]:
        """`find` is asked unless the sentence is over already, or the rule has found something
        for good."""
        if self._episodes.firm or so_far.number <= self._memory.over.get(so_far.party, 0):
            return []
        if (found := find()) is None:
            return []
        watched = msgspec.structs.replace(found, severity="watch")
        told = self._episodes.found(watched, tentative=True)
        if told:
            self._memory.trying = so_far.party, so_far.number
        return told

    def over(self, party: Party, number: int, at: Seconds) -> list[Alert]:
        """That sentence is over, and with it what was only tentative about it."""
        memory = self._memory
        memory.over[party] = max(memory.over.get(party, 0), number)
        if self._episodes.firm or memory.trying is None:
            return []
        whose, which = memory.trying
        if number == which or (party is whose and number > which):
            return self._episodes.end(at, "not_confirmed")
        return []

    # ---- over a restart ----

    def state(self) -> Memory:
        return Memory(self._memory.over.copy(), self._memory.trying)

    def restore(self, memory: Memory) -> None:
        self._memory = Memory(memory.over.copy(), memory.trying)
