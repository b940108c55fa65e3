"""All the ears on one call: who is heard on which leg, and how far the call has come."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from streamer.ear import ABSENT, Ear
from streamer.endpointing import Endpointing, Heard
from streamer.errors import ProtocolError, RefusedError
from streamer.events import CallStarted, Party, Seconds
from streamer.ports import VoiceDetector
from streamer.segmenter import Segmenter

Overheard: TypeAlias = tuple[Ear, list[Heard]]

FARTHEST_BEHIND = 60.0
"""Seconds. Who is farther behind than this is not waited for: so little is ever kept back."""


@dataclass(frozen=True, slots=True)
class EarsState:
    """How far the call has come, and where the audio of each party ended."""

    at: Seconds
    left: Mapping[Party, Seconds]
    swapped: bool = False


class Ears:
    """A leg is one connection and carries one or two parties; no party is on two legs. Legs
    name them as their gateway does: `swapped`, the customer is the agent."""

    def __init__(
        self, detector: Callable[[int], VoiceDetector], endpointing: Endpointing
    ) -> None:
        self._detector, self._endpointing = detector, endpointing
        self._legs: dict[int, dict[Party, Ear]] = {}
        self._all: tuple[Ear, ...] = ()  # of every leg
        self._left: dict[Party, Seconds] = {}  # where the audio of those who left ended
        self._at: Seconds = 0.0
        self._complete = False
        self.swapped = False

    def __iter__(self) -> Iterator[Ear]:
        return iter(self._all)

    def __bool__(self) -> bool:
        return bool(self._legs)

    @property
    def at(self) -> Seconds:
        """The call's media time: as far as anybody was heard. It never goes back."""
        return self._at

    @property
    def complete(self) -> bool:
        """Nobody who was ever on this call is missing now."""
        return self._complete

    @property
    def open(self) -> bool:
        """Somebody is perhaps speaking."""
        return any([ear.open for ear in self._all])

    @property
    def straggling(self) -> bool:
        """Somebody was heard so much less far than others that they may be absent."""
        return any([self._at - ear.at > ABSENT for ear in self._all])

    @property
    def unsaid(self) -> list[tuple[Party, Seconds, Seconds]]:
        """Who may be speaking, from when, and how far they were heard."""
        return [(ear.party, ear.unsaid, ear.at) for ear in self if ear.open]

    def state(self) -> EarsState:
        """As if every leg had left now."""
        left = self._left | {ear.party: ear.at for ear in self}
        return EarsState(self._at, left, self.swapped)

    def restore(self, state: EarsState) -> None:
        """Nobody is connected."""
        self._at, self._left, self.swapped = state.at, dict(state.left), state.swapped

    def settled(self, now: Seconds) -> Seconds:
        """Up to here it is known who spoke. Who is absent is taken for quiet."""
        settled = [
            ear.settled
            for ear in self._all
            if self._at - ear.at <= ABSENT
            or not (ear.absent(self._at, now) or self._at - ear.at >= FARTHEST_BEHIND)
        ]
        return min(settled) if settled else self._at

    def join(self, leg: int, start: CallStarted, at: Seconds, now: Seconds) -> None:
        """A leg whose first sample is at `at`, or later if its parties were heard beyond.
        Raises `RefusedError`."""
        here = {ear.party for ear in self}
        if taken := [party for party in start.parties if self._role(party) in here]:
            raise RefusedError(f"party {min(taken)} of this call is already connected")
        if leg in self._legs:
            raise ProtocolError("this connection carries a call already")
        at = max([at, *(self._left.get(self._role(each), 0.0) for each in start.parties)])
        self._at = max(self._at, at)
        self._legs[leg] = {
            party: self._ear(self._role(party), start.sample_rate, at, now)
            for party in start.parties
        }
        self._count()

    def swap(self) -> None:
        """Customer and agent change places, those who come back later as well. Nothing may be
        open."""
        self.swapped = not self.swapped
        self._left = {party.other: at for party, at in self._left.items()}
        for ear in self:
            ear.party = ear.party.other

    def ear(self, leg: int, party: Party) -> Ear:
        """Raises `ProtocolError` if the leg does not carry the party."""
        try:
            return self._legs[leg][party]
        except KeyError:
            raise ProtocolError(f"this connection carries no {party}") from None

    def push(self, ear: Ear, pcm: bytes, now: Seconds) -> list[Overheard]:
        heard = ear.push(pcm, now)
        self._at = max(self._at, ear.at)
        return [(ear, heard)] if heard else []

    def leave(self, leg: int) -> list[Overheard]:
        """The leg is gone: what was being said on it is let go."""
        gone = self._legs.pop(leg, {})
        self._left |= {party: ear.at for party, ear in gone.items()}
        self._count()
        return [(ear, ear.flush()) for ear in gone.values()]

    def let_leg_go(self, leg: int) -> list[Overheard]:
        """Those on the leg have stopped speaking."""
        return [(ear, ear.flush()) for ear in self._legs.get(leg, {}).values()]

    def skip(self, leg: int, seconds: Seconds) -> None:
        """So much of the leg's audio does not come. Nothing of it may be open."""
        for ear in self._legs.get(leg, {}).values():
            ear.skip(seconds)
            self._at = max(self._at, ear.at)

    def let_go(self, now: Seconds) -> list[Overheard]:
        """Those who are absent have stopped speaking."""
        return [
            (ear, ear.flush())
            for ear in self._all
            if self._at - ear.at > ABSENT and ear.open and ear.absent(self._at, now)
        ]

    def flush(self) -> list[Overheard]:
        """Everybody has stopped speaking."""
        return [(ear, ear.flush()) for ear in self]

    def _role(self, named: Party) -> Party:
        """Who it is whom a gateway calls `named`."""
        return named.other if self.swapped else named

    def _count(self) -> None:
        self._all = tuple(ear for leg in self._legs.values() for ear in leg.values())
        self._complete = bool(self) and self._left.keys() <= {ear.party for ear in self}

    def _ear(self, party: Party, sample_rate: int, at: Seconds, now: Seconds) -> Ear:
        detector = self._detector(sample_rate)
        return Ear(
            party, sample_rate, Segmenter(detector, sample_rate, self._endpointing, at), now
        )
