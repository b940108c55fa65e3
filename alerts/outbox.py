"""What is to go out, in order, while the other side comes and goes. Pure.

Letters are numbered as they are posted. What was sent is kept for a while, so that a receiver
that lost the last of them can be served again from the number it still has.
"""

from collections import deque
from dataclasses import dataclass, field, replace
from enum import IntEnum


class Worth(IntEnum):
    """What goes first when there is no room: the smallest."""

    DRAFT = 0
    STATE = 1  # of a call, for another server to go on with: only the newest is of use
    TRANSCRIPT = 2
    ALERT = 3


@dataclass(frozen=True, slots=True)
class Letter:
    """`slot` is its field of the call's hash `key`; `about` names what it is a revision of;
    `posted` is a monotonic clock reading. `bound`: the letters after it say what came of the
    same thing, the call's state last; whoever has this one is to have them too."""

    number: int
    worth: Worth
    channel: str
    slot: str
    key: str
    about: str
    posted: float
    logged: bool = True
    bound: bool = False
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class BusState:
    """`since` is the wall time of going away, empty while up. `kept` messages wait, of at most
    `limit` (0: not known); `dropped` found no room so far."""

    up: bool
    since: str
    kept: int
    dropped: int
    limit: int = 0


class Outbox:
    """What goes out together: a block of letters after which each call's state is the one that
    its letters lead to. A block is closed once it has `block` letters and nothing is bound to
    what follows; within it only a call's newest state waits.

    At most `limit` letters wait. When full, the oldest draft goes, else the oldest state of
    a call, transcript or silence. Alerts and prompts never go, but for a revision that a newer
    one in here has superseded: of these, at most one an episode is kept beyond the limit.
    """

    def __init__(self, limit: int = 50_000, keep_sent: int = 5_000, block: int = 200) -> None:
        self.limit, self._block = limit, block
        self._ends: deque[int] = deque()  # the last numbers of the blocks that are closed
        self._open = 0  # letters posted since
        # By number, rising: a dict keeps that order and gives up any of them at once.
        self._waiting: dict[Worth, dict[int, Letter]] = {worth: {} for worth in Worth}
        self._latest: dict[str, int] = {}
        self._sent: deque[Letter] = deque()
        self._keep_sent, self._forgotten = keep_sent, 0
        self.dropped = 0

    def __len__(self) -> int:
        return sum(len(lane) for lane in self._waiting.values())

    def post(self, letter: Letter) -> None:
        """Numbers must rise."""
        if letter.worth is Worth.STATE:
            self._supersede(letter)
        if len(self) >= self.limit:
            self._make_room(letter)
        self._waiting[letter.worth][letter.number] = letter
        if letter.about:
            self._latest[letter.about] = letter.number
        self._open += 1
        if self._open >= self._block and not letter.bound:
            self._ends.append(letter.number)
            self._open = 0

    def batch(self, most: int) -> list[Letter]:
        """The oldest letters, in order: at most the rest of a block. They stay until
        `confirm`. A block is cut in two only where `most` is smaller than it."""
        heads = [letter for lane in self._waiting.values() for letter in _first(lane, most)]
        heads = sorted(heads, key=_number)[:most]
        end = next((end for end in self._ends if heads and end >= heads[0].number), None)
        return heads if end is None else [one for one in heads if one.number <= end]

    def confirm(self, number: int) -> list[Letter]:
        """Everything up to `number` has arrived; returns what had been waiting of it."""
        arrived: list[Letter] = []
        for lane in self._waiting.values():
            while (first := next(iter(lane), None)) is not None and first <= number:
                arrived.append(lane.pop(first))
        arrived.sort(key=_number)
        for letter in arrived:
            if self._latest.get(letter.about) == letter.number:
                del self._latest[letter.about]
        self._sent.extend(arrived)
        while len(self._sent) > self._keep_sent:
            self._forgotten = self._sent.popleft().number
        while self._ends and self._ends[0] <= self._forgotten:
            self._ends.popleft()
        return arrived

    def rewind(self, number: int) -> tuple[int, int]:
        """The receiver has nothing after `number`: what was sent after it waits again, only to
        be logged (its bell has rung). Returns how many these are, and how many numbers are
        lost because they are no longer kept here."""
        again: list[Letter] = []
        while self._sent and self._sent[-1].number > number:
            again.append(replace(self._sent.pop(), channel=""))
        again.reverse()
        for worth, lane in self._waiting.items():
            back = {letter.number: letter for letter in again if letter.worth is worth}
            self._waiting[worth] = back | lane
        return len(again), max(0, self._forgotten - number)

    def _supersede(self, state: Letter) -> None:
        older = self._latest.get(state.about, -1)
        if not self._ends or older > self._ends[-1]:
            self._waiting[Worth.STATE].pop(older, None)

    def _make_room(self, letter: Letter) -> None:
        for worth in (Worth.DRAFT, Worth.STATE, Worth.TRANSCRIPT):
            if lane := self._waiting[worth]:
                del lane[next(iter(lane))]
                self.dropped += 1
                return
        superseded = self._latest.get(letter.about, -1)
        if self._waiting[Worth.ALERT].pop(superseded, None) is not None:
            self.dropped += 1


def _first(lane: dict[int, Letter], most: int) -> list[Letter]:
    return [letter for letter, _ in zip(lane.values(), range(most), strict=False)]


def _number(letter: Letter) -> int:
    return letter.number
