"""Both parties' speech -> silences of the call, in the call's own time.

Parties are heard at different paces (two sockets, uneven frames), and a sound is known to be
speech only after a while. So changes are kept until the call is settled up to their time, and
are then gone through in order with the marks: what is said does not depend on who came first.
"""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from streamer.events import CallId, Party, Seconds, Silence

_ROUNDING = 1e-6
"""Seconds. Times are sums of frames: no mark is missed for a rounding error."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """The newest audio: its media time, and when it came in."""

    at: Seconds
    clock: Seconds

    def clock_of(self, moment: Seconds) -> Seconds:
        """When the audio of an earlier moment came in, if it came at its own pace."""
        return self.clock - max(0.0, self.at - moment)


class SilenceWatch:
    """Says one `Silence` for each mark reached and, if any was, one when the silence ends.

    A silence begins when the last speaker stops: never before the first speech of the call.
    """

    def __init__(self, call: CallId, marks: Iterable[Seconds]) -> None:
        self._call, self._marks = call, sorted(marks)
        self._changes: list[tuple[Seconds, Party, bool]] = []  # not settled yet, by time
        self._speaking: set[Party] = set()
        self._last_speaker: Party | None = None
        self._since: Seconds | None = None  # since when nobody speaks, if that is watched
        self._said = 0  # marks of this silence
        self._watched_from: Seconds = 0.0
        self._paused = False

    @property
    def next_mark(self) -> Seconds | None:
        """The media time of the next mark, should nobody speak; None outside a silence."""
        if self._since is None or self._changes or self._said == len(self._marks):
            return None
        return self._since + self._marks[self._said]

    def speaks(self, party: Party, since: Seconds) -> None:
        insort(self._changes, (since, party, True), key=itemgetter(0))

    def stops(self, party: Party, at: Seconds) -> None:
        insort(self._changes, (at, party, False), key=itemgetter(0))

    def advance(self, until: Seconds, newest: Arrival) -> list[Silence]:
        """Every change up to `until` is known by now."""
        said: list[Silence] = []
        while self._changes and self._changes[0][0] <= until:
            when, party, speaks = self._changes.pop(0)
            said += self.reach(when, newest)
            said += self._spoke(party, when, newest) if speaks else self._stopped(party, when)
        return said + self.reach(until, newest)

    def reach(self, moment: Seconds, newest: Arrival) -> list[Silence]:
        """Nobody spoke until `moment`, if this is a silence: the marks up to there."""
        said = []
        while self._since is not None and self._said < len(self._marks):
            mark = self._marks[self._said]
            if self._since + mark > moment + _ROUNDING:
                break
            self._said += 1
            said.append(self._silence(self._since, mark, newest))
        return said

    def pause(self, at: Seconds, newest: Arrival) -> list[Silence]:
        """From here on, nothing heard or not heard is a silence."""
        self._paused = True
        return self._end(at, newest)

    def resume(self, at: Seconds) -> None:
        """From here on, silence counts again."""
        self._paused, self._watched_from = False, at
        self._begin(at)

    def _spoke(self, party: Party, when: Seconds, newest: Arrival) -> list[Silence]:
        self._speaking.add(party)
        return self._end(when, newest)

    def _stopped(self, party: Party, when: Seconds) -> list[Silence]:
        self._speaking.discard(party)
        self._last_speaker = party
        self._begin(when)
        return []

    def _begin(self, when: Seconds) -> None:
        if not (self._paused or self._speaking or self._last_speaker is None):
            self._since, self._said = max(when, self._watched_from), 0

    def _end(self, when: Seconds, newest: Arrival) -> list[Silence]:
        since, self._since = self._since, None
        if since is None or not self._said:
            return []
        # A mark said by the clock, while no audio came, may lie beyond the audio's own time.
        lasted = max(when - since, self._marks[self._said - 1])
        return [self._silence(since, lasted, newest, ended=True)]

    def _silence(
        self, since: Seconds, lasted: Seconds, newest: Arrival, *, ended: bool = False
    ) -> Silence:
        assert self._last_speaker is not None  # noqa: S101 - a silence follows speech
        clock = newest.clock_of(since + lasted)
        return Silence(self._call, since, lasted, self._last_speaker, clock, ended)
