"""The features of speech that still goes on, computed as far as they can be.

Only an accelerator: whoever asks for a whole clip hands in all of its audio, and what was
computed early is used as far as it was computed of that very audio.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor

from streamer.events import MODEL_RATE, CallId, Seconds
from streamer.pcm import to_floats, to_model_rate
from streamer.recognizer.features import MEL_SHIFT, Frontend, mel_frames

Samples: TypeAlias = NDArray[np.float32]
Key: TypeAlias = tuple[CallId, int]
"""A call, and an utterance's number in it."""

_UNSETTLED = {MODEL_RATE: 0, 8000: 2048}
"""By sample rate: how many of the last samples at 16 kHz depend on what comes after them. soxr
works in blocks. Speech at any other rate is not computed early."""

_NONE: Samples = np.empty(0, np.float32)


@dataclass(frozen=True, slots=True)
class Sound:
    """A whole clip as the model wants it: samples at 16 kHz, and the features of them."""

    samples: Samples = field(repr=False)
    features: Tensor = field(repr=False)


class Growth:
    """One utterance. Each time, the audio handed in is all of it so far."""

    def __init__(self, frontend: Frontend) -> None:
        self._frontend = frontend
        self._rate, self._pcm, self._resampled = MODEL_RATE, b"", _resampler(MODEL_RATE)
        self._rest: Samples = _NONE  # not all of the next mel frame yet
        self._mel: list[Tensor] = []
        self._frames = 0

    def grow(self, pcm: bytes, rate: int) -> None:
        """Computes what is new. Audio that does not go on from the last is begun anew."""
        if rate not in _UNSETTLED:
            return
        if rate != self._rate or not pcm.startswith(self._pcm):
            self._begin(rate)
        new = self._resampled(to_floats(pcm[len(self._pcm) :])).clip(-1, 1)
        self._pcm = pcm
        samples = np.concatenate([self._rest, new])
        mel = self._frontend.log_mel(samples)
        self._rest = samples[len(mel) * MEL_SHIFT :]
        self._mel.append(mel)
        self._frames += len(mel)

    def whole(self, pcm: bytes, rate: int) -> Sound:
        """All of this audio, as if none of it had been heard before. Growth goes on from where
        it was."""
        samples = to_model_rate(pcm, rate)
        known = self._known(pcm, rate, len(samples))
        early = torch.cat(self._mel)[:known] if known else torch.empty(0)
        late = self._frontend.log_mel(samples, known)
        mel = torch.cat([early, late]) if known else late
        return Sound(samples, self._frontend.finished(mel))

    def _known(self, pcm: bytes, rate: int, samples: int) -> int:
        """How many mel frames are the same in both. A cut makes the whole the shorter one."""
        same = pcm.startswith(self._pcm) or self._pcm.startswith(pcm)
        if rate != self._rate or not same:
            return 0
        return min(self._frames, mel_frames(samples - _UNSETTLED[rate]))

    def _begin(self, rate: int) -> None:
        self._rate, self._pcm, self._resampled = rate, b"", _resampler(rate)
        self._rest, self._mel, self._frames = _NONE, [], 0


def _resampler(rate: int) -> Callable[[Samples], Samples]:
    """Gives, piece by piece, what `to_model_rate` gives of the whole, up to `_UNSETTLED`."""
    if rate == MODEL_RATE:
        return lambda samples: samples
    stream = soxr.ResampleStream(rate, MODEL_RATE, 1, dtype="float32")
    return lambda samples: np.asarray(stream.resample_chunk(samples), np.float32)


class Growths:
    """Of all calls. At most `most`, of which the one that has not grown for the longest time
    goes first; one that has not grown for `patience` seconds is forgotten, for its end was
    shed, or its call broke down."""

    def __init__(self, frontend: Frontend, most: int = 256, patience: Seconds = 60.0) -> None:
        self._frontend, self._most, self._patience = frontend, most, patience
        self._kept: OrderedDict[Key, tuple[Seconds, Growth]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, key: Key, now: Seconds) -> Growth:
        """What was computed of it so far, kept for later."""
        growth = self.last(key)
        self._kept[key] = now, growth
        while len(self._kept) > self._most or self._oldest < now - self._patience:
            self._kept.popitem(last=False)
        return growth

    def by_now(self, key: Key) -> Growth:
        """The same, without keeping it for that."""
        _, growth = self._kept.get(key, (0.0, None))
        return growth or Growth(self._frontend)

    def last(self, key: Key) -> Growth:
        """The same, for the last time."""
        growth = self.by_now(key)
        self._kept.pop(key, None)
        return growth

    @property
    def _oldest(self) -> Seconds:
        return next(iter(self._kept.values()))[0]
