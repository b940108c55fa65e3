"""What the voice detector takes for speech, what the recognizer makes of it, and the quiet
between.

A sound counts as speech until the recognizer has heard no words in it: then it has never been.
"""

from bisect import insort
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter

from streamer.events import AudioEvent, Party, Seconds, Transcript, Unheard

DOUBT = 2.0
"""Seconds. A sound that goes on for so long, or began so long ago, is believed to be speech,
though no word of it is known yet."""
_KEPT = 16  # sounds without a verdict; the oldest is then believed for good
_NEVER = float("inf")


class Verdict(StrEnum):
    """What the recognizer made of an utterance: words; no words; no words but music."""

    SPOKEN = "spoken"
    NOTHING = "nothing"
    MUSIC = "music"


def verdict(outcome: Transcript | Unheard) -> Verdict:
    """Who laughs or cries is not silent either. What could not be heard may have been words."""
    if isinstance(outcome, Unheard) or any(map(str.isalnum, outcome.text)):
        return Verdict.SPOKEN
    if {AudioEvent.LAUGHTER, AudioEvent.CRY} & set(outcome.events):
        return Verdict.SPOKEN
    return Verdict.MUSIC if AudioEvent.MUSIC in outcome.events else Verdict.NOTHING


@dataclass(slots=True)
class Sound:
    """One passage of one party. A long one is cut into several utterances, its parts."""

    party: Party
    start: Seconds
    end: Seconds | None = None  # None while it goes on
    spoken: bool = False
    judged: bool = False  # at least one part
    unjudged: set[int] = field(default_factory=set)

    @property
    def noise(self) -> bool:
        """It is over, and no part of it held words."""
        return self.judged and not (self.spoken or self.unjudged or self.end is None)

    def over(self, by: Seconds) -> bool:
        return self.end is not None and self.end <= by


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody speaks from `since` to `until`, the start of the next sound (None: still). That
    sound is believed to be speech from `believed` on."""

    since: Seconds
    until: Seconds | None
    last_speaker: Party
    believed: Seconds = _NEVER


class Sounds:
    """The sounds since the last one that is known to be speech."""

    def __init__(self) -> None:
        self._all: list[Sound] = []  # by start

    def state(self) -> list[Sound]:
        return [replace(sound, unjudged=set(sound.unjudged)) for sound in self._all]

    def restore(self, sounds: list[Sound]) -> None:
        self._all = [replace(sound, unjudged=set(sound.unjudged)) for sound in sounds]

    def start(self, party: Party, at: Seconds) -> None:
        insort(self._all, Sound(party, at), key=attrgetter("start"))

    def stop(self, party: Party, at: Seconds) -> None:
        if sound := self._newest(party):
            sound.end = at

    def break_off(self, party: Party, at: Seconds) -> None:
        """It is heard no more. A sound of it that goes on ends here."""
        for sound in self._all:
            if sound.party is party and sound.end is None:
                sound.end = at

    def part(self, party: Party, number: int) -> None:
        """Utterance `number` is what the party just said, or the first part of it."""
        if sound := self._newest(party):
            sound.unjudged.add(number)

    def judge(self, number: int, spoken: bool) -> Sound | None:
        """The sound that the utterance belongs to; None if that is long past."""
        sound = next((s for s in self._all if number in s.unjudged), None)
        if sound is not None:
            sound.unjudged.discard(number)
            sound.judged = True
            sound.spoken = sound.spoken or spoken
        return sound

    def gaps(self, until: Seconds) -> list[Gap]:
        """In order of time, as of `until`; only the last one may be open."""
        heard = [s for s in self._all if s.start <= until and not s.noise]
        certain = max((s.start for s in heard if s.spoken), default=-_NEVER)
        found: list[Gap] = []
        quiet, speaker = _NEVER, Party.UNKNOWN  # since when, and after whom
        for n, sound in enumerate(heard):
            if sound.start > quiet:
                believed = quiet if sound.start <= certain else sound.start + DOUBT
                found.append(Gap(quiet, sound.start, speaker, believed))
            end = sound.end if sound.end is not None and sound.end <= until else _NEVER
            if n == 0 or end >= quiet:
                quiet, speaker = end, sound.party
        return found if quiet > until else [*found, Gap(quiet, None, speaker)]

    def changes_after(self, moment: Seconds) -> list[Seconds]:
        """When sounds that are known of begin or end later; never, if one goes on."""
        times = (
            (s.start, _NEVER if s.end is None else s.end) for s in self._all if not s.noise
        )
        return [time for pair in times for time in pair if time > moment]

    def forget(self, until: Seconds) -> Seconds:
        """What came before the latest speech, as of `until`, is settled for good. Returns when
        the oldest sound still in question began."""
        spoken = [s for s in self._all if s.spoken and s.start <= until]
        if spoken:
            last = max(spoken, key=lambda s: min(_end(s), until))
            by = min(_end(last), until)
            self._all = [s for s in self._all if s is last or not s.over(by)]
        for sound in [s for s in self._all if s.over(until)][:-_KEPT]:
            self._all.remove(sound)
        return self._all[0].start if self._all else -_NEVER

    def _newest(self, party: Party) -> Sound | None:
        return next((s for s in reversed(self._all) if s.party is party), None)


def _end(sound: Sound) -> Seconds:
    return _NEVER if sound.end is None else sound.end
