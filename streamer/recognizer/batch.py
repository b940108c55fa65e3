"""One batch through the model, and every request of it answered, whatever happens.

A batch that fails is heard again one by one, once, so that a poisoned utterance fails alone;
a batch too large for the memory is halved.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from streamer.errors import RecognizerError
from streamer.recognizer.backlog import Request, alike
from streamer.recognizer.features import Frontend
from streamer.recognizer.gates import Closed, Gates, doubted
from streamer.recognizer.hearing import Clip, Hearing
from streamer.recognizer.metrics import Metrics
from streamer.recognizer.transcribing import transcript

log = logging.getLogger(__name__)


class Model(Protocol):
    """What is asked of a model: `SenseVoice`, or another that answers like it."""

    @property
    def frontend(self) -> Frontend: ...

    def hear(self, clips: Sequence[Clip]) -> list[Hearing]: ...

    def nothing(self) -> Hearing: ...


@dataclass(frozen=True, slots=True)
class Hearer:
    """The model, and what is made of its answers. Raises nothing of its own; what is not an
    `Exception` (the interpreter's end) passes through and leaves requests unanswered."""

    model: Model
    gates: Gates
    padding: float  # how much longer than it is a batch may become by padding
    metrics: Metrics

    def hear(self, batch: Sequence[Request]) -> None:
        """Answers every request: a transcript, or a `RecognizerError`. Those of about the same
        length are heard together, and answered as soon as they are."""
        began = time.monotonic()
        for each in batch:
            if not each.draft:
                self.metrics.wait_seconds.observe(began - each.since)
        for group in alike(batch, self.padding):
            self._hear(group)

    def fail(self, request: Request, reason: str, error: RecognizerError) -> None:
        """The caller is told of it, if it still waits. Drafts are counted by who asked."""
        if not request.draft:
            self.metrics.errors.labels(reason).inc()
        if request.claim():
            request.future.set_exception(error)

    def _hear(self, group: Sequence[Request]) -> None:
        began = time.monotonic()
        self.metrics.batch_size.observe(len(group))
        self._answer([(each, clip) for each in group if (clip := self._clip(each))])
        self.metrics.infer_seconds.observe(time.monotonic() - began)

    def _clip(self, request: Request) -> Clip | None:
        """None: it was answered already, for it holds nothing to hear or cannot be read."""
        try:
            clip = request.clip.result()
            if isinstance(clip, Closed):
                self._deliver(request, self.model.nothing(), clip)
                return None
        except Exception as error:
            self._give_up(request, error)
            return None
        return clip

    def _answer(self, pairs: list[tuple[Request, Clip]]) -> None:
        if not pairs:
            return
        try:
            heard = self.model.hear([clip for _, clip in pairs])
            for (request, _), hearing in zip(pairs, heard, strict=True):
                self._deliver(request, hearing)
        except Exception as error:
            self._recover([pair for pair in pairs if not pair[0].future.done()], error)

    def _recover(self, pairs: list[tuple[Request, Clip]], error: Exception) -> None:
        if _out_of_memory(error) and len(pairs) > 1:
            log.warning("out of memory over %d utterances: halving the batch", len(pairs))
            self.metrics.errors.labels("memory").inc()
            middle = len(pairs) // 2
            self._answer(pairs[:middle])
            self._answer(pairs[middle:])
            return
        log.warning("a batch of %d failed, heard again one by one: %r", len(pairs), error)
        self.metrics.errors.labels("batch").inc()
        for request, clip in pairs:
            try:
                self._deliver(request, self.model.hear([clip])[0])
            except Exception as again:
                self._give_up(request, again)

    def _deliver(
        self, request: Request, hearing: Hearing, closed: Closed | None = None
    ) -> None:
        closed = closed or doubted(hearing, self.gates)
        if closed and not request.draft:
            self.metrics.gated.labels(closed).inc()
        if request.claim():
            request.future.set_result(transcript(request.utterance, hearing, self.gates))

    def _give_up(self, request: Request, error: Exception) -> None:
        it = request.utterance
        log.warning("utterance %d of call %s cannot be heard: %r", it.number, it.call, error)
        text = f"the model failed on this utterance: {error!r}"
        self.fail(request, "failed", RecognizerError(text))


def _out_of_memory(error: Exception) -> bool:
    # torch raises an error of its own for a GPU and a plain RuntimeError for a CPU.
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "can't allocate" in text
