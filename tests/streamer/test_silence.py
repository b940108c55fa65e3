import pytest

from streamer.events import CallId, Silence
from streamer.silence import MUSIC_OVER, Arrival, SilenceWatch
from streamer.sounds import Verdict
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
    assert advance(it, 9.4) == []  # it may be noise
    assert advance(it, 9.5) == [Silence(CALL, 3.0, 4.5, CUSTOMER, 98.0, ended=True)]
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
    assert [s.lasted for s in it.advance(5.0, Arrival(5.0, 100.0))] == [1.2, 2.0]
    it.speaks(AGENT, 3.5)
    assert [(s.lasted, s.ended) for s in advance(it, 5.5)] == [(2.0, True)]


# ---- what the recognizer makes of it ----


def brief(silences):
    return [(s.since, round(s.lasted, 6), s.ended) for s in silences]


def noise(it, party, times, number, verdict=Verdict.NOTHING):
    spoke(it, party, *times)
    it.utters(party, number)
    it.judge(number, verdict)


def test_words_end_a_silence_when_they_are_known_and_from_when_they_began():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    advance(it, 4.5)
    noise(it, AGENT, (4.5, 5.0), 1, Verdict.SPOKEN)
    assert brief(advance(it, 5.5)) == [(3.0, 1.5, True)]


def test_what_held_no_words_has_ended_nothing():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    assert brief(advance(it, 4.5)) == [(3.0, 1.2, False)]
    noise(it, AGENT, (4.5, 4.9), 1)
    assert it.next_mark is None  # until it is asked again
    assert advance(it, 4.95) == []
    assert it.next_mark == 5.0
    assert brief(advance(it, 5.0)) == [(3.0, 2.0, False)]


def test_marks_passed_while_it_was_doubtful_are_said_once_it_is_known():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    advance(it, 4.5)
    spoke(it, AGENT, 4.5, 5.4)
    it.utters(AGENT, 1)
    assert advance(it, 5.9) == []
    it.judge(1, Verdict.NOTHING)
    assert advance(it, 5.9) == [Silence(CALL, 3.0, 2.0, CUSTOMER, 99.1)]


def test_marks_passed_are_not_said_while_somebody_speaks():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    advance(it, 4.5)
    spoke(it, AGENT, 4.5, 5.4)
    it.utters(AGENT, 1)
    it.speaks(AGENT, 5.8)
    advance(it, 5.9)
    it.judge(1, Verdict.NOTHING)
    assert advance(it, 6.0) == []
    it.stops(AGENT, 6.5)
    it.utters(AGENT, 2)
    it.judge(2, Verdict.SPOKEN)
    assert brief(advance(it, 7.6)) == [(3.0, 2.8, True)]
    assert brief(advance(it, 7.7)) == [(6.5, 1.2, False)]


def test_a_verdict_that_comes_late_takes_the_silence_up_again():
    it = watch(marks=(1.2, 2.0, 5.0))
    spoke(it, CUSTOMER, 1.0, 3.0)
    spoke(it, AGENT, 4.5, 4.9)
    it.utters(AGENT, 1)
    before = [(3.0, 1.2, False), (3.0, 1.5, True), (4.9, 1.2, False)]
    assert brief(advance(it, 6.8)) == before
    it.judge(1, Verdict.NOTHING)
    assert brief(advance(it, 6.8)) == [(4.9, 1.9, True), (3.0, 2.0, False)]
    assert brief(advance(it, 8.0)) == [(3.0, 5.0, False)]
    spoke(it, AGENT, 8.5, 9.0)
    assert brief(advance(it, 10.5)) == [(3.0, 5.5, True), (9.0, 1.2, False)]


def test_a_verdict_that_never_comes_leaves_no_timer_dead():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    spoke(it, AGENT, 4.5, 4.9)
    assert [since for since, _, _ in brief(advance(it, 7.0))] == [3.0, 3.0, 4.9, 4.9]


def test_of_a_long_passage_one_part_with_words_is_enough():
    it = watch()
    spoke(it, CUSTOMER, 0.0, 1.0)
    it.speaks(AGENT, 1.5)
    it.utters(AGENT, 1)
    it.judge(1, Verdict.NOTHING)
    assert advance(it, 16.6) == []  # it still goes on
    it.utters(AGENT, 2)
    it.judge(2, Verdict.SPOKEN)
    it.stops(AGENT, 20.0)
    it.utters(AGENT, 3)
    it.judge(3, Verdict.NOTHING)
    assert brief(advance(it, 21.5)) == [(20.0, 1.2, False)]


def test_noise_within_the_speech_of_another_is_forgotten_too():
    it = watch()
    it.speaks(CUSTOMER, 1.0)
    noise(it, AGENT, (2.5, 3.5), 1)
    it.stops(CUSTOMER, 3.0)
    assert brief(advance(it, 4.2)) == [(3.0, 1.2, False)]


def test_music_holds_the_marks_back_until_it_is_over_and_ends_nothing():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    noise(it, AGENT, (3.5, 8.0), 1, Verdict.MUSIC)
    assert advance(it, 9.0) == []
    assert it.next_mark == 8.0 + MUSIC_OVER
    assert brief(advance(it, 13.0)) == [(3.0, 1.2, False), (3.0, 2.0, False)]


def test_words_in_music_end_the_silence_and_the_music():
    it = watch()
    spoke(it, CUSTOMER, 1.0, 3.0)
    noise(it, AGENT, (3.5, 8.0), 1, Verdict.MUSIC)
    assert advance(it, 8.8) == []
    noise(it, CUSTOMER, (9.0, 10.0), 2, Verdict.SPOKEN)
    assert brief(advance(it, 12.0)) == [(10.0, 1.2, False), (10.0, 2.0, False)]


def test_what_is_kept_of_sounds_without_a_verdict_is_bounded():
    it = watch()
    for n in range(500):
        spoke(it, CUSTOMER, 3.0 * n, 3.0 * n + 1)
        advance(it, 3.0 * n + 2)
    assert len(it._sounds.gaps(1500.0)) <= 18
    assert len(it._told) <= 18
