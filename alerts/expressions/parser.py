"""The text of an expression -> its tree. Whoever writes one learns where it went wrong."""

from collections.abc import Callable, Iterable
from typing import Any, cast, get_args

from alerts.expressions import tree
from alerts.expressions.scanner import Token, tokens
from alerts.expressions.tree import Compare, ExpressionError, Node

LONGEST = 1000
"""Characters of an expression, and far more than anybody means."""
DEEPEST = 20
MOST_SECONDS = 600.0
"""No rule looks further back: what was heard before is forgotten."""
_PARTIES = ("customer", "agent", "unknown")


def parse(text: str) -> Node:
    """The tree of `text` (grammar: `alerts.expressions`). Raises `ExpressionError`."""
    if len(text) > LONGEST:
        raise ExpressionError(f"an expression has at most {LONGEST} characters", LONGEST + 1)
    reader = _Reader(tokens(text))
    found = _any(reader)
    if reader.next.kind != "end":
        raise ExpressionError(f"{reader.next.text!r} closes nothing", reader.next.position)
    return found


class _Reader:
    """The tokens, one ahead."""

    def __init__(self, found: Iterable[Token]) -> None:
        self._rest = iter(found)
        self.next = next(self._rest)
        self.depth = 0

    def take(self) -> Token:
        taken = self.next
        if taken.kind != "end":
            self.next = next(self._rest)
        return taken

    def expect(self, kind: str, what: str) -> Token:
        if self.next.kind != kind:
            raise ExpressionError(f"{what} is missing", self.next.position)
        return self.take()

    def says(self, word: str) -> bool:
        return self.next.kind == "word" and self.next.text == word


def _any(reader: _Reader) -> Node:
    items = [_all(reader)]
    while reader.says("OR"):
        reader.take()
        items.append(_all(reader))
    return items[0] if len(items) == 1 else tree.Or(tuple(items))


def _all(reader: _Reader) -> Node:
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


def _shapes(reader: _Reader) -> bool:
    token = reader.next
    return token.kind == "count" or (token.kind, token.text) == ("field", "within")


def _shape(reader: _Reader) -> tuple[str, float | int]:
    token = reader.take()
    if token.text == "within":
        return "within", _seconds(reader)
    compare = reader.expect("compare", "'>=' after count").text
    if compare not in (">", ">="):
        raise ExpressionError("only count>=N is known", token.position)
    return "count", _whole(reader) + (compare == ">")


def _item(reader: _Reader) -> Node:
    if reader.next.kind == "not" or reader.says("NOT"):
        reader.take()
        return tree.Not(_atom(reader))
    return _atom(reader)


def _atom(reader: _Reader) -> Node:
    token = reader.take()
    if token.kind == "open":
        return _group(reader, token)
    if special := _SPECIAL.get(token.kind):
        return special(reader, token)
    if token.kind in ("word", "number", "seconds"):  # a figure is a word too: 12315
        return _word(token)
    raise ExpressionError("something to look for is missing", token.position)


def _group(reader: _Reader, opened: Token) -> Node:
    reader.depth += 1
    if reader.depth > DEEPEST:
        raise ExpressionError("parentheses are nested too deeply", opened.position)
    found = _any(reader)
    reader.expect("close", f"')' for the '(' at character {opened.position}")
    reader.depth -= 1
    return found


def _tag(reader: _Reader, token: Token) -> Node:
    name = _tag_name(token)
    if reader.next.kind != "compare":
        return tree.Tag(name)
    compare = _compare(reader)
    if name == "HOLD":
        raise ExpressionError("[HOLD] cannot be compared", token.position)
    if name in tree.STATES:
        return tree.Tag(name, compare, _seconds(reader))
    return tree.Tag(name, compare, _share(reader, name))


def _tag_name(token: Token) -> str:
    name = token.text.upper()
    if name not in tree.TAGS:
        known = ", ".join(sorted(tree.TAGS))
        raise ExpressionError(f"[{token.text}] is not known; known are {known}", token.position)
    return name


def _field(reader: _Reader, token: Token) -> Node:
    value = reader.take()
    if value.kind not in ("word", "quoted", "number"):
        raise ExpressionError(f"a value after {token.text}: is missing", value.position)
    if token.text == "words":
        return tree.WordList(value.text)
    if token.text not in get_args(tree.FieldName):
        known = ", ".join([*get_args(tree.FieldName), "words", "within"])
        raise ExpressionError(f"{token.text}: is not known; known are {known}", token.position)
    if token.text == "party" and value.text not in _PARTIES:
        raise ExpressionError(f"a party is one of {', '.join(_PARTIES)}", value.position)
    name: Any = token.text
    return tree.Field(name, value.text)


def _quoted(_: _Reader, token: Token) -> Node:
    if not token.text.strip():
        raise ExpressionError("there are no words between the quotes", token.position)
    return tree.Phrase(token.text.strip(), exact=True)


def _word(token: Token) -> Node:
    text = token.text.removesuffix("~") + "s" * (token.kind == "seconds")
    if not text or text in ("AND", "OR", "NOT"):
        raise ExpressionError(f"a word is missing before {token.text}", token.position)
    return tree.Phrase(text, close=token.text.endswith("~"))


def _at(reader: _Reader, _: Token) -> Node:
    compare = _compare(reader)
    return tree.At(compare, _seconds(reader))


def _compare(reader: _Reader) -> Compare:
    token = reader.expect("compare", "one of > >= < <=")
    if token.text not in get_args(Compare):
        raise ExpressionError("one of > >= < <= is meant", token.position)
    return cast("Compare", token.text)


def _rising(reader: _Reader, _: Token) -> Node:
    reader.take()
    token = reader.expect("tag", "a feeling such as [ANGRY]")
    if (name := _tag_name(token)) not in tree.FEELINGS:
        raise ExpressionError("only a feeling can rise", token.position)
    reader.expect("comma", "',' and a number of sentences")
    at = reader.next.position
    if (times := _whole(reader)) < 2:
        raise ExpressionError("it takes two sentences to rise", at)
    reader.expect("close", "')'")
    return tree.Rising(name, times)


def _seconds(reader: _Reader) -> float:
    token = reader.expect("seconds", "a time in seconds such as 5s")
    if not 0 <= float(token.text) <= MOST_SECONDS:
        raise ExpressionError(f"at most {MOST_SECONDS:g}s", token.position)
    return float(token.text)


def _share(reader: _Reader, name: str) -> float:
    token = reader.expect("number", f"a probability such as [{name}]>=0.6")
    if not 0 <= float(token.text) <= 1:
        raise ExpressionError("a probability lies between 0 and 1", token.position)
    return float(token.text)


def _whole(reader: _Reader) -> int:
    token = reader.expect("number", "a whole number")
    if not token.text.isdigit() or not 1 <= int(token.text) <= 100:
        raise ExpressionError("a whole number from 1 to 100 is meant", token.position)
    return int(token.text)


_SPECIAL: dict[str, Callable[[_Reader, Token], Node]] = {
    "tag": _tag,
    "field": _field,
    "quoted": _quoted,
    "at": _at,
    "rising": _rising,
}
