import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer import pcm

CODES = bytes(range(256))
SAMPLES = np.arange(-32768, 32768).astype("<i2").tobytes()


def samples(data):
    return np.frombuffer(data, "<i2")


@pytest.fixture
def audioop():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return pytest.importorskip("audioop", reason="the standard library has it until 3.12")


def test_g711_is_that_of_the_standard_library(audioop):
    assert pcm.from_mulaw(CODES) == audioop.ulaw2lin(CODES, 2)
    assert pcm.from_alaw(CODES) == audioop.alaw2lin(CODES, 2)
    assert pcm.to_mulaw(SAMPLES) == audioop.lin2ulaw(SAMPLES, 2)
    assert pcm.to_alaw(SAMPLES) == audioop.lin2alaw(SAMPLES, 2)


def test_known_codes():
    mulaw = {0xFF: 0, 0x7F: 0, 0x80: 32124, 0x00: -32124, 0xE7: 260}
    alaw = {0xD5: 8, 0x55: -8, 0xAA: 32256, 0x2A: -32256}
    assert list(samples(pcm.from_mulaw(bytes(mulaw)))) == list(mulaw.values())
    assert list(samples(pcm.from_alaw(bytes(alaw)))) == list(alaw.values())


@pytest.mark.parametrize(
    ("decode", "encode", "same"),
    [
        (pcm.from_mulaw, pcm.to_mulaw, set(range(256)) - {0x7F}),  # minus zero becomes zero
        (pcm.from_alaw, pcm.to_alaw, set(range(256))),
    ],
)
def test_every_code_is_its_own_nearest(decode, encode, same):
    again = encode(decode(CODES))
    assert {code for code in range(256) if again[code] == code} == same


def test_encoding_loses_little():
    wanted = samples(SAMPLES).astype(int)
    for encode, decode in ((pcm.to_mulaw, pcm.from_mulaw), (pcm.to_alaw, pcm.from_alaw)):
        error = np.abs(samples(decode(encode(SAMPLES))) - wanted)
        assert (error <= np.maximum(np.abs(wanted) / 16, 16)).all()


@given(st.lists(st.tuples(st.integers(-32768, 32767), st.integers(-32768, 32767))))
def test_channels_are_told_apart(pairs):
    left, right = np.array(pairs, "<i2").reshape(-1, 2).T
    together = pcm.interleave([left.tobytes(), right.tobytes()])
    assert pcm.deinterleave(together, 2) == [left.tobytes(), right.tobytes()]
    assert pcm.deinterleave(together, 1) == [together]


@pytest.mark.parametrize("rate", [8000, 16000])
def test_the_recognizer_hears_the_same_tone_at_its_own_rate(rate):
    def tone(rate):
        return 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)

    heard = pcm.to_model_rate((tone(rate) * 32768).astype("<i2").tobytes(), rate)
    assert (heard.dtype, heard.shape) == (np.float32, (16000,))
    assert np.abs(heard - tone(16000))[800:-800].max() < 0.002


def test_the_recognizer_hears_nothing_beyond_full_scale():
    square = np.tile(np.repeat([32767, -32768], 8), 500).astype("<i2")
    assert np.abs(pcm.to_model_rate(square.tobytes(), 8000)).max() <= 1.0
    assert pcm.to_model_rate(b"", 8000).shape == (0,)


def test_resampling_keeps_the_length():
    assert len(pcm.resample(bytes(1600), 8000, 16000)) == 3200
    assert pcm.resample(b"ab", 8000, 8000) == b"ab"
    assert pcm.resample(b"", 8000, 16000) == b""
