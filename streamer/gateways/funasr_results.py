"""What a FunASR client is told of its call, and when."""

from itertools import takewhile
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streamer.events import Party
from streamer.gateways.funasr_form import Mode, Result, Said, is_punctuation, whole

MOST_HELD: Final = 1000
"""Sentences kept for one result at the end. More are sent in several."""


class _Kind(Struct, frozen=True):
    type: str


class Growing:
    """Clients put what they get of a sentence one behind the other and take nothing back until
    its final result (2pass), or ever (online): so of a draft they get what it adds.

    `lasting`: only what the next draft says, too. Else a wrong word is put right at the end."""

    def __init__(self, *, lasting: bool) -> None:
        self._lasting = lasting
        self._number, self._told, self._newest = 0, "", ""

    def draft(self, said: Said) -> str:
        """What there is to be added; empty if nothing, or if it says something else now."""
        self._turn(said.utterance)
        text = said.text.rstrip("".join(filter(is_punctuation, said.text)))
        sure = agreed(self._newest, text) if self._lasting else text
        self._newest = text
        if not sure.startswith(self._told):
            return ""
        added, self._told = sure[len(self._told) :], sure
        return added

    def rest(self, said: Said) -> str:
        """What of the whole sentence was not told yet. What was told stands."""
        self._turn(said.utterance)
        return said.text[len(self._told) :]

    def _turn(self, number: int) -> None:
        if number != self._number:
            self._number, self._told, self._newest = number, "", ""


def agreed(one: str, other: str) -> str:
    """As far as both say the same."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(character for character, _ in pairs)


class Results:
    """Of one connection. Sentences are told when they are final; once the client has said that
    this was all, and in the mode `offline` always, they wait for the last one: clients stop
    listening at the first result that says `is_final`."""

    def __init__(self, mode: Mode, name: str, party: Party) -> None:
        self._mode, self._name, self._party = mode, name, party
        self._growing = Growing(lasting=mode == "online")
        self._held: list[Said] = []
        self._waits = mode == "offline"

    def hear(self, published: str) -> list[str]:
        """Of everything that is published, what is said and drafted of this party."""
        kind = msgspec.json.decode(published, type=_Kind).type
        if kind not in ("draft", "transcript"):
            return []
        said = msgspec.json.decode(published, type=Said)
        if said.party is not self._party or not said.text:
            return []
        if kind == "draft":
            return [] if self._waits else self._add(self._growing.draft(said))
        self._held.append(said)
        return [] if self._waits and len(self._held) < MOST_HELD else self._release()

    def wait(self) -> None:
        """The client has said that this was all."""
        self._waits = True

    def last(self, *, acknowledge: bool) -> list[str]:
        """All has been heard. `acknowledge`: as a result of its own."""
        if acknowledge:
            done = replace(self._empty("offline"), is_final=True, is_end=True)
            return [*self._release(), _text(done)]
        return self._release(final=True)

    def failed(self, reason: str) -> list[str]:
        error = replace(self._empty("offline"), is_end=True, error=reason)
        return [*self._release(), _text(error)]

    def _release(self, *, final: bool = False) -> list[str]:
        held, self._held = self._held, []
        match self._mode:
            case "offline":
                results = [whole("offline", self._name, held, final=False)] if held else []
            case "online":
                results = [self._rest(said) for said in held]
            case "2pass":
                results = [whole("2pass-offline", self._name, [it], final=False) for it in held]
        if final:
            results = results or [self._empty("offline")]
            results[-1] = replace(results[-1], is_final=True)
        return [_text(each) for each in results]

    def _rest(self, said: Said) -> Result:
        return replace(self._empty("online"), text=self._growing.rest(said))

    def _add(self, text: str) -> list[str]:
        return [_text(replace(self._empty("online"), text=text))] if text else []

    def _empty(self, second: str) -> Result:
        """`second`: which of the two passes it would be of, where there are two."""
        mode = f"2pass-{second}" if self._mode == "2pass" else self._mode
        return Result(mode, self._name, "", is_final=False)


def _text(result: Result) -> str:
    return msgspec.json.encode(result).decode()
