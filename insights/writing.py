"""Rows into the archive, each once: whatever is told again changes nothing.

Everything has a natural key (a call and the number of its utterance, an alert and its
revision), so a batch that was written and not yet confirmed may come again, from another server
too.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Table, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from alerts import wire
from insights import rows
from insights.index import SentenceIndex
from insights.rows import Row
from insights.settling import Settling
from insights.tables import (
    alert_steps,
    alerts,
    calls,
    holds,
    notes,
    prompts,
    sentences,
    silences,
)

New: TypeAlias = sqlite.Insert | postgresql.Insert
Better: TypeAlias = Callable[[Any], ColumnElement[bool]]
"""Of the row that is new: whether it takes the place of the one that is there."""

_KEYS: Final[Mapping[Table, Sequence[str]]] = {
    sentences: ("call", "utterance"),
    silences: ("call", "since"),
    holds: ("call", "kind", "at"),
    alerts: ("id",),
    alert_steps: ("alert", "rev", "desk"),
    prompts: ("id",),
    notes: ("id",),
}
"""In the order in which they are written."""

_BETTER: Final[Mapping[Table, Better]] = {
    sentences: lambda new: (sentences.c.unheard != "") & (new.unheard == ""),
    silences: lambda new: (silences.c.lasted < new.lasted) | (new.ended & ~silences.c.ended),
    alerts: lambda new: alerts.c.rev < new.rev,
    prompts: lambda new: (prompts.c.state == "shown") & (new.state != "shown"),
    notes: lambda new: notes.c.wall < new.wall,
}


class Writer:
    """Writes within one transaction. Nothing is sure to be there before `finish`."""

    def __init__(self, connection: Connection, index: SentenceIndex) -> None:
        self._connection, self._settling = connection, Settling(connection, index)
        self._calls: dict[str, int] = {}  # by call_id, as far as the newest one is meant
        self._alerts: dict[str, int] = {}  # the calls of alerts, by id
        self._rows: defaultdict[Table, list[Row]] = defaultdict(list)

    def write(self, messages: Iterable[wire.Message]) -> None:
        """In the order of publishing, as far as it is known."""
        for message in messages:
            match message:
                case wire.CallStarted():
                    self._start(rows.started(message))
                case wire.Alert():
                    self._alert(message)
                case _:
                    self._of_call(message, self._call(message.call_id, message.wall))

    def finish(self) -> None:
        """Sends what was gathered, and brings the index up to date."""
        for table in _KEYS:
            if self._rows[table]:
                self._send(table, self._rows[table])
        self._settling.settle(self._rows[sentences], self._rows[silences])
        self._rows.clear()

    def _of_call(self, it: wire.Message, call: int) -> None:
        match it:
            case wire.Transcript():
                self._add(sentences, rows.transcript(it), call)
            case wire.Unheard():
                self._add(sentences, rows.unheard(it), call)
            case wire.Silence():
                self._add(silences, rows.silence(it), call)
            case wire.Held() | wire.Unheld() | wire.Swapped() | wire.Stalled():
                self._add(holds, rows.hold(it), call)
            case wire.Prompt():
                self._add(prompts, rows.prompt(it), call)
            case wire.Checklist() | wire.Whisper():
                self._add(notes, rows.note(it, call), call)
            case wire.CallEnded():
                self._end(rows.ended(it), call)

    def _add(self, table: Table, row: Row, call: int) -> None:
        self._rows[table].append({**row, "call": call})

    # ---- calls ----

    def _call(self, call_id: str, wall: str) -> int:
        """The call of that name which was going on at `wall`; unheard of so far, it is new."""
        if (known := self._calls.get(call_id)) is not None:
            return known
        newest = (
            select(calls.c.id)
            .where(calls.c.call_id == call_id)
            .order_by((calls.c.began <= wall).desc(), calls.c.began.desc())
            .limit(1)
        )
        found = self._connection.scalar(newest)
        if found is None:
            self._new_call({"call_id": call_id, "began": wall})
            found = self._connection.scalars(newest).one()
        self._calls[call_id] = found
        return int(found)

    def _start(self, row: Row) -> None:
        """A call that was heard of before its start (two servers read the log) gets it now."""
        self._calls.pop(row["call_id"], None)
        early = (
            select(calls.c.id)
            .where(calls.c.call_id == row["call_id"], ~calls.c.started)
            .where(calls.c.began >= row["began"])
            .order_by(calls.c.began)
            .limit(1)
        )
        if (found := self._connection.scalar(early)) is None:
            self._new_call(row)
        else:
            self._connection.execute(update(calls).where(calls.c.id == found).values(row))
            self._settling.know_again(found)

    def _new_call(self, row: Row) -> None:
        keys = ["call_id", "began"]
        new = self._insert(calls).values(row)
        self._connection.execute(new.on_conflict_do_nothing(index_elements=keys))

    def _end(self, row: Row, call: int) -> None:
        ending = update(calls).where(calls.c.id == call, calls.c.ended <= row["ended"])
        self._connection.execute(ending.values(row))

    # ---- what was made of it ----

    def _alert(self, it: wire.Alert) -> None:
        """Of two servers' revisions of one number the first counts: they say the same."""
        call = self._alerts.get(it.id) or self._connection.scalar(
            select(alerts.c.call).where(alerts.c.id == it.id)
        )
        call = self._alerts[it.id] = call or self._call(it.call_id, it.raised_at or it.wall)
        self._add(alerts, rows.alert(it), call)
        self._rows[alert_steps].append(rows.step(it))

    # ---- once ----

    def _send(self, table: Table, found: list[Row]) -> None:
        keys, new = _KEYS[table], self._insert(table)
        better = _BETTER.get(table)
        if better is None:
            self._connection.execute(new.on_conflict_do_nothing(index_elements=keys), found)
            return
        rest: dict[str, ColumnElement[Any]] = {
            name: new.excluded[name] for name in found[0] if name not in keys
        }
        if table is silences:
            rest["ended"] = or_(silences.c.ended, new.excluded.ended)
        told = new.on_conflict_do_update(
            index_elements=keys, set_=rest, where=better(new.excluded)
        )
        self._connection.execute(told, found)

    def _insert(self, table: Table) -> New:
        if self._connection.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)
