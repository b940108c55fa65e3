"""One call's way through the model: utterances wait here, bounded, and come out as words.

One task empties the queue, so that the words of a call keep their order. Speech that still goes
on is heard beside it (`streamer.drafts`).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from streamer.bounded import ShedQueue
from streamer.drafts import Drafts
from streamer.errors import ShedError
from streamer.events import (
    CallClosed,
    Party,
    Seconds,
    Speaking,
    Transcript,
    Unheard,
    Utterance,
)
from streamer.ports import Recognizer
from streamer.running_language import RunningLanguage
from streamer.sink_queue import SinkQueue
from streamer.tally import Tally

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    utterance: Utterance
    since_clock: Seconds


@dataclass(frozen=True, slots=True)
class Patience:
    """At most `backlog` utterances wait; the model has `limit` seconds for each, and
    `draft_limit` for a draft."""

    backlog: int
    limit: Seconds
    draft_limit: Seconds


class RecognitionQueue:
    """Tells of each utterance exactly once: as a `Transcript`, or as `Unheard` if it failed,
    had to be shed, or came too late before the end of the process."""

    def __init__(
        self,
        recognizer: Recognizer,
        news: SinkQueue,
        patience: Patience,
        judge: Callable[[Transcript | Unheard], None],
    ) -> None:
        """`judge` is told of each one right after the sink."""
        self._recognizer, self._news, self._limit = recognizer, news, patience.limit
        self._judge = judge
        self._tally: Tally = news.tally
        self._backlog: ShedQueue[Waiting] = ShedQueue(patience.backlog, least_needed)
        self._drafts = Drafts(recognizer, news, patience.draft_limit)
        self._language = RunningLanguage()
        self._clock = asyncio.get_running_loop().time
        self._closing: CallClosed | None = None
        self._flush_by: Seconds | None = None
        self._trying: asyncio.Timeout | None = None

    def grow(self, speaking: Speaking) -> None:
        """Speech that goes on: the recognizer prepares for its end, and hears it if a draft is
        wanted."""
        so_far = self._language.hinted(speaking.so_far)
        self._recognizer.grow(so_far)
        if speaking.draft:
            self._drafts.ask(so_far)

    def push(self, utterance: Utterance) -> None:
        self._drafts.over(utterance)
        # Full: the agent's speech goes first. What is shed is published as unheard, never lost.
        shed = self._backlog.push(Waiting(utterance, self._clock()))
        if shed is not None:
            self._report(unheard(shed.utterance, "shed"))

    def finish(self, closing: CallClosed) -> None:
        """No more speech: `closing` is told once all that waits has been heard."""
        self._closing = closing
        self._backlog.finish()
        self._drafts.finish()

    def abandon(self) -> None:
        """Nobody wants to know any more."""
        self._backlog.finish()
        self._drafts.finish()
        self.hurry(self._clock())

    def hurry(self, flush_by: Seconds) -> None:
        """What has not been heard by `flush_by` (loop time) is unheard."""
        self._flush_by = flush_by
        if self._trying is not None and not self._trying.expired():
            self._trying.reschedule(flush_by)

    async def run(self) -> None:
        """Returns when `finish` was called and everything has been told."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._drafts.run(), name="drafts")
            tasks.create_task(self._empty(), name="utterances")
        if self._closing is not None:
            self._news.push(self._closing)

    async def _empty(self) -> None:
        while waiting := await self._backlog.next():
            began = self._clock()
            self._tally.queue_wait.add(began - waiting.since_clock, began)
            self._report(await self._hear(waiting.utterance))
            done = self._clock()
            self._tally.delay.add(done - waiting.since_clock, done)

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
                asked = self._language.hinted(utterance)
                heard = await self._recognizer.transcribe(asked)
                self._language.heard(asked, heard)
                return heard
        except ShedError:
            return unheard(utterance, "shed")
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
