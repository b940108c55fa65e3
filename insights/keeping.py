"""How long what is kept stays, and how it goes before that: by time, by call, by customer.

A call under legal hold stays whole until the hold is lifted. Every deletion by a person is
noted with who did it, never with what was said.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from insights.index import SentenceIndex
from insights.tables import acts, alert_steps, alerts, calls, notes, prompts, sentences

_AT_ONCE: Final = 200
"""Calls in one transaction: whoever writes waits no longer than for these."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Walls (RFC 3339, UTC): calls that began before `calls` go whole; of those before `words`
    everything that was said goes, and what quotes it. Empty: nothing goes."""

    calls: str = ""
    words: str = ""


def expire(connection: Connection, index: SentenceIndex, keeping: Keeping) -> int:
    """Deletes what is too old, of at most `_AT_ONCE` calls; returns of how many. Again until
    it is 0."""
    if keeping.calls:
        whole = _some(connection, calls.c.began < keeping.calls)
        if whole:
            _drop(connection, index, whole)
            return len(whole)
    if keeping.words:
        said = select(sentences.c.call).where(sentences.c.call == calls.c.id).exists()
        old = _some(connection, and_(calls.c.began < keeping.words, said))
        _drop_words(connection, index, old)
        return len(old)
    return 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a deletion or a hold, and when (wall)."""

    who: str
    wall: str


def forget(
    connection: Connection, index: SentenceIndex, which: ColumnElement[bool], asked: Asked
) -> int:
    """Deletes the calls that `which` (a condition on `calls`) means, but those under legal
    hold; returns how many."""
    gone = list(connection.scalars(select(calls.c.id).where(which, ~calls.c.legal_hold)))
    _drop(connection, index, gone)
    _note(connection, asked, "delete", gone)
    return len(gone)


def hold(connection: Connection, call: int, asked: Asked, *, held: bool) -> bool:
    """Puts the call under legal hold, or lifts it. False if there is no such call."""
    done = connection.execute(
        update(calls).where(calls.c.id == call).values(legal_hold=held)
    ).rowcount
    if done:
        _note(connection, asked, "hold" if held else "lift_hold", [call])
    return bool(done)


def _some(connection: Connection, which: ColumnElement[bool]) -> list[int]:
    mine = select(calls.c.id).where(which, ~calls.c.legal_hold).limit(_AT_ONCE)
    return list(connection.scalars(mine))


def _drop(connection: Connection, index: SentenceIndex, gone: list[int]) -> None:
    for at in range(0, len(gone), _AT_ONCE):
        some = gone[at : at + _AT_ONCE]
        _unindex(connection, index, some)
        connection.execute(delete(calls).where(calls.c.id.in_(some)))  # and all that is its


def _drop_words(connection: Connection, index: SentenceIndex, gone: list[int]) -> None:
    """What was said, and what quotes it; that there were alerts stays, for the statistics."""
    _unindex(connection, index, gone)
    for table in (sentences, prompts, notes):
        connection.execute(delete(table).where(table.c.call.in_(gone)))
    connection.execute(update(alerts).where(alerts.c.call.in_(gone)).values(body={}))
    mine = select(alerts.c.id).where(alerts.c.call.in_(gone))
    connection.execute(update(alert_steps).where(alert_steps.c.alert.in_(mine)).values(note=""))


def _unindex(connection: Connection, index: SentenceIndex, gone: list[int]) -> None:
    index.drop(
        connection,
        connection.scalars(select(sentences.c.id).where(sentences.c.call.in_(gone))).all(),
    )


def _note(connection: Connection, asked: Asked, act: str, which: list[int]) -> None:
    what = ",".join(map(str, which))[:256]
    connection.execute(
        insert(acts).values(
            wall=asked.wall, who=asked.who, act=act, what=what, calls=len(which)
        )
    )
