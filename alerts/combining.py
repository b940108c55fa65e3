"""Conditions of conditions, and what is found by them together. Pure."""

from collections.abc import Sequence

from alerts.scene import HOLDS, Condition, Found, Scene


def negated(item: Condition) -> Condition:
    return lambda scene: None if item(scene) else HOLDS


def any_of(items: Sequence[Condition]) -> Condition:
    if len(items) == 1:
        return items[0]

    def any_(scene: Scene) -> Found | None:
        for item in items:
            if found := item(scene):
                return found
        return None

    return any_


def all_of(items: Sequence[Condition]) -> Condition:
    def all_(scene: Scene) -> Found | None:
        together = HOLDS
        for item in items:
            found = item(scene)
            if found is None:
                return None
            if found is not HOLDS:
                together = joined(together, found)
        return together

    return all_


def joined(one: Found, other: Found) -> Found:
    """In the order of time, and of the words each once."""
    if one is HOLDS:
        return other
    heard = {(h.party, h.end): h for h in (*one.heard, *other.heard)}
    return Found(
        tuple(sorted(heard.values(), key=lambda h: h.end)),
        tuple(dict.fromkeys((*one.words, *other.words))),
    )
