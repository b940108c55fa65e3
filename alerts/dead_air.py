"""Dead air: nobody speaks for so long that a supervisor should know."""

from collections.abc import Callable

import msgspec

from alerts.episodes import Episodes, Finding, Life
from alerts.playbook import Playbook, Silences
from alerts.reasons import silence_reason
from alerts.rules import SLACK
from alerts.wire import Alert, Evidence, Severity
from streamer.events import CallInfo, Emotion, Silence, Transcript


class Memory(msgspec.Struct):
    last: Transcript | None = None
    life: Life = msgspec.field(default_factory=Life)


class DeadAir:
    """Nobody speaks. The last words heard are the evidence: the silence itself says nothing."""

    def __init__(self, info: CallInfo, playbook: Playbook, new_id: Callable[[], str]) -> None:
        self._limits = playbook.silence
        self._last: Transcript | None = None
        self.episodes = Episodes(info, playbook.version, playbook.silence.cooldown, new_id)

    def state(self) -> Memory:
        """What it remembers, as plain values: `restore` goes on from there."""
        return Memory(self._last, self.episodes.state())

    def restore(self, memory: Memory) -> None:
        self._last = memory.last
        self.episodes.restore(memory.life)

    def hear(self, said: Transcript) -> None:
        if self._last is None or said.end >= self._last.end:
            self._last = said

    def wait(self, silence: Silence) -> list[Alert]:
        at = silence.since + silence.lasted
        why = silence_reason(silence.lasted, silence.last_speaker)
        if silence.ended:
            return self.episodes.end(at, "hysteresis", why)
        severity = silence_severity(silence, self._limits)
        if severity is None:
            return []
        last = self._last
        finding = Finding(
            kind="SILENCE",
            rule=self._limits.rule,
            severity=severity,
            party=silence.last_speaker,
            at=at,
            since=silence.since,
            text=last.text if last else "",
            count=1,
            score=1.0,
            evidence=(_last_words(last),) if last else (),
            why=why,
        )
        return self.episodes.found(finding)


def silence_severity(silence: Silence, limits: Silences) -> Severity | None:
    """How bad this silence is by now; None while it is not worth an alert."""
    if limits.critical is not None and silence.lasted >= limits.critical - SLACK:
        return "critical"
    return "high" if silence.lasted >= limits.alert - SLACK else None


def _last_words(said: Transcript) -> Evidence:
    return Evidence(said.start, said.end, said.party, said.text, Emotion.UNKNOWN, 0.0)
