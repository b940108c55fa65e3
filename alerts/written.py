"""A rule that the playbook writes as an expression: what meets it, folded into episodes."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import msgspec

from alerts.conditions import Condition, Found, Scene, Vocabulary, compiled
from alerts.episodes import KEPT_EVIDENCE, RANK, Episodes, Finding, Life
from alerts.expressions.parser import parse
from alerts.expressions.tree import All, Field, Node, nodes
from alerts.heard import Heard, quote
from alerts.playbook import Playbook
from alerts.reasons import written_reason
from alerts.settings import Rule
from alerts.wire import Alert, Kind, Severity
from streamer.events import CallInfo, Emotion, Party, Seconds

_FELT: dict[Kind, Emotion] = {
    "ANGRY": Emotion.ANGRY,
    "ESCALATION": Emotion.ANGRY,
    "SAD": Emotion.SAD,
}
"""Of which emotion the score is the probability; of other kinds it is 1."""


class Ready(NamedTuple):
    """A rule with its expressions made ready."""

    rule: Rule
    when: Condition
    critical: Condition | None
    party: Party | None  # that any sentence which meets it is of


@lru_cache(maxsize=8)
def written_rules(playbook: Playbook) -> tuple[Ready, ...]:
    """The enabled ones: made once for all calls."""
    vocabulary = Vocabulary(playbook.lists, playbook.angry.risk)

    def ready(text: str) -> Condition:
        return compiled(parse(text), vocabulary)

    return tuple(
        Ready(
            rule,
            ready(rule.when),
            ready(rule.critical) if rule.critical else None,
            None if rule.critical else _party(parse(rule.when)),
        )
        for rule in playbook.enabled
    )


def _party(tree: Node) -> Party | None:
    """Most rules are about one party: of the other's sentences they need no look."""
    for item in tree.items if isinstance(tree, All) else ():
        if isinstance(item, Field) and item.name == "party":
            return Party(item.value)
    return None


@lru_cache(maxsize=8)
def longest_look(playbook: Playbook) -> Seconds:
    """How far back any of them looks."""
    texts = [text for rule in playbook.enabled for text in (rule.when, rule.critical) if text]
    trees = (node for text in texts for node in nodes(parse(text)))
    return max((node.within or 0.0 for node in trees if isinstance(node, All)), default=0.0)


class Memory(msgspec.Struct):
    """What one rule remembers of a call."""

    causes: list[Heard] = []
    words: tuple[str, ...] = ()
    count: int = 0
    last: Seconds = 0.0  # when it was last met
    newest: Seconds = -1.0  # by the sentence that ended then
    life: Life = msgspec.field(default_factory=Life)


class WrittenRule:
    """One per rule and call."""

    def __init__(
        self, ready: Ready, info: CallInfo, version: str, new_id: Callable[[], str]
    ) -> None:
        self._rule, self._when, self._critical, self.party = ready
        self._memory = Memory()
        self.episodes = Episodes(info, version, self._rule.cooldown, new_id)

    @property
    def kind(self) -> Kind:
        return self._rule.kind

    def look(self, scene: Scene) -> list[Alert]:
        """Conditions are met by the sentence in question and others, so no alert comes late."""
        found, running = self._when(scene), self.episodes.open
        if found is None and running is None:
            return []  # nearly always
        found, severity = self._worse(found, scene)
        if found is None:
            return self.wait(scene.now)
        again = scene.one.end == self._memory.newest
        if running and again and RANK[severity] <= RANK[running.severity]:
            return []  # its silence has only grown
        self._remember(found, scene, anew=running is None)
        return self.episodes.found(self._finding(scene, severity))

    def wait(self, now: Seconds) -> list[Alert]:
        """Call time passes: it is over when it was not met for so long."""
        if self.episodes.open is None:
            return []
        last = self._memory.last
        if now <= last or now < last + self._rule.hold:
            return []
        return self.episodes.end(now, "hysteresis")

    def _worse(self, found: Found | None, scene: Scene) -> tuple[Found | None, Severity]:
        """What meets the rule, or within an episode only its graver expression."""
        worse = self._critical(scene) if self._critical else None
        if worse is None:
            return found, self._rule.severity
        return worse if worse.heard else found, "critical"

    def _remember(self, found: Found, scene: Scene, *, anew: bool) -> None:
        memory = self._memory
        if anew:
            memory.causes, memory.words, memory.count = [], (), 0
        known = {one.end: one for one in (*memory.causes, *found.heard)}
        memory.causes = sorted(known.values(), key=lambda one: one.end)[-KEPT_EVIDENCE:]
        memory.words = tuple(dict.fromkeys((*memory.words, *found.words)))[:KEPT_EVIDENCE]
        memory.count = memory.count + 1 if memory.count else len(found.heard)
        memory.last = max(memory.last, scene.now)
        memory.newest = scene.one.end

    def _finding(self, scene: Scene, severity: Severity) -> Finding:
        rule, memory, running = self._rule, self._memory, self.episodes.open
        return Finding(
            kind=rule.kind,
            rule=rule.rule,
            severity=severity,
            party=scene.one.party,
            at=scene.now,
            since=running.since if running else memory.causes[0].start,
            text=scene.one.text,
            count=memory.count,
            score=self._score(),
            evidence=tuple(quote(one) for one in memory.causes if one.number),
            why=written_reason(rule.because, memory.words, memory.count),
        )

    def _score(self) -> float:
        emotion = _FELT.get(self._rule.kind)
        if emotion is None:
            return 1.0
        return round(max(one.feels.get(emotion, 0.0) for one in self._memory.causes), 3)

    # ---- over a restart ----

    def state(self) -> Memory:
        return msgspec.structs.replace(self._memory, life=self.episodes.state())

    def restore(self, memory: Memory) -> None:
        self._memory = msgspec.structs.replace(memory)
        self.episodes.restore(memory.life)
