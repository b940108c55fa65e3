"""What several sentences tell together. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from alerts.combining import any_of, joined
from alerts.expressions.tree import FEELINGS
from alerts.heard import Heard
from alerts.one_sentence import Fact
from alerts.scene import HOLDS, Condition, Found, Scene
from streamer.events import Seconds


def rising(name: str, times: int) -> Condition:
    """The speaker's last `times` sentences that gave evidence, each above the one before."""
    emotion = FEELINGS[name]

    def rises(scene: Scene) -> Found | None:
        steps = [scene.one]
        for one in reversed(scene.heard):
            if one.party is not scene.one.party or not one.feels or one.end >= steps[-1].end:
                continue
            if one.feels.get(emotion, 0.0) >= steps[-1].feels.get(emotion, 0.0):
                return None
            steps.append(one)
            if len(steps) == times:
                return Found(tuple(reversed(steps)))
        return None

    return rises


def counted(whole: Condition, within: Seconds, count: int) -> Condition:
    """Met by `count` sentences of the last `within` seconds, the one in question among them."""

    def enough(scene: Scene) -> Found | None:
        if (newest := whole(scene)) is None:
            return None
        met = [f for one in _lately(scene, within) if (f := whole(scene._replace(one=one)))]
        if len(met) < count:
            return None
        together = newest
        for found in met:
            together = joined(together, found)
        return together

    return enough


class Spread(NamedTuple):
    """What is to be found in the sentences that have the right facts, and what in none."""

    facts: Sequence[Fact]
    wanted: Sequence[Condition]
    never: Sequence[Condition]


def spread_over(parts: Spread, within: Seconds) -> Condition:
    """Each item wanted met by some sentence of the last `within` seconds."""
    begins = any_of(parts.wanted)

    def spread(scene: Scene) -> Found | None:
        if not _counts(scene, parts.facts) or not begins(scene):
            return None  # nearly always: the newest sentence has no part in it
        others = (scene._replace(one=one) for one in reversed(_lately(scene, within)))
        scenes = [other for other in others if _counts(other, parts.facts)]
        if any(item(other) for item in parts.never for other in scenes):
            return None
        return _each(parts.wanted, scenes)

    return spread


def _each(wanted: Sequence[Condition], scenes: Sequence[Scene]) -> Found | None:
    together = HOLDS
    for item in wanted:
        found = next((f for scene in scenes if (f := item(scene))), None)
        if found is None:
            return None
        together = joined(together, found)
    return together


def _counts(scene: Scene, facts: Sequence[Fact]) -> bool:
    return all(fact(scene.one, scene.info) for fact in facts)


def _lately(scene: Scene, within: Seconds) -> list[Heard]:
    """Up to the sentence in question: what came after it is not its affair."""
    oldest = scene.now - within
    return [one for one in scene.heard if oldest <= one.end <= scene.one.end]
