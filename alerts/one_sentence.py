"""What one sentence tells: facts, labels, states, words. Pure."""

import operator
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from alerts.expressions import tree
from alerts.expressions.tree import FEELINGS, SOUNDS
from alerts.heard import Heard
from alerts.phrases import holds, may_say, meant
from alerts.rules import SLACK
from alerts.scene import HOLDS, Condition, Found, Scene
from alerts.settings import Lists, Risk
from streamer.events import CallInfo, Party

Fact: TypeAlias = Callable[[Heard, CallInfo], bool]
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


class Vocabulary(NamedTuple):
    """The playbook's lists of phrases, and what takes a phrase back."""

    lists: Lists
    risk: Risk


def fact(node: tree.Field | tree.At) -> Fact:
    """Of the sentence or its call, whatever was said in it."""
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


def _test(tag: tree.Tag) -> Callable[[Heard], bool]:
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


def holds_by(node: tree.Field | tree.At) -> Condition:
    """A fact, as a condition."""
    true = fact(node)
    return lambda scene: HOLDS if true(scene.one, scene.info) else None


def labelled(node: tree.Tag) -> Condition:
    """A feeling, a sound, or a state of the call."""
    heard = _test(node)
    return lambda scene: Found((scene.one,)) if heard(scene.one) else None


def says(node: tree.Phrase | tree.WordList, vocabulary: Vocabulary) -> Condition:
    """Words, in earnest unless they are exact."""
    if isinstance(node, tree.Phrase) and node.exact:
        text = node.text
        return lambda scene: (
            Found((scene.one,), (text,)) if holds(scene.one.said, text) else None
        )
    if isinstance(node, tree.WordList):
        return _said(vocabulary.lists[node.name], vocabulary.risk)
    return says_any((node,), vocabulary)


def says_any(nodes: Sequence[tree.Phrase], vocabulary: Vocabulary) -> Condition:
    """Any of these, none of them exact: looked for together."""
    return _said(tuple(node.text + "~" * node.close for node in nodes), vocabulary.risk)


def _said(phrases: tuple[str, ...], risk: Risk) -> Condition:
    worth_a_look = may_say(phrases)

    def found(scene: Scene) -> Found | None:
        if not worth_a_look(scene.one.said):
            return None  # nearly always
        words = meant(scene.one.said, phrases, risk)
        return Found((scene.one,), words) if words else None

    return found
