"""Expressions, made ready to be asked: does it hold now, and of which sentences? Pure.

`compiled` turns a tree into a function once; it is then asked at every sentence of every call.
"""

import operator
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from alerts.expressions import tree
from alerts.expressions.tree import FEELINGS, SOUNDS, Leaf, Node
from alerts.heard import Heard
from alerts.phrases import holds, may_say, meant
from alerts.rules import SLACK
from alerts.settings import Lists, Risk
from streamer.events import CallInfo, Party, Seconds


class Scene(NamedTuple):
    """What there is to look at: `one` is the sentence in question, among those `heard`."""

    one: Heard
    heard: Sequence[Heard]
    now: Seconds
    info: CallInfo


class Found(NamedTuple):
    """The sentences that meet an expression, and which of its phrases they say."""

    heard: tuple[Heard, ...] = ()
    words: tuple[str, ...] = ()


Condition: TypeAlias = Callable[[Scene], Found | None]
Test: TypeAlias = Callable[[Heard, CallInfo], bool]

Comparison: TypeAlias = Callable[[float, float], bool]

_SHARES: dict[str, Comparison] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_SPANS: dict[str, Comparison] = {
    ">": lambda a, b: a >= b - SLACK,  # reached at the mark that was set for it
    ">=": lambda a, b: a >= b - SLACK,
    "<": lambda a, b: a < b - SLACK,
    "<=": lambda a, b: a <= b + SLACK,
}
_HOLDS = Found()
_COST: dict[type[Node], int] = {tree.Field: 0, tree.At: 0, tree.Tag: 1}


class Vocabulary(NamedTuple):
    """The playbook's lists of phrases, and what takes a phrase back."""

    lists: Lists
    risk: Risk


def compiled(node: Node, vocabulary: Vocabulary) -> Condition:
    """The condition that `node` states. Not met: None. Met: of which sentences, if of any."""
    match node:
        case tree.Not(item):
            return _not(compiled(item, vocabulary))
        case tree.Or(items):
            return _any_of(items, vocabulary)
        case tree.All():
            return _all(node, vocabulary)
        case _:
            return _leaf(node, vocabulary)


def _any_of(items: Sequence[Node], vocabulary: Vocabulary) -> Condition:
    """Phrases are looked for together."""
    plain = [item for item in items if isinstance(item, tree.Phrase) and not item.exact]
    rest = [compiled(item, vocabulary) for item in items if item not in plain]
    if not plain:
        return _or(rest)
    words = _said(tuple(item.text + "~" * item.close for item in plain), vocabulary.risk)
    return _or([*rest, words]) if rest else words


def _all(node: tree.All, vocabulary: Vocabulary) -> Condition:
    if node.within is not None and node.count is None:
        return _spread(node.items, node.within, vocabulary)
    cheapest_first = sorted(node.items, key=lambda item: _COST.get(type(item), 2))
    whole = _and([compiled(item, vocabulary) for item in cheapest_first])
    if node.within is None or node.count is None:
        return whole
    return _count(whole, node.within, node.count)


def _leaf(node: Leaf, vocabulary: Vocabulary) -> Condition:
    match node:
        case tree.Phrase() | tree.WordList():
            return _words(node, vocabulary)
        case tree.Rising(name, times):
            return _rising(name, times)
        case tree.Field() | tree.At():
            test = _fact(node)
            return lambda scene: _HOLDS if test(scene.one, scene.info) else None
        case tree.Tag():
            heard = _tag(node)
            return lambda scene: Found((scene.one,)) if heard(scene.one) else None


# ---- one sentence ----


def _fact(node: tree.Field | tree.At) -> Test:
    if isinstance(node, tree.At):
        compare, seconds = _SPANS[node.compare], node.seconds
        return lambda one, _: compare(one.end, seconds)
    value = node.value
    match node.name:
        case "party":
            party = Party(value)
            return lambda one, _: one.party is party
        case "lang":
            return lambda one, _: one.language == value
        case "queue":
            return lambda _, info: info.queue == value
        case "agent":
            return lambda _, info: info.agent_id == value


def _tag(tag: tree.Tag) -> Callable[[Heard], bool]:
    name, compare, value = tag.name, _SHARES[tag.compare], tag.value
    if emotion := FEELINGS.get(name):
        if value is None:
            return lambda one: one.emotion is emotion
        return lambda one: bool(one.feels) and compare(one.feels.get(emotion, 0.0), value)
    if event := SOUNDS.get(name):
        if value is None:
            return lambda one: event in one.events
        return lambda one: compare(one.events_p.get(event, 0.0), value)
    return _state(name, _SPANS[tag.compare], value or 0.0)


