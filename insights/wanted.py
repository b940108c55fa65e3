"""Which tokens a sentence must have: what an index can be asked."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Token:
    word: str


@dataclass(frozen=True, slots=True)
class AllOf:
    items: tuple["Wanted", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    items: tuple["Wanted", ...]


Wanted: TypeAlias = Token | AllOf | AnyOf
