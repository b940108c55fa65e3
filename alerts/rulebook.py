"""The playbook's written rules with their expressions made ready: once, for all calls."""

from functools import lru_cache
from typing import NamedTuple

from alerts.conditions import compiled
from alerts.expressions.parser import parse
from alerts.expressions.tree import All, Field, Node, nodes
from alerts.one_sentence import Vocabulary
from alerts.playbook import Playbook
from alerts.scene import Condition
from alerts.settings import Rule
from alerts.wire import Severity
from streamer.events import Party, Seconds


class Ready(NamedTuple):
    """A rule, and its expressions as conditions: that of each severity, the gravest first."""

    rule: Rule
    conditions: tuple[tuple[Severity, Condition], ...]
    party: Party | None  # that any sentence which meets it is of


@lru_cache(maxsize=8)
def written_rules(playbook: Playbook) -> tuple[Ready, ...]:
    """The enabled ones."""
    vocabulary = Vocabulary(playbook.lists, playbook.angry.risk)
    return tuple(_ready(rule, vocabulary) for rule in playbook.enabled)


@lru_cache(maxsize=8)
def longest_look(playbook: Playbook) -> Seconds:
    """How far back any of them looks."""
    texts = (text for rule in playbook.enabled for text in rule.expressions)
    trees = (node for text in texts for node in nodes(parse(text)))
    return max((node.within or 0.0 for node in trees if isinstance(node, All)), default=0.0)


def _ready(rule: Rule, vocabulary: Vocabulary) -> Ready:
    levels = {**rule.graver, rule.severity: rule.when}
    trees = [(severity, parse(text)) for severity, text in levels.items()]
    parties = {_party(tree) for _, tree in trees}
    return Ready(
        rule,
        tuple((severity, compiled(tree, vocabulary)) for severity, tree in trees),
        parties.pop() if len(parties) == 1 else None,
    )


def _party(tree: Node) -> Party | None:
    """Most rules are about one party: of the other's sentences they need no look."""
    for item in tree.items if isinstance(tree, All) else ():
        if isinstance(item, Field) and item.name == "party":
            return Party(item.value)
    return None
