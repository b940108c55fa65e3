"""The text of an expression -> its tokens, each with its position."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias, cast

from alerts.expressions.tree import ExpressionError

TokenKind: TypeAlias = Literal[
    "open", "close", "tag", "compare", "field", "seconds", "number", "quoted", "word", "comma",
    "not", "at", "count", "rising", "end",
]  # fmt: skip


class Token(NamedTuple):
    kind: TokenKind
    text: str
    position: int  # from 1


_PLAIN = str.maketrans("（）［］【】“”：＞＜＝，～", '()[][]"":><=,~')
"""Of the same length, so that positions stay right."""

_TOKEN = re.compile(
    r"""
      (?P<open>\() | (?P<close>\)) | (?P<comma>,)
    | \[ (?P<tag>[A-Za-z_]*) \]
    | (?P<compare>[<>]=?|=)
    | (?P<at>at) (?=\s*[<>=])
    | (?P<count>count) (?=\s*[<>=])
    | (?P<rising>rising) (?=\()
    | (?P<field>[a-z]+) : (?=\S)
    | (?P<seconds>\d+(?:\.\d+)?) s (?![^\s(),\[\]])
    | (?P<number>\d+(?:\.\d+)?) (?![^\s(),\[\]])
    | " (?P<quoted>[^"]*) "
    | (?P<not>-) (?=\S)
    | (?P<word>[^\s()\[\]<>=,":]+)
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[Token]:
    """Every token, then one of the kind "end". Raises `ExpressionError`."""
    plain, at = text.translate(_PLAIN), 0
    while at < len(plain):
        if plain[at].isspace():
            at += 1
            continue
        found = _TOKEN.match(plain, at)
        if found is None:
            raise ExpressionError(f"{plain[at]!r} is not understood here", at + 1)
        kind = cast("TokenKind", found.lastgroup)  # every branch has a name
        yield Token(kind, found[kind], at + 1)
        at = found.end()
    yield Token("end", "", len(plain) + 1)
