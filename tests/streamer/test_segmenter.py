from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.segmenter import Endpointing, Segmenter, SpeechEnded, SpeechStarted, Spoken
from tests.streamer.fakes import FRAME, FRAME_BYTES, RATE, LoudIsSpeech, quiet, sound, speech

# The detector of these tests has no hang-over, so that times can be read off the audio.
ENDS = Endpointing(hangover=0.0, longest=3.0)
runs = st.lists(st.tuples(st.booleans(), st.integers(1, 60)), max_size=20)


def hear(*pieces, ends=ENDS, base=0.0):
    segmenter = Segmenter(LoudIsSpeech(), RATE, ends, base)
    return [heard for piece in pieces for heard in segmenter.push(piece)] + segmenter.flush()


def spoken(*pieces, **how):
    return [heard for heard in hear(*pieces, **how) if isinstance(heard, Spoken)]


def seconds(pcm):
    return len(pcm) / 2 / RATE


def test_quiet_alone_is_nothing():
    assert hear(quiet(10)) == []


def test_speech_is_told_when_it_is_sure_and_ends_after_a_pause():
    segmenter = Segmenter(LoudIsSpeech(), RATE, ENDS)
    assert segmenter.push(quiet(1) + speech(0.22)) == []
    assert segmenter.push(speech(0.02)) == [SpeechStarted(1.0)]
    assert segmenter.push(speech(0.76) + quiet(0.44)) == []
    ended, said = segmenter.push(quiet(0.02))
    assert ended == SpeechEnded(2.0)
    assert (said.start, said.speech_end, said.end) == (0.7, 2.0, 2.24)
    assert said.pcm == quiet(0.3) + speech(1) + quiet(0.24)


def test_hangover_is_taken_off_the_end_of_speech_but_not_off_the_audio():
    _, ended, said = hear(speech(1) + quiet(1), ends=replace(ENDS, hangover=0.1))
    assert ended == SpeechEnded(0.9)
    assert (said.speech_end, said.end) == (0.9, 1.14)


def test_two_loud_frames_of_five_are_not_noticed():
    assert hear((FRAME * 2 + bytes(FRAME_BYTES) * 3) * 100) == []


def test_three_loud_frames_of_five_are_noticed_from_the_first_of_them():
    scattered = FRAME + bytes(FRAME_BYTES) + FRAME + bytes(FRAME_BYTES) + FRAME
    assert hear(quiet(1) + scattered + speech(1) + quiet(1))[0] == SpeechStarted(1.0)


@pytest.mark.parametrize(("length", "heard"), [(0.22, 0), (0.24, 1)])
def test_a_cough_is_no_speech(length, heard):
    assert len(spoken(quiet(1) + speech(length) + quiet(1))) == heard


def test_clicks_are_given_up_after_a_while_rather_than_counted_together():
    clicks = (FRAME * 3 + bytes(FRAME_BYTES) * 21) * 20
    assert hear(clicks) == []


def test_speech_right_after_a_cough_has_its_lead_in():
    cough = speech(0.2) + quiet(0.5)
    (said,) = spoken(quiet(1) + cough + speech(1) + quiet(1))
    assert said.start == pytest.approx(1.4)


def test_the_lead_in_takes_nothing_of_the_utterance_before():
    ends = replace(ENDS, lead_in=2.0)
    first, second = spoken(speech(1) + quiet(0.5) + speech(1) + quiet(1), ends=ends)
    assert (first.end, second.start) == (1.24, 1.24)


def test_speech_is_cut_at_its_quietest_moment():
    lull = b"\x00\x01" + bytes(FRAME_BYTES - 2)
    loud = speech(2.0) + lull + speech(2.0)
    first, second = spoken(loud + quiet(1))
    assert (first.start, first.end, second.start) == (0.0, 2.02, 2.02)
    assert first.pcm + second.pcm == loud + quiet(0.24)


def test_only_the_last_two_seconds_are_searched_for_the_quietest_moment():
    lull = b"\x00\x01" + bytes(FRAME_BYTES - 2)
    first, second = spoken(
        speech(3.5) + lull + speech(3.48) + quiet(1), ends=replace(ENDS, longest=6.0)
    )
    assert (first.end, second.start) == (6.0, 6.0)


