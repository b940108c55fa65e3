"""One call as the archive has it, to be read from its beginning to its end."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select

from insights.tables import alerts, calls, holds, notes, prompts, sentences, silences

_INNER = ("id", "call", "plain", "tokens", "raw", "events_p", "wall")
"""What is for searches and exports only."""


class ArchivedCall(msgspec.Struct, frozen=True):
    """`call` is its row; of the lists each is in the order of the call's own time. `alerts`,
    `prompts` and `messages` are as they were published last."""

    call: dict[str, Any]
    sentences: tuple[dict[str, Any], ...]
    silences: tuple[dict[str, Any], ...]
    holds: tuple[dict[str, Any], ...]
    alerts: tuple[dict[str, Any], ...]
    prompts: tuple[dict[str, Any], ...]
    messages: tuple[dict[str, Any], ...]


def read_call(connection: Connection, call: int) -> ArchivedCall | None:
    """None if there is none of that number."""
    row = connection.execute(select(calls).where(calls.c.id == call)).mappings().first()
    if row is None:
        return None
    bodies = {table: _bodies(connection, table, call) for table in (alerts, prompts, notes)}
    return ArchivedCall(
        dict(row),
        _rows(connection, sentences, call, "start"),
        _rows(connection, silences, call, "since"),
        _rows(connection, holds, call, "at"),
        bodies[alerts],
        bodies[prompts],
        tuple(body for body in bodies[notes] if body["type"] == "message"),
    )


def _rows(
    connection: Connection, table: Table, call: int, order: str
) -> tuple[dict[str, Any], ...]:
    columns = [column for column in table.c if column.name not in _INNER]
    asked = select(*columns).where(table.c.call == call).order_by(table.c[order], table.c.id)
    return tuple(dict(row) for row in connection.execute(asked).mappings())


def _bodies(connection: Connection, table: Table, call: int) -> tuple[dict[str, Any], ...]:
    asked = select(table.c.body).where(table.c.call == call).order_by(table.c.at, table.c.id)
    return tuple(connection.scalars(asked))
