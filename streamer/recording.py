"""Recordings to stream as a gateway would: wav files, and the demo calls that come with us."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from streamer.errors import EarwitnessError
from streamer.events import Party, Seconds

RATES = (8000, 16000)


class RecordingError(EarwitnessError):
    """A file that cannot be streamed: nothing is sent, and the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One call: 16-bit samples of shape (time, parties) at 8000 or 16000 Hz. `fields` are for
    the first frame of `/raw` (agent_id, queue, from, ...)."""

    parties: tuple[Party, ...]
    sample_rate: int
    samples: npt.NDArray[np.int16] = field(repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def seconds(self) -> Seconds:
        return len(self.samples) / self.sample_rate


def load(paths: Sequence[Path], rate: int | None = None) -> Recording:
    """One mono file is the customer; one stereo file the customer (left) and the agent; two
    mono files are the customer and the agent. Resampled to `rate`, if it is given, or from any
    rate that is neither 8000 nor 16000 Hz. Raises `RecordingError`."""
    if not 1 <= len(paths) <= 2:
        raise RecordingError("give one file, or two: the customer's and the agent's")
    read = [_read(path) for path in paths]
    if len(read) == 2 and any(samples.shape[1] != 1 for samples, _ in read):
        raise RecordingError("of two files each has to be mono: the customer's and the agent's")
    rate = rate or min(max(found for _, found in read), max(RATES))
    rate = rate if rate in RATES else max(RATES)
    legs = [_resampled(samples, found, rate) for samples, found in read]
    longest = max(len(samples) for samples in legs)
    padded = [np.pad(samples, ((0, longest - len(samples)), (0, 0))) for samples in legs]
    together = np.hstack(padded)
    return Recording((Party.CUSTOMER, Party.AGENT)[: together.shape[1]], rate, together)


def demo(number: int, rate: int | None = None) -> Recording:
    """Demo call `number`, with what its gateway would say of it. Raises `RecordingError`."""
    folder = files("streamer").joinpath("demo")
    calls = tomllib.loads(folder.joinpath("calls.toml").read_text("utf-8"))["call"]
    found = [call for call in calls if call["number"] == number]
    if not found:
        known = ", ".join(str(call["number"]) for call in calls)
        raise RecordingError(f"there is no demo call {number}: there are {known}")
    with as_file(folder.joinpath(f"{number}.wav")) as path:
        recording = load([path], rate)
    names = {"agent_id": "agent_id", "queue": "queue", "caller": "from", "order_id": "order_id"}
    told = {field: str(found[0][name]) for name, field in names.items() if found[0].get(name)}
    return replace(recording, fields=told)


def _read(path: Path) -> tuple[npt.NDArray[np.int16], int]:
    try:
        samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        why = "it is not there" if not path.exists() else "it is no audio file we know"
        raise RecordingError(f"cannot read {path.name}: {why}") from error
    if not len(samples):
        raise RecordingError(f"{path.name} holds no sound")
    if samples.shape[1] > 2:
        raise RecordingError(f"{path.name} has {samples.shape[1]} channels, not one or two")
    return samples, int(rate)


def _resampled(
    samples: npt.NDArray[np.int16], rate: int, to_rate: int
) -> npt.NDArray[np.int16]:
    return samples if rate == to_rate else np.asarray(soxr.resample(samples, rate, to_rate))
