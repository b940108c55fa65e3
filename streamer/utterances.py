"""What one call says, numbered: each utterance while it grows, and when it is over."""

from streamer.ear import Ear
from streamer.endpointing import Growing, Spoken
from streamer.events import CallInfo, Party, Seconds, Speaking, Utterance

_ROUNDING = 1e-6
"""Seconds. Speech is counted in frames: no draft is missed for a rounding error."""


class Utterances:
    """An utterance has its number from when it is first told of, so that whoever hears of it
    while it grows knows it again."""

    def __init__(self, info: CallInfo, draft_every: Seconds) -> None:
        """A draft is asked for after each `draft_every` of speech in one utterance; 0: none."""
        self._call, self.language = info.call, info.language
        self._draft_every = draft_every
        self.newest = 0  # the highest number given
        self._open: dict[Party, int] = {}  # the number of what a party is saying
        self._drafted: dict[Party, Seconds] = {}  # how much of it was speech at its last draft

    @property
    def open(self) -> dict[int, Party]:
        """Who is saying which one now, of those that have been told of."""
        return {number: party for party, number in self._open.items()}

    def speaking(self, ear: Ear, so_far: Growing) -> Speaking:
        number = self._open.setdefault(ear.party, self.newest + 1)
        self.newest = max(self.newest, number)
        since = so_far.spoken - self._drafted.get(ear.party, 0.0)
        draft = 0 < self._draft_every <= since + _ROUNDING
        if draft:
            self._drafted[ear.party] = so_far.spoken
        whole = Spoken(so_far.start, so_far.end, so_far.end, so_far.pcm)
        return Speaking(self._utterance(number, ear, whole), draft)

    def over(self, ear: Ear, spoken: Spoken) -> Utterance:
        """What the party says next is another utterance."""
        number = self._open.pop(ear.party, self.newest + 1)
        self.newest = max(self.newest, number)
        self._drafted.pop(ear.party, None)
        return self._utterance(number, ear, spoken)

    def _utterance(self, number: int, ear: Ear, spoken: Spoken) -> Utterance:
        return Utterance(
            self._call,
            number,
            ear.party,
            spoken.start,
            spoken.speech_end,
            spoken.end,
            ear.newest.clock_of(spoken.speech_end),
            ear.sample_rate,
            spoken.pcm,
            self.language,
        )
