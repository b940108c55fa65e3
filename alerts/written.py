"""A rule that the playbook writes as an expression: what meets it, folded into episodes.

A severity holds for the rule's `hold` after its expression was last met. The alert has the
highest one that holds; with none left, it is over.
"""

from collections.abc import Callable, Sequence

import msgspec

from alerts import drafts
from alerts.drafts import Drafts
from alerts.episodes import KEPT_EVIDENCE, Episodes, Finding, Life
from alerts.heard import Heard, quote
from alerts.reasons import so_far_reason, written_reason
from alerts.rulebook import Ready
from alerts.scene import Found, Scene
from alerts.wire import RANK, Alert, Kind, Severity
from streamer.events import CallInfo, Emotion, Seconds

_FELT: dict[Kind, Emotion] = {
    "ANGRY": Emotion.ANGRY,
    "ESCALATION": Emotion.ANGRY,
    "SAD": Emotion.SAD,
}
"""Of which emotion the score is the probability; of other kinds it is 1."""


class Memory(msgspec.Struct):
    """What one rule remembers of a call."""

    causes: list[Heard] = []
    words: tuple[str, ...] = ()
    count: int = 0
    met: dict[Severity, Seconds] = {}  # when each was met last
    newest: Seconds = -1.0  # by the sentence that ended then
    watched: drafts.Memory = msgspec.field(default_factory=drafts.Memory)
    life: Life = msgspec.field(default_factory=Life)


class WrittenRule:
    """One per rule and call."""

    def __init__(
        self, ready: Ready, info: CallInfo, version: str, new_id: Callable[[], str]
    ) -> None:
        self._rule, self._conditions, self.party = ready
        self._when = self._conditions[-1][1]
        self._memory = Memory()
        self.episodes = Episodes(info, version, self._rule.cooldown, new_id)
        self.drafts = Drafts(self.episodes)

    @property
    def kind(self) -> Kind:
        return self._rule.kind

    @property
    def hears_drafts(self) -> bool:
        return self._rule.drafts

    def look(self, scene: Scene) -> list[Alert]:
        """Conditions are met by the sentence in question and others, so no alert comes late."""
        told, one = self._judge(scene), scene.one
        if self._rule.drafts:
            told += self.drafts.over(one.party, one.number, one.end)
        return told

    def glimpse(self, scene: Scene) -> list[Alert]:
        """A sentence that goes on."""
        return self.drafts.see(scene.one, lambda: self._guess(scene))

    def wait(self, now: Seconds) -> list[Alert]:
        """Call time passes: what was not met for so long is over. A graver severity is over
        first, so that what comes again is a rise again."""
        if self.episodes.firm is None:
            return []  # nearly always
        lowered = self._lower(now)
        return lowered if self._held(now) else [*lowered, *self.episodes.end(now, "hysteresis")]

    def _judge(self, scene: Scene) -> list[Alert]:
        found = self._when(scene)
        if found is None and self.episodes.firm is None:
            return []  # nearly always
        lowered, memory = self._lower(scene.now), self._memory
        by = {severity: met(scene) for severity, met in self._conditions[:-1]}
        by[self._rule.severity] = found
        levels = [(severity, found) for severity, found in by.items() if found]
        for severity, _ in levels:
            memory.met[severity] = max(memory.met.get(severity, 0.0), scene.now)
        told = self._find(*levels[0], scene) if levels else self.wait(scene.now)
        return [*lowered, *told]

    def _held(self, now: Seconds) -> list[Severity]:
        hold = self._rule.hold
        return [s for s, at in self._memory.met.items() if now <= at or now < at + hold]

    def _lower(self, now: Seconds) -> list[Alert]:
        worst = max(self._held(now), key=RANK.__getitem__, default=self._rule.severity)
        return self.episodes.lower(now, worst)

    def _find(self, severity: Severity, found: Found, scene: Scene) -> list[Alert]:
        firm, again = self.episodes.firm, scene.one.end == self._memory.newest
        if firm and again and RANK[severity] <= RANK[firm.severity]:
            return []  # its silence has only grown
        self._remember(found, scene, anew=firm is None)
        memory = self._memory
        finding = self._finding(scene, memory.causes, memory.words, memory.count)
        return self.episodes.found(msgspec.structs.replace(finding, severity=severity))

    def _remember(self, found: Found, scene: Scene, *, anew: bool) -> None:
        memory = self._memory
        if anew:
            memory.causes, memory.words, memory.count = [], (), 0
        known = {one.end: one for one in (*memory.causes, *found.heard)}
        memory.causes = sorted(known.values(), key=lambda one: one.end)[-KEPT_EVIDENCE:]
        memory.words = tuple(dict.fromkeys((*memory.words, *found.words)))[:KEPT_EVIDENCE]
        memory.count = memory.count + 1 if memory.count else len(found.heard)
        memory.newest = scene.one.end

    def _guess(self, scene: Scene) -> Finding | None:
        """Nothing is remembered of it."""
        if (found := self._when(scene)) is None:
            return None
        finding = self._finding(scene, found.heard, found.words, len(found.heard))
        return msgspec.structs.replace(finding, why=so_far_reason(finding.why))

    def _finding(
        self, scene: Scene, causes: Sequence[Heard], words: tuple[str, ...], count: int
    ) -> Finding:
        rule, firm = self._rule, self.episodes.firm
        return Finding(
            kind=rule.kind,
            rule=rule.rule,
            severity=rule.severity,
            party=scene.one.party,
            at=scene.now,
            since=firm.since if firm else causes[0].start,
            text=scene.one.text,
            count=count,
            score=self._score(causes),
            evidence=tuple(quote(one) for one in causes if one.number),
            why=written_reason(rule.because, words, count),
        )

    def _score(self, causes: Sequence[Heard]) -> float:
        emotion = _FELT.get(self._rule.kind)
        if emotion is None:
            return 1.0
        return round(max(one.feels.get(emotion, 0.0) for one in causes), 3)

    # ---- over a restart ----

    def state(self) -> Memory:
        return msgspec.structs.replace(
            self._memory,
            met=self._memory.met.copy(),
            watched=self.drafts.state(),
            life=self.episodes.state(),
        )

    def restore(self, memory: Memory) -> None:
        self._memory = msgspec.structs.replace(memory)
        self.drafts.restore(memory.watched)
        self.episodes.restore(memory.life)
