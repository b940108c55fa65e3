"""What an expression says, as values: the parser makes them, a rule or a search reads them."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from streamer.errors import EarwitnessError
from streamer.events import AudioEvent, Emotion, Seconds

Compare: TypeAlias = Literal[">", ">=", "<", "<="]
FieldName: TypeAlias = Literal["party", "queue", "agent", "lang"]

FEELINGS: dict[str, Emotion] = {
    emotion.value: emotion
    for emotion in Emotion
    if emotion not in (Emotion.UNKNOWN, Emotion.OTHER)
}
SOUNDS: dict[str, AudioEvent] = {
    "LAUGHTER": AudioEvent.LAUGHTER,
    "BGM": AudioEvent.MUSIC,
    "APPLAUSE": AudioEvent.APPLAUSE,
    "CRY": AudioEvent.CRY,
    "COUGH": AudioEvent.COUGH,
    "SNEEZE": AudioEvent.SNEEZE,
    "BREATH": AudioEvent.BREATH,
}
STATES = frozenset({"SILENCE", "TALKOVER", "STALLED", "HOLD"})
TAGS = frozenset(FEELINGS) | frozenset(SOUNDS) | STATES


class ExpressionError(EarwitnessError, ValueError):
    """Not an expression. `position` counts its characters from 1."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"at character {position}: {message}")
        self.position = position


class Tag(msgspec.Struct, frozen=True, tag=True):
    """A label: as heard, or compared. `value` is a probability, of states it is seconds."""

    name: str
    compare: Compare = ">="
    value: float | None = None


class Phrase(msgspec.Struct, frozen=True, tag=True):
    """Words. `close`: what sounds alike counts too. `exact`: also where they are negated."""

    text: str
    close: bool = False
    exact: bool = False


class WordList(msgspec.Struct, frozen=True, tag=True):
    """Any phrase of the list of that name."""

    name: str


class Field(msgspec.Struct, frozen=True, tag=True):
    """A fact of the sentence or of its call."""

    name: FieldName
    value: str


class At(msgspec.Struct, frozen=True, tag=True):
    """How far into the call."""

    compare: Compare
    seconds: Seconds


class Rising(msgspec.Struct, frozen=True, tag=True):
    """The feeling grew from each to the next of the speaker's last `times` sentences."""

    name: str
    times: int


class Not(msgspec.Struct, frozen=True, tag=True):
    item: "Node"


class Or(msgspec.Struct, frozen=True, tag=True):
    items: tuple["Node", ...]


class All(msgspec.Struct, frozen=True, tag=True):
    """All of it, in one sentence; or within so many seconds; or in at least `count` sentences
    of so many seconds."""

    items: tuple["Node", ...]
    within: Seconds | None = None
    count: int | None = None


Leaf: TypeAlias = Tag | Phrase | WordList | Field | At | Rising
Node: TypeAlias = Leaf | Not | Or | All


def nodes(tree: Node) -> Iterator[Node]:
    """`tree` and all that is in it."""
    yield tree
    match tree:
        case Not(item):
            yield from nodes(item)
        case Or(items) | All(items):
            for item in items:
                yield from nodes(item)


def hears(tree: Node) -> bool:
    """Whether it asks for anything that can be heard. Without, it would hold all the time."""
    match tree:
        case Not() | Field() | At():
            return False
        case Or(items):
            return all(hears(item) for item in items)
        case All(items):
            return any(hears(item) for item in items)
    return True
