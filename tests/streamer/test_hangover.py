"""Where `Endpointing.hangover` comes from: webrtcvad outlasts the speaker.

A vowel is broken off in the middle, so that its end is known to the sample. On recordings of
../shared/data, broken off at 60 loud places each, the median is 120 ms as well.
"""

import numpy as np
import pytest

from streamer.adapters.webrtc import WebRtcDetector
from streamer.endpointing import Endpointing, SpeechEnded, SpeechStarted
from streamer.segmenter import Segmenter


def vowel(seconds, rate, pitch):
    """A glottal buzz through two formants, louder and softer as syllables are."""
    t = np.arange(round(seconds * rate)) / rate
    harmonics = pitch * np.arange(1, int(3400 / pitch))
    weight = sum(np.exp(-(((harmonics - f) / 250) ** 2)) for f in (700, 1200)) + 0.02
    buzz = (np.sin(2 * np.pi * np.outer(t, harmonics)) * weight).sum(axis=1)
    return 3000 * buzz * (1 + 0.5 * np.sin(2 * np.pi * 4 * t))


def call(seconds, rate, pitch, noise):
    silence = np.zeros(rate)
    sound = np.concatenate([silence, vowel(seconds, rate, pitch), silence])
    sound += np.random.default_rng(pitch).normal(0, noise, len(sound))
    return sound.clip(-32768, 32767).astype("<i2").tobytes()


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("noise", [0, 5, 30])
@pytest.mark.parametrize(("seconds", "pitch"), [(0.6, 110), (1.5, 140), (3.0, 210)])
def test_speech_is_said_to_begin_and_end_when_it_does(rate, noise, seconds, pitch):
    segmenter = Segmenter(WebRtcDetector(rate), rate, Endpointing())
    heard = segmenter.push(call(seconds, rate, pitch, noise)) + segmenter.flush()
    (began,) = [each.at for each in heard if isinstance(each, SpeechStarted)]
    (ended,) = [each.at for each in heard if isinstance(each, SpeechEnded)]
    assert began == pytest.approx(1.0, abs=0.041)
    assert ended == pytest.approx(1.0 + seconds, abs=0.041)
