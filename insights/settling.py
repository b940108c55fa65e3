"""After new sentences and silences are written: each silence finds the sentence before it, and
the index learns what can be found by what."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, func, select, update

from insights.index import SentenceIndex
from insights.rows import Row
from insights.tables import calls, sentences, silences
from insights.words import tokens

NEAR: Final = 0.3
"""Seconds by which a silence may begin before the end of its sentence is told."""

_LESS: Final = 0.001
"""Seconds: no two moments that are told lie closer together."""

_next = sentences.alias("next")
_NEXT_END: Final = func.coalesce(
    select(func.min(_next.c.end))
    .where(_next.c.call == sentences.c.call, _next.c.end > sentences.c.end)
    .correlate(sentences)
    .scalar_subquery(),
    1e9,
)
_AFTER: Final = func.coalesce(
    select(func.max(silences.c.lasted))
    .where(
        silences.c.call == sentences.c.call,
        silences.c.since >= sentences.c.end - NEAR,
        silences.c.since < _NEXT_END - NEAR,
    )
    .correlate(sentences)
    .scalar_subquery(),
    0.0,
)
"""How long nobody spoke after a sentence: a function of what is written, in whatever order."""

_INDEXED: Final = (
    sentences.c.party,
    sentences.c.plain,
    sentences.c.language,
    sentences.c.emotion,
    sentences.c.events,
    sentences.c.silence_after,
    calls.c.agent_id,
    calls.c.queue,
)


class Settling:
    """Within one transaction."""

    def __init__(self, connection: Connection, index: SentenceIndex) -> None:
        self._connection, self._index = connection, index
        self._changed: set[int] = set()

    def know_again(self, call: int) -> None:
        """Whose the sentences of this call are, is known only now."""
        mine = select(sentences.c.id).where(sentences.c.call == call)
        self._changed.update(self._connection.scalars(mine))

    def settle(self, said: Iterable[Row], quiet: Iterable[Row]) -> None:
        """Of the rows that were written."""
        first: dict[int, float] = {}
        for row in said:
            _earlier(first, row["call"], row["end"] - _LESS)
        for row in quiet:
            _earlier(first, row["call"], row["since"] + NEAR)
        changed = {id_ for call, end in first.items() for id_ in self._from(call, end)}
        for ids in _portions(sorted(changed)):
            self._connection.execute(
                update(sentences).where(sentences.c.id.in_(ids)).values(silence_after=_AFTER)
            )
        self._changed |= changed
        self._reindex()

    def _from(self, call: int, end: float) -> Iterable[int]:
        """The last sentence of the call that ended by then, and all after it."""
        before = select(func.max(sentences.c.end)).where(
            sentences.c.call == call, sentences.c.end <= end
        )
        since = func.coalesce(before.scalar_subquery(), end)
        mine = select(sentences.c.id).where(sentences.c.call == call, sentences.c.end >= since)
        return self._connection.scalars(mine)

    def _reindex(self) -> None:
        for ids in _portions(sorted(self._changed)):
            found = self._connection.execute(
                select(sentences.c.id, *_INDEXED)
                .join(calls, calls.c.id == sentences.c.call)
                .where(sentences.c.id.in_(ids))
            )
            rows = {row.id: dict(row._mapping) for row in found}
            self._index.put(
                self._connection, {id_: tokens(row, row) for id_, row in rows.items()}
            )
        self._changed.clear()


def _earlier(first: dict[int, float], call: int, end: float) -> None:
    first[call] = min(end, first.get(call, end))


def _portions(ids: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))
