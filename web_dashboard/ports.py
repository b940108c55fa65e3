"""What the web asks of the rooms below it."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from alerts.wire import Draft, Message


class LogSource(Protocol):
    """The record of everything published. All raise `OSError` while it cannot be reached."""

    async def read(self, after: str, block_ms: int) -> list[tuple[str, Message]]:
        """Entries after the id `after`, oldest first; waits `block_ms` at most for one."""
        ...

    async def recent(self) -> list[tuple[str, Message]]:
        """The entries of the last while, oldest first: enough to know the calls that live."""
        ...

    async def history(self, call_id: str) -> list[Message]:
        """What was published of one call, oldest first; of a long one the latest."""
        ...


class LiveState(Protocol):
    """What is known of a call this moment and is not in the record."""

    async def draft(self, call_id: str) -> Draft | None:
        """The call's latest draft, if any; its sentence may be over by now. Raises `OSError`
        while it cannot be reached."""
        ...


class Publish(Protocol):
    def __call__(self, message: Message) -> Message:
        """Publishes it and returns it as it will be on the wire. Never waits for Redis."""
        ...


class Clips(Protocol):
    """Where the voice behind an alert lies."""

    async def read(self, call_id: str, start: float, end: float) -> bytes | None:
        """A WAV file that holds that stretch of the call; None where none was kept. Raises
        `OSError` while they cannot be reached."""
        ...


class Announce(Protocol):
    def __call__(self, name: UUID, told: Mapping[str, str], owner: str, within: float) -> None:
        """The connection of that name, which comes within so many seconds, carries what is
        `told`. Raises `ProtocolError` for what is wrong with that, `RefusedError` if the name
        waits for its connection already, `OverloadError` if too many do."""
        ...
