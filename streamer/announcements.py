"""Connections that come without a word about their call: what was said of them beforehand."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from msgspec import UNSET

from streamer.errors import OverloadError, ProtocolError, RefusedError
from streamer.events import Seconds
from streamer.gateways.audiosocket import Expected
from streamer.gateways.call_fields import call_info, from_parameters, role_in
from streamer.gateways.limits import understood

MOST: Final = 10_000
"""That wait for their connection. More are refused: those that are expired make room first."""


def expected(told: Mapping[str, str], owner: str) -> Expected:
    """`told` is in the words of an address of /asterisk. Raises `ProtocolError`."""
    with understood():
        fields, role = from_parameters(told), role_in(told)
    if fields.call_id is UNSET or role is UNSET:
        raise ProtocolError("call_id and role have to be said")
    return Expected(call_info(fields.call_id, fields), role, owner)


class Announcements:
    """Each is good for one connection, once, for a while. `now` is a monotonic clock's."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._waiting: dict[UUID, tuple[Seconds, Expected]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, name: UUID, expected: Expected, until: Seconds, now: Seconds) -> None:
        """Raises `RefusedError` if the name waits for its connection already, `OverloadError`
        if too many do."""
        self._expire(now)
        if name in self._waiting:
            raise RefusedError("this uuid is announced already")
        if len(self._waiting) >= self._most:
            raise OverloadError("too many connections are announced and have not come")
        self._waiting[name] = until, expected

    def take(self, name: UUID, now: Seconds) -> Expected | None:
        """What was said of it, unless that is too long ago. It cannot be had again."""
        until, expected = self._waiting.pop(name, (now, None))
        return expected if now < until else None

    def _expire(self, now: Seconds) -> None:
        late = [name for name, (until, _) in self._waiting.items() if until <= now]
        for name in late:
            del self._waiting[name]
