"""One party as heard on one connection, which may fall behind, or send nothing at all."""

from streamer.endpointing import Heard
from streamer.events import Party, Seconds
from streamer.segmenter import Segmenter
from streamer.silence import Arrival

ABSENT = 0.6
"""Seconds. A gateway that saves bandwidth sends nothing while a party is quiet (DTX). Having
heard nothing of a party for so long, on the clock and in media time, we take it for quiet.
Shorter, and a hiccup of the network would cut sentences in two; longer, and the last sentence
before the gateway went quiet would wait the longer."""


class Ear:
    """`at` is how far it was heard, in media time."""

    def __init__(
        self, party: Party, sample_rate: int, segmenter: Segmenter, joined: Seconds
    ) -> None:
        self.party, self.sample_rate = party, sample_rate
        self.at: Seconds = segmenter.at
        self._segmenter = segmenter
        self._clock = joined  # when the newest audio came in

    @property
    def newest(self) -> Arrival:
        return Arrival(self.at, self._clock)

    @property
    def settled(self) -> Seconds:
        return self._segmenter.settled

    @property
    def unsaid(self) -> Seconds:
        return self._segmenter.unsaid

    @property
    def open(self) -> bool:
        return self._segmenter.open

    def absent(self, call_at: Seconds, now: Seconds) -> bool:
        """The call has gone on without it. One that is behind only because its connection
        streams faster than life and is served later is not absent."""
        return call_at - self.at > ABSENT and now - self._clock > ABSENT

    def catch_up(self, call_at: Seconds, now: Seconds) -> None:
        """Audio comes: one that was absent takes up the call where it is now. Nothing may be
        open."""
        if self.absent(call_at, now):
            self._segmenter.skip(min(call_at - self.at, now - self._clock))
            self.at = self._segmenter.at

    def skip(self, seconds: Seconds) -> None:
        """So much of it does not come. Nothing may be open."""
        self._segmenter.skip(seconds)
        self.at = self._segmenter.at

    def push(self, pcm: bytes, now: Seconds) -> list[Heard]:
        self._clock = now
        heard = self._segmenter.push(pcm)
        self.at = self._segmenter.at
        return heard

    def flush(self) -> list[Heard]:
        return self._segmenter.flush()
