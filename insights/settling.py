"""After new sentences and silences are written: each silence finds the sentence before it, and
the index learns what can be found by what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, select, update

from insights.index import SentenceIndex
from insights.rows import Row
from insights.tables import calls, sentences, silences
from insights.words import tokens

NEAR: Final = 0.3
"""Seconds by which a silence may begin before the end of its sentence is told."""

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

    def settle(self, said: Sequence[Row], quiet: Sequence[Row]) -> None:
        """Of the rows that were written."""
        new: defaultdict[int, list[Row]] = defaultdict(list)
        for row in said:
            new[row["call"]].append(row)
        silent = {(row["call"], row["since"]) for row in quiet}
        for call, mine in new.items():
            silent |= self._met(call, mine)
        for call, since in sorted(silent):
            self._attach(call, since)
        self._reindex()

    def _met(self, call: int, mine: Sequence[Row]) -> set[tuple[int, float]]:
        """Notes the ids of the sentences; returns the silences that may be theirs."""
        numbers = [row["utterance"] for row in mine]
        written = select(sentences.c.id).where(
            sentences.c.call == call, sentences.c.utterance.in_(numbers)
        )
        self._changed.update(self._connection.scalars(written))
        first = min(row["end"] for row in mine) - NEAR
        after = select(silences.c.since).where(
            silences.c.call == call, silences.c.since >= first
        )
        return {(call, since) for since in self._connection.scalars(after)}

    def _attach(self, call: int, since: float) -> None:
        lasted = select(silences.c.lasted).where(
            silences.c.call == call, silences.c.since == since
        )
        before = (
            select(sentences.c.id)
            .where(sentences.c.call == call, sentences.c.end <= since + NEAR)
            .order_by(sentences.c.end.desc())
            .limit(1)
        )
        if (found := self._connection.scalar(before)) is not None:
            self._connection.execute(
                update(sentences)
                .where(sentences.c.id == found)
                .values(silence_after=lasted.scalar_subquery())
            )
            self._changed.add(found)

    def _reindex(self) -> None:
        for ids in _portions(sorted(self._changed), 500):
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


def _portions(ids: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))
