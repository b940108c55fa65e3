"""One call's drafts: the words of speech that still goes on, if there is time to hear them.

They run beside the queue of what is over and never hold it up. Of each party one draft is heard
at a time; one that still waits gives way to a newer one, and all of an utterance to its end.
"""

import asyncio
import logging
from functools import partial

from streamer.errors import ShedError
from streamer.events import Draft, Party, Seconds, Utterance
from streamer.ports import Recognizer
from streamer.sink_queue import SinkQueue

log = logging.getLogger(__name__)


class Drafts:
    """Tells of each draft once or, without a word to anyone, never; each is counted: heard,
    shed (a newer one came, or the model had no time), failed, overtaken (by its utterance)."""

    def __init__(self, recognizer: Recognizer, news: SinkQueue, within: Seconds) -> None:
        """A draft that takes longer than `within` seconds is out of date and given up."""
        self._recognizer, self._news, self._within = recognizer, news, within
        self._count = news.tally.drafts
        self._waiting: dict[Party, Utterance] = {}
        self._hearing: dict[Party, tuple[int, asyncio.Task[None]]] = {}
        self._stirred = asyncio.Event()
        self._finished = False

    def ask(self, so_far: Utterance) -> None:
        if so_far.party in self._waiting:
            self._count["shed"] += 1
        self._waiting[so_far.party] = so_far
        self._stirred.set()

    def over(self, utterance: Utterance) -> None:
        """From now on no draft of it is told."""
        party = utterance.party
        if party in self._waiting and self._waiting[party].number <= utterance.number:
            del self._waiting[party]
            self._count["overtaken"] += 1
        number, hearing = self._hearing.get(party, (0, None))
        if hearing and number <= utterance.number:
            hearing.cancel()

    def finish(self) -> None:
        """No more of them: every utterance is over, and with it its draft."""
        self._finished = True
        self._stirred.set()

    async def run(self) -> None:
        """Returns after `finish`."""
        async with asyncio.TaskGroup() as tasks:
            while not self._finished:
                for party in self._waiting.keys() - self._hearing.keys():
                    so_far = self._waiting.pop(party)
                    task = tasks.create_task(self._hear(so_far), name="draft")
                    self._hearing[party] = so_far.number, task
                    task.add_done_callback(partial(self._heard, party))
                self._stirred.clear()
                await self._stirred.wait()

    async def _hear(self, so_far: Utterance) -> None:
        try:
            async with asyncio.timeout(self._within):
                heard = await self._recognizer.draft(so_far)
            self._news.push(Draft(heard))
            self._count["heard"] += 1
        except (ShedError, TimeoutError):
            self._count["shed"] += 1
        except Exception:
            # Whatever goes wrong in the model: the utterance will be told, or told as unheard.
            self._count["failed"] += 1
            log.warning("a draft failed", exc_info=True, extra={"call": so_far.call})

    def _heard(self, party: Party, task: asyncio.Task[None]) -> None:
        # Not at the end of `_hear`: a task that is cancelled at once never begins.
        if task.cancelled():
            self._count["overtaken"] += 1
        del self._hearing[party]
        self._stirred.set()
