"""What people look for -> a condition on `sentences`. Pure: it makes SQL, and asks nothing.

The language is that of the rules (`alerts.expressions`): one sentence must meet everything, the
silence after it included. The index finds the sentences that have the tokens; the condition
then looks at each. What only a running call can know (`within`, `rising`) is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, and_, cast, not_, or_
from sqlalchemy.sql.operators import ge, gt, le, lt

from alerts.expressions import tree
from alerts.expressions.tree import FEELINGS, SOUNDS, Compare, ExpressionError, Node
from insights.tables import calls, sentences
from insights.wanted import AllOf, AnyOf, Token, Wanted
from insights.words import SHORTEST_SILENCE, fact, label, searched, sought

_COMPARE: Final[Mapping[Compare, Callable[[Any, Any], ColumnElement[bool]]]] = {
    ">": gt,
    ">=": ge,
    "<": lt,
    "<=": le,
}
_BEGINNING: Final = 1
"""The position that a fault has where it lies in the whole."""


def condition(node: Node, lists: Mapping[str, Sequence[str]]) -> ColumnElement[bool]:
    """What `sentences`, joined with `calls`, must meet. Raises `ExpressionError` for what
    cannot be looked for; `lists` are the playbook's phrases by name."""
    match node:
        case tree.Not(item):
            return not_(condition(item, lists))
        case tree.Or(items):
            return or_(*(condition(item, lists) for item in items))
        case tree.All(items, None, None):
            return and_(*(condition(item, lists) for item in items))
        case tree.All() | tree.Rising():
            raise ExpressionError("within:, count and rising are for rules only", _BEGINNING)
        case _:
            return _leaf(node, lists)


def _leaf(
    node: tree.Phrase | tree.WordList | tree.Tag | tree.Field | tree.At,
    lists: Mapping[str, Sequence[str]],
) -> ColumnElement[bool]:
    match node:
        case tree.Phrase() | tree.WordList():
            return or_(*map(_holds, _phrases(node, lists)))
        case tree.Tag():
            return _tag(node)
        case tree.Field(name, value):
            return _COLUMNS[name] == value
        case tree.At(compare, seconds):
            return _COMPARE[compare](sentences.c.end, seconds)


def wanted(node: Node, lists: Mapping[str, Sequence[str]]) -> Wanted | None:
    """The tokens that a sentence which meets `node` surely has; None where there are none."""
    match node:
        case tree.Or(items):
            return _any([wanted(item, lists) for item in items])
        case tree.All(items):
            return _all([wanted(item, lists) for item in items])
        case tree.Phrase() | tree.WordList():
            return _any([_all(_tokens(said)) for said in _phrases(node, lists)])
        case tree.Tag(name, compare, value):
            return _label(name, compare, value)
        case tree.Field(name, value):
            return Token(fact(name, value))
        case _:
            return None


_COLUMNS: Final = {
    "party": sentences.c.party,
    "lang": sentences.c.language,
    "agent": calls.c.agent_id,
    "queue": calls.c.queue,
}


def _phrases(
    node: tree.Phrase | tree.WordList, lists: Mapping[str, Sequence[str]]
) -> list[str]:
    if isinstance(node, tree.WordList):
        if node.name not in lists:
            known = ", ".join(sorted(lists))
            raise ExpressionError(f"words:{node.name} is not known: {known}", _BEGINNING)
        return [searched(phrase.removesuffix("~")) for phrase in lists[node.name]]
    if node.close:
        raise ExpressionError(f"{node.text}~: sound-alikes are for rules only", _BEGINNING)
    return [searched(node.text)]


def _holds(said: str) -> ColumnElement[bool]:
    return sentences.c.plain.contains(said, autoescape=True)


def _tokens(said: str) -> list[Wanted | None]:
    return [Token(word) for word in sought(said)]


def _tag(tag: tree.Tag) -> ColumnElement[bool]:
    if emotion := FEELINGS.get(tag.name):
        if tag.value is None:
            return sentences.c.emotion == emotion.value
        return _COMPARE[tag.compare](sentences.c.feels[emotion.value].as_float(), tag.value)
    if event := SOUNDS.get(tag.name):
        if tag.value is None:
            return cast(sentences.c.events, Text).contains(f'"{event.value}"', autoescape=True)
        return _COMPARE[tag.compare](sentences.c.events_p[event.value].as_float(), tag.value)
    if tag.name != "SILENCE":
        raise ExpressionError(f"[{tag.name}] is not kept of a sentence", _BEGINNING)
    if tag.value is None:
        return sentences.c.silence_after >= SHORTEST_SILENCE
    return _COMPARE[tag.compare](sentences.c.silence_after, tag.value)


def _label(name: str, compare: Compare, value: float | None) -> Wanted | None:
    """Only what is surely labelled so: a probability may be high and another one higher."""
    if name == "SILENCE":
        longer = value is None or (compare in (">", ">=") and value >= SHORTEST_SILENCE)
        return Token(label(name)) if longer else None
    if value is not None:
        return None
    known = FEELINGS.get(name) or SOUNDS.get(name)
    return Token(label(known.value)) if known else None


def _all(items: Sequence[Wanted | None]) -> Wanted | None:
    known = tuple(item for item in items if item is not None)
    if len(known) < 2:
        return known[0] if known else None
    return AllOf(known)


def _any(items: Sequence[Wanted | None]) -> Wanted | None:
    known = tuple(item for item in items if item is not None)
    if len(known) < len(items) or not known:
        return None
    return known[0] if len(known) == 1 else AnyOf(known)
