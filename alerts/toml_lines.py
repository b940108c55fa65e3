"""Where each value of a TOML text stands. Pure.

For texts that `tomllib` has taken: it says what they hold, but not on which line.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<string>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*')
    |(?P<mark>[][{}=,\n])
    |(?P<bare>[^\s"'\#=,{}[\]]+)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int
    value: bool  # no mark


def key_lines(text: str) -> dict[str, int]:
    """Dotted path, with [index] in arrays -> line, from 1: of every table's header (the first
    of those that share a name), key, array element and member of an inline table."""
    return _Scan(text).document()


class _Scan:
    def __init__(self, text: str) -> None:
        self._tokens, self._at = _tokens(text), 0
        self._lines: dict[str, int] = {}
        self._counts: dict[str, int] = {}  # of each array of tables: its newest index

    def document(self) -> dict[str, int]:
        table = ""
        while (token := self._peek()) is not None:
            if token.text == "\n" and not token.value:
                self._at += 1
            elif token.text == "[" and not token.value:
                table = self._header()
                self._note(table, token.line)
            else:
                self._pair(f"{table}." if table else "")
        return self._lines

    def _header(self) -> str:
        self._at += 1
        is_array = self._mark("[")
        name = self._indexed(self._name("]"))
        self._mark("]")
        if is_array:
            index = self._counts[name] = self._counts.get(name, -1) + 1
            name = f"{name}[{index}]"
        return name

    def _indexed(self, name: str) -> str:
        """[rule.sub] belongs to the newest [[rule]]."""
        for array, index in self._counts.items():
            if name.startswith(array + "."):
                name = f"{array}[{index}]{name[len(array) :]}"
        return name

    def _pair(self, prefix: str) -> None:
        token = self._peek()
        path = prefix + self._name("=")
        if token is not None:
            self._note(path, token.line)
        self._value(path)

    def _value(self, path: str) -> None:
        if self._mark("["):
            self._members(path, "]")
        elif self._mark("{"):
            self._members(path, "}")
        else:
            while (token := self._peek()) is not None and token.value:
                self._at += 1  # a date and its time are two

    def _members(self, path: str, end: str) -> None:
        index = 0
        while not self._mark(end) and (token := self._peek()) is not None:
            if self._mark(",") or self._mark("\n"):
                continue
            if end == "}":
                self._pair(path + ".")
            else:
                before = self._at
                self._note(f"{path}[{index}]", token.line)
                self._value(f"{path}[{index}]")
                index += 1
                self._at += self._at == before  # no TOML: pass over it

    def _name(self, end: str) -> str:
        parts: list[str] = []
        while not self._mark(end) and (token := self._peek()) is not None:
            quoted = token.text[:1] in "\"'"
            parts.append(token.text[1:-1] if quoted else token.text)
            self._at += 1
        return "".join(parts)

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _mark(self, mark: str) -> bool:
        token = self._peek()
        found = token is not None and token.text == mark and not token.value
        self._at += found
        return found

    def _note(self, path: str, line: int) -> None:
        self._lines.setdefault(path, line)


def _tokens(text: str) -> list[_Token]:
    found, line, at = [], 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", at, token.start())
        at = token.start()
        if token.lastgroup != "comment":
            found.append(_Token(token[0], line, token.lastgroup != "mark"))
    return found
