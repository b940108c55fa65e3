"""A leg that produces nothing (DTX, hold) is no stalled call: one on which nobody is heard is.
Over every protocol's own messages, on one connection and on two."""

import pytest

from streamer import events as ev
from streamer.gateways import GatewaySettings, codecs
from streamer.session import CallSession
from tests.streamer.fakes import AGENT, CUSTOMER, loud_is_speech, quiet, speech, started
from tests.streamer.gateway import BOTH, SETTINGS, Gateway
from tests.streamer.gateways.protocols import PROTOCOLS
from tests.streamer.gateways.protocols.protocol import handshake

CODECS = codecs(GatewaySettings())
every = pytest.mark.parametrize("protocol", PROTOCOLS, ids=str)


class Line:
    """What a session makes of one connection of a protocol on which the customer is `loud`, for
    seconds by turns with quiet, and the agent is not; where the agent has a connection of
    their own, nothing at all comes on that. In step with the clock."""

    def __init__(self, protocol, *loud):
        self.session, self.clock, self.said = CallSession(loud_is_speech, SETTINGS), 1000.0, []
        self.codec = CODECS[protocol.path](handshake(protocol.path + protocol.query))
        pcm = b"".join((quiet if n % 2 else speech)(seconds) for n, seconds in enumerate(loud))
        seconds = sum(loud)
        self.waiting = protocol.said(pcm, bytes(len(pcm)), 160)
        self.pace = len(self.waiting) / seconds  # messages a second
        self.played, self.come = 0.0, 0
        self.hear(protocol.begin)
        if AGENT not in protocol.parties:
            self.said += self.session.join(1, started(AGENT), self.clock)

    def hear(self, messages):
        for message in messages:
            for event in self.codec.receive(message):
                if isinstance(event, ev.CallStarted):
                    self.said += self.session.join(0, event, self.clock)
                elif not isinstance(event, ev.Send):
                    self.said += self.session.receive(0, event, self.clock)

    def wait(self, seconds):
        until = self.clock + seconds
        while (due := self.session.deadline) is not None and due <= until:
            self.clock = due
            self.said += self.session.timeout(self.clock)
        self.clock = until

    def play(self, seconds):
        for _ in range(round(seconds * 50)):
            self.wait(0.02)
            self.played += 0.02
            come = round(self.played * self.pace)
            self.hear(self.waiting[:come][self.come :])
            self.come = come

    def of(self, kind):
        return [event for event in self.said if isinstance(event, kind)]


@every
def test_one_who_is_quiet_or_not_sent_at_all_beside_one_who_is_heard_is_no_stall(protocol):
    it = Line(protocol, 1, 12, 1, 1)
    it.play(13)
    assert it.of(ev.Stalled) == []
    marks = [round(said.lasted, 1) for said in it.of(ev.Silence)]
    assert marks[:2] == [1.2, 2.0]
    it.play(2)
    assert [round(said.start) for said in it.of(ev.Utterance)] == [0, 13]


@every
def test_a_connection_that_sends_nothing_more_is_a_stall_once_and_over_with_the_next_audio(
    protocol,
):
    it = Line(protocol, 1, 1)
    it.play(1)
    it.wait(60)
    (stalled,) = it.of(ev.Stalled)
    assert (stalled.silent_for, stalled.ended) == (pytest.approx(5.0), False)
    it.play(1)
    assert [said.ended for said in it.of(ev.Stalled)] == [False, True]


@every
def test_on_hold_nothing_sent_is_neither_a_stall_nor_a_silence(protocol):
    it = Line(protocol, 1, 1)
    it.play(1)
    it.said += it.session.receive(0, ev.HoldStarted(), it.clock)
    before = len(it.of(ev.Silence))
    it.wait(120)
    assert (it.of(ev.Stalled), len(it.of(ev.Silence))) == ([], before)


@pytest.mark.parametrize("silent", [0, 1])
def test_of_two_connections_one_may_send_nothing_for_a_minute(silent):
    """It is taken for quiet: who speaks on the other is heard at their time, silences are
    told, and when it sends again it is where the call is."""
    it = Gateway(CUSTOMER)
    it.join(1, AGENT)
    it.play(1, CUSTOMER, AGENT, legs=BOTH)
    other = {1 - silent: BOTH[1 - silent]}
    it.play(60, legs=other)
    assert it.of(ev.Stalled) == []
    assert [lasted for _, lasted, _ in it.silences] == [1.2, 2.0, 10.0]
    it.play(1, *BOTH[silent], legs=BOTH)
    it.play(1, legs=BOTH)
    (again,) = [said for said in it.of(ev.Utterance) if said.start > 2]
    assert (again.party, again.start) == (BOTH[silent][0], pytest.approx(61.0, abs=0.05))
    it.wait(5.1)
    assert [said.ended for said in it.of(ev.Stalled)] == [False]
