"""A session of which some audio was left out: time goes on, and nothing is made up."""

import pytest

from streamer.events import AudioLost, HoldEnded, HoldStarted, LanguageChanged
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.gateway import Gateway, Utterance, about


def test_what_comes_after_a_gap_comes_so_much_later():
    gateway = Gateway()
    gateway.play(1.0, CUSTOMER)
    gateway.say(AudioLost(30.0))
    gateway.play(1.0, AGENT)
    gateway.play(1.0)
    assert [said.start for said in gateway.of(Utterance)] == about(0.0, 31.0 - 0.0)
    assert gateway.session.at == pytest.approx(33.0)


def test_what_was_being_said_is_let_go():
    gateway = Gateway()
    gateway.play(1.0, CUSTOMER)
    assert not gateway.of(Utterance)
    gateway.say(AudioLost(5.0))
    (said,) = gateway.of(Utterance)
    assert said.end == pytest.approx(1.0)


def test_a_gap_is_no_silence_and_none_goes_on_through_it():
    gateway = Gateway()
    gateway.play(1.0, CUSTOMER)
    gateway.play(1.0)
    gateway.say(AudioLost(30.0))
    assert gateway.silences == []
    gateway.play(1.0)
    assert gateway.silences == []
    gateway.play(0.5)
    assert gateway.silences == [(32.0, 1.2, False)]


def test_a_silence_told_of_ends_where_the_gap_begins():
    gateway = Gateway()
    gateway.play(1.0, CUSTOMER)
    gateway.play(1.5)
    gateway.say(AudioLost(30.0))
    assert gateway.silences == [(1.0, 1.2, False), (1.0, 1.5, True)]


def test_a_pause_left_out_on_hold_is_no_silence():
    gateway = Gateway()
    gateway.play(1.0, CUSTOMER)
    gateway.say(HoldStarted())
    gateway.wait(20.0)
    gateway.say(AudioLost(20.0))
    gateway.say(HoldEnded())
    gateway.play(1.0)
    assert gateway.silences == []
    gateway.play(0.5)
    assert gateway.silences == [(21.0, 1.2, False)]


def test_one_leg_may_lose_what_the_other_hears():
    gateway = Gateway(CUSTOMER)
    gateway.join(1, AGENT)
    both = {0: (CUSTOMER,), 1: (AGENT,)}
    gateway.play(1.0, AGENT, legs=both)
    gateway.say(AudioLost(0.5), leg=0)
    gateway.play(1.0, CUSTOMER, legs=both)
    gateway.play(1.0, legs=both)
    starts = {said.party: said.start for said in gateway.of(Utterance)}
    assert starts == {AGENT: pytest.approx(0.0), CUSTOMER: pytest.approx(1.5)}


def test_the_language_changes_for_what_is_said_from_then_on():
    gateway = Gateway(language="zh")
    gateway.play(1.0, CUSTOMER)
    gateway.play(1.0)
    gateway.say(LanguageChanged("en"))
    gateway.play(1.0, CUSTOMER)
    gateway.play(1.0)
    assert [said.language for said in gateway.of(Utterance)] == ["zh", "en"]
    assert gateway.session.info.language == "en"


def test_a_stalled_call_that_tells_of_a_gap_is_awake():
    gateway = Gateway()
    gateway.play(1.0, CUSTOMER)
    gateway.wait(6.0)
    gateway.say(AudioLost(6.0))
    gateway.play(1.0, CUSTOMER)
    gateway.play(1.0)
    assert [said.start for said in gateway.of(Utterance)] == about(0.0, 7.0)
