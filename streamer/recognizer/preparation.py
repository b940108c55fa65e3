"""Features on a thread of their own: while people speak, and while the model hears others.

The event loop only hands audio over; the model's thread finds its clips ready. Whoever waits
for a clip goes first, utterances before drafts; then whatever has grown.
"""

import logging
import threading
import time
from collections import OrderedDict, deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeAlias

from streamer.errors import RecognizerError
from streamer.events import Utterance
from streamer.recognizer.features import Frontend
from streamer.recognizer.gates import Closed, Gates
from streamer.recognizer.growth import Growths, Key
from streamer.recognizer.hearing import Clip
from streamer.recognizer.metrics import Metrics
from streamer.recognizer.threads import use_threads
from streamer.recognizer.transcribing import prepared

log = logging.getLogger(__name__)

Ready: TypeAlias = "Future[Clip | Closed]"
"""The gate where there is nothing to hear. Fails with `RecognizerError`."""


@dataclass(frozen=True, slots=True)
class Listening:
    """How audio becomes a clip."""

    frontend: Frontend
    gates: Gates
    itn: bool
    growing: int = 1024  # utterances that may have grown and wait to be computed


@dataclass(frozen=True, slots=True)
class _Job:
    utterance: Utterance
    draft: bool
    ready: Ready = field(default_factory=Future)


class Preparation:
    """Owns what is computed early. One event loop hands over, one thread computes."""

    def __init__(self, how: Listening, metrics: Metrics) -> None:
        self._how, self._metrics = how, metrics
        self._growths = Growths(how.frontend)  # the thread's own
        self._lock = threading.Lock()  # guards what waits
        self._finals: deque[_Job] = deque()
        self._drafts: deque[_Job] = deque()
        self._growing: OrderedDict[Key, Utterance] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, "features", initializer=_alone)

    def grow(self, so_far: Utterance) -> None:
        """Computed when there is time; the newest of an utterance replaces what still waits of
        it. When too many wait this one is computed later, at its next growth or its end."""
        key = so_far.call, so_far.number
        with self._lock:
            known = key in self._growing
            if not known and len(self._growing) >= self._how.growing:
                return
            self._growing[key] = so_far
        if not known:
            self._thread.submit(self._work)

    def prepare(self, utterance: Utterance, *, draft: bool) -> Ready:
        """The clip of all of it. After an utterance's own, what was computed of it is
        forgotten."""
        job = _Job(utterance, draft)
        with self._lock:
            (self._drafts if draft else self._finals).append(job)
        self._thread.submit(self._work)
        return job.ready

    def close(self) -> None:
        """Waits for what is being computed. Clips that are not ready by then never are."""
        self._thread.shutdown(cancel_futures=True)

    # ---- below this line: the features' thread ----

    def _work(self) -> None:
        """The most urgent thing. Called once for each that waits, so that none is left."""
        with self._lock:
            job = self._next_job()
            so_far = None
            if job is None and self._growing:
                _, so_far = self._growing.popitem(last=False)
            elif job is not None and not job.draft:
                # What still waits of it came before its end, and is part of the whole.
                self._growing.pop((job.utterance.call, job.utterance.number), None)
        if job is not None:
            self._prepare(job)
        elif so_far is not None:
            self._grow(so_far)

    def _next_job(self) -> _Job | None:
        waiting = self._finals or self._drafts
        return waiting.popleft() if waiting else None

    def _prepare(self, job: _Job) -> None:
        it, key = job.utterance, (job.utterance.call, job.utterance.number)
        try:
            known = self._growths.by_now if job.draft else self._growths.last
            sound = known(key).whole(it.pcm, it.sample_rate)
            clip = prepared(it, self._how.gates, itn=self._how.itn, sound=sound)
            job.ready.set_result(clip)
        except BaseException as error:  # whatever it is, the model's thread waits for it
            job.ready.set_exception(RecognizerError(f"the audio cannot be read: {error!r}"))

    def _grow(self, so_far: Utterance) -> None:
        growth = self._growths.of((so_far.call, so_far.number), time.monotonic())
        try:
            growth.grow(so_far.pcm, so_far.sample_rate)
        except Exception:
            self._metrics.errors.labels("growth").inc()
            log.warning("speech going on could not be computed early", exc_info=True)


def _alone() -> None:
    # Pieces are small: torch's helpers would do little, and that on the model's cores.
    use_threads(1)
