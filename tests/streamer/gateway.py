"""A gateway for the tests of the session, as live as a real one."""

import pytest

from streamer.endpointing import Endpointing
from streamer.events import AudioChunk, CallId, Silence, Utterance
from streamer.session import CallSession, SessionSettings
from streamer.sounds import Verdict
from tests.streamer.fakes import AGENT, CUSTOMER, loud_is_speech, quiet, speech, started

CALL = CallId("c")
# Speech is told of when it is over. `GROWING`: while it goes on as well.
SETTINGS = SessionSettings(Endpointing(hangover=0.0, told_every=99.0))
GROWING = SessionSettings(Endpointing(hangover=0.0))
BOTH = {0: (CUSTOMER,), 1: (AGENT,)}


class Gateway:
    """Streams into a session as a live gateway does: 20 ms of every party at a time, in step
    with the clock. `heard` is what the session said. `recognize` says what the recognizer makes
    of an utterance, `delay` seconds later; None where it never says."""

    def __init__(self, *parties, settings=SETTINGS, clock=1000.0, **info):
        self.session = CallSession(loud_is_speech, settings)
        self.clock, self.heard = clock, []
        self.recognize, self.delay, self._waiting = lambda utterance: Verdict.SPOKEN, 0.0, []
        self.join(0, *(parties or (CUSTOMER, AGENT)), **info)

    def join(self, leg, *parties, **info):
        self._hear(self.session.join(leg, started(*parties, **info), self.clock))

    def say(self, event, leg=0):
        self._hear(self.session.receive(leg, event, self.clock))

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
        self._judge()
        while (due := self._due()) is not None and due <= until:
            self.clock = max(self.clock, due)
            self._judge()
            before = len(self.heard)
            self._hear(self.session.timeout(self.clock))
            # A verdict on what it said may make the next mark due at this very moment.
            assert self._due() != due or len(self.heard) > before, "the shell would spin"
        self.clock = until

    def leave(self, leg):
        self._hear(self.session.leave(leg, self.clock))

    def _due(self):
        due = (self.session.deadline, *(at for at, _ in self._waiting[:1]))
        return min((at for at in due if at is not None), default=None)

    def _hear(self, events):
        self.heard += events
        for said in (event for event in events if isinstance(event, Utterance)):
            self._waiting.append((self.clock + self.delay, said))
        self._judge()

    def _judge(self):
        while self._waiting and self._waiting[0][0] <= self.clock:
            _, said = self._waiting.pop(0)
            if (verdict := self.recognize(said)) is not None:
                self._hear(self.session.judge(said.number, verdict, self.clock))

    def of(self, kind):
        return [event for event in self.heard if isinstance(event, kind)]

    @property
    def silences(self):
        return [(round(s.since, 2), round(s.lasted, 2), s.ended) for s in self.of(Silence)]


def about(*times):
    return [pytest.approx(time, abs=1e-6) for time in times]
