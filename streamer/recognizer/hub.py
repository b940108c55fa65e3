"""Where a model comes from: the bundled one, a directory, or the hub. Never one for another.

A model that cannot be had stops the start. To fall back on the bundled `tiny` would run a call
centre on a model made for demonstrations, and nobody would notice.
"""

import logging
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from streamer.errors import ModelError
from streamer.recognizer import agreement, examples, selftest
from streamer.recognizer.loading import Files, Fingerprint
from streamer.recognizer.precision import Precision
from streamer.recognizer.progress import Step, Tell, nobody
from streamer.recognizer.sensevoice import SenseVoice

log = logging.getLogger(__name__)

TINY = "tiny"
TINY_DIRECTORY = Path(__file__).parent / "tiny"
PUBLIC = "iic/SenseVoiceSmall"
PUBLISHED = {
    PUBLIC: Fingerprint(
        size=936_291_369,
        sha256="833ca2dcfdf8ec91bd4f31cfac36d6124e0c459074d5e909aec9cabe6204a3ea",
    )
}
_NEEDED = [
    *("configuration.json", "config.yaml", "model.pt", "am.mvn", "*.bpe.model"),
    *(example.path for example in examples.EXAMPLES),
]
_ANSWER_WITHIN = 5.0  # seconds; modelscope itself goes on trying for minutes


@dataclass(frozen=True, slots=True)
class How:
    """How the model is to compute. `published` is what its weights are checked against instead
    of what was published under its name (for weights tuned since)."""

    device: str = "cpu"
    precision: Precision = Precision.FP32
    graphs: bool = False
    published: Fingerprint | None = None


def open_model(
    name: str, cache: Path, how: How | None = None, tell: Tell = nobody
) -> SenseVoice:
    """The model called `name`, verified and self-tested. Takes seconds, or a download. Raises
    `ModelError`."""
    how = how or How()
    directory = resolve(name, cache, tell)
    tell(Step.LOADING, 0)
    weights = how.published or PUBLISHED.get(name)
    model = SenseVoice.as_built(directory, how.device, weights)
    if how.precision is Precision.FP32 and not how.graphs:
        model = model.at(Precision.FP32)
    else:
        tell(Step.COMPARING, 0)
        model = _faster(model, how)
    tell(Step.TESTING, 0)
    selftest.run(model, directory)
    return model


def _faster(model: SenseVoice, how: How) -> SenseVoice:
    """As it was asked for, if it then still hears the same. Raises `ModelError` if not."""
    clips, option = agreement.clips(), str(how.precision) + " with CUDA graphs" * how.graphs
    log.info("checking that %s hears what 32 bits hear", option)
    exact = model.answers(clips)
    model = model.at(how.precision)
    model = model.graphed() if how.graphs else model
    found = agreement.compared(model.vocabulary, exact, model.answers(clips))
    log.info("%s: %s", option, found)
    agreement.check(found, option)
    return model


def resolve(name: str, cache: Path, tell: Tell = nobody) -> Path:
    """The directory of the model called `name`: `tiny`, a directory, or `owner/model` on the
    hub, which is downloaded into `cache` unless it is there. Raises `ModelError`."""
    if name == TINY:
        return TINY_DIRECTORY
    if Path(name).is_dir():
        return Path(name)
    if name.count("/") != 1 or name.startswith((".", "/", "~")):
        raise ModelError(f"no such model: {name!r} is neither a directory nor owner/model")
    for held in (cache / name, _modelscope_cache() / name):
        if _is_whole(held):
            log.info("found %s in %s", name, held)
            return held
    return _download(name, cache / name, tell)


def _modelscope_cache() -> Path:
    """Where modelscope itself would have put it, for those who have used it before."""
    home = os.environ.get("MODELSCOPE_CACHE") or Path.home() / ".cache" / "modelscope" / "hub"
    return Path(home) / "models"


def _is_whole(directory: Path) -> bool:
    try:
        Files.of(directory)
    except ModelError:
        return False
    return True


def _download(name: str, target: Path, tell: Tell) -> Path:
    tell(Step.DOWNLOADING, 0)
    try:
        _reach_hub()
        from modelscope.hub.snapshot_download import snapshot_download  # noqa: PLC0415 - slow

        log.info("downloading %s into %s (about 0.9 GB)", name, target)
        snapshot_download(
            name,
            local_dir=str(target),
            allow_patterns=_NEEDED,
            progress_callbacks=[partial(_Progress, tell)],
        )
    except Exception as error:  # modelscope raises whatever its HTTP library does
        raise ModelError(_unreachable(name, error)) from error
    return target


def _reach_hub() -> None:
    """Raises `OSError` unless the hub answers at all, whatever it says."""
    hub = os.environ.get("MODELSCOPE_ENDPOINT") or "https://www.modelscope.cn"
    request = urllib.request.Request(hub, method="HEAD")  # noqa: S310 - the operator's own URL
    try:
        with urllib.request.urlopen(request, timeout=_ANSWER_WITHIN):  # noqa: S310
            pass
    except urllib.error.HTTPError:
        pass  # it answers


def _unreachable(name: str, error: Exception) -> str:
    return (
        f"the model {name} cannot be downloaded ({error or type(error).__name__}). "
        "Three ways to provide a model:\n"
        "  1. let this machine reach https://www.modelscope.cn once;\n"
        f"  2. copy the directory of {name} from a machine that has it, and start with "
        "--model DIRECTORY;\n"
        "  3. --model tiny, the bundled model: for demonstrations and tests only."
    )


class _Progress:
    """modelscope makes one for each file. Of a large one every percent is told, and every tenth
    logged."""

    def __init__(self, tell: Tell, filename: str, file_size: int) -> None:
        self._tell, self._name, self._size = tell, filename, file_size
        self._done = self._told = 0

    def update(self, size: int) -> None:
        self._done += size
        percent = 100 * self._done // max(self._size, 1)
        if percent <= self._told or self._size <= 10_000_000:
            return
        self._tell(Step.DOWNLOADING, percent)
        if percent // 10 > self._told // 10:
            log.info("%s: %d%% of %.0f MB", self._name, percent, self._size / 1e6)
        self._told = percent

    def end(self) -> None:
        log.info("%s: done", self._name)
