"""Dead air: nobody speaks for so long, or so often, that a supervisor should know."""

from collections.abc import Callable

import msgspec

from alerts.episodes import Episodes, Finding, Life
from alerts.floor import Floor
from alerts.playbook import Playbook
from alerts.prompt_settings import Silences, Turn
from alerts.reasons import often_reason, silence_reason
from alerts.rules import SLACK
from alerts.wire import Alert, Evidence, Severity, Words
from streamer.events import CallInfo, Emotion, Seconds, Silence, Transcript


class Memory(msgspec.Struct):
    """What is remembered of a call, as plain values."""

    often_until: Seconds = 0.0
    often_told: bool = False
    life: Life = msgspec.field(default_factory=Life)


class DeadAir:
    """Nobody speaks. The last words heard are the evidence: the silence itself says nothing.
    Whoever owns the `floor` has told it the event before."""

    def __init__(
        self, info: CallInfo, playbook: Playbook, new_id: Callable[[], str], floor: Floor
    ) -> None:
        self._limits, self._floor = playbook.silence, floor
        self._often_until: Seconds = 0.0  # the agent has been prompted so often, of late
        self._often_told = False
        self.episodes = Episodes(info, playbook.version, playbook.silence.cooldown, new_id)

    def state(self) -> Memory:
        return Memory(self._often_until, self._often_told, self.episodes.state())

    def restore(self, memory: Memory) -> None:
        self._often_until, self._often_told = memory.often_until, memory.often_told
        self.episodes.restore(memory.life)

    def wait(self, silence: Silence) -> list[Alert]:
        at = silence.since + silence.lasted
        why = silence_reason(silence.lasted, silence.last_speaker)
        if silence.ended:
            return self._over(at, why)
        turn = self._floor.turn(silence) or "agent"
        severity = silence_severity(silence, self._limits, turn) if self._floor.met else None
        return self._found(silence, severity, why) if severity else []

    def hear(self, said: Transcript) -> list[Alert]:
        """Words: whoever was prompted often no longer is, after a while."""
        return self._over(said.end) if self._often_until else []

    def prompted(self, count: int, silence: Silence) -> list[Alert]:
        """The agent has been prompted for that silence: number `count` of the call. Told once a
        call, and then for as long as that goes on."""
        often, at = self._limits.often, silence.since + silence.lasted
        going_on = at < self._often_until and self.episodes.open is not None
        if often is None or count < often or (self._often_told and not going_on):
            return []
        self._often_until = at + self._limits.often_hold
        told = self._found(silence, "watch", often_reason(count), count=count)
        self._often_told = self._often_told or bool(told)
        return told

    def _over(self, at: Seconds, why: Words | None = None) -> list[Alert]:
        if at < self._often_until:
            return self.episodes.lower(at, "watch")
        self._often_until = 0.0
        return self.episodes.end(at, "hysteresis", why)

    def _found(
        self, silence: Silence, severity: Severity, why: Words, count: int = 1
    ) -> list[Alert]:
        last = self._floor.newest
        finding = Finding(
            kind="SILENCE",
            rule=self._limits.rule,
            severity=severity,
            party=silence.last_speaker,
            at=silence.since + silence.lasted,
            since=silence.since,
            text=last.text if last else "",
            count=count,
            score=1.0,
            evidence=(_last_words(last),) if last else (),
            why=why,
        )
        return self.episodes.found(finding)


def silence_severity(silence: Silence, limits: Silences, turn: Turn) -> Severity | None:
    """How bad this silence is by now; None while it is not worth an alert."""
    limit, lasted = limits.alert_after(turn), silence.lasted + SLACK
    if limits.critical is not None and lasted >= limit + limits.critical - limits.alert:
        return "critical"
    return "high" if lasted >= limit else None


def _last_words(said: Transcript) -> Evidence:
    return Evidence(said.start, said.end, said.party, said.text, Emotion.UNKNOWN, 0.0)
