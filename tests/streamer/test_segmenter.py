from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.endpointing import Endpointing, Growing, SpeechEnded, SpeechStarted, Spoken
from streamer.segmenter import Segmenter
from tests.streamer.fakes import FRAME, FRAME_BYTES, RATE, LoudIsSpeech, quiet, sound, speech

# The detector of these tests has no hang-over, so that times can be read off the audio; and
# speech is told of when it is over, except where it is to grow.
ENDS = Endpointing(hangover=0.0, longest=3.0, told_every=99.0)
GROWING = replace(ENDS, told_every=0.3)
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
    pieces = [pcm[i : i + size] for i in range(0, len(pcm), size)]
    assert hear(pcm, ends=GROWING) == hear(*pieces, ends=GROWING)


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


def test_speech_is_told_of_while_it_grows():
    growing = hear(quiet(1) + speech(1) + quiet(1), ends=GROWING)[1:-2]
    assert [(g.start, g.end, g.spoken) for g in growing] == [
        (0.7, 1.24, 0.24),
        (0.7, 1.54, 0.54),
        (0.7, 1.84, 0.84),
        (0.7, 2.14, 1.0),  # of the quiet after it, no more than the utterance keeps
    ]
    assert growing[0].pcm == quiet(0.3) + speech(0.24)


def test_a_cough_does_not_grow():
    assert hear(quiet(1) + speech(0.22) + quiet(1), ends=GROWING) == []


def test_nothing_grows_after_a_cut_but_what_is_spoken():
    kinds = [type(heard) for heard in hear(speech(2.7) + quiet(5), ends=GROWING)]
    assert kinds == [SpeechStarted, *[Growing] * 9, Spoken, SpeechEnded]


def told(heard):
    """Each utterance with what was told of it while it grew."""
    growing = []
    for each in heard:
        if isinstance(each, Growing):
            growing.append(each)
        elif isinstance(each, Spoken):
            yield growing, each
            growing = []
    assert not growing, "what grows is an utterance in the end"


@given(runs, st.sampled_from([0.0, 0.12]), st.sampled_from([3.0, 15.0]))
def test_what_grows_is_the_beginning_of_its_utterance(runs, hangover, longest):
    pcm = sound(runs)
    ends = replace(GROWING, hangover=hangover, longest=longest)
    for growing, said in told(hear(pcm, ends=ends)):
        assert all(b.end - a.end >= 0.3 - 1e-9 for a, b in pairwise(growing))
        for each in growing:
            assert each.start == said.start
            assert 0 < each.spoken <= each.end - each.start + 1e-9
            assert seconds(each.pcm) == pytest.approx(each.end - each.start)
            shorter, longer = sorted((each.pcm, said.pcm), key=len)
            assert longer.startswith(shorter)
            # Only a cut takes back, and no more than what it looked through.
            assert each.end <= said.end or each.end - said.end < 2.0


@given(st.lists(st.integers(1, 99), min_size=150, max_size=500), st.sampled_from([3.0, 4.0]))
def test_long_speech_is_cut_where_it_is_quietest_and_loses_and_doubles_nothing(levels, longest):
    """Nobody pauses: each frame is as loud as it likes."""
    frames = [bytes([level, 0]) * (FRAME_BYTES // 2) for level in levels]
    heard = hear(b"".join(frames), ends=replace(GROWING, longest=longest))
    parts = [said for _, said in told(heard)]
    assert b"".join(part.pcm for part in parts) == b"".join(frames)
    assert all(a.end == b.start for a, b in pairwise(parts))
    first = 0
    for part in parts[:-1]:
        count = round(longest * 50)
        searched = levels[first : first + count][-min(100, count - count // 2) :]
        cut = len(part.pcm) // FRAME_BYTES
        quietest = count - 1 - searched[::-1].index(min(searched))
        assert cut == quietest + 1
        first += cut
    assert len(levels) - first <= longest * 50


def _in_a_row(numbers):
    rows = []
    for number in numbers:
        if rows and rows[-1][-1] == number - 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return rows
