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
_FRAME, _SHIFT, _FFT = 400, 160, 512  # samples
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
        if len(samples) < _FRAME:
            return torch.empty(0, self.size)
        sound = torch.from_numpy(np.ascontiguousarray(samples, np.float32)) * _FULL_SCALE
        return (_stacked(self._log_mel(sound)) + self.shift) * self.scale

    def _log_mel(self, sound: Tensor) -> Tensor:
        frames = sound.unfold(0, _FRAME, _SHIFT)
        frames = frames - frames.mean(1, keepdim=True)
        # Kaldi lets a frame's first sample stand in for the one before it.
        before = torch.cat([frames[:, :1], frames[:, :-1]], 1)
        spectrum = torch.fft.rfft((frames - _PREEMPHASIS * before) * self.window, _FFT)
        power = spectrum.real.square() + spectrum.imag.square()
        mel: Tensor = (power[:, : _FFT // 2] @ self.bank).clamp_min(_FLOOR).log()
        return mel


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
