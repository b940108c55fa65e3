"""One thread owns the model and hears the utterances of all calls in batches.

A batch is whatever came in while the model was busy; when it is free it starts at once, so that
nobody waits for company. Clips are made ready meanwhile, on another thread
(`streamer.recognizer.preparation`). The event loop only hands requests over and is told of the
answers: torch lets go of the GIL while it computes.
"""

import asyncio
import logging
import os
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from streamer.errors import RecognizerError, ShedError
from streamer.events import Seconds, Transcript, Utterance
from streamer.recognizer.backlog import Backlog, Limits, Request
from streamer.recognizer.batch import Hearer, Model
from streamer.recognizer.gates import Gates
from streamer.recognizer.metrics import Metrics
from streamer.recognizer.preparation import Listening, Preparation
from streamer.recognizer.threads import use_threads

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """`threads` are torch's for the model (0: all cores but one); features have one more.
    `max_batch_seconds` bounds a batch as padded to its longest utterance, and with it the
    memory it needs; `draft_batch_seconds` does so for drafts, and with it how long they may
    keep an utterance waiting: 8 s are 0.4 s of work for two cores. `padding` is how many times
    as long as it is padding may make what is heard at once: where each launch costs more than
    the padding, as on a GPU, it is infinite. `room` is how many requests may wait."""

    threads: int = 0
    max_batch: int = 16
    max_batch_seconds: Seconds = 120.0
    draft_batch_seconds: Seconds = 8.0
    padding: float = 1.25
    room: int = 1024
    itn: bool = True
    gates: Gates = field(default_factory=Gates)


class RecognizerWorker:
    """The port `Recognizer`. Use it as an async context manager, on one event loop.

    A failed batch is heard again one by one; what fails then raises `RecognizerError` for its
    own caller only. Cancelling a caller withdraws its request. What waits is bounded: without
    room drafts go first, then the agents' utterances.
    """

    def __init__(
        self, model: Model, settings: WorkerSettings, metrics: Metrics | None = None
    ) -> None:
        self._settings = settings
        self._metrics = Metrics() if metrics is None else metrics
        self._hearer = Hearer(model, settings.gates, settings.padding, self._metrics)
        self._listening = Listening(model.frontend, settings.gates, settings.itn)
        self._limits = Limits(
            settings.max_batch, settings.max_batch_seconds, settings.draft_batch_seconds
        )
        self._backlog = Backlog(settings.room)
        self._preparation: Preparation | None = None  # there while it is open
        self._hands = threading.Condition()  # guards all that follows, and the backlog
        self._open = False
        self._in_work: list[Request] = []
        self._thread: threading.Thread | None = None

    async def __aenter__(self) -> Self:
        self._open = True
        self._preparation = Preparation(self._listening, self._metrics)
        self._begin()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """What waits fails with `RecognizerError`; what is being heard is heard to its end."""
        with self._hands:
            self._open = False
            waiting = self._backlog.drain()
            self._hands.notify_all()
        for request in waiting:
            error = RecognizerError("the recognizer is shutting down")
            self._hearer.fail(request, "closed", error)
        await asyncio.to_thread(self._join)

    async def transcribe(self, utterance: Utterance) -> Transcript:
        """Raises `RecognizerError`: it failed twice, or this is closed; `ShedError`: there was
        no room."""
        return await self._ask(utterance, draft=False)

    async def draft(self, so_far: Utterance) -> Transcript:
        """Raises as `transcribe` does."""
        return await self._ask(so_far, draft=True)

    def grow(self, so_far: Utterance) -> None:
        if self._open and self._preparation:
            self._preparation.grow(so_far)

    async def _ask(self, utterance: Utterance, *, draft: bool) -> Transcript:
        if not self._open or self._preparation is None:
            raise RecognizerError("the recognizer is closed")
        clip = self._preparation.prepare(utterance, draft=draft)
        request = Request(utterance, time.monotonic(), clip, draft)
        with self._hands:
            displaced = self._backlog.push(request)
            self._hands.notify()
        if displaced is not None:
            error = ShedError("too many utterances wait for the model")
            self._hearer.fail(displaced, "full", error)
        return await asyncio.wrap_future(request.future)

    # ---- below this line: the model's thread ----

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._live, name="recognizer", daemon=True)
        self._thread.start()

    def _join(self) -> None:
        while (thread := self._thread) is not None and thread.is_alive():
            thread.join()
        if self._preparation:
            self._preparation.close()

    def _live(self) -> None:
        """Hears until closed. Whatever kills the thread, another takes over."""
        # One core is the event loop's: torch's threads spin while they wait for each other, and
        # where they outnumber the free cores a batch takes twenty times as long.
        threads = self._settings.threads or max(1, (os.cpu_count() or 1) - 1)
        use_threads(threads)
        try:
            while batch := self._next():
                self._hearer.hear(batch)
                self._in_work = []
        except BaseException:
            log.exception("the recognizer's thread died; another takes over")
            self._metrics.errors.labels("crashed").inc()
            self._succeed()

    def _succeed(self) -> None:
        """What the thread died of is heard once more; what kills a thread twice is given up."""
        with self._hands:
            unanswered = [each for each in self._in_work if not each.future.done()]
            self._in_work = []
            doomed = [each for each in unanswered if each.again or not self._open]
            self._backlog.put_back([each for each in unanswered if each not in doomed])
            for each in unanswered:
                each.again = True
        for each in doomed:
            error = RecognizerError("the model's thread died of this utterance")
            self._hearer.fail(each, "failed", error)
        self._begin()

    def _next(self) -> list[Request]:
        """Waits for requests; an empty list says that there will be none any more."""
        with self._hands:
            while self._open:
                taken = self._backlog.take(self._limits)
                batch = [each for each in taken if each.claim()]
                self._in_work = batch
                if batch:
                    return batch
                if not taken:
                    self._hands.wait()
            return []
