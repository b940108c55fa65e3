"""Frames: stacking, alignment, distortion."""

import random

import numpy as np
import pytest

from training.augment import distort, excerpt
from training.batches import align
from training.channel import mulaw, telephone, transmit
from training.clips import NAMED
from training.features import MELS, fbank, lfr
from training.sounds import QUIET, RATE, unit


def frames(n: int) -> np.ndarray:
    return np.arange(n, dtype=np.float32)[:, None] * np.ones((1, MELS), np.float32)


@pytest.mark.parametrize(("n", "steps"), [(1, 1), (6, 1), (7, 2), (12, 2), (61, 11)])
def test_six_frames_make_a_step(n: int, steps: int):
    assert lfr(frames(n)).shape == (steps, 7 * MELS)


def test_a_step_is_its_frame_with_three_on_either_side():
    stacked = lfr(frames(20))[:, ::MELS]
    assert stacked[1].tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert stacked[0].tolist() == [0, 0, 0, 0, 1, 2, 3]
    assert stacked[-1].tolist() == [15, 16, 17, 18, 19, 19, 19]


def test_a_unit_owns_the_steps_whose_middle_lies_in_it():
    assert align([(6.0, 17.0), (18.0, 30.0)], [[5], [9]], 10) == [
        (1, 5), (2, 5), (3, 9), (4, 9), (5, 9),
    ]  # fmt: skip


def test_a_unit_too_short_for_a_step_gets_the_nearest():
    assert align([(7.0, 10.0)], [[5]], 10) == [(1, 5)]


def test_the_pieces_of_a_word_share_its_time():
    assert align([(0.0, 24.0)], [[5, 6]], 10) == [
        (0, 5),
        (1, 5),
        (2, 5),
        (2, 6),
        (3, 6),
        (4, 6),
    ]


def test_a_pause_after_a_unit_is_not_the_unit():
    assert max(frame for frame, _ in align([(0.0, 90.0)], [[5]], 20)) == 4


def test_an_excerpt_keeps_the_silence_around_and_moves_its_units():
    spans = [(10.0, 20.0), (20.0, 30.0), (30.0, 40.0), (40.0, 50.0)]
    x, moved = excerpt(frames(60), spans, 1, 2)
    assert x[:, 0].tolist() == [*range(10), *range(20, 41), *range(50, 60)]
    assert moved == [(10.0, 20.0), (20.0, 30.0)]


def test_distortion_is_seeded_and_bounded_in_time():
    x, spans = frames(200) / 20, [(10.0, 60.0), (60.0, 180.0)]
    one = distort(x, spans, [frames(50)], 1.0, random.Random(5))
    two = distort(x, spans, [frames(50)], 1.0, random.Random(5))
    assert np.array_equal(one[0], two[0])
    assert one[0].shape[1] == MELS
    assert len(one[0]) == pytest.approx(200, abs=20)
    assert all(-6 <= a < b <= len(one[0]) + 6 for a, b in one[1])


def test_digital_silence_has_finite_features():
    assert np.isfinite(fbank(np.zeros(RATE, np.float32))).all()


def test_mulaw_keeps_silence_and_is_close():
    x = np.linspace(-1, 1, 1001, dtype=np.float32)
    assert mulaw(np.zeros(4, np.float32)).tolist() == [0, 0, 0, 0]
    assert np.abs(mulaw(x) - x).max() < 0.03


def test_the_telephone_keeps_the_length_and_takes_the_treble():
    t = np.arange(RATE) / RATE
    low, high = (telephone(0.5 * np.sin(2 * np.pi * f * t)) for f in (1000, 6000))
    assert len(low) == RATE
    assert np.std(low) > 20 * np.std(high)


def test_what_arrives_tells_how_much_came_before():
    tone = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    x, lead = transmit(unit(tone), -20, random.Random(0))
    assert np.abs(x).max() <= 1
    assert 0.05 <= lead <= 0.45
    assert len(x) > RATE * (1 + lead)


@pytest.mark.parametrize("kind", [*QUIET, *NAMED])
def test_every_sound_is_finite_and_reproducible(kind: str):
    make = QUIET[kind] if kind in QUIET else NAMED[kind][1]
    one, two = (make(RATE, np.random.default_rng(3)) for _ in range(2))
    assert one.shape == (RATE,)
    assert np.isfinite(one).all()
    assert np.array_equal(one, two)
