import io
import wave

import numpy as np
import pytest

from streamer.events import Party
from streamer.voice import VoiceRing, tone
from tests.streamer.fakes import AGENT, CUSTOMER

RATE = 8000


def samples(value, seconds, rate=RATE):
    return np.full(round(seconds * rate), value, "<i2").tobytes()


def read(wav):
    """Left and right of a WAV file, as any player reads it."""
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        both = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
        return file.getframerate(), both[:, 0], both[:, 1]


def test_nothing_held_is_no_file():
    assert VoiceRing().cut(0.0, 10.0) == b""


def test_the_customer_is_left_and_the_agent_right():
    ring = VoiceRing()
    ring.push(CUSTOMER, 0.0, samples(1, 2), RATE)
    ring.push(AGENT, 0.0, samples(2, 2), RATE)
    rate, left, right = read(ring.cut(0.5, 1.5))
    assert (rate, len(left)) == (RATE, RATE)
    assert (set(left), set(right)) == ({1}, {2})


def test_who_is_unknown_is_on_both_sides():
    ring = VoiceRing()
    ring.push(Party.UNKNOWN, 0.0, samples(7, 1), RATE)
    _, left, right = read(ring.cut(0.0, 1.0))
    assert (set(left), set(right)) == ({7}, {7})


def test_a_gap_is_quiet_and_what_follows_keeps_its_time():
    ring = VoiceRing()
    ring.push(CUSTOMER, 1.0, samples(1, 1), RATE)
    ring.push(CUSTOMER, 3.0, samples(2, 1), RATE)
    _, left, right = read(ring.cut(0.0, 9.0))
    assert list(left[:: RATE // 2]) == [1, 1, 0, 0, 2, 2]
    assert not right.any()


def test_what_comes_twice_is_kept_once():
    ring = VoiceRing()
    ring.push(CUSTOMER, 0.0, samples(1, 1), RATE)
    ring.push(CUSTOMER, 0.5, samples(2, 1), RATE)
    _, left, _ = read(ring.cut(0.0, 9.0))
    assert list(left[:: RATE // 2]) == [1, 1, 2]


@pytest.mark.parametrize("chunk", [0.02, 1.0, 40.0])
def test_only_the_last_seconds_are_held(chunk):
    ring = VoiceRing(seconds=10.0)
    for number in range(round(200 / chunk)):
        ring.push(CUSTOMER, number * chunk, samples(number % 100, chunk), RATE)
    _, left, _ = read(ring.cut(0.0, 1000.0))
    assert len(left) == 10 * RATE
    assert left[-1] == (200 / chunk - 1) % 100
    assert ring.cut(0.0, 189.0) == b""


def test_one_party_long_gone_makes_the_file_no_longer():
    ring = VoiceRing(seconds=10.0)
    ring.push(AGENT, 0.0, samples(2, 5), RATE)
    ring.push(CUSTOMER, 5000.0, samples(1, 5), RATE)
    _, left, right = read(ring.cut(0.0, 1e9))
    assert len(left) == 10 * RATE
    assert not right.any()


def test_memory_is_bounded_however_far_time_leaps():
    ring = VoiceRing(seconds=10.0)
    ring.push(CUSTOMER, 0.0, samples(1, 1), RATE)
    ring.push(CUSTOMER, 1e9, samples(2, 1), RATE)
    _, left, _ = read(ring.cut(0.0, 2e9))
    assert left[-1] == 2
    assert len(left) <= 10 * RATE


def test_parties_of_two_sample_rates_are_heard_at_the_higher_one():
    ring = VoiceRing()
    ring.push(CUSTOMER, 0.0, samples(1000, 2, 16000), 16000)
    ring.push(AGENT, 0.0, samples(2000, 2), RATE)
    rate, left, right = read(ring.cut(0.5, 1.5))
    assert (rate, len(left)) == (16000, 16000)
    assert set(left) == {1000}
    assert np.abs(right[200:-200] - 2000).max() < 20


def test_a_party_that_comes_back_at_another_rate_loses_nothing():
    ring = VoiceRing()
    ring.push(CUSTOMER, 1.0, samples(1000, 1), RATE)
    ring.push(CUSTOMER, 2.0, samples(3000, 1, 16000), 16000)
    rate, left, _ = read(ring.cut(0.0, 9.0))
    assert (rate, len(left)) == (16000, 32000)
    assert abs(left[8000] - 1000) < 20
    assert left[24000] == 3000


@pytest.mark.parametrize(
    ("start", "end"), [(5.0, 9.0), (1.0, 1.0), (2.0, 1.0), (float("nan"), 1.0)]
)
def test_no_stretch_is_no_file(start, end):
    ring = VoiceRing()
    ring.push(CUSTOMER, 0.0, samples(1, 3), RATE)
    assert ring.cut(start, end) == b""


def test_what_is_hidden_is_a_tone_for_good_and_nothing_else_changes():
    ring = VoiceRing()
    ring.push(CUSTOMER, 0.0, samples(1, 3), RATE)
    ring.push(AGENT, 0.0, samples(2, 3), RATE)
    ring.hide(1.0, 2.0)
    ring.push(CUSTOMER, 1.0, samples(1, 2.5), RATE)
    _, left, right = read(ring.cut(0.0, 9.0))
    for side, value in ((left, 1), (right, 2)):
        assert set(side[:RATE]) == set(side[2 * RATE : 3 * RATE]) == {value}
        assert loudest_pitch(side[RATE : 2 * RATE]) == 1000
        assert np.count_nonzero(side[RATE : 2 * RATE] == value) < RATE / 100


def test_one_party_is_hidden_alone_and_what_is_not_held_stays_quiet():
    ring = VoiceRing()
    ring.push(CUSTOMER, 1.0, samples(1, 1), RATE)
    ring.push(AGENT, 0.0, samples(2, 2), RATE)
    ring.hide(-1.0, 9.0, CUSTOMER)
    _, left, right = read(ring.cut(0.0, 9.0))
    assert not left[:RATE].any()
    assert loudest_pitch(left[RATE:]) == 1000
    assert set(right) == {2}


def test_what_is_unclear_is_hidden_in_the_cut_only():
    ring = VoiceRing()
    ring.push(CUSTOMER, 0.0, samples(1, 3), RATE)
    ring.push(AGENT, 0.0, samples(2, 3, 16000), 16000)
    rate, left, right = read(ring.cut(0.5, 2.5, [(CUSTOMER, 0.0, 1.0), (CUSTOMER, 2.0, 9.0)]))
    assert set(right) == {2}
    assert loudest_pitch(left[: rate // 2], rate) == 1000
    assert loudest_pitch(left[-rate // 2 :], rate) == 1000
    assert np.abs(left[rate * 3 // 5 : rate * 7 // 5]).max() < 9  # what resampling leaves
    _, left, _ = read(ring.cut(0.5, 2.5))
    assert np.abs(left).max() < 9


def test_pieces_of_the_tone_fit_together():
    whole = tone(0, 1000, RATE)
    assert tone(0, 333, RATE) + tone(333, 1000, RATE) == whole
    assert 4000 < np.abs(np.frombuffer(whole, "<i2")).max() < 4200


def loudest_pitch(samples, rate=RATE):
    """In Hz."""
    return round(np.abs(np.fft.rfft(samples)).argmax() * rate / len(samples))
