"""One call, without I/O: tell it what arrived and when; it says what happened.

Media time is the call's own: the samples heard, and the time a dropped connection took to come
back. `now`, a monotonic clock's reading, serves where no audio comes: a gateway that stalls, a
party that is sent only while it speaks, a connection that is gone. A clock that jumps changes
those judgements only; media time never goes back.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from streamer import events as ev
from streamer.call_audio import CallAudio, SessionSettings
from streamer.ear import ABSENT
from streamer.errors import ProtocolError, RefusedError
from streamer.ports import VoiceDetector
from streamer.session_state import SessionState
from streamer.sounds import Verdict

__all__ = ["CallSession", "Input", "SessionSettings"]

Input: TypeAlias = (
    ev.AudioChunk
    | ev.AudioLost
    | ev.LanguageChanged
    | ev.HoldStarted
    | ev.HoldEnded
    | ev.DigitPressed
    | ev.PartiesSwapped
    | ev.CallEnded
)
"""What a leg says after its `CallStarted`."""


class CallSession:
    """Every method returns what happened, in order: `CallOpened` first, `CallClosed` last, then
    nothing. The shell calls `timeout` at `deadline`; calling it early is harmless."""

    def __init__(
        self, detector: Callable[[int], VoiceDetector], settings: SessionSettings
    ) -> None:
        self._detector, self._settings = detector, settings
        self._audio: CallAudio | None = None
        self._opened: ev.Seconds = 0.0  # clock: the first leg joined
        self._heard: ev.Seconds = 0.0  # clock: the newest audio, or as good a sign of life
        self._gone: ev.Seconds = 0.0  # clock: the last leg left
        self._held = self._stalled = self._closed = False

    @property
    def info(self) -> ev.CallInfo:
        """Raises `LookupError` before the first `join`."""
        return self._open_audio.info

    @property
    def at(self) -> ev.Seconds:
        """The call's media time."""
        return self._audio.newest.at if self._audio else 0.0

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def swapped(self) -> bool:
        """Customer and agent are the other way round than the gateway says."""
        return self._audio is not None and self._audio.swapped

    @property
    def deadline(self) -> ev.Seconds | None:
        """On the clock of `now`; None if there is nothing to wait for."""
        if self._closed or self._audio is None:
            return None
        if not self._audio.connected:
            return self._gone + self._settings.grace
        due = (self._quiet_due, self._mark_due, self._stall_due)
        return min((when for when in due if when is not None), default=None)

    @property
    def soonest(self) -> ev.Seconds:
        """Audio in which nothing happens makes no `deadline` due sooner than this after it."""
        return min(ABSENT, self._settings.stall_after)

    def join(self, leg: int, start: ev.CallStarted, now: ev.Seconds) -> list[ev.SessionEvent]:
        """A connection: the first of the call, its second leg, or one that comes back. Raises
        `RefusedError` if a party of it is connected already, or the call is over."""
        if self._closed:
            raise RefusedError("this call is over")
        if self._audio:
            said = self._audio.join(leg, start, self._entry(now), now)
            self._heard = now
            return [*said]
        self._audio = CallAudio(start.info, self._detector, self._settings, now)
        self._opened = self._heard = now
        return [ev.CallOpened(start.info), *self._audio.join(leg, start, 0.0, now)]

    def state(self, now: ev.Seconds) -> SessionState | None:
        """What another server needs to go on with this call; None before the first `join`. A
        closed call's words may still be on their way: should they be lost, it goes on."""
        if self._audio is None:
            return None
        return SessionState(
            self._audio.state(),
            now - self._opened,
            now - self._heard,
            self._held,
            self._stalled,
        )

    def resume(
        self, info: ev.CallInfo, state: SessionState, now: ev.Seconds
    ) -> list[ev.SessionEvent]:
        """Goes on from a `state` that was taken at `now`, in place of the first `join`: without
        any leg, as if the last one had just left."""
        self._audio = CallAudio(info, self._detector, self._settings, now)
        self._opened, self._heard = now - state.opened_ago, now - state.heard_ago
        self._gone, self._held, self._stalled = now, state.held, state.stalled
        self._audio.paused = self._held or self._stalled
        said = self._audio.restore(state.audio, self._heard, now)
        return [ev.CallResumed(self._audio.info, self.at), *said]

    def receive(self, leg: int, event: Input, now: ev.Seconds) -> list[ev.SessionEvent]:
        """Raises `ProtocolError` for audio of a party that the leg does not carry."""
        match event:
            case _ if self._closed:
                return []
            case _ if self._audio is None:
                raise ProtocolError("the call has not been started")
            case ev.AudioChunk(party, pcm):
                return self._hear(leg, party, pcm, now)
            case ev.AudioLost(seconds):
                return self._lose(leg, seconds, now)
            case _:
                return self._note(event, now)

    def _note(self, event: Input, now: ev.Seconds) -> list[ev.SessionEvent]:
        match event:
            case ev.HoldStarted() | ev.HoldEnded():
                return self._hold(isinstance(event, ev.HoldStarted), now)
            case ev.PartiesSwapped():
                return self.swap()
            case ev.CallEnded():
                return self.close("ended", now)
            case ev.LanguageChanged(language):
                self._open_audio.speak(language)
                return []
            case _:
                return []

    def swap(self, by: str = "") -> list[ev.SessionEvent]:
        """Whom the gateway calls customer and agent change places, for good: on connections
        that come back, too. What was said before stays where it is. `by` is a person's name,
        empty for the gateway itself."""
        if self._closed or self._audio is None:
            return []
        said = self._audio.swap()
        return [*said, ev.Swapped(self.info.call, self.at, self.swapped, by)]

    def leave(self, leg: int, now: ev.Seconds) -> list[ev.SessionEvent]:
        """A connection is gone: what was being said on it is let go. Without any leg the call
        waits for its grace time."""
        if self._closed or self._audio is None:
            return []
        self._gone = now
        return [*self._audio.leave(leg, now)]

    def judge(self, number: int, verdict: Verdict, now: ev.Seconds) -> list[ev.SessionEvent]:
        """What the recognizer made of utterance `number`: without words it ended no silence."""
        if self._closed or self._audio is None:
            return []
        return [*self._audio.judge(number, verdict, now)]

    def timeout(self, now: ev.Seconds) -> list[ev.SessionEvent]:
        """No audio came, or no connection."""
        if self.deadline is None or now < self.deadline:
            return []
        if not self._open_audio.connected:
            return self.close("lost", now)
        said: list[ev.SessionEvent] = []
        if self._quiet_due is not None and now >= self._quiet_due:
            said += self._open_audio.flush()
        if self._mark_due is not None and now >= self._mark_due:
            said += self._say_marks(now)
        if self._stall_due is not None and now >= self._stall_due:
            said += self._stall(now)
        return said

    def close(self, reason: str, now: ev.Seconds) -> list[ev.SessionEvent]:
        """No more audio: let go of open speech. Idempotent, like hanging up twice."""
        before, self._closed = self._closed, True
        if before or self._audio is None:
            return []
        self._audio.paused = True
        closed = ev.CallClosed(self.info.call, self.at, reason)
        return [*self._audio.flush(), *self._audio.settle(now), closed]

    def abandon(self) -> None:
        """It goes on elsewhere: no event comes any more, not even `CallClosed`."""
        self._closed = True

    def voice(self, start: ev.Seconds, end: ev.Seconds) -> bytes:
        """A WAV file of that stretch (see `CallAudio.voice`); empty without consent."""
        return self._audio.voice(start, end) if self._audio else b""

    def is_clear(self, start: ev.Seconds, end: ev.Seconds) -> bool:
        """See `CallAudio.is_clear`."""
        return self._audio is None or self._audio.is_clear(start, end)

    def clear(self, number: int, hidden: Sequence[ev.Span] | None) -> None:
        """See `CallAudio.clear`."""
        if self._audio:
            self._audio.clear(number, hidden)

    @property
    def _open_audio(self) -> CallAudio:
        if self._audio is None:
            raise LookupError("no leg has joined this call")
        return self._audio

    def _entry(self, now: ev.Seconds) -> ev.Seconds:
        """The media time at which a leg that joins now begins: of a live gateway, where the
        other leg is; of one that streams faster than life, where that would be in life, so the
        earlier of the two. A call without a leg goes on later by as long as it was not heard.
        """
        if self._open_audio.connected:
            return min(self.at, max(0.0, now - self._opened))
        return self.at + min(max(0.0, now - self._heard), self._settings.grace)

    def _hear(
        self, leg: int, party: ev.Party, pcm: bytes, now: ev.Seconds
    ) -> list[ev.SessionEvent]:
        audio = self._open_audio
        ear = audio.ear(leg, party)
        if not pcm:
            return []
        said = self._wake(now) if self._stalled else []
        self._heard = now
        return [*said, *audio.hear(ear, pcm, now)]

    def _lose(self, leg: int, seconds: ev.Seconds, now: ev.Seconds) -> list[ev.SessionEvent]:
        said = self._wake(now)
        self._heard = now
        return [*said, *self._open_audio.lose(leg, seconds, now)]

    def _hold(self, on: bool, now: ev.Seconds) -> list[ev.SessionEvent]:
        """Both legs may say it: once is enough. What is said on hold is still heard."""
        if on is self._held:
            return []
        said = self._open_audio.flush()
        self._held, self._heard = on, now
        return [*said, *self._pause(now), ev.Held(self.info.call, self.at, on)]

    @property
    def _quiet_due(self) -> ev.Seconds | None:
        """When whoever may be speaking is taken to have stopped."""
        return self._heard + ABSENT if self._open_audio.open else None

    @property
    def _mark_due(self) -> ev.Seconds | None:
        """A gateway that sends nothing while all are quiet (DTX) stops the call's own time:
        until that is a stall, the clock stands in for it. Audio that came faster than life is
        still being spoken."""
        mark = self._open_audio.next_mark
        if mark is None:
            return None
        in_life = self._opened + mark - 1e-3  # times are sums of frames
        return max(self._heard + max(ABSENT, mark - self.at), in_life)

    @property
    def _stall_due(self) -> ev.Seconds | None:
        waiting = not (self._held or self._stalled)
        return self._heard + self._settings.stall_after if waiting else None

    def _say_marks(self, now: ev.Seconds) -> list[ev.SessionEvent]:
        passed = min(now - self._heard, self._settings.stall_after)
        return [*self._open_audio.assume_quiet(self.at + passed, now)]

    def _stall(self, now: ev.Seconds) -> list[ev.SessionEvent]:
        self._stalled = True
        stalled = ev.Stalled(self.info.call, self.at, now - self._heard)
        return [*self._pause(now), stalled]

    def _wake(self, now: ev.Seconds) -> list[ev.SessionEvent]:
        if not self._stalled:
            return []
        self._stalled = False
        awake = ev.Stalled(self.info.call, self.at, max(0.0, now - self._heard), ended=True)
        return [awake, *self._pause(now)]

    def _pause(self, now: ev.Seconds) -> list[ev.SessionEvent]:
        """On hold, and while nothing comes, nothing is a silence."""
        self._open_audio.paused = self._held or self._stalled
        return [*self._open_audio.settle(now)]
