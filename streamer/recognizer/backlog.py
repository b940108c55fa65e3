"""What of all calls waits for the model, and which of it is heard next.

Pure: the worker guards it with a lock. The customer's speech goes first, because alerts depend
on it, and in the order it came in; the agent's follows where there is room in the batch. Drafts
are heard when no utterance waits, and never together with one.
"""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from streamer.events import Party, Seconds, Transcript, Utterance
from streamer.recognizer.preparation import Ready

_RANKS = 4
_DRAFTS = 2  # the first rank of drafts


@dataclass(slots=True, eq=False)
class Request:
    """An utterance, its clip, and where its transcript goes; or the same of a `draft`. `since`
    is when it began to wait (monotonic clock); `again` says that the model's thread died over
    its batch: it is then heard alone."""

    utterance: Utterance
    since: Seconds
    clip: Ready
    draft: bool = False
    future: "Future[Transcript]" = field(default_factory=Future)
    again: bool = False

    @property
    def rank(self) -> int:
        """The lower, the sooner: customers, agents, drafts of customers, drafts of agents.
        Whoever is not known to be the agent may be the customer."""
        return _DRAFTS * self.draft + (self.utterance.party is Party.AGENT)

    def claim(self) -> bool:
        """Whether its caller still waits; if so, it can no longer be withdrawn."""
        return self.future.running() or (
            not self.future.done() and self.future.set_running_or_notify_cancel()
        )

    @property
    def seconds(self) -> Seconds:
        return self.utterance.end - self.utterance.start


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one batch: at most `most`, and at most `seconds` once all are padded to the longest;
    of drafts at most `draft_seconds`, for so long an utterance that comes then has to wait."""

    most: int
    seconds: Seconds
    draft_seconds: Seconds


class Backlog:
    """At most `room` requests wait. When that is full, a new one takes the place of the last
    that came of the lowest rank below its own; where there is none, it is refused."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._ranks: tuple[deque[Request], ...] = tuple(deque() for _ in range(_RANKS))

    def __len__(self) -> int:
        return sum(map(len, self._ranks))

    def push(self, request: Request) -> Request | None:
        """Takes it in. Returns the request that has no room, if any: maybe this one."""
        displaced = None
        if len(self) >= self._room:
            below = [rank for rank in self._ranks[request.rank + 1 :] if rank]
            if not below:
                return request
            displaced = below[-1].pop()
        self._ranks[request.rank].append(request)
        return displaced

    def put_back(self, requests: list[Request]) -> None:
        """What was taken and not answered is next again, ahead of all others of its rank,
        whatever the room."""
        for request in reversed(requests):
            self._ranks[request.rank].appendleft(request)

    def take(self, limits: Limits) -> list[Request]:
        """The next batch; one request at least, if any waits."""
        finals, drafts = self._ranks[:_DRAFTS], self._ranks[_DRAFTS:]
        return _batch(finals, limits.most, limits.seconds) or _batch(
            drafts, limits.most, limits.draft_seconds
        )

    def drain(self) -> list[Request]:
        """All that wait, and none waits any more."""
        everything = [request for rank in self._ranks for request in rank]
        for rank in self._ranks:
            rank.clear()
        return everything


def _batch(queues: Sequence[deque[Request]], most: int, seconds: Seconds) -> list[Request]:
    batch: list[Request] = []
    longest = 0.0
    for queue in queues:
        while queue and len(batch) < most:
            longest = max(longest, queue[0].seconds)
            full = longest * (len(batch) + 1) > seconds
            if batch and (full or batch[0].again or queue[0].again):
                return batch
            batch.append(queue.popleft())
    return batch


def alike(batch: Sequence[Request], padding: float) -> list[list[Request]]:
    """The batch in groups of about the same length: padded to its longest, none is more than
    `padding` times as long as it is. The group of whoever is next comes first."""
    groups: list[list[Request]] = []
    real = 0.0
    for request in sorted(batch, key=lambda each: each.seconds):
        padded = request.seconds * (len(groups[-1]) + 1) if groups else 0.0
        if groups and padded <= padding * (real + request.seconds):
            groups[-1].append(request)
            real += request.seconds
        else:
            groups.append([request])
            real = request.seconds
    place = {id(request): at for at, request in enumerate(batch)}
    for group in groups:
        group.sort(key=lambda each: place[id(each)])
    return sorted(groups, key=lambda group: place[id(group[0])])
