"""Where the desk keeps alerts and prompts: the live ones, and those that ended last."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, TypeVar

from alerts.wire import Alert, AlertState, Prompt

RUNNING: frozenset[AlertState] = frozenset({"active", "acknowledged"})

T = TypeVar("T", Alert, Prompt)


class Shelf(Generic[T]):
    """The live ones, all of them, and the `keep` that ended last."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._live: dict[str, T] = {}
        self._ended: OrderedDict[str, T] = OrderedDict()

    @property
    def live(self) -> Iterator[T]:
        return iter(tuple(self._live.values()))

    def get(self, key: str) -> T | None:
        return self._live.get(key) or self._ended.get(key)

    def put(self, value: T) -> T:
        self._live.pop(value.id, None)
        if _is_live(value):
            self._live[value.id] = value
            if len(self._live) > 10 * self._keep:  # of servers that died, and nobody ended them
                del self._live[next(iter(self._live))]
            return value
        self._ended[value.id] = value
        if len(self._ended) > self._keep:
            self._ended.popitem(last=False)
        return value


def _is_live(value: Alert | Prompt) -> bool:
    return value.state in RUNNING or value.state == "shown"
