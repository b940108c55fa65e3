"""Whether an expression may be asked of a sentence that still goes on.

What such a sentence says it has said: words, sounds and feelings that are there count. What is
not there may still come, and a state of the call is known only once the sentence is over.
"""

from collections.abc import Iterator

from alerts.expressions.tree import STATES, Node, Not, Tag, hears, nodes


def draft_faults(tree: Node) -> Iterator[str]:
    """What would have it hold of half a sentence and not of the whole, or never of a half."""
    for node in nodes(tree):
        if isinstance(node, Not) and hears(node.item):
            yield "has NOT, and what it excludes may still be said: leave drafts out"
        elif isinstance(node, Tag) and node.name in STATES:
            yield f"has [{node.name}], which no unfinished sentence has: leave drafts out"
        elif isinstance(node, Tag) and node.compare in ("<", "<="):
            yield f"asks for little [{node.name}], and more may still come: leave drafts out"
