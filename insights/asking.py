"""Questions to the archive from the event loop: in threads, few at once."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from insights.archive import Archive
from insights.call import ArchivedCall, read_call
from insights.search import Found, Search, find

_AT_ONCE: Final = 2
"""Questions that the database works on; further ones wait, so that those who type do not take
all threads from those who listen."""


class Insights:
    """`lists` gives the playbook's phrases by name, as they are in force."""

    def __init__(
        self, archive: Archive, lists: Callable[[], Mapping[str, Sequence[str]]]
    ) -> None:
        self._archive, self._lists = archive, lists
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def search(self, search: Search) -> Found:
        """Raises `ExpressionError` for what cannot be looked for, `OSError` while the archive
        cannot be asked."""
        async with self._turns:
            return await asyncio.to_thread(self._find, search)

    async def call(self, call: int) -> ArchivedCall | None:
        """None if there is none of that number. Raises `OSError` while the archive cannot be
        asked."""
        async with self._turns:
            return await asyncio.to_thread(self._read, call)

    def _read(self, call: int) -> ArchivedCall | None:
        with self._archive.reading() as connection:
            return read_call(connection, call)

    def _find(self, search: Search) -> Found:
        with self._archive.reading() as connection:
            return find(connection, self._archive.index, search, self._lists())
