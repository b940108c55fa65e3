"""What an expression is made of in the end: tags, fields, times, words."""

from collections.abc import Callable
from typing import Any, get_args

from alerts.expressions import tree
from alerts.expressions.reader import Reader
from alerts.expressions.scanner import Token
from alerts.expressions.tree import ExpressionError, Node

_PARTIES = ("customer", "agent", "unknown")


def _tag(reader: Reader, token: Token) -> Node:
    name = _tag_name(token)
    if reader.next.kind != "compare":
        return tree.Tag(name)
    compare = reader.compare()
    if name == "HOLD":
        raise ExpressionError("[HOLD] cannot be compared", token.position)
    if name in tree.STATES:
        return tree.Tag(name, compare, reader.seconds())
    return tree.Tag(name, compare, reader.share(name))


def _tag_name(token: Token) -> str:
    name = token.text.upper()
    if name not in tree.TAGS:
        known = ", ".join(sorted(tree.TAGS))
        raise ExpressionError(f"[{token.text}] is not known; known are {known}", token.position)
    return name


def _field(reader: Reader, token: Token) -> Node:
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


def _quoted(_: Reader, token: Token) -> Node:
    if not token.text.strip():
        raise ExpressionError("there are no words between the quotes", token.position)
    return tree.Phrase(token.text.strip(), exact=True)


def word(token: Token) -> Node:
    text = token.text.removesuffix("~") + "s" * (token.kind == "seconds")
    if not text or text in ("AND", "OR", "NOT"):
        raise ExpressionError(f"a word is missing before {token.text}", token.position)
    return tree.Phrase(text, close=token.text.endswith("~"))


def _at(reader: Reader, _: Token) -> Node:
    compare = reader.compare()
    return tree.At(compare, reader.seconds())


def _rising(reader: Reader, _: Token) -> Node:
    reader.take()
    token = reader.expect("tag", "a feeling such as [ANGRY]")
    if (name := _tag_name(token)) not in tree.FEELINGS:
        raise ExpressionError("only a feeling can rise", token.position)
    reader.expect("comma", "',' and a number of sentences")
    at = reader.next.position
    if (times := reader.whole()) < 2:
        raise ExpressionError("it takes two sentences to rise", at)
    reader.expect("close", "')'")
    return tree.Rising(name, times)


SPECIAL: dict[str, Callable[[Reader, Token], Node]] = {
    "tag": _tag,
    "field": _field,
    "quoted": _quoted,
    "at": _at,
    "rising": _rising,
}
