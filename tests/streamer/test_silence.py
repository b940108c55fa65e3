import pytest

from streamer.events import CallId, Silence
from streamer.silence import Arrival, SilenceWatch
from tests.streamer.fakes import AGENT, CUSTOMER

CALL = CallId("c")


def watch(marks=(2.0, 1.2)):
    it = SilenceWatch(CALL, marks)
    it.resume(0.0)
    return it


def advance(it, until):
    """Audio up to `until` came in at 100 s on the clock."""
    return it.advance(until, Arrival(until, 100.0))


def spoke(it, party, start, end):
    it.speaks(party, start)
    it.stops(party, end)


def test_before_the_first_speech_there_is_no_silence():
    assert advance(watch(), 100.0) == []


def test_each_mark_is_said_once_in_order_and_the_end_once():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    assert advance(it, 4.19) == []
    assert advance(it, 4.2) == [Silence(CALL, 3.0, 1.2, CUSTOMER, 100.0)]
    assert advance(it, 4.9) == []
    assert advance(it, 8.0) == [Silence(CALL, 3.0, 2.0, CUSTOMER, 97.0)]
    it.speaks(AGENT, 7.5)
    assert advance(it, 8.5) == [Silence(CALL, 3.0, 4.5, CUSTOMER, 99.0, ended=True)]
    assert advance(it, 20.0) == []


def test_a_silence_short_of_the_first_mark_is_not_mentioned():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    spoke(it, AGENT, 4.1, 5.0)
    assert advance(it, 6.0) == []


def test_a_mark_reached_exactly_when_speech_begins_is_reached():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    it.speaks(AGENT, 4.2)
    assert [(s.lasted, s.ended) for s in advance(it, 9.0)] == [
        (1.2, False),
        (pytest.approx(1.2), True),
    ]


def test_silence_is_when_nobody_speaks_and_counts_from_the_last_one():
    it = watch()
    spoke(it, AGENT, 2.0, 6.0)
    spoke(it, CUSTOMER, 1.0, 3.0)
    (mark,) = advance(it, 7.5)
    assert (mark.since, mark.last_speaker) == (6.0, AGENT)


def test_what_is_not_settled_is_not_said():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    it.speaks(AGENT, 4.0)
    assert advance(it, 3.5) == []
    assert it.next_mark is None  # the silence is known to end before
    assert advance(it, 9.0) == []


def test_the_next_mark_is_known_ahead():
    it = watch()
    assert it.next_mark is None
    spoke(it, CUSTOMER, 1.0, 3.0)
    advance(it, 3.5)
    assert it.next_mark == pytest.approx(4.2)
    advance(it, 4.2)
    assert it.next_mark == pytest.approx(5.0)
    advance(it, 5.0)
    assert it.next_mark is None


def test_a_pause_ends_the_silence_and_a_new_one_counts_from_its_end():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    advance(it, 5.0)
    assert it.pause(6.0, Arrival(6.0, 100.0)) == [
        Silence(CALL, 3.0, 3.0, CUSTOMER, 100.0, ended=True)
    ]
    assert advance(it, 50.0) == []
    it.resume(50.0)
    assert advance(it, 51.1) == []
    assert [(s.since, s.lasted) for s in advance(it, 51.2)] == [(50.0, 1.2)]


def test_who_still_speaks_when_a_pause_ends_is_waited_for():
    it = watch()
    it.speaks(CUSTOMER, 1.0)
    advance(it, 2.0)
    it.pause(2.0, Arrival(2.0, 100.0))
    it.resume(10.0)
    assert advance(it, 20.0) == []
    it.stops(CUSTOMER, 20.0)
    assert [s.since for s in advance(it, 21.5)] == [20.0]


def test_no_mark_is_missed_for_a_rounding_error():
    it = watch()
    spoke(it, CUSTOMER, 0.5, 1.08)
    assert 1.08 + 1.2 > 2.28
    assert [s.lasted for s in advance(it, 2.28)] == [1.2]


def test_who_is_known_only_after_a_pause_to_have_stopped_before_it_ended():
    it = watch()
    it.speaks(CUSTOMER, 1.0)
    advance(it, 2.0)
    it.pause(2.0, Arrival(2.0, 100.0))
    it.resume(10.0)
    it.stops(CUSTOMER, 9.0)
    assert advance(it, 11.1) == []
    assert [s.since for s in advance(it, 11.2)] == [10.0]


def test_a_mark_said_by_the_clock_is_not_taken_back_by_the_audio():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    advance(it, 3.1)
    assert [s.lasted for s in it.reach(5.0, Arrival(5.0, 100.0))] == [1.2, 2.0]
    it.speaks(AGENT, 3.5)
    assert [(s.lasted, s.ended) for s in advance(it, 4.0)] == [(2.0, True)]
