"""From samples to what the network hears: log-mel, stacked seven by seven, normalised.

Equal to funasr's `WavFrontend` with dither 0 and a tenth of its time: all frames of a clip in a
few torch kernels, which also let the event loop run meanwhile (kaldi-native-fbank takes the
samples one Python float at a time and holds the GIL for it: 76 ms for 15 s). funasr's default
dither of 1.0 adds fresh noise at every call, so that nothing would be heard twice alike.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from streamer.errors import ModelError
from streamer.events import MODEL_RATE

FRAME_SECONDS = 0.06
"""One frame of the network's input, and so the grid of token onsets."""
_WANTED = {
    "fs": MODEL_RATE, "window": "hamming", "n_mels": 80, "frame_length": 25, "frame_shift": 10,
    "lfr_m": 7, "lfr_n": 6,
}  # fmt: skip
MEL_SHIFT = 160
"""Samples from one mel frame to the next."""
_FRAME, _FFT = 400, 512  # samples
_MELS = 80
_STACK, _STRIDE = 7, 6  # mel frames
_PREEMPHASIS = 0.97
_LOWEST_HZ = 20.0
_FULL_SCALE = float(1 << 15)  # the network was trained on int16 values, as Kaldi takes them
_FLOOR = torch.finfo(torch.float32).eps  # Kaldi's, before the logarithm
_VECTOR = re.compile(r"<(AddShift|Rescale)>[^\[]*\[([^\]]*)\]")


@dataclass(frozen=True, slots=True, eq=False)
class Frontend:
    """`config.yaml`'s frontend, with the statistics of `am.mvn`."""

    window: Tensor  # (400,)
    bank: Tensor  # (256, 80)
    shift: Tensor  # (560,)
    scale: Tensor

    @classmethod
    def load(cls, conf: Mapping[str, Any], cmvn: Path) -> "Frontend":
        """Raises `ModelError` where the model wants other frames than SenseVoice's, or the
        statistics do not fit them."""
        odd = [f"{key} {conf.get(key)}" for key in _WANTED if conf.get(key) != _WANTED[key]]
        if odd:
            raise ModelError(f"config.yaml asks for a frontend that is not served: {odd}")
        window = torch.hamming_window(_FRAME, periodic=False)
        return cls(window, _mel_bank(), *_statistics(cmvn, _MELS * _STACK))

    @property
    def size(self) -> int:
        """Values in one frame."""
        return len(self.shift)

    def extract(self, samples: NDArray[np.float32]) -> Tensor:
        """Samples at 16 kHz in [-1, 1] -> (frames, size), one frame every 60 ms; no frame where
        less than 25 ms came in."""
        return self.finished(self.log_mel(samples))

    def finished(self, mel: Tensor) -> Tensor:
        """All of a clip's mel frames -> what the network hears."""
        if not len(mel):
            return torch.empty(0, self.size)
        return (_stacked(mel) + self.shift) * self.scale

    def log_mel(self, samples: NDArray[np.float32], first: int = 0) -> Tensor:
        """Samples at 16 kHz in [-1, 1] -> (mel frames, 80), from frame `first` on. A frame
        depends on its own 25 ms only, so that it does not matter when it is computed."""
        samples = samples[first * MEL_SHIFT :]
        if len(samples) < _FRAME:
            return torch.empty(0, _MELS)
        sound = torch.from_numpy(np.ascontiguousarray(samples, np.float32)) * _FULL_SCALE
        frames = sound.unfold(0, _FRAME, MEL_SHIFT)
        frames = frames - frames.mean(1, keepdim=True)
        # Kaldi lets a frame's first sample stand in for the one before it.
        before = torch.cat([frames[:, :1], frames[:, :-1]], 1)
        spectrum = torch.fft.rfft((frames - _PREEMPHASIS * before) * self.window, _FFT)
        power = spectrum.real.square() + spectrum.imag.square()
        mel: Tensor = (power[:, : _FFT // 2] @ self.bank).clamp_min(_FLOOR).log()
        return mel


def mel_frames(samples: int) -> int:
    """How many mel frames there are in so many samples at 16 kHz: one every 10 ms."""
    return max(0, (samples - _FRAME) // MEL_SHIFT + 1)


def _stacked(mel: Tensor) -> Tensor:
    """Low frame rate: every sixth mel frame with three on either side; the first and the last
    stand in for what lies beyond them."""
    middles = torch.arange(0, len(mel), _STRIDE)
    around = torch.arange(_STACK) - _STACK // 2
    return mel[(middles[:, None] + around).clamp(0, len(mel) - 1)].flatten(1)


def _mel_bank() -> Tensor:
    """Kaldi's triangles, evenly spaced in mel from 20 Hz to the half sample rate."""

    def mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1127.0 * np.log1p(hertz / 700.0)

    lowest, highest = mel(np.array([_LOWEST_HZ, MODEL_RATE / 2]))
    step = (highest - lowest) / (_MELS + 1)
    position = (mel(np.arange(_FFT // 2) * MODEL_RATE / _FFT) - lowest) / step
    rising = position[:, None] - np.arange(_MELS)
    return torch.from_numpy(np.minimum(rising, 2.0 - rising).clip(0.0).astype(np.float32))


def _statistics(path: Path, size: int) -> tuple[Tensor, Tensor]:
    """What to add to a stacked frame, and what to multiply it by."""
    found = dict(_VECTOR.findall(path.read_text(encoding="utf-8")))
    try:
        shift, scale = (
            [float(x) for x in found[name].split()] for name in ("AddShift", "Rescale")
        )
    except (KeyError, ValueError) as error:
        raise ModelError(f"{path} holds no CMVN statistics: {error!r}") from error
    if len(shift) != size or len(scale) != size or not all(map(math.isfinite, shift + scale)):
        raise ModelError(f"{path} does not hold twice {size} numbers")
    return torch.tensor(shift), torch.tensor(scale)
