"""Ringback, busy and dial tones, keys: sound that is nothing but steady tones. Pure.

A recognizer may take them for words, and webrtcvad takes them for speech. A voice never holds a
pitch as an oscillator does: in recorded calls its strongest line moves by 0.6 Hz or more within
a few hundredths of a second wherever two lines hold nearly all of its energy; that of a tone by
less than 0.1 Hz.
"""

import numpy as np
from numpy.typing import NDArray

from streamer.events import MODEL_RATE

_WINDOWS = (1024, 2048)
"""Samples. The shorter one fits into a key pressed, the longer one tells 440 from 480 Hz."""
_PLACES = 32  # looked at, spread over the sound: 3 ms of work, however long it is
_LOUD = 0.01  # of the loudest place's power; below, there may be a pause
_SHARE = 0.95  # of the power that two lines must hold
_STEADY = 0.25  # Hz that the stronger line may move, in the median
_LOWEST = 300.0  # Hz; below it lie the mains, and the hum of a voice
_NEAR = np.arange(-2, 3)  # bins of one line
_NOTHING = 1e-20


def is_tones(samples: NDArray[np.float32]) -> bool:
    """Whether 16 kHz samples hold one or two steady tones at a time, and no more. Never true of
    less than 0.08 s."""
    return any(_tones(samples, size) for size in _WINDOWS)


def _tones(samples: NDArray[np.float32], size: int) -> bool:
    step = size // 4
    room = len(samples) - size - step
    if room < 0:
        return False
    starts = np.unique(np.linspace(0, room, _PLACES).astype(np.int64))
    power, first, second, hertz = _lines(samples, np.concatenate([starts, starts + step]), size)
    half = len(starts)
    loud = np.minimum(power[:half], power[half:]) > _LOUD * power.max()
    if power.max() <= _NOTHING * size or not loud.any():
        return False
    both = np.concatenate([loud, loud])
    share = (first + second)[both].sum() / power[both].sum()
    moved = np.abs(hertz[half:] - hertz[:half])[loud]
    held = moved[moved < MODEL_RATE / size]  # else another tone has begun
    if share < _SHARE or not len(held):
        return False
    return bool(np.median(held) <= _STEADY and np.median(hertz[both]) >= _LOWEST)


def _lines(
    samples: NDArray[np.float32], starts: NDArray[np.int64], size: int
) -> tuple[NDArray[np.float64], ...]:
    """Of the windows at `starts`: power, the power of the strongest and of the second line, and
    where the strongest lies in Hz, between bins."""
    windows = samples[starts[:, None] + np.arange(size)] * np.hanning(size)
    bins = np.abs(np.fft.rfft(windows)) ** 2 + _NOTHING
    rows = np.arange(len(bins))
    peak = bins.argmax(1).clip(2, bins.shape[1] - 3)
    below, at, above = (np.log(bins[rows, peak + side]) for side in (-1, 0, 1))
    curve = below - 2 * at + above
    shift = 0.5 * (below - above) / np.where(np.abs(curve) < _NOTHING, 1.0, curve)
    power, first = bins.sum(1), _taken(bins, peak)
    second = _taken(bins, bins.argmax(1).clip(2, bins.shape[1] - 3))
    return power, first, second, (peak + shift.clip(-0.5, 0.5)) * MODEL_RATE / size


def _taken(bins: NDArray[np.float64], peak: NDArray[np.int64]) -> NDArray[np.float64]:
    """The power around `peak`, which is then gone from `bins`."""
    near = peak[:, None] + _NEAR
    power = np.take_along_axis(bins, near, 1).sum(1)
    np.put_along_axis(bins, near, _NOTHING, 1)
    return np.asarray(power)
