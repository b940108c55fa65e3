"""A gateway for the tests of the session, as live as a real one."""

import pytest

from streamer.events import AudioChunk, CallId, Silence
from streamer.segmenter import Endpointing
from streamer.session import CallSession, SessionSettings
from tests.streamer.fakes import AGENT, CUSTOMER, loud_is_speech, quiet, speech, started

CALL = CallId("c")
SETTINGS = SessionSettings(Endpointing(hangover=0.0))
BOTH = {0: (CUSTOMER,), 1: (AGENT,)}


class Gateway:
    """Streams into a session as a live gateway does: 20 ms of every party at a time, in step
    with the clock. `heard` is what the session said."""

    def __init__(self, *parties, settings=SETTINGS, clock=1000.0, **info):
        self.session = CallSession(loud_is_speech, settings)
        self.clock, self.heard = clock, []
        self.join(0, *(parties or (CUSTOMER, AGENT)), **info)

    def join(self, leg, *parties, **info):
        self.heard += self.session.join(leg, started(*parties, **info), self.clock)

    def say(self, event, leg=0):
        self.heard += self.session.receive(leg, event, self.clock)

    def play(self, seconds, *loud, legs=None):
        """Who is in `loud` speaks, the rest of `legs` is quiet."""
        legs = legs or {0: (CUSTOMER, AGENT)}
        for _ in range(round(seconds * 50)):
            self.wait(0.02)
            for leg, parties in legs.items():
                for party in parties:
                    pcm = (speech if party in loud else quiet)(0.02)
                    self.say(AudioChunk(party, pcm), leg)

    def wait(self, seconds):
        """Time goes by as for the shell: it calls `timeout` at every deadline."""
        until = self.clock + seconds
        while (due := self.session.deadline) is not None and due <= until:
            self.clock = max(self.clock, due)
            self.heard += self.session.timeout(self.clock)
            assert self.session.deadline != due, "the shell would spin"
        self.clock = until

    def leave(self, leg):
        self.heard += self.session.leave(leg, self.clock)

    def of(self, kind):
        return [event for event in self.heard if isinstance(event, kind)]

    @property
    def silences(self):
        return [(round(s.since, 2), round(s.lasted, 2), s.ended) for s in self.of(Silence)]


def about(*times):
    return [pytest.approx(time, abs=1e-6) for time in times]
