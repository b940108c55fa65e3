"""Two connections of one call, and connections that drop."""

import pytest

from streamer.errors import ProtocolError, RefusedError
from streamer.events import (
    AudioChunk,
    CallClosed,
    CallEnded,
    CallOpened,
    HoldEnded,
    HoldStarted,
    Party,
    Silence,
    Stalled,
    Utterance,
)
from tests.streamer.fakes import AGENT, CUSTOMER, quiet, speech
from tests.streamer.gateway import BOTH, CALL, Gateway, about


def test_two_legs_are_one_call():
    it = Gateway(CUSTOMER)
    it.join(1, AGENT)
    it.play(1, AGENT, legs=BOTH)
    it.play(3, legs=BOTH)
    it.play(1, CUSTOMER, legs=BOTH)
    it.say(CallEnded(), leg=1)
    assert [(u.number, u.party) for u in it.of(Utterance)] == [(1, AGENT), (2, CUSTOMER)]
    assert it.silences == [(1.0, 1.2, False), (1.0, 2.0, False), (1.0, 3.0, True)]
    assert it.session.closed


def test_a_leg_that_joins_a_live_call_begins_where_the_call_is():
    it = Gateway(CUSTOMER)
    it.play(10, legs={0: (CUSTOMER,)})
    it.join(1, AGENT)
    it.play(1, AGENT, legs=BOTH)
    it.play(1, legs=BOTH)
    assert [u.speech_end for u in it.of(Utterance)] == about(11.0)


def test_legs_that_stream_faster_than_life_begin_together():
    it = Gateway(CUSTOMER)
    it.say(AudioChunk(CUSTOMER, quiet(5)), 0)
    it.join(1, AGENT)
    it.say(AudioChunk(CUSTOMER, quiet(5) + speech(1) + quiet(3)), 0)
    assert it.silences == []  # the agent is not heard yet
    it.say(AudioChunk(AGENT, quiet(10) + speech(1) + quiet(3)), 1)
    it.heard += it.session.close("ended", it.clock)
    assert [u.speech_end for u in it.of(Utterance)] == [11.0, 11.0]
    assert it.silences == [(11.0, 1.2, False), (11.0, 2.0, False), (11.0, 3.0, True)]


def test_a_leg_that_joins_after_a_hold_without_audio_begins_where_the_call_is():
    it = Gateway(CUSTOMER)
    it.play(2, legs={0: (CUSTOMER,)})
    it.say(HoldStarted())
    it.wait(100)
    it.say(HoldEnded())
    it.join(1, AGENT)
    it.play(1, AGENT, CUSTOMER, legs=BOTH)
    it.play(1, legs=BOTH)
    assert [u.speech_end for u in it.of(Utterance)] == about(3.0, 3.0)


def test_who_is_a_minute_behind_is_no_longer_waited_for():
    """Otherwise what is kept back until then would grow without bound."""
    it = Gateway(CUSTOMER)
    it.join(1, AGENT)
    it.say(AudioChunk(CUSTOMER, speech(1) + quiet(58)), 0)
    assert it.silences == []
    it.say(AudioChunk(CUSTOMER, quiet(2)), 0)
    assert it.silences == [(1.0, mark, False) for mark in (1.2, 2.0, 10.0)]


def test_a_party_that_is_sent_only_while_it_speaks_is_quiet_otherwise():
    it = Gateway(CUSTOMER)
    it.join(1, AGENT)
    only_customer = {0: (CUSTOMER,)}
    it.play(1, AGENT, legs=BOTH)
    it.play(3, legs=only_customer)
    assert [u.speech_end for u in it.of(Utterance)] == about(1.0)
    assert it.silences == [(1.0, 1.2, False), (1.0, 2.0, False)]
    it.play(1, AGENT, legs=BOTH)
    it.play(1, legs=BOTH)
    assert it.of(Silence)[2].lasted == pytest.approx(3.0, abs=0.03)
    assert it.of(Utterance)[1].speech_end == pytest.approx(5.0, abs=0.05)


def test_a_leg_that_is_late_is_waited_for():
    it = Gateway(CUSTOMER)
    it.join(1, AGENT)
    it.play(1, CUSTOMER, legs=BOTH)
    it.play(0.3, legs={0: (CUSTOMER,)})  # a burst of the agent's leg is under way
    it.say(AudioChunk(AGENT, quiet(0.3)), 1)
    it.play(0.88, legs=BOTH)
    it.play(0.3, legs={0: (CUSTOMER,)})
    assert it.silences == []
    it.say(AudioChunk(AGENT, speech(0.3)), 1)
    it.play(1, AGENT, legs=BOTH)
    assert it.silences == []


@pytest.mark.parametrize("party", [CUSTOMER, Party.UNKNOWN])
def test_a_party_is_on_one_leg_only(party):
    it = Gateway(party)
    with pytest.raises(RefusedError, match=f"party {party} of this call is already connected"):
        it.join(1, party)
    it.leave(0)
    it.join(1, party)


def test_audio_of_nobody_on_the_leg_is_a_protocol_error():
    it = Gateway(CUSTOMER)
    for leg, party in ((0, AGENT), (7, CUSTOMER)):
        with pytest.raises(ProtocolError):
            it.say(AudioChunk(party, speech(1)), leg)
    assert it.session.at == 0.0


def test_a_leg_that_leaves_lets_go_of_what_was_being_said():
    it = Gateway(CUSTOMER)
    it.join(1, AGENT)
    it.play(1, CUSTOMER, AGENT, legs=BOTH)
    it.leave(0)
    assert [u.party for u in it.of(Utterance)] == [CUSTOMER]


def test_with_a_party_missing_nothing_is_called_a_silence():
    it = Gateway(CUSTOMER)
    it.join(1, AGENT)
    it.play(1, AGENT, legs=BOTH)
    it.play(1.5, legs=BOTH)
    it.leave(0)
    it.play(10, legs={1: (AGENT,)})
    assert it.silences == [(1.0, 1.2, False), (1.0, 1.5, True)]
    it.join(2, CUSTOMER)
    it.play(1.3, legs={1: (AGENT,), 2: (CUSTOMER,)})
    assert it.silences[2:] == [(12.5, 1.2, False)]


def test_a_call_that_comes_back_goes_on_later():
    it = Gateway()
    it.play(2, CUSTOMER)
    it.leave(0)
    it.wait(7)
    it.join(1, CUSTOMER, AGENT)
    assert it.session.at == pytest.approx(9.0)
    it.play(1, AGENT, legs={1: (CUSTOMER, AGENT)})
    it.play(1, legs={1: (CUSTOMER, AGENT)})
    _, second = it.of(Utterance)
    assert [second.number, second.start, second.speech_end] == [2, *about(9.0, 10.0)]
    assert len(it.of(CallOpened)) == 1
    assert it.silences == []


def test_a_call_that_does_not_come_back_is_lost():
    it = Gateway()
    it.play(2, CUSTOMER)
    it.leave(0)
    it.wait(29.9)
    assert not it.session.closed
    it.wait(0.1)
    assert it.heard[-1] == CallClosed(CALL, 2.0, "lost")


def test_a_stalled_call_that_drops_and_comes_back_is_stalled_until_audio_comes():
    it = Gateway()
    it.play(1)
    it.wait(6)
    it.leave(0)
    it.wait(1)
    it.join(1, CUSTOMER, AGENT)
    it.play(1, legs={1: (CUSTOMER, AGENT)})
    assert [s.ended for s in it.of(Stalled)] == [False, True]
