"""Tokens, taken one by one, and the values that they spell."""

from collections.abc import Iterable
from typing import cast, get_args

from alerts.expressions.scanner import Token
from alerts.expressions.tree import Compare, ExpressionError

MOST_SECONDS = 600.0
"""No rule looks further back: what was heard before is forgotten."""


class Reader:
    """The tokens, one ahead. What is not what was asked for is an `ExpressionError`."""

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

    def compare(self) -> Compare:
        token = self.expect("compare", "one of > >= < <=")
        if token.text not in get_args(Compare):
            raise ExpressionError("one of > >= < <= is meant", token.position)
        return cast("Compare", token.text)

    def seconds(self) -> float:
        token = self.expect("seconds", "a time in seconds such as 5s")
        if not 0 <= float(token.text) <= MOST_SECONDS:
            raise ExpressionError(f"at most {MOST_SECONDS:g}s", token.position)
        return float(token.text)

    def share(self, name: str) -> float:
        token = self.expect("number", f"a probability such as [{name}]>=0.6")
        if not 0 <= float(token.text) <= 1:
            raise ExpressionError("a probability lies between 0 and 1", token.position)
        return float(token.text)

    def whole(self) -> int:
        token = self.expect("number", "a whole number")
        if not token.text.isdigit() or not 1 <= int(token.text) <= 100:
            raise ExpressionError("a whole number from 1 to 100 is meant", token.position)
        return int(token.text)
