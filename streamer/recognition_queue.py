"""One call's way through the model: utterances wait here, bounded, and come out as words.

One task empties the queue, so that the words of a call keep their order.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from streamer.bounded import ShedQueue
from streamer.events import CallClosed, Party, Seconds, Transcript, Unheard, Utterance
from streamer.ports import Recognizer
from streamer.sink_queue import SinkQueue
from streamer.tally import Tally

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    utterance: Utterance
    since_clock: Seconds


class RecognitionQueue:
    """Tells of each utterance exactly once: as a `Transcript`, or as `Unheard` if it failed,
    had to be shed, or came too late before the end of the process."""

    def __init__(
        self,
        recognizer: Recognizer,
        news: SinkQueue,
        backlog: int,
        limit: Seconds,
        judge: Callable[[Transcript | Unheard], None],
    ) -> None:
        """At most `backlog` utterances wait; the model has `limit` seconds for each. `judge` is
        told of each one right after the sink."""
        self._recognizer, self._news, self._limit = recognizer, news, limit
        self._judge = judge
        self._tally: Tally = news.tally
        self._backlog: ShedQueue[Waiting] = ShedQueue(backlog, least_needed)
        self._clock = asyncio.get_running_loop().time
        self._closing: CallClosed | None = None
        self._flush_by: Seconds | None = None
        self._trying: asyncio.Timeout | None = None

    def push(self, utterance: Utterance) -> None:
        # Full: the agent's speech goes first. What is shed is published as unheard, never lost.
        shed = self._backlog.push(Waiting(utterance, self._clock()))
        if shed is not None:
            self._report(unheard(shed.utterance, "shed"))

    def finish(self, closing: CallClosed) -> None:
        """No more speech: `closing` is told once all that waits has been heard."""
        self._closing = closing
        self._backlog.finish()

    def hurry(self, flush_by: Seconds) -> None:
        """What has not been heard by `flush_by` (loop time) is unheard."""
        self._flush_by = flush_by
        if self._trying is not None and not self._trying.expired():
            self._trying.reschedule(flush_by)

    async def run(self) -> None:
        """Returns when `finish` was called and everything has been told."""
        while waiting := await self._backlog.next():
            began = self._clock()
            self._tally.queue_wait.add(began - waiting.since_clock, began)
            self._report(await self._hear(waiting.utterance))
            done = self._clock()
            self._tally.delay.add(done - waiting.since_clock, done)
        if self._closing is not None:
            self._news.push(self._closing)

    def _report(self, outcome: Transcript | Unheard) -> None:
        how = outcome.reason if isinstance(outcome, Unheard) else "heard"
        self._tally.utterances[outcome.party, how] += 1
        self._news.push(outcome)
        self._judge(outcome)

    async def _hear(self, utterance: Utterance) -> Transcript | Unheard:
        now = self._clock()
        if self._flush_by is not None and now >= self._flush_by:
            return unheard(utterance, "shutdown")
        until = now + self._limit if self._flush_by is None else self._flush_by
        try:
            async with asyncio.timeout_at(until) as self._trying:
                return await self._recognizer.transcribe(utterance)
        except Exception as error:
            # Not only RecognizerError: whatever goes wrong in the model, the call goes on.
            if isinstance(error, TimeoutError) and self._flush_by is not None:
                return unheard(utterance, "shutdown")
            log.exception(
                "utterance %d could not be recognized",
                utterance.number,
                extra={"call": utterance.call},
            )
            return unheard(utterance, "failed")
        finally:
            self._trying = None


def least_needed(waiting: Sequence[Waiting]) -> int:
    """The oldest utterance of the agent; if there is none, the oldest."""
    parties = [each.utterance.party for each in waiting]
    return parties.index(Party.AGENT) if Party.AGENT in parties else 0


def unheard(utterance: Utterance, reason: str) -> Unheard:
    return Unheard(
        utterance.call,
        utterance.number,
        utterance.party,
        utterance.start,
        utterance.speech_end,
        reason,
    )
