"""Expressions, made ready to be asked: does it hold now, and of which sentences? Pure.

`compiled` turns a tree into a function once; it is then asked at every sentence of every call.
"""

from collections.abc import Sequence

from alerts.combining import all_of, any_of, negated
from alerts.expressions import tree
from alerts.expressions.tree import Leaf, Node
from alerts.one_sentence import Vocabulary, fact, holds_by, labelled, says, says_any
from alerts.scene import Condition
from alerts.several_sentences import Spread, counted, rising, spread_over

_COST: dict[type[Node], int] = {tree.Field: 0, tree.At: 0, tree.Tag: 1}


def compiled(node: Node, vocabulary: Vocabulary) -> Condition:
    """The condition that `node` states. Not met: None. Met: of which sentences, if of any."""
    match node:
        case tree.Not(item):
            return negated(compiled(item, vocabulary))
        case tree.Or(items):
            return _or(items, vocabulary)
        case tree.All():
            return _all(node, vocabulary)
        case _:
            return _leaf(node, vocabulary)


def _or(items: Sequence[Node], vocabulary: Vocabulary) -> Condition:
    phrases = [item for item in items if isinstance(item, tree.Phrase) and not item.exact]
    rest = [compiled(item, vocabulary) for item in items if item not in phrases]
    return any_of([*rest, says_any(phrases, vocabulary)] if phrases else rest)


def _all(node: tree.All, vocabulary: Vocabulary) -> Condition:
    if node.within is not None and node.count is None:
        return spread_over(_spread(node.items, vocabulary), node.within)
    cheapest_first = sorted(node.items, key=lambda item: _COST.get(type(item), 2))
    whole = all_of([compiled(item, vocabulary) for item in cheapest_first])
    if node.within is None or node.count is None:
        return whole
    return counted(whole, node.within, node.count)


def _spread(items: Sequence[Node], vocabulary: Vocabulary) -> Spread:
    facts, never, wanted = [], [], []
    for item in items:
        match item:
            case tree.Field() | tree.At():
                facts.append(fact(item))
            case tree.Not(unwanted):
                never.append(compiled(unwanted, vocabulary))
            case _:
                wanted.append(compiled(item, vocabulary))
    return Spread(facts, wanted, never)


def _leaf(node: Leaf, vocabulary: Vocabulary) -> Condition:
    match node:
        case tree.Phrase() | tree.WordList():
            return says(node, vocabulary)
        case tree.Rising(name, times):
            return rising(name, times)
        case tree.Field() | tree.At():
            return holds_by(node)
        case tree.Tag():
            return labelled(node)