def _state(name: str, compare: Comparison, value: float) -> Callable[[Heard], bool]:
    match name:
        case "SILENCE":
            return lambda one: one.silence > 0 and compare(one.silence, value)
        case "TALKOVER":
            return lambda one: one.overlap > 0 and compare(one.overlap, value)
        case "STALLED":
            return lambda one: one.stalled > 0 and compare(one.stalled, value)
        case _:
            return lambda one: one.held


def _words(node: tree.Phrase | tree.WordList, vocabulary: Vocabulary) -> Condition:
    if isinstance(node, tree.Phrase) and node.exact:
        text = node.text
        return lambda scene: (
            Found((scene.one,), (text,)) if holds(scene.one.said, text) else None
        )
    if isinstance(node, tree.WordList):
        return _said(vocabulary.lists[node.name], vocabulary.risk)
    return _said((node.text + "~" * node.close,), vocabulary.risk)


def _said(phrases: tuple[str, ...], risk: Risk) -> Condition:
    worth_a_look = may_say(phrases)

    def said(scene: Scene) -> Found | None:
        if not worth_a_look(scene.one.said):
            return None  # nearly always
        words = meant(scene.one.said, phrases, risk)
        return Found((scene.one,), words) if words else None

    return said


def _not(item: Condition) -> Condition:
    return lambda scene: None if item(scene) else _HOLDS


def _or(items: Sequence[Condition]) -> Condition:
    def any_(scene: Scene) -> Found | None:
        for item in items:
            if found := item(scene):
                return found
        return None

    return any_


def _and(items: Sequence[Condition]) -> Condition:
    def all_(scene: Scene) -> Found | None:
        together = _HOLDS
        for item in items:
            found = item(scene)
            if found is None:
                return None
            if found is not _HOLDS:
                together = _joined(together, found)
        return together

    return all_


# ---- several sentences ----


def _rising(name: str, times: int) -> Condition:
    emotion = FEELINGS[name]

    def rises(scene: Scene) -> Found | None:
        above, party = scene.one.feels.get(emotion, 0.0), scene.one.party
        steps = [scene.one]
        for one in reversed(scene.heard):
            if one.party is not party or not one.feels or one.end >= steps[-1].end:
                continue
            p = one.feels.get(emotion, 0.0)
            if p >= above:
                return None
            steps.append(one)
            above = p
            if len(steps) == times:
                return Found(tuple(reversed(steps)))
        return None

    return rises


def _count(whole: Condition, within: Seconds, count: int) -> Condition:
    def enough(scene: Scene) -> Found | None:
        if (newest := whole(scene)) is None:
            return None
        met = [f for one in _lately(scene, within) if (f := whole(scene._replace(one=one)))]
        if len(met) < count:
            return None
        together = newest
        for found in met:
            together = _joined(together, found)
        return together

    return enough


def _spread(items: Sequence[Node], within: Seconds, vocabulary: Vocabulary) -> Condition:
    """Each item met by some sentence of the last `within` seconds that has the right facts."""
    facts = [_fact(item) for item in items if isinstance(item, tree.Field | tree.At)]
    never = [compiled(item.item, vocabulary) for item in items if isinstance(item, tree.Not)]
    wanted = [
        compiled(item, vocabulary)
        for item in items
        if not isinstance(item, tree.Field | tree.At | tree.Not)
    ]

    begins = _or(wanted)

    def spread(scene: Scene) -> Found | None:
        if not _counts(scene, facts) or not begins(scene):
            return None  # nearly always: the newest sentence has no part in it
        scenes = [
            other
            for one in reversed(_lately(scene, within))
            if _counts(other := scene._replace(one=one), facts)
        ]
        if any(item(other) for item in never for other in scenes):
            return None
        together = _HOLDS
        for item in wanted:
            found = next((f for other in scenes if (f := item(other))), None)
            if found is None:
                return None
            together = _joined(together, found)
        return together

    return spread


def _counts(scene: Scene, facts: Sequence[Test]) -> bool:
    return all(fact(scene.one, scene.info) for fact in facts)


def _lately(scene: Scene, within: Seconds) -> list[Heard]:
    """Up to the sentence in question: what came after it is not its affair."""
    oldest = scene.now - within
    return [one for one in scene.heard if oldest <= one.end <= scene.one.end]


def _joined(one: Found, other: Found) -> Found:
    """In the order of time, and of the words each once."""
    if one is _HOLDS:
        return other
    heard = {(h.party, h.end): h for h in (*one.heard, *other.heard)}
    return Found(
        tuple(sorted(heard.values(), key=lambda h: h.end)),
        tuple(dict.fromkeys((*one.words, *other.words))),
    )
