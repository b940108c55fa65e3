"""Events that wait for a call's sink, to be told by another server should this one die. Pure.

Words are not among them: none leaves the process before the sink has masked it. What was said
is owed instead (`session_state.Owed`).
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

import msgspec

from streamer.events import CallEvent, Held, Seconds, Silence, Stalled, Swapped

Timeless: TypeAlias = Silence | Held | Swapped | Stalled


class Unsent(msgspec.Struct, frozen=True):
    """In the order of the kinds' own fields: msgspec knows no union of dataclasses."""

    kind: str
    event: msgspec.Raw


_KINDS: dict[str, type[Timeless]] = {
    kind.__name__: kind for kind in (Silence, Held, Swapped, Stalled)
}


def unsent(waiting: Iterable[CallEvent]) -> list[Unsent]:
    return [
        Unsent(type(event).__name__, msgspec.Raw(msgspec.msgpack.encode(event)))
        for event in waiting
        if type(event).__name__ in _KINDS
    ]


def sent(kept: Iterable[Unsent], later: Seconds) -> list[Timeless]:
    """What they were, on a clock that is `later` than theirs. Raises `msgspec.MsgspecError`."""
    return [_moved(_event(one), later) for one in kept]


def _event(one: Unsent) -> Timeless:
    if one.kind not in _KINDS:
        raise msgspec.ValidationError(f"no event that waits: {one.kind}")
    return msgspec.msgpack.decode(one.event, type=_KINDS[one.kind])


def _moved(event: Timeless, later: Seconds) -> Timeless:
    if isinstance(event, Silence):
        return replace(event, mark_clock=event.mark_clock + later)
    return event
