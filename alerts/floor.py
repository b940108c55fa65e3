"""Whose turn it is to speak on a call, and whether anybody is there to speak to."""

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from alerts.phrases import says
from alerts.prompt_settings import Patience, Turn
from streamer.events import Party, Silence, Transcript


class Memory(msgspec.Struct):
    """What is remembered of a call, as plain values."""

    last: dict[Party, Transcript] = {}
    promised: bool = False


class Floor:
    """One per call. `hear` takes its sentences in the order in which they are recognized; what
    holds no words changes nothing."""

    def __init__(self, patience: Patience | None) -> None:
        self._patience = patience
        self._last: dict[Party, Transcript] = {}
        self._promised = False

    def state(self) -> Memory:
        return Memory(self._last.copy(), self._promised)

    def restore(self, memory: Memory) -> None:
        self._last, self._promised = memory.last.copy(), memory.promised

    @property
    def met(self) -> bool:
        """Two people have been heard, so that silence is one between them: not a menu, not a
        queue. Of a line on which nobody knows who speaks, one voice must do. Where only one of
        the two parties is ever carried, nobody knows what the other says: never."""
        return {Party.CUSTOMER, Party.AGENT} <= self._last.keys() or Party.UNKNOWN in self._last

    @property
    def customer(self) -> Transcript | None:
        """Their last sentence."""
        return self._last.get(Party.CUSTOMER)

    @property
    def agent(self) -> Transcript | None:
        return self._last.get(Party.AGENT)

    @property
    def newest(self) -> Transcript | None:
        return max(self._last.values(), key=lambda said: said.end, default=None)

    def hear(self, said: Transcript) -> None:
        if not has_words(said):
            return
        self._promise(said)
        last = self._last.get(said.party)
        if last is None or said.end >= last.end:
            self._last[said.party] = said

    def turn(self, silence: Silence) -> Turn | None:
        """What this silence comes after; None where that cannot be known."""
        if silence.last_speaker is Party.UNKNOWN:
            return None
        if self._promised:
            return "promise"
        return "customer" if silence.last_speaker is Party.CUSTOMER else "agent"

    def _promise(self, said: Transcript) -> None:
        """A promise holds until somebody says more than "all right" to it."""
        patience = self._patience
        if patience is None or said.party is Party.UNKNOWN:
            return
        if said.party is Party.AGENT and says(said.text, patience.phrases):
            self._promised = True
        elif not only(said.text, patience.acknowledgements):
            self._promised = False


def has_words(said: Transcript) -> bool:
    """A cough, noise or music is heard without any."""
    return any(map(str.isalnum, said.text))


def only(text: str, words: tuple[str, ...]) -> bool:
    """The text consists of nothing but these words, spaces and marks aside."""
    return bool(_only(words).fullmatch(_letters(text)))


@lru_cache(maxsize=64)
def _only(words: Iterable[str]) -> re.Pattern[str]:
    listed = "|".join(re.escape(_letters(word)) for word in words if _letters(word))
    return re.compile(f"(?:{listed})+" if listed else r"(?!)")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
