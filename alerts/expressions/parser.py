"""The text of an expression -> its tree. Whoever writes one learns where it went wrong."""

from typing import Any

from alerts.expressions import tree
from alerts.expressions.atoms import SPECIAL, word
from alerts.expressions.reader import Reader
from alerts.expressions.scanner import Token, tokens
from alerts.expressions.tree import ExpressionError, Node

LONGEST = 1000
"""Characters of an expression, and far more than anybody means."""
DEEPEST = 20


def parse(text: str) -> Node:
    """The tree of `text` (grammar: `alerts.expressions`). Raises `ExpressionError`."""
    if len(text) > LONGEST:
        raise ExpressionError(f"an expression has at most {LONGEST} characters", LONGEST + 1)
    reader = Reader(tokens(text))
    found = _any(reader)
    if reader.next.kind != "end":
        raise ExpressionError(f"{reader.next.text!r} closes nothing", reader.next.position)
    return found


def _any(reader: Reader) -> Node:
    items = [_all(reader)]
    while reader.says("OR"):
        reader.take()
        items.append(_all(reader))
    return items[0] if len(items) == 1 else tree.Or(tuple(items))


def _all(reader: Reader) -> Node:
    items: list[Node] = []
    shape: dict[str, Any] = {}
    began = reader.next.position
    while True:
        token = reader.next
        if _shapes(reader):
            name, value = _shape(reader)
            if name in shape:
                raise ExpressionError(f"{name} stands here twice", token.position)
            shape[name] = value
        else:
            items.append(_item(reader))
        if reader.says("AND"):
            reader.take()
        elif reader.next.kind in ("end", "close") or reader.says("OR"):
            break
    if not items:
        raise ExpressionError("there is nothing to look for", began)
    if "count" in shape and "within" not in shape:
        raise ExpressionError("count needs within, as in within:60s", began)
    return items[0] if len(items) == 1 and not shape else tree.All(tuple(items), **shape)


def _shapes(reader: Reader) -> bool:
    token = reader.next
    return token.kind == "count" or (token.kind, token.text) == ("field", "within")


def _shape(reader: Reader) -> tuple[str, float | int]:
    token = reader.take()
    if token.text == "within":
        return "within", reader.seconds()
    compare = reader.expect("compare", "'>=' after count").text
    if compare not in (">", ">="):
        raise ExpressionError("only count>=N is known", token.position)
    return "count", reader.whole() + (compare == ">")


def _item(reader: Reader) -> Node:
    if reader.next.kind == "not" or reader.says("NOT"):
        reader.take()
        return tree.Not(_atom(reader))
    return _atom(reader)


def _atom(reader: Reader) -> Node:
    token = reader.take()
    if token.kind == "open":
        return _group(reader, token)
    if special := SPECIAL.get(token.kind):
        return special(reader, token)
    if token.kind in ("word", "number", "seconds"):  # a figure is a word too: 12315
        return word(token)
    raise ExpressionError("something to look for is missing", token.position)


def _group(reader: Reader, opened: Token) -> Node:
    reader.depth += 1
    if reader.depth > DEEPEST:
        raise ExpressionError("parentheses are nested too deeply", opened.position)
    found = _any(reader)
    reader.expect("close", f"')' for the '(' at character {opened.position}")
    reader.depth -= 1
    return found
