"""Pure PCM arithmetic: G.711, channels, sample rates. No state, so order cannot matter."""

from array import array

import numpy as np
import numpy.typing as npt
import soxr

from streamer.events import MODEL_RATE, SAMPLE_BYTES

_MULAW_BIAS, _MULAW_CLIP = 33, 8158  # in G.711's 14-bit domain


def _mulaw_decoding() -> npt.NDArray[np.int16]:
    code = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (code >> 4) & 7, (code & 15).astype(np.int32)
    magnitude = ((mantissa * 2 + _MULAW_BIAS) << exponent) - _MULAW_BIAS
    return (np.where(code & 128, -magnitude, magnitude) * 4).astype(np.int16)


def _alaw_decoding() -> npt.NDArray[np.int16]:
    code = np.arange(256, dtype=np.uint8) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, (code & 15).astype(np.int32)
    line = np.where(
        exponent == 0, mantissa * 2 + 1, (mantissa * 2 + 33) << (exponent - 1).clip(0)
    )
    return (np.where(code & 128, line, -line) * 8).astype(np.int16)


def _segment(magnitude: npt.NDArray[np.int32], first: int) -> npt.NDArray[np.int32]:
    """Which of the 8 chords of the companding curve, the first of them ending at `first`."""
    ends = (first + 1 << np.arange(8)) - 1
    segment: npt.NDArray[np.int64] = np.searchsorted(ends, magnitude)
    return segment.clip(max=7).astype(np.int32)


def _mulaw_encoding() -> npt.NDArray[np.uint8]:
    sample = np.arange(-32768, 32768, dtype=np.int32) >> 2
    magnitude: npt.NDArray[np.int32] = np.abs(sample).clip(max=_MULAW_CLIP) + _MULAW_BIAS
    exponent = _segment(magnitude, 0x3F)
    code = exponent << 4 | (magnitude >> exponent + 1 & 15)
    return (code ^ np.where(sample < 0, 0x7F, 0xFF)).astype(np.uint8)


def _alaw_encoding() -> npt.NDArray[np.uint8]:
    sample = np.arange(-32768, 32768, dtype=np.int32) >> 3
    magnitude = np.where(sample < 0, -sample - 1, sample)
    exponent = _segment(magnitude, 0x1F)
    code = exponent << 4 | (magnitude >> np.maximum(exponent, 1) & 15)
    return (code ^ np.where(sample < 0, 0x55, 0xD5)).astype(np.uint8)


_FROM_MULAW, _FROM_ALAW = _mulaw_decoding().astype("<i2"), _alaw_decoding().astype("<i2")
_TO_MULAW, _TO_ALAW = _mulaw_encoding(), _alaw_encoding()


def from_mulaw(data: bytes) -> bytes:
    """G.711 mu-law to 16-bit PCM at the same rate."""
    return _FROM_MULAW.take(np.frombuffer(data, np.uint8)).tobytes()


def from_alaw(data: bytes) -> bytes:
    """G.711 A-law to 16-bit PCM at the same rate."""
    return _FROM_ALAW.take(np.frombuffer(data, np.uint8)).tobytes()


def to_mulaw(pcm: bytes) -> bytes:
    """16-bit PCM to G.711 mu-law at the same rate."""
    return _TO_MULAW[np.frombuffer(pcm, "<i2").astype(np.int32) + 32768].tobytes()


def to_alaw(pcm: bytes) -> bytes:
    """16-bit PCM to G.711 A-law at the same rate."""
    return _TO_ALAW[np.frombuffer(pcm, "<i2").astype(np.int32) + 32768].tobytes()


def deinterleave(data: bytes, channels: int) -> list[bytes]:
    """Interleaved 16-bit PCM, apart. `data` holds whole samples of every channel."""
    if channels == 1:
        return [data]
    samples = array("h", data)  # quicker than numpy for the 20 ms that it mostly is
    return [samples[channel::channels].tobytes() for channel in range(channels)]


def interleave(channels: list[bytes]) -> bytes:
    """16-bit PCM of several channels of one length, together."""
    return np.column_stack([np.frombuffer(pcm, "<i2") for pcm in channels]).tobytes()


def resample(pcm: bytes, rate: int, to_rate: int) -> bytes:
    """A whole stretch of 16-bit PCM at another rate. Not for streams: it keeps no state."""
    if rate == to_rate or not pcm:
        return pcm
    resampled = soxr.resample(np.frombuffer(pcm, "<i2"), rate, to_rate)
    return np.asarray(resampled, "<i2").tobytes()


def to_model_rate(pcm: bytes, sample_rate: int) -> npt.NDArray[np.float32]:
    """A whole utterance as the recognizer wants it: 16 kHz, in [-1, 1]. Keeps no state between
    calls: one utterance is one call."""
    samples = to_floats(pcm)
    if sample_rate != MODEL_RATE and len(samples):
        samples = np.asarray(soxr.resample(samples, sample_rate, MODEL_RATE), np.float32)
    return samples.clip(-1, 1)


def to_floats(pcm: bytes) -> npt.NDArray[np.float32]:
    """16-bit PCM as samples in [-1, 1), at the same rate."""
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)


def seconds_of(pcm: bytes, sample_rate: int) -> float:
    """How long it sounds."""
    return len(pcm) / (SAMPLE_BYTES * sample_rate)
