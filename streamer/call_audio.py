"""What is heard on a call: its utterances, its silences, and its voice for a while."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from streamer.ear import Ear
from streamer.ears import Ears, Overheard
from streamer.endpointing import Endpointing, Growing, SpeechEnded, SpeechStarted, Spoken
from streamer.events import (
    CallInfo,
    CallStarted,
    Party,
    Seconds,
    Silence,
    Span,
    Speaking,
    Unheard,
    Utterance,
)
from streamer.ports import VoiceDetector
from streamer.session_state import AudioState, Owed
from streamer.silence import Arrival, SilenceWatch
from streamer.sounds import Verdict
from streamer.untold import Stretch, Untold, within
from streamer.utterances import Utterances
from streamer.voice import VoiceRing

Said: TypeAlias = Speaking | Utterance | Silence | Unheard


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """How one call is listened to."""

    endpointing: Endpointing = Endpointing()  # noqa: RUF009 - a frozen value
    silence_marks: tuple[Seconds, ...] = (1.2, 2.0, 10.0)
    stall_after: Seconds = 5.0  # without audio of anybody
    grace: Seconds = 30.0  # a call without a connection is waited for so long
    voice_seconds: Seconds = 60.0  # of audio kept, to be listened to
    draft_every: Seconds = 1.5  # of speech in one utterance; 0: no drafts


class CallAudio:
    """Silences are said only while somebody is to be heard, and everybody can be: not while
    `paused`, nor while a party who was on the call has no connection."""

    def __init__(
        self,
        info: CallInfo,
        detector: Callable[[int], VoiceDetector],
        settings: SessionSettings,
        now: Seconds,
    ) -> None:
        self.info = info
        self.paused = False
        self._ears = Ears(detector, settings.endpointing)
        self._voice = VoiceRing(settings.voice_seconds)
        self._voice_seconds = settings.voice_seconds
        self._untold = Untold(settings.voice_seconds)
        self._watch = SilenceWatch(info.call, settings.silence_marks)
        self._watching = False
        self._utterances = Utterances(info, settings.draft_every)
        self._clock = now  # when the newest audio came in

    @property
    def newest(self) -> Arrival:
        """Of the audio: media time never goes back."""
        return Arrival(self._ears.at, self._clock)

    @property
    def connected(self) -> bool:
        """There is a leg."""
        return bool(self._ears)

    @property
    def open(self) -> bool:
        """Somebody is perhaps speaking."""
        return self._ears.open

    @property
    def next_mark(self) -> Seconds | None:
        """The media time of the next mark, should nobody speak; None outside a silence."""
        return self._watch.next_mark

    def join(self, leg: int, start: CallStarted, at: Seconds, now: Seconds) -> list[Said]:
        """A leg that begins at `at`. Of its `info` only a refusal of consent counts, and that
        for good. Raises `RefusedError`."""
        self._ears.join(leg, start, at, now)
        record = self.info.record and start.info.record
        emotion = self.info.emotion and start.info.emotion
        self.info = replace(self.info, record=record, emotion=emotion)
        if not record:
            self._voice = VoiceRing(self._voice_seconds)
        return self.settle(now)

    def leave(self, leg: int, now: Seconds) -> list[Said]:
        return [*self._tell(self._ears.leave(leg)), *self.settle(now)]

    @property
    def swapped(self) -> bool:
        return self._ears.swapped

    def swap(self) -> list[Said]:
        """Customer and agent change places from here on: what was being said is let go."""
        said = self.flush()
        self._ears.swap()
        return said

    def state(self) -> AudioState:
        """As if every leg had left now."""
        return AudioState(
            self._ears.state(),
            self._watch.state(),
            self._utterances.newest,
            self._owed(),
            self.info.record,
            self.info.emotion,
        )

    def restore(self, state: AudioState, heard: Seconds, now: Seconds) -> list[Said]:
        """Goes on from there, in place of a call's beginning, without any leg. The newest audio
        came in at `heard`. What was going on has ended: who spoke, and the silence. What was
        said and is not known will never be: it is unheard, for having been lost."""
        self._ears.restore(state.ears)
        self._watch.restore(state.watch)
        self._utterances.newest = state.number
        self._clock, self._watching = heard, True
        self.info = replace(
            self.info,
            record=self.info.record and state.record,
            emotion=self.info.emotion and state.emotion,
        )
        for party, at in state.ears.left.items():
            self._watch.breaks_off(party, at)
        for it in state.owed:
            self._watch.judge(it.number, Verdict.SPOKEN)
        lost: list[Said] = [
            Unheard(self.info.call, it.number, it.party, it.start, it.end, "lost")
            for it in state.owed
        ]
        return [*lost, *self.settle(now)]

    def ear(self, leg: int, party: Party) -> Ear:
        """Raises `ProtocolError` if the leg does not carry the party."""
        return self._ears.ear(leg, party)

    def hear(self, ear: Ear, pcm: bytes, now: Seconds) -> list[Said]:
        """Audio of one who is on a leg, 50 times a second each: most of it says nothing."""
        said: list[Said] = []
        if self._ears.straggling:
            said += self._tell(self._ears.let_go(now))
            ear.catch_up(self._ears.at, now)
        if self.info.record:
            self._voice.push(ear.party, ear.at, pcm, ear.sample_rate)
        self._clock = now
        if heard := self._ears.push(ear, pcm, now):
            said += self._tell(heard)
        said += self.settle(now)
        return said

    def lose(self, leg: int, seconds: Seconds, now: Seconds) -> list[Said]:
        """The next audio of the leg comes so much later: nothing is known of what was said
        meanwhile, so that no silence goes on through it."""
        said = self._tell(self._ears.let_leg_go(leg))
        paused, self.paused = self.paused, True
        said += self.settle(now)
        self._ears.skip(leg, seconds)
        self.paused = paused
        return [*said, *self.settle(now)]

    def speak(self, language: str) -> None:
        """What is said from now on is in this one."""
        self.info = replace(self.info, language=language)
        self._utterances.language = language

    def settle(self, now: Seconds) -> list[Said]:
        """The silences of what is known by now."""
        said: list[Silence] = []
        if not self._watch.passes(settled := self._ears.settled(now)):
            said += self._watch.advance(settled, self.newest)
        watching = self._ears.complete and not self.paused
        if watching and not self._watching:
            self._watch.resume(self._ears.at)
        if self._watching and not watching:
            said += self._watch.pause(self._ears.at, self.newest)
        self._watching = watching
        return [*said]

    def judge(self, number: int, verdict: Verdict, now: Seconds) -> list[Said]:
        """What the recognizer made of utterance `number`."""
        self._watch.judge(number, verdict)
        return self.settle(now)

    def flush(self) -> list[Said]:
        """No more audio for now: let go of open speech."""
        said = self._tell(self._ears.flush())
        return [*said, *self._watch.advance(self._ears.at, self.newest)]

    def assume_quiet(self, until: Seconds, now: Seconds) -> list[Said]:
        """Nothing came, and nobody is taken to have spoken up to `until`."""
        return [*self._watch.advance(until, Arrival(until, now))]

    def voice(self, start: Seconds, end: Seconds) -> bytes:
        """A WAV file of that stretch (see `VoiceRing.cut`); empty without consent. What a party
        said whose words are not known yet is a tone."""
        return self._voice.cut(start, end, self._unclear(start, end))

    def is_clear(self, start: Seconds, end: Seconds) -> bool:
        """The words are known of all that was said in that stretch, as far as it was heard."""
        return not self._unclear(start, end)

    def clear(self, number: int, hidden: Sequence[Span] | None) -> None:
        """The words of that utterance are known, and that the stretches `hidden` are personal:
        these become a tone for good, on both sides, since lines carry echoes. None: nobody will
        ever know them; the party's own side of it becomes a tone."""
        stretch = self._untold.take(number)
        if hidden is None and stretch:
            self._voice.hide(*stretch[1:], stretch[0])
        for start, end in hidden or ():
            self._voice.hide(start, end)

    def _owed(self) -> list[Owed]:
        owed = [Owed(n, *stretch) for n, stretch in self._untold.numbered().items()]
        unsaid = {party: (start, end) for party, start, end in self._ears.unsaid}
        for number, party in self._utterances.open.items():
            start, end = unsaid.get(party, (self._ears.at, self._ears.at))
            owed.append(Owed(number, party, start, end))
        return sorted(owed, key=lambda it: it.number)

    def _unclear(self, start: Seconds, end: Seconds) -> list[Stretch]:
        return within([*self._untold.stretches(), *self._ears.unsaid], start, end)

    def _tell(self, overheard: list[Overheard]) -> list[Said]:
        said: list[Said] = []
        for ear, heard in overheard:
            for each in heard:
                match each:
                    case SpeechStarted(at):
                        self._watch.speaks(ear.party, at)
                    case SpeechEnded(at):
                        self._watch.stops(ear.party, at)
                    case Growing():
                        said.append(self._utterances.speaking(ear, each))
                    case Spoken():
                        said.append(self._over(ear, each))
        return said

    def _over(self, ear: Ear, spoken: Spoken) -> Utterance:
        utterance = self._utterances.over(ear, spoken)
        self._watch.utters(ear.party, utterance.number)
        self._untold.add(utterance)
        return utterance
