"""What a condition is asked of, and what it answers. Values only."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from alerts.heard import Heard
from streamer.events import CallInfo, Seconds


class Scene(NamedTuple):
    """What there is to look at: `one` is the sentence in question, among those `heard`."""

    one: Heard
    heard: Sequence[Heard]
    now: Seconds
    info: CallInfo


class Found(NamedTuple):
    """The sentences that meet an expression, and which of its phrases they say."""

    heard: tuple[Heard, ...] = ()
    words: tuple[str, ...] = ()


Condition: TypeAlias = Callable[[Scene], Found | None]

HOLDS = Found()
"""It holds, and not by any sentence: of the call, or of what was not said."""
