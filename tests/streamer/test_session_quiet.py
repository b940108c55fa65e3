"""Hold, and gateways that send nothing."""

import pytest

from streamer.events import Held, HoldEnded, HoldStarted, Silence, Stalled, Utterance
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.gateway import CALL, Gateway, about


def test_hold_is_no_silence_and_silence_counts_anew_after_it():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(1.5)
    it.say(HoldStarted())
    it.say(HoldStarted())  # the other leg says so too
    it.play(20)
    it.say(HoldEnded())
    it.play(1.9)
    assert it.of(Held) == [Held(CALL, 2.5, True), Held(CALL, 22.5, False)]
    assert it.silences == [(1.0, 1.2, False), (1.0, 1.5, True), (22.5, 1.2, False)]


def test_hold_without_audio_is_no_stall():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.say(HoldStarted())
    assert it.session.deadline is None
    it.wait(600)
    it.say(HoldEnded())
    it.wait(4.9)
    assert it.of(Stalled) == []
    it.wait(0.1)
    assert [s.at for s in it.of(Stalled)] == about(1.0)


def test_hold_lets_go_of_what_was_being_said():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.say(HoldStarted())
    assert [u.speech_end for u in it.of(Utterance)] == about(1.0)


def test_a_stall_is_said_once_and_once_when_it_is_over():
    it = Gateway(clock=0.0)
    it.play(1, CUSTOMER)
    it.play(3)
    it.wait(4.9)
    assert it.of(Stalled) == []
    it.wait(100)
    it.play(0.02)
    began, over = it.of(Stalled)
    assert began == Stalled(CALL, pytest.approx(4.0), pytest.approx(5.0))
    assert (over.ended, over.silent_for) == (True, pytest.approx(104.92))


def test_a_stall_is_no_silence():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(0.5)
    it.wait(100)
    assert it.silences[-1] == (1.0, 2.0, True)
    it.play(1.1)
    assert len(it.silences) == 3
    it.play(0.1)
    assert it.silences[-1] == (1.5, 1.2, False)


def test_marks_are_said_by_the_clock_when_the_gateway_saves_all_its_silence():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.wait(1.1)  # not even the end of the sentence was sent
    assert [u.speech_end for u in it.of(Utterance)] == about(1.0)
    assert it.silences == []
    it.wait(0.1)
    assert it.silences == [(1.0, 1.2, False)]
    it.wait(0.8)
    assert it.silences[1:] == [(1.0, 2.0, False)]
    assert it.of(Silence)[1].mark_clock == pytest.approx(1003.0)


def test_a_cough_after_which_nothing_is_sent_does_not_stop_the_clock():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(1.8)
    it.play(0.1, AGENT)
    it.wait(0.7)
    assert it.silences == [(1.0, 1.2, False), (1.0, 2.0, False)]


def test_a_hiccup_of_the_network_cuts_no_sentence():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.wait(0.5)
    it.play(1, CUSTOMER)
    it.play(1)
    (said,) = it.of(Utterance)
    assert [said.start, said.speech_end] == about(0.0, 2.0)
