"""Speech as the session tells of it while it goes on."""

from dataclasses import replace

import pytest

from streamer.endpointing import Endpointing
from streamer.events import CallEnded, Speaking, Utterance
from tests.streamer.fakes import AGENT, CUSTOMER, RATE, quiet, speech
from tests.streamer.gateway import GROWING, Gateway, about


def growing(it):
    return [(s.so_far.number, s.so_far.party) for s in it.of(Speaking)]


def drafts(it):
    return [round(s.so_far.end, 2) for s in it.of(Speaking) if s.draft]


def test_speech_going_on_is_an_utterance_in_all_but_finality():
    it = Gateway(settings=GROWING, language="yue")
    it.play(1)
    it.play(0.5, CUSTOMER)
    (speaking,) = it.of(Speaking)
    so_far = speaking.so_far
    assert (so_far.call, so_far.number, so_far.party, so_far.language) == (
        "c",
        1,
        CUSTOMER,
        "yue",
    )
    assert [so_far.start, so_far.speech_end, so_far.end] == about(0.7, 1.24, 1.24)
    assert (so_far.sample_rate, so_far.pcm) == (RATE, quiet(0.3) + speech(0.24))
    assert so_far.speech_end_clock == pytest.approx(1001.24)


def test_an_utterance_is_numbered_when_it_is_first_told_of():
    it = Gateway(settings=GROWING)
    it.play(0.5, CUSTOMER)
    it.play(1, CUSTOMER, AGENT)
    it.play(1, CUSTOMER)
    it.play(0.5, AGENT)
    it.play(1)
    told = [(u.number, u.party) for u in it.of(Utterance)]
    assert told == [(2, AGENT), (1, CUSTOMER), (3, AGENT)]
    assert set(growing(it)) == set(told)


def test_a_party_that_is_cut_off_has_said_its_utterance():
    it = Gateway(settings=GROWING)
    it.play(1, CUSTOMER)
    it.leave(0)
    it.join(1, CUSTOMER, AGENT)
    it.play(1, CUSTOMER, legs={1: (CUSTOMER, AGENT)})
    it.say(CallEnded(), leg=1)
    assert [u.number for u in it.of(Utterance)] == [1, 2]
    assert {number for number, _ in growing(it)} == {1, 2}


def test_a_draft_is_asked_for_after_so_much_more_speech():
    it = Gateway(settings=GROWING)
    it.play(2, CUSTOMER)
    it.play(0.3)  # quiet is no speech
    it.play(2.5, CUSTOMER)
    it.play(1)
    it.play(1.4, CUSTOMER)  # another utterance, and too short for a draft
    it.play(1)
    assert drafts(it) == about(1.5, 3.3, 4.8)
    assert len(it.of(Utterance)) == 2


def test_after_a_cut_another_utterance_grows():
    settings = replace(GROWING, endpointing=Endpointing(hangover=0.0, longest=4.0))
    it = Gateway(settings=settings)
    it.play(6, CUSTOMER)
    it.play(1)
    assert [(u.number, u.end) for u in it.of(Utterance)] == [(1, 4.0), (2, pytest.approx(6.24))]
    assert drafts(it) == about(1.5, 3.0, 5.5)
    assert [s.so_far.number for s in it.of(Speaking) if s.draft] == [1, 1, 2]


@pytest.mark.parametrize(("every", "count"), [(0.0, 0), (0.9, 4), (60.0, 0)])
def test_drafts_come_as_often_as_set_or_never(every, count):
    it = Gateway(settings=replace(GROWING, draft_every=every))
    it.play(4, CUSTOMER)
    assert len(drafts(it)) == count
    assert len(it.of(Speaking)) == 13  # the features are computed all the same
