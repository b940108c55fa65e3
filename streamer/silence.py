"""Both parties' speech -> silences of the call, in the call's own time.

Parties are heard at different paces (two sockets, uneven frames), and a sound is known to be
speech only after a while, by its words even later. So what is said follows from all the sounds
known, gone through in order of time: it does not depend on who came first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from streamer.events import CallId, Party, Seconds, Silence
from streamer.sounds import Gap, Sound, Sounds, Verdict

_ROUNDING = 1e-6
"""Seconds. Times are sums of frames: no mark is missed for a rounding error."""
MUSIC_OVER = 5.0
"""Seconds after music in which no mark is said: it may only have paused for breath."""
_NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Arrival:
    """The newest audio: its media time, and when it came in."""

    at: Seconds
    clock: Seconds

    def clock_of(self, moment: Seconds) -> Seconds:
        """When the audio of an earlier moment came in, if it came at its own pace."""
        return self.clock - max(0.0, self.at - moment)


@dataclass(slots=True)
class Told:
    """What was said of one silence: how many of its marks, and whether that it has ended."""

    last_speaker: Party
    marks: int = 0
    ended: bool = False
    until: Seconds | None = None


@dataclass(frozen=True, slots=True)
class WatchState:
    """All that a watch remembers, for one on another server."""

    sounds: list[Sound]
    told: dict[Seconds, Told]
    watched_from: Seconds | None
    muted: Seconds
    reached: Seconds


class SilenceWatch:
    """Says one `Silence` for each mark reached and, if any was, one when the silence ends.

    A silence begins when the last speaker stops: never before the first speech of the call. It
    ends with the next words: that it has ended is said once they are known to be words, or
    `DOUBT` seconds after they began, or before a mark of the next silence. A sound that turns
    out to be none ends nothing: the silence goes on, and the marks passed meanwhile are said
    if nobody speaks now. Where its end has been said already, the silence that was thought to
    follow is ended first.
    """

    def __init__(self, call: CallId, marks: Iterable[Seconds]) -> None:
        self._call, self._marks = call, sorted(marks)
        self._sounds = Sounds()
        self._told: dict[Seconds, Told] = {}  # by the beginning of the silence
        self._from: Seconds | None = None  # watched from here on; None while paused
        self._muted: Seconds = -_NEVER  # until here nothing is said, for music
        self._reached: Seconds = 0.0
        self._due: Seconds = -_NEVER  # before that, nothing is to be said
        self._next: Seconds | None = None

    @property
    def next_mark(self) -> Seconds | None:
        """The media time of the next mark, should nobody speak; None outside a silence."""
        return self._next

    def state(self) -> WatchState:
        told = {since: replace(it) for since, it in self._told.items()}
        return WatchState(self._sounds.state(), told, self._from, self._muted, self._reached)

    def restore(self, state: WatchState) -> None:
        """Goes on from there, in place of a call's beginning."""
        self._sounds.restore(state.sounds)
        self._told = {since: replace(it) for since, it in state.told.items()}
        self._from, self._muted = state.watched_from, state.muted
        self._reached = state.reached
        self._stir()

    def speaks(self, party: Party, since: Seconds) -> None:
        self._sounds.start(party, since)
        self._stir()

    def stops(self, party: Party, at: Seconds) -> None:
        self._sounds.stop(party, at)
        self._stir()

    def breaks_off(self, party: Party, at: Seconds) -> None:
        """No more is heard of it; where it was not speaking, nothing changes."""
        self._sounds.break_off(party, at)
        self._stir()

    def utters(self, party: Party, number: int) -> None:
        """What the party says, or has just said, is known to the recognizer by `number`."""
        self._sounds.part(party, number)

    def judge(self, number: int, verdict: Verdict) -> None:
        """What the recognizer heard in it, however late."""
        sound = self._sounds.judge(number, verdict is Verdict.SPOKEN)
        if verdict is Verdict.SPOKEN:
            self._muted = -_NEVER
        elif verdict is Verdict.MUSIC and sound is not None:
            end = self._reached if sound.end is None else sound.end
            self._muted = max(self._muted, end + MUSIC_OVER)
        self._stir()

    def passes(self, until: Seconds) -> bool:
        """`advance` to there where it has nothing to say: for all the audio in which nothing
        happens. False: it may have, and has not advanced."""
        if until >= self._due:
            return False
        self._reached = max(self._reached, until)
        return True

    def advance(self, until: Seconds, newest: Arrival) -> list[Silence]:
        """Every change up to `until` is known by now, or nobody is taken to have spoken."""
        if self.passes(until):
            return []
        gaps = [] if self._from is None else self._gaps(until, self._from)
        said = self._tell(gaps, until, newest) if gaps else []
        self._look_ahead(gaps, until)
        oldest = self._sounds.forget(until)
        self._told = {since: t for since, t in self._told.items() if since >= oldest}
        self._reached = max(self._reached, until)
        return said

    def pause(self, at: Seconds, newest: Arrival) -> list[Silence]:
        """From here on, nothing heard or not heard is a silence."""
        for gap in self._gaps(at, at if self._from is None else self._from):
            if told := self._told.get(gap.since):
                told.until = gap.until
        said = self._end(list(self._told), at, newest)
        self._from = None
        self._stir()
        return said

    def resume(self, at: Seconds) -> None:
        """From here on, silence counts again. Where the pause took no time of the call's, it is
        the same silence."""
        self._from = at
        self._told = {since: told for since, told in self._told.items() if since >= at}
        self._stir()

    def _stir(self) -> None:
        self._due, self._next = -_NEVER, None

    def _gaps(self, until: Seconds, since: Seconds) -> list[Gap]:
        """Those that are watched, each from where it is."""
        return [
            Gap(max(g.since, since), g.until, g.last_speaker, g.believed)
            for g in self._sounds.gaps(until)
            if g.until is None or g.until > since
        ]

    def _tell(self, gaps: list[Gap], until: Seconds, newest: Arrival) -> list[Silence]:
        here = {gap.since for gap in gaps}
        gone = [since for since in self._told if since not in here]  # part of a longer one
        said = self._end(gone, until, newest)
        for gap in gaps:
            if count := self._reaches(gap, until):
                earlier = [since for since in self._told if since < gap.since]
                said += self._end(earlier, until, newest)
                said += self._mark(gap, count, newest)
            if told := self._told.get(gap.since):
                told.until = gap.until
                if until >= gap.believed - _ROUNDING:
                    said += self._end([gap.since], until, newest)
        return said

    def _reaches(self, gap: Gap, until: Seconds) -> int:
        """How many more marks it has reached. One that was passed before it was known to be
        one is said only while nobody speaks."""
        count, limit = 0, until if gap.until is None else gap.until
        for due in self._dues(gap):
            late = due <= self._reached + _ROUNDING
            if due > limit + _ROUNDING or (late and gap.until is not None):
                break
            count += 1
        return count

    def _dues(self, gap: Gap) -> list[Seconds]:
        """When its next marks are to be said."""
        told = self._told.get(gap.since)
        left = self._marks[told.marks if told else 0 :]
        return [max(gap.since + mark, self._muted) for mark in left]

    def _mark(self, gap: Gap, count: int, newest: Arrival) -> list[Silence]:
        told = self._told.setdefault(gap.since, Told(gap.last_speaker))
        marks = self._marks[told.marks : told.marks + count]
        told.marks, told.ended = told.marks + count, False
        return [self._silence(gap.since, told, mark, newest) for mark in marks]

    def _end(self, silences: list[Seconds], at: Seconds, newest: Arrival) -> list[Silence]:
        said = []
        for since in silences:
            told = self._told[since]
            if not told.ended:
                # A mark said by the clock, without audio, may lie beyond the audio's own time.
                until = at if told.until is None else told.until
                lasted = max(until - since, self._marks[told.marks - 1])
                said.append(self._silence(since, told, lasted, newest, ended=True))
            told.ended = True
        return said

    def _look_ahead(self, gaps: list[Gap], reached: Seconds) -> None:
        changes = self._sounds.changes_after(max(self._reached, reached))
        dues = self._dues(gaps[-1])[:1] if gaps and gaps[-1].until is None else []
        told = [gap for gap in gaps if gap.since in self._told]
        doubts = [g.believed for g in told if not self._told[g.since].ended]
        self._due = min([*changes, *dues, *doubts], default=_NEVER) - _ROUNDING
        self._next = dues[0] if dues and not changes else None

    def _silence(
        self,
        since: Seconds,
        told: Told,
        lasted: Seconds,
        newest: Arrival,
        *,
        ended: bool = False,
    ) -> Silence:
        clock = newest.clock_of(since + lasted)
        return Silence(self._call, since, lasted, told.last_speaker, clock, ended)
