"""How a gateway came in: what its HTTP request said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Handshake:
    """`target` is path and query as sent. `query` holds the last value of each name; `headers`
    every value of each, under its name in small letters. Any of it may be a secret."""

    path: str = "/"
    target: str = field(default="/", repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)

    def header(self, name: str) -> str:
        """The last one of that name, in small letters; empty if there is none."""
        return (self.headers.get(name) or [""])[-1]
