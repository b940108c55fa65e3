"""Nobody hears what was said before its words are known."""

from streamer.events import Utterance
from streamer.untold import Untold, within
from tests.streamer.fakes import AGENT, CUSTOMER, RATE
from tests.streamer.gateway import CALL, Gateway


def said(number, party, start, end):
    return Utterance(CALL, number, party, start, end, end, 0.0, RATE, b"")


def sides(wav):
    """Whether anything but the party's own sound (ones) and quiet is on the left, the right."""
    pcm = wav[44:]
    return tuple(
        bool((pcm[side::4] + pcm[side + 1 :: 4]).strip(b"\x00\x01")) for side in (0, 2)
    )


def test_what_waits_is_what_was_added_and_not_taken_and_is_not_too_old():
    untold = Untold(60.0)
    untold.add(said(1, CUSTOMER, 0.0, 5.0))
    untold.add(said(2, AGENT, 4.0, 9.0))
    assert untold.stretches() == [(CUSTOMER, 0.0, 5.0), (AGENT, 4.0, 9.0)]
    assert untold.take(2) == (AGENT, 4.0, 9.0)
    assert untold.take(2) is None
    untold.add(said(3, AGENT, 60.0, 65.0))
    assert untold.stretches() == [(AGENT, 60.0, 65.0)]


def test_a_stretch_that_only_touches_is_not_within():
    stretches = [(CUSTOMER, 1.0, 2.0), (AGENT, 3.0, 4.0)]
    assert within(stretches, 2.0, 3.0) == []
    assert within(stretches, 1.9, 3.1) == stretches


def test_speech_is_a_tone_while_it_goes_on_until_its_words_are_known():
    it = Gateway()
    it.play(1)
    assert it.session.is_clear(0.0, 9.0)
    it.play(1, CUSTOMER)  # is speaking
    assert not it.session.is_clear(0.0, 9.0)
    assert it.session.is_clear(0.0, 0.5)
    assert sides(it.session.voice(0.0, 2.0)) == (True, False)
    it.play(1)  # has been let go of, the model is at it
    assert [u.number for u in it.of(Utterance)] == [1]
    assert sides(it.session.voice(0.0, 3.0)) == (True, False)
    assert not it.session.is_clear(0.0, 3.0)
    it.session.clear(1, [])
    assert it.session.is_clear(0.0, 3.0)
    assert sides(it.session.voice(0.0, 3.0)) == (False, False)


def test_what_is_personal_is_a_tone_on_both_sides_for_good():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(1)
    it.session.clear(1, [(0.4, 0.6)])
    assert sides(it.session.voice(0.0, 2.0)) == (True, True)
    assert (
        sides(it.session.voice(0.0, 0.4)) == sides(it.session.voice(0.6, 2.0)) == (False,) * 2
    )
    it.session.clear(1, [])
    assert sides(it.session.voice(0.0, 2.0)) == (True, True)


def test_what_nobody_ever_hears_is_a_tone_on_its_own_side_for_good():
    it = Gateway()
    it.play(1, CUSTOMER, AGENT)
    it.play(1)
    first = it.of(Utterance)[0]
    it.session.clear(1, None)
    it.session.clear(2, [])
    assert first.party is CUSTOMER
    assert sides(it.session.voice(0.0, 2.0)) == (True, False)
    assert it.session.is_clear(0.0, 2.0)


def test_a_call_that_nobody_joined_has_nothing_to_hide():
    it = Gateway()
    it.session.clear(7, None)
    it.session.clear(8, [(0.0, 9.0)])
    assert it.session.voice(0.0, 1.0) == b""
