"""What was heard lately on a call, for rules that look back. Bounded in time and in number."""

import msgspec

from alerts.heard import Heard, heard, is_music
from alerts.playbook import Playbook
from alerts.sounding import plain
from alerts.talkover import Overlaps, Turn
from streamer.events import Emotion, Party, Seconds, Transcript

MOST = 200
"""Sentences remembered at most, however fast they come; the oldest go first."""
CURVE: Seconds = 60.0
NEIGHBOURS = 2
_NEAR: Seconds = 0.5
"""Silence begins where the last sentence ends, give or take what the two are measured by."""


class Memory(msgspec.Struct):
    """All that is remembered, as plain values."""

    heard: list[Heard] = []
    turns: list[Turn] = []
    now: Seconds = 0.0
    quiet: tuple[Seconds, Seconds] = (0.0, 0.0)  # since, lasted


class Lookback:
    """One per call. `hear` takes its sentences, in the order in which they are recognized;
    `heard` is in the order of their ends."""

    def __init__(self, playbook: Playbook, span: Seconds, felt: frozenset[Party]) -> None:
        self._least_known, self._felt = playbook.angry.least_known, felt
        self._span = max(span, CURVE)
        self._overlaps = Overlaps(playbook.talkover)
        self.heard: list[Heard] = []
        self.now: Seconds = 0.0
        self._quiet = (0.0, 0.0)

    def hear(self, said: Transcript) -> Heard:
        felt, words = said.party in self._felt, plain(said.text)
        overlap = 0.0 if is_music(said) else self._overlaps.hear(said, words)
        return self._keep(heard(said, words, self._least_known, felt=felt, overlap=overlap))

    def weigh(self, so_far: Transcript) -> Heard:
        """A draft: looked at, and not remembered."""
        felt = so_far.party in self._felt
        return heard(so_far, plain(so_far.text), self._least_known, felt=felt)

    def idle(self, now: Seconds) -> None:
        """Call time passes, and nothing is to be remembered of it."""
        self.now = max(self.now, now)

    def wait(self, since: Seconds, lasted: Seconds) -> Heard | None:
        """Silence: it belongs to the sentence before it, if any is remembered."""
        self.idle(since + lasted)
        self._quiet = since, lasted
        for place in range(len(self.heard) - 1, -1, -1):
            one = self.heard[place]
            if one.number and one.end <= since + _NEAR:
                self.heard[place] = msgspec.structs.replace(one, silence=lasted)
                return self.heard[place]
        return None

    def note(self, moment: Heard) -> Heard:
        """Something that has no words."""
        return self._keep(moment)

    def _keep(self, one: Heard) -> Heard:
        self.now = max(self.now, one.end)
        place = len(self.heard)
        while place and self.heard[place - 1].end > one.end:
            place -= 1
        since, lasted = self._quiet
        if one.number and lasted and since - _NEAR <= one.end <= since + _NEAR:
            one = msgspec.structs.replace(one, silence=lasted)
        self.heard.insert(place, one)
        self._forget()
        return one

    def _forget(self) -> None:
        kept, oldest = self.heard, self.now - self._span
        gone = max(len(kept) - MOST, 0)
        while gone < len(kept) and kept[gone].end < oldest:
            gone += 1
        if gone:
            del kept[:gone]

    # ---- for whoever reads an alert ----

    def curve(self, emotion: Emotion) -> tuple[tuple[Seconds, float], ...]:
        """(time, P) of the customer's sentences that gave evidence, over the last minute."""
        return tuple(
            (round(one.end, 2), round(one.feels.get(emotion, 0.0), 3))
            for one in self.heard
            if one.feels and one.party is Party.CUSTOMER and one.end >= self.now - CURVE
        )

    def neighbours(self, at: Seconds) -> tuple[Heard, ...]:
        """The sentences around the one that ended at `at`: two before it, two after it."""
        said = [one for one in self.heard if one.number]
        before = [one for one in said if one.end < at][-NEIGHBOURS:]
        after = [one for one in said if one.end > at][:NEIGHBOURS]
        return (*before, *after)

    # ---- over a restart ----

    def state(self) -> Memory:
        return Memory(self.heard[:], self._overlaps.turns, self.now, self._quiet)

    def restore(self, memory: Memory) -> None:
        self.heard, self._overlaps.turns = memory.heard[:], memory.turns
        self.now, self._quiet = memory.now, memory.quiet
