from itertools import pairwise

import pytest

from streamer.errors import RefusedError
from streamer.events import (
    AudioChunk,
    CallClosed,
    CallEnded,
    CallOpened,
    DigitPressed,
    Silence,
    Utterance,
)
from streamer.session import CallSession
from tests.streamer.fakes import AGENT, CUSTOMER, RATE, loud_is_speech, quiet, speech
from tests.streamer.gateway import BOTH, CALL, SETTINGS, Gateway, about


def test_a_call_from_beginning_to_end():
    it = Gateway()
    it.play(1)
    it.play(1, CUSTOMER)
    it.play(2.5)
    it.play(1, AGENT)
    it.say(CallEnded())
    opened, asked, at_1_2, at_2, answered, over, closed = it.heard
    assert opened == CallOpened(it.session.info)
    assert (asked.number, asked.party, asked.sample_rate) == (1, CUSTOMER, RATE)
    assert [asked.start, asked.speech_end, asked.end] == about(0.7, 2.0, 2.24)
    assert asked.pcm == quiet(0.3) + speech(1) + quiet(0.24)
    assert asked.speech_end_clock == pytest.approx(1002.0)
    assert at_1_2 == Silence(CALL, 2.0, 1.2, CUSTOMER, pytest.approx(1003.2))
    assert at_2 == Silence(CALL, 2.0, 2.0, CUSTOMER, pytest.approx(1004.0))
    assert (over.lasted, over.ended) == (pytest.approx(2.5), True)
    assert (answered.number, answered.party, answered.speech_end) == (2, AGENT, 5.5)
    assert closed == CallClosed(CALL, 5.5, "ended")
    assert it.session.closed
    assert it.session.deadline is None


def test_a_mark_is_said_within_one_frame_of_its_time():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(1.98)
    assert len(it.silences) == 1
    it.play(0.02)
    assert len(it.silences) == 2


def test_a_cough_neither_ends_a_silence_nor_stops_its_clock():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(1.9)
    it.play(0.2, AGENT)
    assert it.silences == [(1.0, 1.2, False)]  # waits: it may be speech
    it.play(0.5)
    assert it.silences == [(1.0, 1.2, False), (1.0, 2.0, False)]
    it.play(2)
    it.play(1, AGENT)
    it.play(0.5)
    assert it.silences[-1] == (1.0, 4.6, True)


def test_speech_that_began_before_the_mark_but_is_believed_after_it_prevents_it():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(1.96)
    it.play(1, AGENT)
    it.play(0.5)
    assert it.silences == [(1.0, 1.2, False), (1.0, 1.96, True)]


def test_a_silence_that_the_end_of_the_call_ends():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(3)
    it.heard += it.session.close("shutdown", it.clock)
    assert it.silences[-1] == (1.0, 3.0, True)
    assert it.heard[-1] == CallClosed(CALL, 4.0, "shutdown")
    assert it.session.close("ended", it.clock) == []


def test_a_closed_call_says_nothing_any_more():
    it = Gateway()
    it.say(CallEnded())
    before = len(it.heard)
    it.say(AudioChunk(CUSTOMER, speech(5)))
    it.leave(0)
    it.heard += it.session.timeout(9999.0)
    assert len(it.heard) == before
    with pytest.raises(RefusedError):
        it.join(1, CUSTOMER)


def test_a_session_nobody_joined_can_be_closed():
    it = CallSession(loud_is_speech, SETTINGS)
    assert (it.close("shutdown", 0.0), it.closed, it.deadline) == ([], True, None)
    with pytest.raises(LookupError):
        _ = it.info


def test_digits_and_empty_frames_are_no_audio():
    it = Gateway()
    it.say(DigitPressed("5"))
    deadline = it.session.deadline
    it.clock += 1
    it.say(AudioChunk(CUSTOMER, b""))
    assert it.session.deadline == deadline
    assert it.heard == [CallOpened(it.session.info)]


@pytest.mark.parametrize("jump", [-1e6, -3.0, 1e3, 1e9])
def test_a_clock_that_jumps_never_moves_media_time_back(jump):
    it = Gateway()
    reached = 0.0
    for step in range(40):
        if step % 7 == 3:
            it.clock += jump
            it.heard += it.session.timeout(it.clock)
        if step % 11 == 5:
            it.leave(step - 5 and 1)
            it.join(1, CUSTOMER, AGENT)
        leg = 1 if step >= 5 else 0
        for party in (CUSTOMER, AGENT):
            pcm = (speech if step % 5 == 0 else quiet)(0.5)
            it.heard += it.session.receive(leg, AudioChunk(party, pcm), it.clock)
        assert reached <= it.session.at <= reached + 31
        reached = it.session.at
    it.heard += it.session.close("ended", it.clock)
    for party in (CUSTOMER, AGENT):
        said = [u for u in it.of(Utterance) if u.party is party]
        assert all(a.end <= b.start + 1e-6 for a, b in pairwise(said))
    assert [u.number for u in it.of(Utterance)] == list(range(1, len(it.of(Utterance)) + 1))


def test_what_was_said_can_be_heard_again():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(1)
    it.session.clear(1, [])
    assert it.session.voice(0.0, 1.0)[44:] == b"\x01\x01\x00\x00" * RATE


def test_nothing_is_kept_without_consent_of_every_leg():
    it = Gateway(CUSTOMER)
    it.play(1, CUSTOMER, legs={0: (CUSTOMER,)})
    assert it.session.voice(0.0, 1.0)
    it.join(1, AGENT, record=False, emotion=False)
    assert (it.session.info.record, it.session.info.emotion) == (False, False)
    it.play(1, CUSTOMER, legs=BOTH)
    assert it.session.voice(0.0, 9.0) == b""
