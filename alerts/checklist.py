"""What an agent should say in every call, ticked off as it is said."""

import msgspec

from alerts.phrases import says
from alerts.prompt_settings import Item
from alerts.wire import Checklist, ChecklistItem
from streamer.events import CallEvent, CallInfo, CallOpened, Party, Seconds, Transcript


class Memory(msgspec.Struct):
    """Which utterance has done which item."""

    done: dict[str, int] = {}


class Ticks:
    """One per call. `observe` returns the whole list at the call's beginning and whenever an
    item of it is done; what was said once stays done. Only the agent's own words count."""

    def __init__(self, info: CallInfo, items: tuple[Item, ...]) -> None:
        self._info, self._items = info, items
        self._done: dict[str, int] = {}

    def state(self) -> Memory:
        return Memory(self._done.copy())

    def restore(self, memory: Memory) -> None:
        self._done = memory.done.copy()

    def observe(self, event: CallEvent) -> list[Checklist]:
        match event:
            case CallOpened() if self._items:
                return [self._list(0.0)]
            case Transcript(party=Party.AGENT):
                return self._hear(event)
            case _:
                return []

    def _hear(self, said: Transcript) -> list[Checklist]:
        left = [item for item in self._items if item.id not in self._done]
        new = [item.id for item in left if says(said.text, item.phrases)]
        self._done |= dict.fromkeys(new, said.number)
        return [self._list(said.end)] if new else []

    def _list(self, at: Seconds) -> Checklist:
        items = tuple(
            ChecklistItem(
                item.id, item.label, item.id in self._done, self._done.get(item.id, 0)
            )
            for item in self._items
        )
        return Checklist(self._info.call, items, at, self._info.agent_id)
