"""Log-mel features exactly as funasr's WavFrontend makes them, up to its CMVN."""

import kaldi_native_fbank as knf
import numpy as np
from numpy.typing import NDArray

from training.sounds import RATE, Samples

MELS = 80
STACK, STRIDE = 7, 6  # low frame rate: 7 frames of 10 ms stacked every 60 ms
Features = NDArray[np.float32]


def _options() -> knf.FbankOptions:
    options = knf.FbankOptions()
    options.frame_opts.dither = 0.0
    options.frame_opts.window_type = "hamming"
    options.frame_opts.samp_freq = RATE
    options.mel_opts.num_bins = MELS
    options.energy_floor = 0
    options.frame_opts.snip_edges = True
    return options


OPTIONS = _options()


def fbank(x: Samples) -> Features:
    """(frames, 80) of 25 ms windows every 10 ms, for samples in [-1, 1]."""
    machine = knf.OnlineFbank(OPTIONS)
    machine.accept_waveform(RATE, (np.asarray(x, np.float32) * 32768).tolist())
    machine.input_finished()
    frames = [machine.get_frame(i) for i in range(machine.num_frames_ready)]
    return np.stack(frames) if frames else np.zeros((0, MELS), np.float32)


def lfr(x: Features) -> Features:
    """(frames, 80) to (ceil(frames / 6), 560); the edges repeat the first and last frame."""
    steps = -(-len(x) // STRIDE)
    left = (STACK - 1) // 2
    right = max(0, (steps - 1) * STRIDE + STACK - len(x) - left)
    padded = np.concatenate([np.repeat(x[:1], left, 0), x, np.repeat(x[-1:], right, 0)])
    shape, (row, column) = (steps, STACK * x.shape[1]), padded.strides
    stacked = np.lib.stride_tricks.as_strided(padded, shape, (STRIDE * row, column))
    return np.ascontiguousarray(stacked, np.float32)
