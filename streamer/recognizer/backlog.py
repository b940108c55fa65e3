"""The utterances of all calls that wait for the model, and which of them it hears next.

Pure: the worker guards it with a lock. The customer's speech goes first, because alerts depend
on it, and in the order it came in; the agent's follows where there is room in the batch.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

from streamer.events import Party, Seconds, Transcript, Utterance


@dataclass(slots=True, eq=False)
class Request:
    """An utterance, and where its transcript goes. `since` is when it began to wait (monotonic
    clock); `again` says that the model's thread died over its batch: it is then heard alone."""

    utterance: Utterance
    since: Seconds
    future: "Future[Transcript]" = field(default_factory=Future)
    again: bool = False

    @property
    def urgent(self) -> bool:
        """Whoever is not known to be the agent may be the customer."""
        return self.utterance.party is not Party.AGENT

    def claim(self) -> bool:
        """Whether its caller still waits; if so, it can no longer be withdrawn."""
        return self.future.running() or (
            not self.future.done() and self.future.set_running_or_notify_cancel()
        )

    @property
    def seconds(self) -> Seconds:
        return self.utterance.end - self.utterance.start


class Backlog:
    """At most `room` requests wait. When that is full, a customer's request takes the place of
    the agent's that came last; any other is refused."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._urgent: deque[Request] = deque()
        self._others: deque[Request] = deque()

    def __len__(self) -> int:
        return len(self._urgent) + len(self._others)

    def push(self, request: Request) -> Request | None:
        """Takes it in. Returns the request that has no room, if any: maybe this one."""
        displaced = None
        if len(self) >= self._room:
            if not (request.urgent and self._others):
                return request
            displaced = self._others.pop()
        (self._urgent if request.urgent else self._others).append(request)
        return displaced

    def put_back(self, requests: list[Request]) -> None:
        """What was taken and not answered is next again, ahead of all others, whatever the
        room."""
        for request in reversed(requests):
            (self._urgent if request.urgent else self._others).appendleft(request)

    def take(self, most: int, seconds: Seconds) -> list[Request]:
        """The next batch: at most `most`, and at most `seconds` once all are padded to the
        longest; but one at least, if any waits."""
        batch: list[Request] = []
        longest = 0.0
        for queue in self._queues():
            while queue and len(batch) < most:
                longest = max(longest, queue[0].seconds)
                full = longest * (len(batch) + 1) > seconds
                if batch and (full or batch[0].again or queue[0].again):
                    return batch
                batch.append(queue.popleft())
        return batch

    def drain(self) -> list[Request]:
        """All that wait, and none waits any more."""
        everything = [*self._urgent, *self._others]
        self._urgent.clear()
        self._others.clear()
        return everything

    def _queues(self) -> Iterator[deque[Request]]:
        yield self._urgent
        yield self._others
