"""Features computed early are those of the whole, however it came and wherever it ends."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.events import CallId
from streamer.pcm import to_model_rate
from streamer.recognizer.features import Frontend
from streamer.recognizer.growth import Growth, Growths
from streamer.recognizer.hearing import Clip
from tests.recognizer.conftest import murmur, plain_frontend

pytestmark = pytest.mark.model

RATES = st.sampled_from([8000, 16000])
FRONTEND = plain_frontend()


def sound(seconds, rate, seed=0):
    """Loud, then quite silent, then loud again: in silence the smallest error shows."""
    samples = murmur(seconds, seed, level=0.3)
    if seed % 2:  # a microphone driven too hard: resampled, it reaches beyond full scale
        samples = np.clip(20 * samples, -1, 1)
    third = len(samples) // 3
    samples[third : 2 * third] = 0
    return (samples[:: 16000 // rate] * 32767).astype("<i2").tobytes()


def difference(ours, theirs):
    assert ours.shape == theirs.shape
    return float((ours - theirs).abs().max()) if len(ours) else 0.0


def check(growth, pcm, rate):
    heard, samples = growth.whole(pcm, rate), to_model_rate(pcm, rate)
    assert np.array_equal(heard.samples, samples)
    assert difference(heard.features, FRONTEND.extract(samples)) < 1e-3


@settings(max_examples=60, deadline=None)
@given(
    RATES,
    st.lists(st.integers(1, 9000), min_size=1, max_size=12),
    st.integers(-40_000, 9000),
    st.integers(0, 3),
)
def test_equals_the_features_of_the_whole_for_any_cuts(rate, pieces, more, seed):
    """`more` samples come after the last piece; fewer than none where a long one is cut."""
    ends = np.cumsum(pieces)
    pcm = sound((ends[-1] + max(0, more)) / rate + 1e-3, rate, seed)
    growth = Growth(FRONTEND)
    for end in ends:
        growth.grow(pcm[: 2 * end], rate)
        check(growth, pcm[: 2 * end], rate)  # a draft
    check(growth, pcm[: 2 * max(0, ends[-1] + more)], rate)


@pytest.mark.parametrize("rate", [8000, 16000])
def test_only_the_last_frames_are_left_for_the_end(monkeypatch, rate):
    computed, log_mel = [], Frontend.log_mel

    def counting(self, samples, first=0):
        mel = log_mel(self, samples, first)
        computed.append(len(mel))
        return mel

    pcm = sound(6.2, rate)
    growth = Growth(FRONTEND)
    monkeypatch.setattr(Frontend, "log_mel", counting)
    for end in np.arange(0.3, 6.0, 0.3):
        growth.grow(pcm[: 2 * round(end * rate)], rate)
    early, computed[:] = sum(computed), []
    features = growth.whole(pcm, rate).features
    assert len(features) == 103
    unsettled = 0 if rate == 16000 else 13  # resampling works in blocks
    assert 0 < sum(computed) <= 50 + unsettled  # of 0.5 s that came after the last piece
    assert early + sum(computed) == 618


def test_other_audio_under_the_same_name_is_not_mistaken_for_it():
    growth = Growth(FRONTEND)
    growth.grow(sound(2.0, 8000), 8000)
    check(growth, sound(2.0, 8000, seed=1), 8000)
    check(growth, sound(2.0, 8000), 16000)
    growth.grow(sound(2.0, 8000, seed=1), 8000)
    growth.grow(sound(1.0, 16000), 16000)
    check(growth, sound(1.0, 16000), 16000)


def test_a_rate_that_is_not_served_is_computed_at_the_end():
    growth, pcm = Growth(FRONTEND), sound(1.0, 8000)
    growth.grow(pcm, 11025)
    check(growth, pcm, 11025)


def test_nothing_is_nothing():
    growth = Growth(FRONTEND)
    growth.grow(b"", 8000)
    assert growth.whole(b"", 8000).features.shape == (0, 560)


def test_equals_the_real_frontend(model):
    growth, pcm = Growth(model.frontend), sound(3.0, 8000)
    for end in range(8000, len(pcm), 8000):
        growth.grow(pcm[:end], 8000)
    theirs = model.frontend.extract(to_model_rate(pcm, 8000))
    assert difference(growth.whole(pcm, 8000).features, theirs) < 1e-3
    assert theirs.dtype is torch.float32


def test_the_model_hears_features_that_are_ready(model):
    samples = murmur(2.0)
    ready = Clip(np.zeros(100, np.float32), features=model.frontend.extract(samples))
    assert model.hear([ready]) == model.hear([Clip(samples)])


def key(number):
    return CallId("c"), number


def test_an_utterance_grows_until_it_is_over():
    growths = Growths(FRONTEND)
    first = growths.of(key(1), 0.0)
    assert growths.of(key(1), 1.0) is first
    assert growths.by_now(key(1)) is first
    assert growths.by_now(key(2)) is not first
    assert len(growths) == 1
    assert growths.last(key(1)) is first
    assert growths.last(key(1)) is not first
    assert len(growths) == 0


def test_whose_end_never_comes_is_forgotten():
    growths = Growths(FRONTEND, patience=60.0)
    first, second = growths.of(key(1), 0.0), growths.of(key(2), 10.0)
    assert growths.of(key(1), 20.0) is first
    growths.of(key(3), 70.0)
    assert growths.by_now(key(2)) is second
    growths.of(key(3), 70.1)
    assert growths.by_now(key(2)) is not second
    assert growths.by_now(key(1)) is first
    assert len(growths) == 2


def test_too_many_at_once_leave_the_one_that_grew_last_ago():
    growths = Growths(FRONTEND, most=2)
    kept = [growths.of(key(number), 0.0) for number in (1, 2)]
    growths.of(key(1), 0.0)
    growths.of(key(3), 0.0)
    assert [growths.by_now(key(n)) is g for n, g in zip((1, 2), kept, strict=True)] == [
        True,
        False,
    ]
    assert all(a is not b for a, b in pairwise(kept))