def test_of_equally_quiet_moments_the_latest_is_cut():
    first, second = spoken(speech(4) + quiet(1))
    assert (first.end, second.start, second.speech_end) == (3.0, 3.0, 4.0)


def test_a_cut_just_before_the_end_leaves_no_empty_utterance():
    started, said, ended = hear(speech(2.7) + quiet(5))
    assert (started, ended) == (SpeechStarted(0.0), SpeechEnded(2.7))
    assert said.speech_end == 2.7


def test_a_word_left_over_by_a_cut_is_an_utterance_however_short():
    first, second = spoken(speech(3.04) + quiet(1))
    assert (first.end, second.speech_end) == (3.0, 3.04)


def test_a_flush_lets_go_of_open_speech_to_its_last_sample():
    segmenter = Segmenter(LoudIsSpeech(), RATE, ENDS)
    segmenter.push(speech(1.01))
    ended, said = segmenter.flush()
    assert (ended.at, said.end, seconds(said.pcm)) == (1.0, 1.0, 1.01)
    assert segmenter.at == 1.01


def test_after_a_gap_time_goes_on_later():
    segmenter = Segmenter(LoudIsSpeech(), RATE, ENDS, base=5.0)
    segmenter.push(quiet(1))
    segmenter.skip(10.0)
    assert segmenter.at == segmenter.settled == 16.0
    (started,) = segmenter.push(speech(1))
    assert started == SpeechStarted(16.0)


def test_settled_waits_for_what_may_be_speech():
    segmenter = Segmenter(LoudIsSpeech(), RATE, ENDS)
    segmenter.push(quiet(1) + FRAME)
    assert (segmenter.settled, segmenter.open) == (1.0, True)
    segmenter.push(speech(0.1) + quiet(0.3))
    assert segmenter.settled == 1.0
    segmenter.push(quiet(0.2))
    assert (segmenter.settled, segmenter.open) == (1.62, False)


@given(runs, st.integers(1, 3000))
def test_how_the_network_cuts_the_audio_does_not_matter(runs, size):
    pcm = sound(runs)
    size *= 2
    assert hear(pcm) == hear(*(pcm[i : i + size] for i in range(0, len(pcm), size)))


@given(runs, st.sampled_from([0.0, 0.12]))
def test_utterances_are_ordered_disjoint_bounded_and_verbatim(runs, hangover):
    pcm = sound(runs)
    said = spoken(pcm, ends=replace(ENDS, hangover=hangover))
    assert all(a.end <= b.start for a, b in pairwise(said))
    for each in said:
        assert each.start < each.speech_end <= each.end <= each.start + ENDS.longest + 1e-9
        first = round(each.start * RATE) * 2
        assert each.pcm == pcm[first : first + len(each.pcm)]
        assert len(each.pcm) == round((each.end - each.start) * RATE) * 2


@given(runs)
def test_no_speech_is_lost(runs):
    """Whoever speaks for `min_speech` without a pause is heard, every frame of it."""
    pcm = sound(runs)
    said = spoken(pcm)
    loud = [i for i in range(len(pcm) // FRAME_BYTES) if any(pcm[i * FRAME_BYTES :][:1])]
    for run in (run for run in _in_a_row(loud) if len(run) >= 12):
        for frame in run:
            at = frame / 50
            assert any(s.start - 1e-9 <= at < s.end - 1e-9 for s in said), at


@given(runs)
def test_starts_and_ends_of_speech_alternate_and_settle_in_order(runs):
    pcm = sound(runs)
    segmenter = Segmenter(LoudIsSpeech(), RATE, ENDS)
    settled, kinds = 0.0, []
    for i in range(0, len(pcm), FRAME_BYTES):
        for heard in segmenter.push(pcm[i : i + FRAME_BYTES]):
            if isinstance(heard, SpeechStarted | SpeechEnded):
                kinds.append(type(heard))
                assert heard.at >= settled - 1e-9
        assert settled <= segmenter.settled + 1e-9
        assert segmenter.settled <= segmenter.at + 1e-9
        settled = segmenter.settled
    kinds += [type(h) for h in segmenter.flush() if not isinstance(h, Spoken)]
    assert kinds == [SpeechStarted, SpeechEnded] * (len(kinds) // 2)


def _in_a_row(numbers):
    rows = []
    for number in numbers:
        if rows and rows[-1][-1] == number - 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return rows
