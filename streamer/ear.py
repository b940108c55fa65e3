"""One party as heard on one connection, which may fall behind, or send nothing at all."""

from streamer.events import Party, Seconds
from streamer.passage import Heard
from streamer.segmenter import Segmenter
from streamer.silence import Arrival

ABSENT = 0.6
"""Seconds. A gateway that saves bandwidth sends nothing while a party is quiet (DTX). Having
heard nothing of a party for so long, on the clock and in media time, we take it for quiet.
Shorter, and a hiccup of the network would cut sentences in two; longer, and the last sentence
before the gateway went quiet would wait the longer."""


class Ear:
    def __init__(
        self, party: Party, sample_rate: int, segmenter: Segmenter, joined: Seconds
    ) -> None:
        self.party, self.sample_rate = party, sample_rate
        self._segmenter = segmenter
        self._clock = joined  # when the newest audio came in

    @property
    def at(self) -> Seconds:
        return self._segmenter.at

    @property
    def newest(self) -> Arrival:
        return Arrival(self._segmenter.at, self._clock)

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
        return call_at - self._segmenter.at > ABSENT and now - self._clock > ABSENT

    def catch_up(self, call_at: Seconds, now: Seconds) -> None:
        """Audio comes: one that was absent takes up the call where it is now. Nothing may be
        open."""
        if self.absent(call_at, now):
            self._segmenter.skip(self._gap(call_at, now))

    def push(self, pcm: bytes, now: Seconds) -> list[Heard]:
        self._clock = now
        return self._segmenter.push(pcm)

    def flush(self) -> list[Heard]:
        return self._segmenter.flush()

    def _gap(self, call_at: Seconds, now: Seconds) -> Seconds:
        return min(call_at - self._segmenter.at, now - self._clock)
